"""Administration of the reporting calendars; returns and imports to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.permissions import EVERY, agencies_seen_by
from indicators.admin.figures import ReadOnly
from indicators.models import FileImport, Proposal, ReportingCalendar, Return, ReturnEvent, Transfer


@admin.register(ReportingCalendar)
class ReportingCalendarAdmin(admin.ModelAdmin):
    """When each agency's returns open and are due; with one, its figures need approval."""

    list_display = ("agency", "starts", "opens_on", "due_on")

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReportingCalendar | None = None
    ) -> Any:
        """A calendar stays with its agency."""
        return ("agency",) if obj else ()

    def has_delete_permission(
        self, request: HttpRequest, obj: ReportingCalendar | None = None
    ) -> bool:
        """Without its calendar an agency's closed months would stand open."""
        return False


@admin.register(Return)
class ReturnAdmin(ReadOnly):
    """Each return; what is done with one is done on its own page."""

    list_display = ("agency", "month", "state", "due", "officer", "corrections")
    list_filter = ("state", "agency", "month")
    list_select_related = ("agency", "officer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        """Those of the agencies one works for."""
        seen = agencies_seen_by(request.user)
        rows = super().get_queryset(request)
        return rows if seen == EVERY else rows.filter(agency__in=seen)


@admin.register(ReturnEvent)
class ReturnEventAdmin(ReadOnly):
    """Each act on a return."""

    list_display = ("at", "of", "act", "actor", "reason")
    list_filter = ("act", "of__agency")
    list_select_related = ("of__agency", "actor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnEvent]:
        """Those of the agencies one works for."""
        seen = agencies_seen_by(request.user)
        rows = super().get_queryset(request)
        return rows if seen == EVERY else rows.filter(of__agency__in=seen)


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    """Each indicator that went over to another agency."""

    list_display = ("indicator", "first_month", "from_agency", "to_agency", "batch")
    list_filter = ("from_agency", "to_agency")
    list_select_related = ("indicator", "from_agency", "to_agency", "batch")


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    """Each change that waits or waited for a second person; decided on its own page."""

    list_display = ("at", "subject", "proposed_by", "state", "decided_by", "reason", "answer")
    list_filter = ("state", "kind")
    list_select_related = ("proposed_by", "decided_by")


@admin.register(FileImport)
class FileImportAdmin(ReadOnly):
    """Each spreadsheet that was brought in."""

    list_display = ("at", "name", "owner", "agency", "state")
    list_filter = ("state", "agency")
    list_select_related = ("agency", "owner")
    fields = ("at", "name", "owner", "agency", "state", "encoding", "year", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FileImport]:
        """Those of the agencies one works for."""
        seen = agencies_seen_by(request.user)
        rows = super().get_queryset(request).defer("content", "table")
        return rows if seen == EVERY else rows.filter(agency__in=seen)
