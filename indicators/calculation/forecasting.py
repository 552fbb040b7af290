"""Forecasting: where a series will be when its window closes, if it goes on as of late.

Deliberately plain, so that a manager can do it again on paper: the recent months' mean goes on, and
the range is the normal approximation to a sum of that many months. It knows no season, no trend
beyond the mean and no revision of targets, and says nothing from fewer than six months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import SIGNIFICANT_DIGITS, Figure, Rule

FEWEST_MONTHS = 6
MOST_MONTHS = 24
Z_80_PERCENT = Decimal("1.2816")


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value at the window's end, and the range that holds it four times out of five."""

    value: Decimal
    low: Decimal
    high: Decimal
    months_used: int


def seasonal_share(figures: Iterable[Figure], upto_month: int) -> Decimal | None:
    """The mean share of a year's total that earlier years had reached by a month (1–12).

    Years with all twelve months and a total above zero count; None without such a year.
    """
    years: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for figure in figures:
        if figure.period.is_month:
            years[figure.period.first.year][figure.period.first.month] = figure.value
    shares = []
    with localcontext(prec=SIGNIFICANT_DIGITS):
        for months in years.values():
            total = sum(months.values())
            if len(months) == 12 and total > 0:
                reached = sum(v for month, v in months.items() if month <= upto_month)
                shares.append(Decimal(reached) / total)
        return sum(shares, Decimal(0)) / len(shares) if shares else None


def forecast(
    rule: Rule, figures: Sequence[Figure], now: Decimal, as_of: Month, window: Period
) -> Forecast | None:
    """What ``now`` grows to by the window's end.

    Sums go on by the mean monthly flow, levels by the mean monthly change, of the last 24 months
    up to ``as_of``. None for rates and growth, for fewer than six months, and at the window's end.
    """
    months_left = as_of.until(window.last)
    if rule not in (Rule.SUM, Rule.LAST) or months_left <= 0:
        return None
    steps = _steps(rule, figures, as_of)[-MOST_MONTHS:]
    if len(steps) < FEWEST_MONTHS:
        return None
    with localcontext(prec=SIGNIFICANT_DIGITS):
        mean = sum(steps, Decimal(0)) / len(steps)
        variance = sum(((step - mean) ** 2 for step in steps), Decimal(0)) / (len(steps) - 1)
        value = now + mean * months_left
        spread = Z_80_PERCENT * (variance * months_left).sqrt()
    return Forecast(value, value - spread, value + spread, len(steps))


def _steps(rule: Rule, figures: Iterable[Figure], as_of: Month) -> list[Decimal]:
    """Monthly flows, or the changes between neighbouring months of a level, in order."""
    monthly = sorted(
        (figure for figure in figures if figure.period.is_month and figure.period.last <= as_of),
        key=lambda figure: figure.period,
    )
    if rule == Rule.SUM:
        return [figure.value for figure in monthly]
    return [
        later.value - earlier.value
        for earlier, later in pairwise(monthly)
        if earlier.period.first + 1 == later.period.first
    ]
