"""Standings: where every judged series stands in a year, read in a fixed number of queries.

The overview, the indicator page and ``manage.py progress`` all read here, so that none of them can
say anything else than the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.db.models import Prefetch, QuerySet

from accounts.permissions import EVERY
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.calculation.progress import Aim, Assessment, Direction, Reading, assess
from indicators.calculation.rules import Coverage, Missing, Rule, value_of
from indicators.models import Milestone, Series, YearlyValue
from indicators.models.definitions import living_series
from indicators.models.figures import WHOLE, Basis

type Seen = frozenset[int | None] | Literal["every"]
NOBODYS: Seen = frozenset()
"""What the public sees: no agency's provisional figures."""


@dataclass(frozen=True, slots=True)
class SeriesStanding:
    """One series in one year: what it is judged by, the figures behind it, and the judgement.

    ``period`` is the window of the milestone, or the year where there is none. ``provisional``:
    figures that nobody has approved yet are among those behind it.
    """

    series: Series
    year: int
    milestone: Milestone | None
    yearly: YearlyValue | None
    period: Period
    reading: Reading | None
    assessment: Assessment
    provisional: bool = False


def standings(
    year: int,
    *,
    series: QuerySet[Series] | None = None,
    today: date | None = None,
    seen: Seen = NOBODYS,
) -> list[SeriesStanding]:
    """Every judged series that lives in a year with where it stands, in the order of the codes.

    Three queries whatever the number of series. ``today`` decides which windows are closed.
    ``seen``: the agencies whose provisional figures count too (accounts.permissions).
    """
    chosen = (Series.objects.all() if series is None else series).filter(
        living_series(Period.year(year)), is_component=False
    )
    rows = chosen.select_related("indicator__target__goal", "indicator__agency").prefetch_related(
        Prefetch("milestones", Milestone.current().filter(year=year), to_attr="of_the_year"),
        Prefetch(
            "yearly_values",
            YearlyValue.objects.filter(year=year, breakdown=WHOLE).order_by(),
            to_attr="in_the_year",
        ),
    )
    this_month = Month.of(today or clock.today())
    return [
        _stand(
            one,
            year,
            next(iter(one.of_the_year), None),
            _choose(one.in_the_year, seen),
            this_month,
        )
        for one in rows.order_by("indicator__sort_key", "position")
    ]


def shows_provisional(seen: Seen, agency_id: int | None) -> bool:
    """Whether provisional figures of an agency belong to what somebody sees."""
    return seen == EVERY or (agency_id is not None and agency_id in seen)


def _choose(rows: Iterable[YearlyValue], seen: Seen) -> YearlyValue | None:
    by_basis = {row.basis: row for row in rows}
    working = by_basis.get(Basis.WORKING)
    if working is not None and shows_provisional(seen, working.agency_id):
        return working
    return by_basis.get(Basis.APPROVED)


def by_indicator(
    found: Iterable[SeriesStanding],
) -> Mapping[str, list[SeriesStanding]]:
    """The standings of each indicator under its code, in the order in which they came."""
    together: dict[str, list[SeriesStanding]] = {}
    for standing in found:
        together.setdefault(standing.series.indicator.code, []).append(standing)
    return together


def _stand(
    series: Series,
    year: int,
    milestone: Milestone | None,
    yearly: YearlyValue | None,
    this_month: Month,
) -> SeriesStanding:
    reading = None
    if yearly is not None:
        reading = _over_window(series, yearly) if milestone else _over_year(series, yearly)
    aim = _aim(series, milestone, yearly) if milestone else None
    return SeriesStanding(
        series,
        year,
        milestone,
        yearly,
        milestone.window if milestone else Period.year(year),
        reading,
        assess(
            aim,
            reading,
            direction=Direction(series.direction),
            this_month=this_month,
            seasonal_share=yearly.seasonal_share if yearly else None,
        ),
        provisional=yearly is not None and yearly.basis == Basis.WORKING,
    )


def _aim(series: Series, milestone: Milestone, yearly: YearlyValue | None) -> Aim:
    base: Decimal | None = None
    if yearly is not None:
        base = value_of(
            Rule(series.rule), yearly.base_numerator, yearly.base_denominator, series.scale
        )
    base_month = Month.of(milestone.base_month) if milestone.base_month else None
    return Aim(milestone.aim, milestone.window, base, base_month)


def _over_window(series: Series, row: YearlyValue) -> Reading:
    return Reading(
        Rule(series.rule),
        row.window_numerator,
        row.window_denominator,
        Coverage(row.window_coverage),
        Decimal(series.scale),
        row.window_months,
        Month.of(row.window_last_month) if row.window_last_month else None,
        Missing(row.window_missing),
    )


def _over_year(series: Series, row: YearlyValue) -> Reading:
    return Reading(
        Rule(series.rule),
        row.numerator,
        row.denominator,
        Coverage(row.coverage),
        Decimal(series.scale),
        row.months,
        Month.of(row.last_month) if row.last_month else None,
        Missing(row.missing),
    )
