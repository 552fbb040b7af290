"""The start page and the page about the method."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.preferences import display_for
from indicators.progress import BEHIND, METHOD_VERSION, ON_TRACK
from reports.start import start_for


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
