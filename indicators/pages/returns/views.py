"""The pages of the returns: one return, all of them by agency and month, the handing over."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Agency, User
from accounts.permissions import (
    EVERY,
    agencies_entered_by,
    agencies_reviewed_by,
    agencies_seen_by,
    may_enter,
    may_reopen,
)
from indicators import clock
from indicators.calculation.numerals import whole
from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR, Month
from indicators.entry.checks import Refused
from indicators.models import Return
from indicators.pages.grid.views import agency_seen, month_asked
from indicators.pages.returns.return_page import return_page as page_of
from indicators.reading.preferences import display_for
from indicators.returns import acts
from indicators.returns.completeness import completeness
from indicators.returns.my_work import open_returns
from indicators.returns.timing import return_address


def _agencies(user: User, which: object) -> list[Agency]:
    rows = Agency.objects.order_by("code")
    return list(rows if which == EVERY else rows.filter(pk__in=which))  # type: ignore[misc]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_return(request: HttpRequest, agency: str, year: int, month: int) -> HttpResponse:
    """One return: what changed, and what the person may do with it."""
    found_agency = agency_seen(request, agency)
    assert isinstance(request.user, User)
    of_month = month_asked(year, month)
    found = acts.find_return(found_agency, of_month)
    if found is None:
        return _early_month(request, found_agency, of_month)
    status, reason = 200, ""
    problems: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:300]
        try:
            _act(request, found, reason)
            return redirect(return_address(found))
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
            status = 409
            found = acts.find_return(found_agency, of_month) or found
    return render(
        request,
        "indicators/return.html",
        {
            "page": page_of(found, request.user, display_for(request)),
            "problems": problems,
            "reason": reason,
        },
        status=status,
    )


def _early_month(request: HttpRequest, agency: Agency, month: Month) -> HttpResponse:
    """A month before the agency's first return: closed, and opened here with a reason."""
    assert isinstance(request.user, User)
    if not acts.is_early(agency, month):
        raise Http404
    problems: list[str] = []
    reason = request.POST.get("reason", "")[:300]
    if request.method == "POST":
        try:
            made = acts.reopen_early_month(agency, month, actor=request.user, reason=reason)
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
        else:
            messages.success(request, str(DONE["reopen"]))
            return redirect(return_address(made))
    return render(
        request,
        "indicators/return_early.html",
        {
            "agency": agency,
            "month": display_for(request).month(month),
            "grid": reverse("indicators:grid", args=(agency.code, month.year)),
            "may_reopen": may_reopen(request.user, agency),
            "problems": problems,
            "reason": reason,
        },
        status=409 if problems else 200,
    )


DONE = {
    "submit": gettext_lazy("Submitted. The reviewer finds it among the returns that wait."),
    "approve": gettext_lazy("Approved. Its figures count for everybody now, and it is closed."),
    "send_back": gettext_lazy("Sent back to the officer with your reason."),
    "reopen": gettext_lazy("Open again. What is public stays until the correction is approved."),
}


def _act(request: HttpRequest, found: Return, reason: str) -> None:
    known = {
        "submit": acts.submit,
        "approve": acts.approve,
        "send_back": acts.send_back,
        "reopen": acts.reopen,
    }
    name, seen = request.POST.get("act", ""), whole(request.POST.get("seen", ""))
    if name not in known or seen is None:
        raise Http404
    assert isinstance(request.user, User)
    known[name](found, actor=request.user, seen_revision=seen, reason=reason)
    messages.success(request, str(DONE[name]))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def completeness_page(request: HttpRequest) -> HttpResponse:
    """Agencies × months; returns that wait can be approved together."""
    assert isinstance(request.user, User)
    seen = agencies_seen_by(request.user)
    if not seen:
        raise Http404
    agencies = _agencies(request.user, seen)
    problems: list[str] = []
    if request.method == "POST":
        problems = _approve_many(request)
        if not problems:
            return redirect("indicators:returns")
    year = whole(request.GET.get("year", "")) or 0
    year = year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year
    display = display_for(request)
    page = completeness(year, agencies, display)
    waiting = Return.objects.filter(
        agency__in=_agencies(request.user, agencies_reviewed_by(request.user)),
        state=Return.State.SUBMITTED,
    ).select_related("agency", "submitted_by")
    return render(
        request,
        "indicators/returns.html",
        {
            "page": page,
            "year_text": display.year(year),
            "years": [(one, display.year(one)) for one in page.years],
            "waiting": [
                (one, return_address(one), display.month(one.period_month))
                for one in waiting.order_by("month", "agency")
            ],
            "problems": problems,
        },
        status=409 if problems else 200,
    )


def _approve_many(request: HttpRequest) -> list[str]:
    """Approve the chosen returns, each by itself; returns what was refused."""
    assert isinstance(request.user, User)
    problems, count = [], 0
    for chosen in request.POST.getlist("chosen")[:200]:
        pk, seen = (whole(part) for part in (chosen + ":").split(":")[:2])
        if pk is None or seen is None:
            continue
        one = Return.objects.select_related("agency").filter(pk=pk).first()
        if one is None:
            continue
        try:
            acts.approve(one, actor=request.user, seen_revision=seen)
            count += 1
        except Refused as refused:
            problems += [f"{one}: {problem.message}" for problem in refused.problems]
    if count:
        messages.success(
            request,
            ngettext("%(count)d return approved.", "%(count)d returns approved.", count)
            % {"count": count},
        )
    elif not problems:
        messages.warning(request, _("Choose at least one return."))
    return problems


class HandOverForm(forms.Form):
    """Which agency's open returns, from whom, to whom, and the note."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Agency"))
    officer = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("From"),
        required=False,
        empty_label=gettext_lazy("everybody's"),
    )
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("To"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What is unfinished, where the sources lie, whom to ask."),
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        agencies = _agencies(user, agencies_entered_by(user))
        people = User.objects.filter(is_active=True, memberships__agency__in=agencies).distinct()
        self.fields["agency"].queryset = Agency.objects.filter(  # type: ignore[attr-defined]
            pk__in=[agency.pk for agency in agencies]
        )
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Only to somebody who enters the agency's figures."""
        cleaned = super().clean() or self.cleaned_data
        to, agency = cleaned.get("to"), cleaned.get("agency")
        if to and agency and not may_enter(to, agency):
            self.add_error(
                "to",
                _("%(person)s does not enter figures for this agency.") % {"person": to},
            )
        return cleaned


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_page(request: HttpRequest) -> HttpResponse:
    """Give one's open work, or a colleague's, to another officer."""
    assert isinstance(request.user, User)
    if not agencies_entered_by(request.user):
        raise Http404
    form = HandOverForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        rows = [one for one, _month in open_returns([chosen["agency"]], clock.today())]
        if chosen["officer"]:
            rows = [one for one in rows if one.officer_id == chosen["officer"].pk]
        try:
            count = acts.hand_over(rows, to=chosen["to"], actor=request.user, note=chosen["note"])
        except Refused as refused:
            form.add_error(None, "; ".join(str(p.message) for p in refused.problems))
        else:
            messages.success(
                request,
                ngettext("%(count)d return handed over.", "%(count)d returns handed over.", count)
                % {"count": count},
            )
            return redirect("start")
    return render(request, "indicators/hand_over.html", {"form": form})
