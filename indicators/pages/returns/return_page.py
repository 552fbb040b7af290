"""What a reviewer looks at: the figures of one month that changed, from what to what, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_enter, may_reopen, may_review
from indicators.calculation.periods import Month, Period
from indicators.entry.doubts import figures_in_doubt
from indicators.models import Observation, Return, ReturnEvent, Series
from indicators.models.figures import WHOLE
from indicators.models.transfers import Answering
from indicators.reading.display import DASH, Display
from indicators.reading.sparkline import Sparkline, sparkline
from indicators.returns.acts import own_entries
from indicators.returns.timing import TIMING_NAMES, return_address, timing

MONTHS_DRAWN = 36
State = Return.State


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of the month: what is approved, what is proposed, and what it is like."""

    code: str
    name: str
    address: str
    unit: str
    period: str
    old: str
    new: str
    change: str
    change_share: str
    year_before: str
    doubt: str
    note: str
    evidence: str
    line: Sparkline | None
    changed: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act in the history of the return."""

    act: str
    who: str
    at: object
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """The page of one return."""

    one: Return
    month_text: str
    timing: str
    due_text: str
    changed: tuple[FigureLine, ...]
    unchanged: tuple[FigureLine, ...]
    missing: tuple[str, ...]
    acts: tuple[ActLine, ...]
    last_reason: str
    may_submit: bool
    may_review: bool
    may_reopen: bool
    is_own: bool
    own_entries: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]
    grid_address: str


def return_page(one: Return, user: User, display: Display) -> ReturnPage:
    """Read and set the page of a return for a person."""
    month = one.period_month
    series = list(Series.entered_by(one.agency))
    figures = _figures(series, month)
    answering = Answering(of.indicator_id for of in series)
    doubts = {found.series.pk: found.text for found in figures_in_doubt(one.agency, month)}
    lines = [
        _line(of, figure, figures[of.pk], doubts.get(of.pk, ""), display)
        for of in series
        for period, figure in figures[of.pk].items()
        if period.last == month
        and figure.agency_id == one.agency_id
        and (figure.value is not None or figure.is_provisional)
    ]
    reported = {of.pk for of in series if any(p.last == month for p in figures[of.pk])}
    events = (
        []
        if one._state.adding
        else list(ReturnEvent.objects.filter(of=one).select_related("actor"))
    )
    editable = one.is_editable
    reviewing = one.state == State.SUBMITTED and may_review(user, one.agency)
    return ReturnPage(
        one=one,
        month_text=display.month(month),
        timing=TIMING_NAMES[timing(one)](),
        due_text=one.due.isoformat(),
        changed=tuple(line for line in lines if line.changed),
        unchanged=tuple(line for line in lines if not line.changed),
        missing=tuple(
            str(of)
            for of in series
            if of.pk not in reported
            and of.numerator_id is None
            and of.lives_in(Period(month, month))
            and answering.agency(of.indicator_id, month) == one.agency_id
        ),
        acts=tuple(
            ActLine(str(event.get_act_display()), str(event.actor), event.at, event.reason)
            for event in events
        ),
        last_reason=next((event.reason for event in events if event.reason), ""),
        may_submit=editable and may_enter(user, one.agency),
        may_review=reviewing,
        may_reopen=one.state == State.APPROVED and may_reopen(user, one.agency),
        is_own=one.submitted_by_id == user.pk,
        own_entries=tuple(str(row) for row in own_entries(one, user)) if reviewing else (),
        waiting=_waiting(one, user, display),
        grid_address=reverse("indicators:grid", args=(one.agency.code, month.year)),
    )


def _figures(series: Sequence[Series], month: Month) -> dict[int, dict[Period, Observation]]:
    kept: dict[int, dict[Period, Observation]] = {of.pk: {} for of in series}
    rows = Observation.objects.filter(
        series__in=kept,
        breakdown=WHOLE,
        last_month__gte=(month - MONTHS_DRAWN + 1).first_day,
        last_month__lte=month.first_day,
    )
    for row in rows.order_by("first_month"):
        kept[row.series_id][row.period] = row
    return kept


def _line(
    series: Series,
    figure: Observation,
    figures: Mapping[Period, Observation],
    doubt: str,
    display: Display,
) -> FigureLine:
    month = figure.period.last
    old = figure.approved_value if figure.approved_revision else None
    new = figure.value
    delta = new - old if new is not None and old is not None else None
    before = figures.get(Period(month - 12, month - 12))
    drawn: dict[Month, Decimal] = defaultdict(Decimal)
    for period, row in figures.items():
        if period.is_month and row.value is not None:
            drawn[period.first] = row.value
    return FigureLine(
        code=series.indicator.code,
        name=series.name,
        address=series.indicator.get_absolute_url(),
        unit=series.unit,
        period=display.period(figure.period),
        old=display.number(old) if figure.approved_revision else _("none"),
        new=_("withdrawn") if new is None else display.number(new),
        change=_signed(delta, display),
        change_share=_share(delta, old, display),
        year_before=display.number(before.value if before else None),
        doubt=doubt,
        note=figure.note,
        evidence=figure.evidence,
        line=sparkline(drawn, month, MONTHS_DRAWN),
        changed=figure.is_provisional,
    )


def _signed(delta: Decimal | None, display: Display) -> str:
    if delta is None:
        return DASH
    return f"{'+' if delta > 0 else ''}{display.number(delta)}"


def _share(delta: Decimal | None, old: Decimal | None, display: Display) -> str:
    if delta is None or not old:
        return ""
    return f"{'+' if delta > 0 else ''}{display.percentage(delta * 100 / old)}"


def _waiting(one: Return, user: User, display: Display) -> tuple[tuple[str, str], ...]:
    """Other returns of the agency that wait for the reviewer."""
    if not may_review(user, one.agency):
        return ()
    rows = Return.objects.filter(agency=one.agency_id, state=State.SUBMITTED).exclude(pk=one.pk)
    return tuple(
        (return_address(row), display.month(row.period_month))
        for row in rows.select_related("agency").order_by("month")
    )
