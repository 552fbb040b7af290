"""What series come to over any period, worked out by the one calculation.

Yearly values serve the pages; a text asks for eleven months of a year or for a level in November.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation.periods import Period
from indicators.calculation.rules import Coverage, Rolled, Rule, value_of
from indicators.entry import yearly
from indicators.models import Series


@dataclass(frozen=True, slots=True)
class Over:
    """A series over a period: the value of the approved figures, and how much they cover.

    ``value`` is None unless the whole period is covered without conflict. ``provisional``: with
    the figures that nobody has approved yet it would be another one.
    """

    value: Decimal | None
    coverage: Coverage
    months: int
    provisional: bool


class Readings:
    """The figures of some series, read once; ``over`` works out any of their periods."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._series = list(series)
        self._known = yearly.figures_of(self._series)
        self._rules: Mapping[int, str] = dict(
            Series.objects.filter(pk__in=self._known.approved.every).values_list("pk", "rule")
        )

    def over(self, series: Series, period: Period) -> Over:
        """One series over one period."""
        approved = yearly.roll(series, period, self._known.approved.every, self._rules)
        value = _value(series, approved)
        parts = {series.pk, series.numerator_id, series.denominator_id, series.source_id}
        provisional = False
        if parts & self._known.differing.keys():
            working = yearly.roll(series, period, self._known.working.every, self._rules)
            provisional = _value(series, working) != value
        return Over(value, approved.coverage, approved.months, provisional)


def _value(series: Series, rolled: Rolled) -> Decimal | None:
    if rolled.coverage != Coverage.COMPLETE:
        return None
    return value_of(Rule(series.rule), rolled.numerator, rolled.denominator, series.scale)
