"""The start page and the page about the method."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.models import Milestone
from indicators.preferences import display_for
from indicators.progress import BEHIND, METHOD_VERSION, ON_TRACK
from reports.appendix import channels_appendix, indicators_appendix
from reports.figures_export import SHAPES, figures
from reports.models import Edition
from reports.start import start_for
from reports.streams import STREAMS
from reports.writers import TYPES, WRITERS


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
    years = Milestone.objects.order_by("-year").values_list("year", flat=True).distinct()
    return render(
        request,
        "reports/exports.html",
        {
            "editions": Edition.objects.all(),
            "years": [(year, display.year(year)) for year in years],
            "formats": [name for name in WRITERS if name != "csv"] + ["csv"],
        },
    )


@login_required
@require_safe
def appendix(request: HttpRequest, edition: int, which: str, format: str) -> HttpResponse:
    """An appendix of an edition as a spreadsheet, made of approved figures."""
    found = get_object_or_404(Edition, year=edition)
    if format not in WRITERS or which not in ("indicators", "channels"):
        raise Http404
    year = request.GET.get("year", "2020")
    if which == "indicators":
        if not (year.isdecimal() and 1912 <= int(year) <= 2200):
            raise Http404
        document = indicators_appendix(found, int(year), plain=request.GET.get("style") == "plain")
    else:
        document = channels_appendix(found)
    response = HttpResponse(WRITERS[format](document), content_type=TYPES[format])
    name = _("%(edition)d appendix %(number)d") % {
        "edition": edition,
        "number": 1 if which == "indicators" else 2,
    }
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{name}.{format}") or ""
    )
    return response


@login_required
@require_safe
def all_figures(request: HttpRequest, format: str) -> StreamingHttpResponse:
    """Every approved figure, streamed."""
    shape = request.GET.get("shape", "long")
    if format not in STREAMS or shape not in SHAPES:
        raise Http404
    head, rows = SHAPES[shape](figures())
    response = StreamingHttpResponse(STREAMS[format](head, rows), content_type=TYPES[format])
    name = f"figures-{shape}.{format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
