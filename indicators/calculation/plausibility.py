"""Plausibility: whether a month's figure is like those before it.

Median and median absolute deviation (MAD) rather than mean and standard deviation: a few earlier
slips must not hide the next one. The modified z-score is 0.6745 × |x − median| ÷ MAD, and beyond
3.5 a figure is an outlier (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from indicators.calculation.periods import Month

OUTLIER = Decimal("3.5")
Z_PER_MAD = Decimal("0.6745")
LEAST_SPREAD = Decimal("0.05")
"""Share of the median below which a spread is not believed: equal months are no proof."""
FEWEST_RECENT, MOST_RECENT = 8, 24
FEWEST_YEARS = 3
MYRIAD_LOW, MYRIAD_HIGH = Decimal(3000), Decimal(30000)
FEWEST_FOR_UNIT = 3


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure far from what was usual: the middle of what it was compared with."""

    usual: Decimal
    of_same_month: bool


def flows(values: Mapping[Month, Decimal], *, running: bool) -> dict[Month, Decimal]:
    """What each month added; a running total is taken apart within and across years.

    A month whose predecessor is missing has no flow.
    """
    if not running:
        return dict(values)
    return {
        month: value - values[month - 1] for month, value in values.items() if month - 1 in values
    }


def is_outlier(value: Decimal, others: Sequence[Decimal]) -> bool:
    """Whether a value lies beyond 3.5 modified z-scores of the others' median."""
    middle = median(others)
    spread = max(median(abs(other - middle) for other in others), LEAST_SPREAD * abs(middle))
    if not spread:
        return value != middle
    return Z_PER_MAD * abs(value - middle) / spread > OUTLIER


def jump(month: Month, values: Mapping[Month, Decimal], *, running: bool = False) -> Jump | None:
    """The jump of a month against the recent months and the same month of earlier years.

    ``values`` holds the series with the month in question. None without a jump, or with fewer than
    eight of the last 24 months to compare with; a month that its season explains is no jump.
    """
    added = flows(values, running=running)
    if month not in added:
        return None
    value = added[month]
    recent = [added[month - back] for back in range(1, MOST_RECENT + 1) if month - back in added]
    if len(recent) < FEWEST_RECENT or not is_outlier(value, recent):
        return None
    years = month.year - min(known.year for known in added)
    season = [
        added[month - 12 * back] for back in range(1, years + 1) if month - 12 * back in added
    ]
    if len(season) >= FEWEST_YEARS:
        return Jump(median(season), True) if is_outlier(value, season) else None
    return Jump(median(recent), False)


def looks_like_another_unit(month: Month, values: Mapping[Month, Decimal]) -> Decimal | None:
    """The usual value where this one is about 10,000 times as large or as small (萬 or not)."""
    value = values.get(month)
    others = [other for known, other in values.items() if known < month and other]
    if not value or len(others) < FEWEST_FOR_UNIT:
        return None
    usual = median(others[-MOST_RECENT:])
    if not usual:
        return None  # ups and downs about zero have no usual size
    factor = max(abs(value / usual), abs(usual / value))
    return usual if MYRIAD_LOW <= factor <= MYRIAD_HIGH else None


def missing_before(month: Month, values: Mapping[Month, Decimal]) -> Month | None:
    """The month just before, where it has no figure although the series had begun."""
    before = month - 1
    if before in values or not any(known < before for known in values):
        return None
    return before
