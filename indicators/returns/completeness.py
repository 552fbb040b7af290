"""Completeness: agencies × months, and how each return stands; one query a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Agency
from indicators import clock
from indicators.calculation.periods import Month
from indicators.models import ReportingCalendar, Return
from indicators.reading.display import Display
from indicators.returns.timing import return_address, timing

NAMES = {
    "not_due": lambda: _("not due"),
    "early": lambda: _("closed"),
    "missing": lambda: _("missing"),
    "overdue": lambda: _("overdue"),
    "open": lambda: _("open"),
    "returned": lambda: _("returned"),
    "submitted": lambda: _("in review"),
    "in_time": lambda: _("in time"),
    "late": lambda: _("late"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One month of one agency."""

    month: Month
    kind: str
    name: str
    corrected: bool
    address: str
    due: str


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency's year."""

    agency: Agency
    marks: tuple[Mark, ...]
    in_time: int
    due: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """The table of a year."""

    year: int
    months: tuple[tuple[str, str], ...]
    lines: tuple[AgencyLine, ...]
    years: tuple[int, ...]


def completeness(
    year: int,
    agencies: Iterable[Agency],
    display: Display,
    today: date | None = None,
) -> Completeness:
    """How the returns of a year stand for some agencies; those without a calendar are left out."""
    today = today or clock.today()
    calendars = {
        one.agency_id: one
        for one in ReportingCalendar.objects.filter(agency__in=agencies).select_related("agency")
    }
    returns = {
        (one.agency_id, one.period_month): one
        for one in Return.objects.filter(agency__in=calendars, month__year=year).select_related(
            "agency"
        )
    }
    months = [Month(year, number) for number in range(1, 13)]
    lines = []
    for calendar in sorted(calendars.values(), key=lambda one: one.agency.code):
        marks = tuple(
            _mark(calendar, month, returns.get((calendar.agency_id, month)), today)
            for month in months
        )
        due = [mark for mark in marks if mark.due and mark.due <= today.isoformat()]
        lines.append(
            AgencyLine(
                calendar.agency,
                marks,
                sum(1 for mark in due if mark.kind == "in_time"),
                len(due),
            )
        )
    first = min((calendar.first.year for calendar in calendars.values()), default=today.year)
    return Completeness(
        year,
        tuple((str(month), display.month(month)) for month in months),
        tuple(lines),
        tuple(range(today.year, first - 1, -1)),
    )


def _mark(calendar: ReportingCalendar, month: Month, one: Return | None, today: date) -> Mark:
    kind, corrected, address, due = "not_due", False, "", ""
    if one is not None:
        kind, corrected = _kind(one, today), one.corrections > 0
        address, due = return_address(one), one.due.isoformat()
    elif month >= calendar.first and calendar.opens(month) <= today:
        blank = Return(agency=calendar.agency, month=month.first_day, due=calendar.due(month))
        kind, address, due = _kind(blank, today), return_address(blank), blank.due.isoformat()
    elif month < calendar.first:
        kind = "early"
        address = return_address(Return(agency=calendar.agency, month=month.first_day))
    return Mark(month, kind, NAMES[kind](), corrected, address, due)


def _kind(one: Return, today: date) -> str:
    if one.state == Return.State.APPROVED:
        return timing(one, today)
    if one.state in (Return.State.SUBMITTED, Return.State.RETURNED):
        return one.state
    if one.due >= today or one.corrections:
        return "open"
    return "missing" if one._state.adding else "overdue"
