"""The pages of the indicators: thin, each reads, sets and renders."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Agency
from accounts.permissions import agencies_seen_by, may_enter, may_plan
from indicators.models import Goal, Indicator
from indicators.models.definitions import public
from indicators.pages.indicator_page import indicator_page
from indicators.pages.overview import Filters, choosable_years, default_year, overview
from indicators.reading.preferences import PreferencesForm, display_for, remember


@require_safe
def overview_page(request: HttpRequest) -> HttpResponse:
    """All indicators against the targets of a year; the address carries the filters."""
    display = display_for(request)
    goals = list(Goal.objects.all())
    years = choosable_years()
    form = partial(
        Filters, goals=goals, agencies=list(Agency.objects.all()), years=years, display=display
    )
    filters = form(request.GET)
    filters.is_valid()
    for errors in filters.errors.values():
        for error in errors:
            messages.warning(request, str(error))
    year = int(filters.chosen("year") or default_year() or next(iter(years), 0))
    in_force = {name: filters.chosen(name) for name in filters.fields} | {"year": str(year)}
    return render(
        request,
        "indicators/overview.html",
        {
            "page": overview(year, filters, goals, display, seen=agencies_seen_by(request.user))
            if year
            else None,
            "filters": form(in_force),
            "is_narrowing": filters.is_narrowing,
        },
    )


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: definition, series, charts, reasoning, print against data, history."""
    plans = may_plan(request.user)
    known = Indicator.objects.filter(Q() if plans else public())
    found = get_object_or_404(
        known.select_related("target__goal", "agency", "replaced_by"), code=code
    )
    page = indicator_page(
        found,
        display_for(request),
        year_text=request.GET.get("year", ""),
        names_people=request.user.is_authenticated,
        seen=agencies_seen_by(request.user),
        drafts=plans,
    )
    if page.unknown_year:
        messages.warning(request, page.unknown_year)
    return render(
        request,
        "indicators/indicator.html",
        {"page": page, "may_enter": may_enter(request.user, found.agency)},
    )


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's calendar and number style and lead back."""
    form = PreferencesForm(request.POST)
    valid = form.is_valid()
    target = form.cleaned_data.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("indicators:overview")
    response = HttpResponseRedirect(target)
    if valid:
        remember(response, form)
    return response
