"""The page on which a planner hands an indicator over to another agency: shown first, then done."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Agency, User
from accounts.permissions import may_plan
from indicators.calculation.periods import Month, PeriodError, parse_period
from indicators.entry.checks import Refused
from indicators.entry.second_person import Line, fingerprint
from indicators.entry.transfers import TRANSFER, change_of, transfer
from indicators.models import Indicator
from indicators.models.figures import Via


class TransferForm(forms.Form):
    """To which agency, from which month on, and why; ``seen`` says what was shown of it."""

    to = forms.ModelChoiceField(Agency.objects.all(), label=gettext_lazy("New responsible unit"))
    first_month = forms.CharField(
        label=gettext_lazy("First month that it reports"),
        max_length=20,
        help_text=gettext_lazy("For example 2021-12 or 110年12月. Earlier months stay."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, indicator: Indicator, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        others = Agency.objects.exclude(indicators=indicator)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        if indicator.agency_id is None:
            self.fields["first_month"].required = False
            self.fields["first_month"].help_text = _("Empty: all its figures go along.")

    def clean_first_month(self) -> Month | None:
        """A single month, or none where that is allowed."""
        text = self.cleaned_data["first_month"].strip()
        if not text:
            return None
        try:
            period = parse_period(text)
        except PeriodError:
            period = None
        if period is None or not period.is_month:
            raise forms.ValidationError(
                _("“%(text)s” is not a single month."), params={"text": text}
            )
        return period.first


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form; what was given is shown with all that it touches before it is carried out."""
    assert isinstance(request.user, User)
    if not may_plan(request.user):
        raise Http404
    indicator = get_object_or_404(Indicator.objects.select_related("agency"), code=code)
    form = TransferForm(indicator, request.POST or None)
    lines: Sequence[Line] = ()
    key = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lines = TRANSFER.lines(change_of(indicator, given["to"], given["first_month"]))
        key = fingerprint(lines)
        if given["seen"] == key:
            try:
                waiting = transfer(
                    indicator,
                    given["to"],
                    given["first_month"],
                    actor=request.user,
                    via=Via.ADMIN,
                    reason=given["reason"],
                )
            except Refused as refused:
                for problem in refused.problems:
                    field = problem.field if problem.field in form.fields else None
                    form.add_error(field, str(problem.message))
            else:
                if waiting is None:
                    messages.success(request, _("Transferred."))
                    return redirect(indicator.get_absolute_url())
                messages.success(request, _("Proposed; another planner has to confirm it."))
                return redirect("indicators:proposals")
    return render(
        request,
        "indicators/transfer.html",
        {
            "indicator": indicator,
            "form": form,
            "lines": lines,
            "key": key,
            "transfers": indicator.transfers.select_related(
                "from_agency", "to_agency", "batch__actor", "batch__confirmed_by"
            ),
        },
        status=409 if form.is_bound and form.errors else 200,
    )
