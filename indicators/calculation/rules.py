"""Rules: how months become a year, and years a window.

========  =====================================================================================
sum       flows (sessions, persons served): the sum
last      levels and running totals: the last level inside the period
mean      levels judged by their average: the mean, weighted by months
ratio     numerator ÷ denominator × scale of the rolled-up parts, never a mean of monthly rates
growth    (level at the end ÷ level at the base year's end − 1) × 100
========  =====================================================================================

What a rule gives is kept as an exact numerator and denominator; the one division that a value needs
is done in ``value_of`` and nowhere else, and standings are compared without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from indicators.calculation.periods import Month, Period
from indicators.calculation.tiling import Coverage, Figure, Tiling, tile, weight

__all__ = ["Component", "Coverage", "Figure", "Rolled", "Rule", "falls", "roll_up", "value_of"]

SIGNIFICANT_DIGITS = 28
EXACT_DIGITS = 100
"""More than any sum, product or comparison of figures needs: nothing of it is rounded."""


class Rule(StrEnum):
    """How the figures of a series come together."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    RATIO = "ratio"
    GROWTH = "growth"


class Missing(StrEnum):
    """Which input a rule lacks."""

    NOTHING = ""
    BASE = "base"
    PARTS_DIFFER = "parts_differ"
    ZERO_DENOMINATOR = "zero_denominator"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a worked-out series: its own rule and its own figures."""

    rule: Rule
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Rolled:
    """What the figures come to over a period; ``value_of`` makes the value.

    ``months`` counts the months covered (for levels, those up to the last level), ``last_month`` is
    the last of them; ``alternatives`` holds totals that contradict each other.
    """

    coverage: Coverage
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    months: int = 0
    last_month: Month | None = None
    pieces: tuple[Figure, ...] = ()
    alternatives: tuple[Decimal, ...] = ()
    missing: Missing = Missing.NOTHING


NOTHING = Rolled(Coverage.NONE)


def roll_up(
    rule: Rule,
    period: Period,
    figures: Sequence[Figure],
    *,
    numerator: Component | None = None,
    denominator: Component | None = None,
    source: Component | None = None,
    base_year: int | None = None,
) -> Rolled:
    """What the figures of a series come to over a period, by its rule.

    ``numerator`` and ``denominator`` are the parts of a ratio, ``source`` and ``base_year`` the
    level of a growth; the ``figures`` of a ratio are rates that were given whole.
    """
    plain_rules: dict[Rule, Callable[[Period, Iterable[Figure]], Rolled]] = {
        Rule.SUM: _sum,
        Rule.LAST: _last,
        Rule.MEAN: _mean,
    }
    with localcontext(prec=EXACT_DIGITS):
        if rule == Rule.RATIO:
            return _ratio(period, figures, numerator, denominator)
        if rule == Rule.GROWTH:
            return _growth(period, source, base_year)
        return plain_rules[rule](period, figures)


def value_of(
    rule: Rule, numerator: Decimal | None, denominator: Decimal | None, scale: int | Decimal = 1
) -> Decimal | None:
    """The value of a rolled-up pair, with 28 significant digits where it does not end.

    A ratio without a denominator was given whole and is its numerator.
    """
    if numerator is None:
        return None
    if rule in (Rule.SUM, Rule.LAST) or (rule == Rule.RATIO and denominator is None):
        return numerator
    if not denominator:
        return None
    with localcontext(prec=SIGNIFICANT_DIGITS):
        if rule == Rule.MEAN:
            return numerator / denominator
        if rule == Rule.RATIO:
            return numerator * scale / denominator
        return (numerator - denominator) * 100 / denominator


def falls(figures: Iterable[Figure]) -> tuple[tuple[Figure, Figure], ...]:
    """Neighbours of a running total of which the later one is lower, as (earlier, later)."""
    in_order = sorted(figures, key=lambda figure: (figure.period.last, -figure.period.months))
    return tuple(
        (earlier, later) for earlier, later in pairwise(in_order) if later.value < earlier.value
    )


def _tiled(tiling: Tiling, *, by_months: bool) -> Rolled:
    if tiling.coverage == Coverage.NONE:
        return NOTHING
    conflict = tiling.coverage == Coverage.CONFLICT
    total = sum((weight(piece, by_months) for piece in tiling.pieces), Decimal(0))
    return Rolled(
        tiling.coverage,
        None if conflict else total,
        Decimal(tiling.months) if by_months and not conflict else None,
        tiling.months,
        tiling.covered[-1].last,
        tiling.pieces,
        tiling.alternatives,
    )


def _sum(period: Period, figures: Iterable[Figure]) -> Rolled:
    return _tiled(tile(figures, period), by_months=False)


def _mean(period: Period, figures: Iterable[Figure]) -> Rolled:
    return _tiled(tile(figures, period, by_months=True), by_months=True)


def _last(period: Period, figures: Iterable[Figure]) -> Rolled:
    inside = [figure for figure in figures if period.contains(figure.period)]
    if not inside:
        return NOTHING
    last_month = max(figure.period.last for figure in inside)
    closing = [figure for figure in inside if figure.period.last == last_month]
    values = sorted({figure.value for figure in closing})
    months = period.first.until(last_month) + 1
    if len(values) > 1:
        return Rolled(
            Coverage.CONFLICT,
            months=months,
            last_month=last_month,
            pieces=tuple(sorted(closing, key=lambda f: (f.period, f.value))),
            alternatives=tuple(values),
        )
    shortest = min(closing, key=lambda figure: figure.period.months)
    complete = last_month == period.last
    return Rolled(
        Coverage.COMPLETE if complete else Coverage.PARTIAL,
        shortest.value,
        None,
        months,
        last_month,
        (shortest,),
    )


def _ratio(
    period: Period,
    figures: Iterable[Figure],
    numerator: Component | None,
    denominator: Component | None,
) -> Rolled:
    parts = NOTHING
    if numerator and denominator:
        parts = _parts(period, numerator, denominator)
    if parts.coverage == Coverage.COMPLETE and parts.numerator is not None:
        return parts
    whole = {figure for figure in figures if figure.period == period}
    if len({figure.value for figure in whole}) == 1:
        given = whole.pop()
        return Rolled(Coverage.COMPLETE, given.value, None, period.months, period.last, (given,))
    return parts


def _parts(period: Period, numerator: Component, denominator: Component) -> Rolled:
    top = roll_up(numerator.rule, period, numerator.figures)
    bottom = roll_up(denominator.rule, period, denominator.figures)
    if Coverage.NONE in (top.coverage, bottom.coverage):
        return NOTHING
    months, last_month = min(
        (top.months, top.last_month), (bottom.months, bottom.last_month), key=lambda pair: pair[0]
    )
    pieces = top.pieces + bottom.pieces

    def without_value(coverage: Coverage, missing: Missing = Missing.NOTHING) -> Rolled:
        return Rolled(
            coverage,
            months=months,
            last_month=last_month,
            pieces=pieces,
            alternatives=top.alternatives or bottom.alternatives,
            missing=missing,
        )

    if Coverage.CONFLICT in (top.coverage, bottom.coverage):
        return without_value(Coverage.CONFLICT)
    if not _same_months(top, bottom, {numerator.rule, denominator.rule}):
        return without_value(Coverage.PARTIAL, Missing.PARTS_DIFFER)
    assert top.numerator is not None
    assert bottom.numerator is not None
    # A part that is a mean has a denominator of its own; crossed over, the pair stays exact.
    above = top.numerator * (bottom.denominator or 1)
    below = bottom.numerator * (top.denominator or 1)
    if not below:
        return without_value(top.coverage, Missing.ZERO_DENOMINATOR)
    return Rolled(top.coverage, above, below, months, last_month, pieces)


def _same_months(top: Rolled, bottom: Rolled, rules: set[Rule]) -> bool:
    """Whether two parts speak of the same months; a level has an end only."""
    if Rule.LAST in rules:
        return top.last_month == bottom.last_month
    above, below = (
        {month for piece in part.pieces for month in piece.period.each_month()}
        for part in (top, bottom)
    )
    return above == below


def _growth(period: Period, source: Component | None, base_year: int | None) -> Rolled:
    if source is None or base_year is None:
        return NOTHING
    level = _last(period, source.figures)
    if level.coverage == Coverage.NONE:
        return NOTHING
    base_month = Month(base_year, 12)
    base = _last(Period.year(base_year), source.figures)
    if Coverage.CONFLICT in (base.coverage, level.coverage):
        return Rolled(
            Coverage.CONFLICT,
            months=level.months,
            last_month=level.last_month,
            pieces=base.pieces + level.pieces,
            alternatives=level.alternatives or base.alternatives,
        )
    if base.last_month != base_month or not base.numerator:
        return Rolled(
            level.coverage,
            months=level.months,
            last_month=level.last_month,
            pieces=level.pieces,
            missing=Missing.BASE,
        )
    return Rolled(
        level.coverage,
        level.numerator,
        base.numerator,
        level.months,
        level.last_month,
        base.pieces + level.pieces,
    )
