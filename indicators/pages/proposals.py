"""The changes that wait for a second person: what each would change, to confirm or to decline."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import may_plan
from indicators.calculation.numerals import whole
from indicators.entry.checks import Refused
from indicators.entry.second_person import Line, confirm, decline, fingerprint, kind_of
from indicators.models import Proposal

DECIDED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits. ``key`` names it together with what is shown of it."""

    one: Proposal
    label: str
    lines: tuple[Line, ...]
    key: str
    is_own: bool


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposals_page(request: HttpRequest) -> HttpResponse:
    """What waits, with what it would change; and what was decided lately."""
    assert isinstance(request.user, User)
    if not may_plan(request.user):
        raise Http404
    problems: list[str] = []
    if request.method == "POST":
        try:
            _decide(request, request.user)
            return redirect("indicators:proposals")
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
    rows = Proposal.objects.select_related("proposed_by", "decided_by")
    return render(
        request,
        "indicators/proposals.html",
        {
            "waiting": [
                _waiting(one, request.user)
                for one in rows.filter(state=Proposal.State.WAITING).order_by("id")
            ],
            "decided": rows.exclude(state=Proposal.State.WAITING)[:DECIDED_SHOWN],
            "problems": problems,
            "answer": request.POST.get("answer", ""),
        },
        status=409 if problems else 200,
    )


def _waiting(one: Proposal, user: User) -> Waiting:
    kind = kind_of(one)
    lines = tuple(kind.lines(one.change))
    return Waiting(
        one,
        str(kind.label),
        lines,
        f"{one.pk}:{fingerprint(lines)}",
        one.proposed_by_id == user.pk,
    )


def _decide(request: HttpRequest, user: User) -> None:
    chosen = []
    for text in request.POST.getlist("chosen"):
        pk, _colon, seen = text.partition(":")
        if (number := whole(pk)) is not None:
            chosen.append((number, seen))
    if (own := whole(request.POST.get("withdraw", ""))) is not None:
        decline(own, actor=user, answer="")
        messages.success(request, _("Withdrawn; nothing was changed."))
    elif not chosen:
        messages.warning(request, _("Choose at least one change."))
    elif request.POST.get("act") == "confirm":
        count = confirm(chosen, actor=user)
        messages.success(
            request,
            ngettext("%(count)d change confirmed.", "%(count)d changes confirmed.", count)
            % {"count": count},
        )
    elif request.POST.get("act") == "decline":
        with transaction.atomic():
            for number, _seen in chosen:
                decline(number, actor=user, answer=request.POST.get("answer", ""))
        messages.success(request, _("Declined; nothing was changed."))
    else:
        raise Http404
