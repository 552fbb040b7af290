"""The monthly grid: one agency's series of a year, a cell a month, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import may_enter
from indicators import clock
from indicators.calculation.numerals import plain
from indicators.calculation.periods import MONTH_NAMES, Month, Period
from indicators.calculation.rules import Component, Coverage, Figure, Rule, roll_up, value_of
from indicators.entry.doubts import doubts_about
from indicators.models import Milestone, Observation, ReportingCalendar, Return, Series
from indicators.models.figures import WHOLE
from indicators.reading.display import DASH, Display

YEARS_BACK = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one series. ``closed`` says why it takes no figure, "" where it does."""

    month: str
    value: str
    text: str
    revision: int
    note: str
    evidence: str
    state: str
    closed: str
    warning: str


class Beside(NamedTuple):
    """Another line under a series: its name, a text a month, and one for the whole."""

    name: str
    texts: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Row:
    """One series of the year."""

    series: Series
    computed: bool
    cells: tuple[Cell, ...]
    total: str
    beside: tuple[Beside, ...] = ()


def name_of(row: Row) -> str:
    """A row as the page names it."""
    return f"{row.series.indicator.code} {row.series.name}"


@dataclass(frozen=True, slots=True)
class MonthHead:
    """One month of the heading: how it is named and how its return stands."""

    iso: str
    name: str
    long_name: str
    state_name: str
    address: str
    return_address: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The page."""

    agency: Agency
    year: int
    year_text: str
    years: tuple[tuple[int, str], ...]
    months: tuple[MonthHead, ...]
    rows: tuple[Row, ...]
    can_edit: bool
    keeps_returns: bool
    compares: str = ""


def grid(
    agency: Agency,
    year: int,
    user: User,
    display: Display,
    *,
    compare: str = "",
    today: date | None = None,
) -> Grid:
    """Read and set the grid of an agency's year.

    ``compare``: ``last_year`` or ``pace`` puts another line under each series.
    """
    today = today or clock.today()
    series = list(Series.entered_by(agency, Period.year(year)))
    read = _Read(
        agency=agency,
        display=display,
        today=today,
        allowed=may_enter(user, agency),
        calendar=ReportingCalendar.objects.filter(agency=agency).first(),
        returns={
            row.period_month: row for row in Return.objects.filter(agency=agency, month__year=year)
        },
        series={one.pk: one for one in series},
        figures=_figures(series, year),
    )
    months = [Month(year, number) for number in range(1, 13)]
    read.warned.update(_warned(read, months))
    if compare == "pace":
        read.targets.update(_targets(series, year))
    return Grid(
        agency=agency,
        year=year,
        year_text=display.year(year),
        years=tuple(
            (one, display.year(one)) for one in range(today.year, today.year - YEARS_BACK, -1)
        ),
        months=tuple(read.head(month) for month in months),
        rows=tuple(
            Row(
                one,
                one.numerator_id is not None,
                tuple(read.cell(one, month) for month in months),
                read.total(one, year),
                read.beside(one, months, compare),
            )
            for one in series
        ),
        can_edit=read.allowed,
        keeps_returns=read.calendar is not None,
        compares=compare,
    )


def worked_out(
    agency: Agency, year: int, touched: Set[int], display: Display
) -> list[dict[str, Any]]:
    """What the page says of the rows that figures of these series change, as it stands by now.

    ``total`` of each row, and in ``cells`` the months of those that are worked out from others.
    """
    entered = list(Series.entered_by(agency))
    parts = {one.pk: {one.numerator_id, one.denominator_id} - {None} for one in entered}
    rows = [one for one in entered if touched & ({one.pk} | parts[one.pk])]
    needed = {one.pk for one in rows}.union(*(parts[one.pk] for one in rows))
    series = [one for one in entered if one.pk in needed]
    read = _Read(
        agency=agency,
        display=display,
        today=clock.today(),
        allowed=False,
        calendar=None,
        returns={},
        series={one.pk: one for one in series},
        figures=_figures(series, year),
    )
    months = [Month(year, number) for number in range(1, 13)]
    return [
        {
            "series": one.pk,
            "total": read.total(one, year),
            "cells": [
                {"month": str(month), "text": read.cell(one, month).text}
                for month in months
                if one.numerator_id is not None
            ],
        }
        for one in rows
    ]


type Figures = Mapping[int, Mapping[Period, Observation]]


def _figures(series: Sequence[Series], year: int) -> dict[int, dict[Period, Observation]]:
    kept: dict[int, dict[Period, Observation]] = {one.pk: {} for one in series}
    rows = Observation.objects.filter(
        series__in=kept,
        breakdown=WHOLE,
        last_month__gte=date(year - 1, 1, 1),
        first_month__lte=date(year, 12, 1),
    )
    for row in rows:
        kept[row.series_id][row.period] = row
    return kept


def _warned(read: _Read, months: Sequence[Month]) -> dict[tuple[int, Month], str]:
    """The doubts about what is not approved yet."""
    waiting = [
        read.series[pk]
        for pk, of_series in read.figures.items()
        if any(row.is_provisional and period.last in months for period, row in of_series.items())
    ]
    return {
        (one.series.pk, one.month): one.text
        for one in doubts_about(waiting, months)
        if (figure := read.at(one.series.pk, one.month)) and figure.is_provisional
    }


def _targets(series: Sequence[Series], year: int) -> dict[int, Milestone]:
    nearest: dict[int, Milestone] = {}
    for one in Milestone.current().filter(series__in=series).order_by("-year"):
        if one.window.first.year <= year <= one.year:
            nearest[one.series_id] = one
    return nearest


def cell_state(figure: Observation | None, found: Return | None) -> str:
    """``empty``, ``draft``, ``submitted`` or ``approved``."""
    if figure is None or figure.value is None:
        return "empty"
    if not figure.is_provisional:
        return "approved"
    submitted = found is not None and found.state == Return.State.SUBMITTED
    return "submitted" if submitted else "draft"


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for a page; its methods set the parts of it."""

    agency: Agency
    display: Display
    today: date
    allowed: bool
    calendar: ReportingCalendar | None
    returns: Mapping[Month, Return]
    series: Mapping[int, Series]
    figures: Figures
    warned: dict[tuple[int, Month], str] = field(default_factory=dict)
    targets: dict[int, Milestone] = field(default_factory=dict)

    def at(self, pk: int | None, month: Month) -> Observation | None:
        return self.figures.get(pk or 0, {}).get(Period(month, month))

    def closed(self, month: Month) -> str:
        """Why a month takes no figures; "" where it does."""
        if not self.allowed:
            return _("You read these figures; others enter them.")
        if month > Month.of(self.today):
            return _("This month has not begun.")
        if self.calendar is None:
            return ""
        found = self.returns.get(month)
        if found is not None:
            state = found.get_state_display()
            return "" if found.is_editable else _("Closed: %(state)s.") % {"state": state}
        if month < self.calendar.first:
            return _("Closed: before the first return.")
        opens = self.calendar.opens(month)
        return _("Opens on %(day)s.") % {"day": opens.isoformat()} if opens > self.today else ""

    def not_living(self, series: Series, month: Month) -> str:
        """Why a series takes no figure for a month in which others do; "" where it does."""
        living = series.lives_in(Period(month, month))
        return "" if living else _("The series is not in force in this month.")

    def cell(self, series: Series, month: Month) -> Cell:
        if series.numerator_id is not None:
            value = self._rate(series, month)
            text = DASH if value is None else self.display.figure(value, series, unit=False)
            return Cell(str(month), "", text, 0, "", "", "", _("Worked out from its parts."), "")
        figure = self.at(series.pk, month)
        value = figure.value if figure else None
        return Cell(
            month=str(month),
            value="" if value is None else plain(value),
            text="" if value is None else self.display.number(value),
            revision=figure.revision if figure else 0,
            note=figure.note if figure else "",
            evidence=figure.evidence if figure else "",
            state=cell_state(figure, self.returns.get(month)),
            closed=self.closed(month) or self.not_living(series, month),
            warning=self.warned.get((series.pk, month), ""),
        )

    def _rate(self, series: Series, month: Month) -> Decimal | None:
        parts = [self.at(pk, month) for pk in (series.numerator_id, series.denominator_id)]
        above, below = (part.value if part else None for part in parts)
        return value_of(Rule.RATIO, above, below or Decimal(0), series.scale)

    def _known(self, pk: int | None, year: int) -> list[Figure]:
        whole = Period.year(year)
        return [
            Figure(period, figure.value)
            for period, figure in self.figures.get(pk or 0, {}).items()
            if figure.value is not None and whole.contains(period)
        ]

    def _part(self, pk: int | None, year: int) -> Component | None:
        part = self.series.get(pk or 0)
        return Component(Rule(part.rule), self._known(pk, year)) if part else None

    def total(self, series: Series, year: int) -> str:
        """What the year comes to by the series' rule."""
        rolled = roll_up(
            Rule(series.rule),
            Period.year(year),
            self._known(series.pk, year),
            numerator=self._part(series.numerator_id, year),
            denominator=self._part(series.denominator_id, year),
        )
        if rolled.coverage == Coverage.CONFLICT:
            return _("contradiction")
        value = value_of(Rule(series.rule), rolled.numerator, rolled.denominator, series.scale)
        return self.display.figure(value, series, unit=False)

    def beside(self, series: Series, months: Sequence[Month], compare: str) -> tuple[Beside, ...]:
        if compare == "last_year":
            earlier = [self.at(series.pk, month - 12) for month in months]
            texts = tuple(self.display.number(one.value if one else None) for one in earlier)
            return (Beside(_("Last year"), texts, ""),)
        target = self.targets.get(series.pk)
        if target is None:
            return ()
        value, why = target.aim, _("Target")
        if series.rule == Rule.SUM.value:
            value, why = target.aim / target.window.months, _("Target's pace, a month")
        text = self.display.number(value, series.decimals)
        inside = (target.window.contains(Period(month, month)) for month in months)
        return (
            Beside(
                why,
                tuple(text if shown else DASH for shown in inside),
                self.display.exact(target.value, series.unit),
            ),
        )

    def head(self, month: Month) -> MonthHead:
        found, state, name = self.returns.get(month), "", ""
        if found:
            state, name = found.state, str(found.get_state_display())
        elif self.calendar and month in self.calendar.months_until(self.today):
            state, name = "open", str(Return.State.OPEN.label)
        elif self.calendar and month < self.calendar.first:
            state, name = "early", _("closed")
        place = (self.agency.code, month.year, month.month)
        english = self.display.language == "en"
        return MonthHead(
            iso=str(month),
            name=MONTH_NAMES[month.month - 1] if english else f"{month.month}月",
            long_name=self.display.month(month),
            state_name=name,
            address=reverse("indicators:month", args=place),
            return_address=reverse("indicators:return", args=place) if state else "",
        )
