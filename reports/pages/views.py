"""The start page and the page about the method."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Agency, User
from accounts.permissions import EVERY, agencies_seen_by
from indicators import clock
from indicators.calculation.numerals import whole
from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR
from indicators.calculation.progress import BEHIND, METHOD_VERSION, ON_TRACK
from indicators.models import Milestone, ReportingCalendar
from indicators.reading.preferences import display_for
from reports.editions.releasing import appendix_of
from reports.models import Edition
from reports.pages.start import start_for
from reports.tables.figures_export import SHAPES, figures
from reports.tables.further_sheets import (
    by_responsible_unit,
    completeness_sheet,
    reconciliation_sheet,
    revisions_since,
)
from reports.tables.sheets import Document, marked
from reports.tables.streams import STREAMS
from reports.tables.writers import TYPES, WRITERS


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this person finds to do here."""
    assert request.user.is_authenticated
    return render(
        request, "reports/start.html", {"start": start_for(request.user, display_for(request))}
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the system is and how it works figures out."""
    return render(
        request,
        "reports/about.html",
        {"method_version": METHOD_VERSION, "on_track": ON_TRACK, "behind": BEHIND},
    )


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """The spreadsheets for the Executive Yuan, by edition and target year."""
    display = display_for(request)
    years = Milestone.public().order_by("-year").values_list("year", flat=True).distinct()
    return render(
        request,
        "reports/exports.html",
        {
            "editions": Edition.objects.all(),
            "years": [(year, display.year(year)) for year in years],
            "months_of": [(year, display.year(year)) for year in _years_of_returns()],
            "formats": [name for name in WRITERS if name != "csv"] + ["csv"],
        },
    )


def _years_of_returns() -> list[int]:
    first = ReportingCalendar.objects.aggregate(first=Min("starts"))["first"]
    return [] if first is None else list(range(clock.today().year, first.year - 1, -1))


SHEET_NAMES = {
    "indicators": gettext_lazy("appendix 1"),
    "channels": gettext_lazy("appendix 2"),
    "units": gettext_lazy("indicators by unit"),
    "completeness": gettext_lazy("completeness"),
    "revisions": gettext_lazy("revisions"),
    "reconciliation": gettext_lazy("printed against computed"),
}


@login_required
@require_safe
def sheet(request: HttpRequest, edition: int, which: str, format: str) -> HttpResponse:
    """A table of an edition as a spreadsheet, made of approved figures."""
    found = get_object_or_404(Edition, year=edition)
    if format not in WRITERS or which not in SHEET_NAMES:
        raise Http404
    year = whole(request.GET.get("year", str(found.target_year))) or 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    assert isinstance(request.user, User)
    document = _document(found, which, year, request)
    if settings.SAMPLE:
        document = marked(document, _("Sample data"))
    response = HttpResponse(WRITERS[format](document), content_type=TYPES[format])
    name = f"{edition} {SHEET_NAMES[which]}.{format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _document(edition: Edition, which: str, year: int, request: HttpRequest) -> Document:
    if which in ("indicators", "channels"):
        plain = request.GET.get("style") == "plain"
        return appendix_of(edition, which, year, plain=plain)
    if which == "units":
        return by_responsible_unit(edition, year)
    if which == "completeness":
        seen = agencies_seen_by(request.user)
        rows = Agency.objects.all()
        if seen != EVERY:
            rows = rows.filter(pk__in=[pk for pk in seen if pk is not None])
        return completeness_sheet(year, rows)
    if which == "reconciliation":
        return reconciliation_sheet(edition)
    try:
        day = parse_date(request.GET.get("since", "")) or date(edition.year, 1, 1)
        since = timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    return revisions_since(edition, since)


@login_required
@require_safe
def all_figures(request: HttpRequest, format: str) -> StreamingHttpResponse:
    """Every approved figure, streamed."""
    shape = request.GET.get("shape", "long")
    if format not in STREAMS or shape not in SHAPES:
        raise Http404
    head, rows = SHAPES[shape](figures())
    response = StreamingHttpResponse(STREAMS[format](head, rows), content_type=TYPES[format])
    name = f"{'sample-' if settings.SAMPLE else ''}figures-{shape}.{format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
