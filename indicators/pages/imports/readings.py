"""The page of what an agency's people had headings and labels read as: look, change, forget."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Agency, User
from accounts.permissions import may_enter
from indicators.imports import reportable
from indicators.imports.messages import FIELD_NAMES
from indicators.models import HeadingReading
from indicators.pages.grid.views import agency_seen
from indicators.spreadsheets.said import LEAVE_OUT, SERIES


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, agency: str) -> HttpResponse:
    """What is remembered for an agency; only who enters its figures may see and change it."""
    found = agency_seen(request, agency)
    if not may_enter(request.user, found):
        raise Http404
    if request.method == "POST":
        return _act(request, found)
    rows = HeadingReading.objects.filter(agency=found).select_related("chosen_by", "file")
    rows = rows.defer("file__content", "file__table")
    names = reportable.series_names(found)
    return render(
        request,
        "indicators/readings.html",
        {
            "agency": found,
            "rows": [
                (row, _options(row, names)) for row in rows.defer("file__content", "file__table")
            ],
        },
    )


def _options(row: HeadingReading, names: dict[str, str]) -> list[tuple[str, str]]:
    """A label can be a series, a heading a field; either can be left out."""
    fields = {code: str(name) for code, name in FIELD_NAMES.items()}
    if row.field.startswith(SERIES):
        fields = {SERIES + LEAVE_OUT: str(FIELD_NAMES[LEAVE_OUT])}
        fields |= {SERIES + code: name for code, name in names.items()}
    return (
        [(row.field, row.field), *fields.items()] if row.field not in fields else [*fields.items()]
    )


def _act(request: HttpRequest, agency: Agency) -> HttpResponse:
    assert isinstance(request.user, User)
    pk, field = request.POST.get("reading", ""), request.POST.get("field", "")
    if not pk.isascii() or not pk.isdecimal():
        raise Http404
    with transaction.atomic():
        row = get_object_or_404(
            HeadingReading.objects.select_for_update(of=("self",)), pk=int(pk), agency=agency
        )
        if request.POST.get("act") == "forget":
            row.delete()
            messages.success(
                request, _("Forgotten: “%(text)s” is read by itself.") % {"text": row.heading}
            )
        elif field in dict(_options(row, reportable.series_names(agency))):
            reportable.remember_headings(
                agency, {row.heading: field}, actor=request.user, file=row.file
            )
            messages.success(
                request, _("“%(text)s” is read so from now on.") % {"text": row.heading}
            )
        else:
            raise Http404
    return redirect("indicators:readings", agency.code)
