"""The pages on which figures are entered by the month: the grid, and a plain form of one month."""

from __future__ import annotations

import json
import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from accounts.permissions import EVERY, agencies_seen_by, may_enter, may_see
from indicators import clock
from indicators.calculation.numerals import whole
from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR, Month
from indicators.entry.checks import Conflict, Refused
from indicators.entry.evidence import MOST_BYTES, keep
from indicators.imports.messages import file_message
from indicators.models import EvidenceFile
from indicators.pages.grid.month_form import MonthForm
from indicators.pages.grid.pasting import propose, sent_block
from indicators.pages.grid.saving import (
    SentCell,
    conflict_answer,
    problem_answer,
    save_cells,
    saved_answer,
    sent_cells,
)
from indicators.pages.grid.words import grid_words
from indicators.pages.grid.year import grid, worked_out
from indicators.reading.preferences import display_for
from indicators.spreadsheets.files import FileError


def agency_seen(request: HttpRequest, code: str) -> Agency:
    """The agency of an address, for those who may see its provisional figures.

    Raises:
        Http404: there is none, or the person may not see it; the two look alike.
    """
    agency = get_object_or_404(Agency, code=code)
    if not may_see(request.user, agency):
        raise Http404
    return agency


def month_asked(year: int, month: int) -> Month:
    """The month of an address. Raises Http404 for one that no calendar here has."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    return Month(year, month)


@login_required
@require_safe
def entry_start(request: HttpRequest) -> HttpResponse:
    """The grid of this year for one's agency; a choice where there are several."""
    seen = agencies_seen_by(request.user)
    agencies = Agency.objects.filter(indicators__series__isnull=False).distinct()
    if seen != EVERY:
        agencies = agencies.filter(pk__in=[pk for pk in seen if pk is not None])
    year = clock.today().year
    chosen, asked = request.GET.get("agency", ""), whole(request.GET.get("year", ""))
    if chosen in {agency.code for agency in agencies} and asked is not None:
        compare = request.GET.get("compare", "")
        query = {"compare": compare} if compare else None
        return redirect(reverse("indicators:grid", args=(chosen, asked), query=query))
    if len(agencies) == 1:
        return redirect("indicators:grid", agencies[0].code, year)
    return render(request, "indicators/agencies.html", {"agencies": agencies, "year": year})


@never_cache
@login_required
@require_safe
def grid_page(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """An agency's series of a year, a cell a month."""
    found = agency_seen(request, agency)
    assert isinstance(request.user, User)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    compare = request.GET.get("compare", "")
    page = grid(
        found,
        year,
        request.user,
        display_for(request),
        compare=compare if compare in ("last_year", "pace") else "",
    )
    return render(request, "indicators/grid.html", {"page": page, "words": grid_words()})


@require_POST
def save_grid(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """Save cells that the script sends as JSON; answers as JSON.

    200 saved, 409 somebody else changed a cell, 422 a cell is refused; in the last two nothing was
    saved. 403 nobody is signed in, or not with the right.
    """
    found = get_object_or_404(Agency, code=agency)
    month_asked(year, 1)
    if not isinstance(request.user, User) or not may_enter(request.user, found):
        return JsonResponse({"error": "forbidden"}, status=403)
    try:
        sent = json.loads(request.body)
        cells = sent_cells(found, sent["cells"])
        key = str(uuid.UUID(str(sent["key"])))
        reason = str(sent.get("reason", ""))[:300]
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": "unreadable"}, status=400)
    return _saved(request, found, year, cells=cells, reason=reason, key=key)


def _saved(
    request: HttpRequest,
    agency: Agency,
    year: int,
    *,
    cells: list[SentCell],
    reason: str,
    key: str,
) -> HttpResponse:
    assert isinstance(request.user, User)
    display = display_for(request)
    if not reason.strip() and hasattr(agency, "calendar"):
        reason = _("Monthly entry")
    touched = {cell.series.pk for cell in cells}
    try:
        save_cells(cells, actor=request.user, reason=reason, key=key)
    except Conflict as conflict:
        answer: dict[str, Any] = {"conflicts": conflict_answer(cells, conflict, display)}
        rows = worked_out(agency, year, touched, display)
        return JsonResponse(answer | {"rows": rows}, status=409)
    except Refused as refused:
        return JsonResponse({"problems": problem_answer(cells, refused)}, status=422)
    at = timezone.localtime().strftime("%H:%M")
    answer = {"saved": saved_answer(cells, agency, display), "at": at}
    return JsonResponse(answer | {"rows": worked_out(agency, year, touched, display)})


@require_POST
def paste_grid(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """Read a pasted block that the script sends as JSON; nothing is saved.

    Answers with the cells to write and, where they are to be shown first (``ask``), with the
    dialog. 403 nobody is signed in, or not with the right.
    """
    found = get_object_or_404(Agency, code=agency)
    month_asked(year, 1)
    if not isinstance(request.user, User) or not may_enter(request.user, found):
        return JsonResponse({"error": "forbidden"}, status=403)
    try:
        sent = sent_block(json.loads(request.body))
        proposal = propose(found, request.user, year, sent, display_for(request))
    except FileError as error:
        return JsonResponse({"message": file_message(error.code)}, status=422)
    except (ValueError, RecursionError):
        return JsonResponse({"error": "unreadable"}, status=400)
    html = render_to_string("indicators/grid_paste.html", {"paste": proposal}, request)
    return JsonResponse({"ask": proposal.ask, "html": html, "cells": proposal.cells})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def month_page(request: HttpRequest, agency: str, year: int, month: int) -> HttpResponse:
    """One month of an agency as a plain form, which needs no script."""
    found = agency_seen(request, agency)
    of_month = month_asked(year, month)
    assert isinstance(request.user, User)
    form = MonthForm(
        found,
        of_month,
        request.user,
        display_for(request),
        request.POST or None,
        files={
            name: given
            for name in request.FILES
            if isinstance(given := request.FILES[name], UploadedFile)
        },
        absolute=request.build_absolute_uri,
    )
    status = 200
    if request.method == "POST":
        if form.save():
            messages.success(request, form.outcome_text)
            return redirect("indicators:month", found.code, year, month)
        status = 409 if form.conflict else 422
    return render(request, "indicators/month.html", {"form": form}, status=status)


@require_POST
def add_evidence(request: HttpRequest, agency: str) -> HttpResponse:
    """Keep a document and answer with its address, for the evidence of a figure."""
    found = get_object_or_404(Agency, code=agency)
    if not isinstance(request.user, User) or not may_enter(request.user, found):
        return JsonResponse({"error": "forbidden"}, status=403)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or (given.size or 0) > MOST_BYTES:
        return JsonResponse(
            {"message": _("The file is larger than 5 MB; give a link.")}, status=422
        )
    try:
        kept = keep(
            agency=found, owner=request.user, name=given.name or "file", content=given.read()
        )
    except Refused as refused:
        return JsonResponse({"message": str(refused.problems[0].message)}, status=422)
    address = request.build_absolute_uri(reverse("indicators:evidence", args=(kept.pk,)))
    return JsonResponse({"address": address, "name": kept.name})


@login_required
@require_safe
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document, for those who see its agency's work; handed out to be kept, never to be run."""
    kept = get_object_or_404(EvidenceFile.objects.select_related("agency"), pk=pk)
    if not may_see(request.user, kept.agency):
        raise Http404
    response = HttpResponse(bytes(kept.content), content_type=kept.kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
