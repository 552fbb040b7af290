"""Progress: from values and a milestone to a standing, with the reasons for it.

A closed window is compared exactly, in the series' direction, without tolerance. In an open window
the way covered is set against the way that should be covered by the last month that has figures:
that figures come late does not make progress slow.

    completion = (now − base) ÷ (target − base), not clipped
    pace       = completion ÷ expected
    pace ≥ 0.95 on track, ≥ 0.60 behind, ≥ 0 far behind, < 0 moving away

The thresholds are those of Eurostat's and Statistics Canada's progress measures, so that results
can be set beside theirs; unlike theirs the path is linear and nothing is compounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum

from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import (
    EXACT_DIGITS,
    SIGNIFICANT_DIGITS,
    Coverage,
    Missing,
    Rule,
    value_of,
)

METHOD_VERSION = "1"

ON_TRACK = Decimal("0.95")
BEHIND = Decimal("0.60")


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Standing(StrEnum):
    """Where a series stands against its milestone."""

    MET = "met"
    MISSED = "missed"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    MOVING_AWAY = "moving_away"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


WORST_FIRST = (
    Standing.MISSED,
    Standing.MOVING_AWAY,
    Standing.FAR_BEHIND,
    Standing.BEHIND,
    Standing.NO_DATA,
    Standing.ON_TRACK,
    Standing.MET,
    Standing.NO_TARGET,
)


class Reason(StrEnum):
    """Why a series stands as it does; the sentence is made from it elsewhere."""

    NO_TARGET = "no_target"
    NO_FIGURES = "no_figures"
    CONFLICT = "conflict"
    WINDOW_INCOMPLETE = "window_incomplete"
    BASE_MISSING = "base_missing"
    PARTS_DIFFER = "parts_differ"
    ZERO_DENOMINATOR = "zero_denominator"
    CLOSED = "closed"
    PACE = "pace"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a milestone asks: a value over a window, and where the path to it starts.

    ``base`` is the level that the path starts from; sums start from nothing and growth from the
    level of its base year, so neither needs it. ``base_month`` None is the month before the window.
    """

    value: Decimal
    window: Period
    base: Decimal | None = None
    base_month: Month | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the figures of a series come to over the window, or over the part of it that has any."""

    rule: Rule
    numerator: Decimal | None
    denominator: Decimal | None
    coverage: Coverage
    scale: Decimal = Decimal(1)
    months: int = 0
    last_month: Month | None = None
    missing: Missing = Missing.NOTHING

    @property
    def value(self) -> Decimal | None:
        """The value, with 28 significant digits where it does not end."""
        return value_of(self.rule, self.numerator, self.denominator, self.scale)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A standing with everything that it was worked out from.

    ``achievement`` is a percentage and only for series where higher is better; ``margin`` is the
    distance to the target in the series' unit, positive on the better side of it.
    """

    standing: Standing
    reason: Reason
    actual: Decimal | None = None
    target: Decimal | None = None
    achievement: Decimal | None = None
    margin: Decimal | None = None
    completion: Decimal | None = None
    expected: Decimal | None = None
    pace: Decimal | None = None
    needed_per_month: Decimal | None = None
    months_left: int | None = None
    as_of: Month | None = None
    method: str = METHOD_VERSION


def worst(standings: Iterable[Standing]) -> Standing:
    """How an indicator of several series stands: as its worst one.

    Raises:
        ValueError: there is none.
    """
    return min(standings, key=WORST_FIRST.index)


def assess(
    aim: Aim | None,
    reading: Reading | None,
    *,
    direction: Direction,
    this_month: Month,
    seasonal_share: Decimal | None = None,
) -> Assessment:
    """Where a series stands.

    ``this_month`` is the running month; a window is closed once it has passed, or once every month
    of it has its figure. ``seasonal_share`` is the share of a year's flow that earlier years had
    reached by the month of the last figure; without it the months count evenly.
    """
    facts = _facts(aim, reading, direction)
    if aim is None:
        return replace(facts, reason=Reason.NO_TARGET, standing=Standing.NO_TARGET)
    if (obstacle := _obstacle(reading)) is not None or reading is None:
        return replace(facts, reason=obstacle or Reason.NO_FIGURES)
    if reading.coverage == Coverage.COMPLETE:
        with localcontext(prec=EXACT_DIGITS):
            met = _is_met(aim, reading, direction)
        return replace(
            facts, reason=Reason.CLOSED, standing=Standing.MET if met else Standing.MISSED
        )
    if this_month > aim.window.last:
        return replace(facts, reason=Reason.WINDOW_INCOMPLETE)
    with localcontext(prec=SIGNIFICANT_DIGITS):
        return _on_the_way(facts, aim, reading, direction, seasonal_share)


def _facts(aim: Aim | None, reading: Reading | None, direction: Direction) -> Assessment:
    actual = reading.value if reading else None
    target = aim.value if aim else None
    achievement = margin = None
    if actual is not None and target is not None:
        margin = actual - target if direction == Direction.UP else target - actual
        if direction == Direction.UP and target > 0:
            with localcontext(prec=SIGNIFICANT_DIGITS):
                achievement = actual * 100 / target
    return Assessment(
        Standing.NO_DATA,
        Reason.NO_FIGURES,
        actual=actual,
        target=target,
        achievement=achievement,
        margin=margin,
        as_of=reading.last_month if reading else None,
    )


def _obstacle(reading: Reading | None) -> Reason | None:
    """Why the figures give no value, or nothing."""
    if reading is None or reading.coverage == Coverage.NONE:
        return Reason.NO_FIGURES
    if reading.coverage == Coverage.CONFLICT:
        return Reason.CONFLICT
    if reading.value is not None:
        return None
    return {
        Missing.BASE: Reason.BASE_MISSING,
        Missing.PARTS_DIFFER: Reason.PARTS_DIFFER,
        Missing.ZERO_DENOMINATOR: Reason.ZERO_DENOMINATOR,
    }.get(reading.missing, Reason.NO_FIGURES)


def _is_met(aim: Aim, reading: Reading, direction: Direction) -> bool:
    """Compare without dividing, so that nothing is rounded."""
    assert reading.numerator is not None
    left, right = reading.numerator, aim.value
    if reading.denominator is not None and reading.rule in (Rule.MEAN, Rule.RATIO, Rule.GROWTH):
        if reading.rule == Rule.GROWTH:
            left, right = left * 100, reading.denominator * (100 + aim.value)
        else:
            left, right = left * reading.scale, reading.denominator * aim.value
        if reading.denominator < 0:
            left, right = -left, -right
    return left >= right if direction == Direction.UP else left <= right


def _on_the_way(
    facts: Assessment,
    aim: Aim,
    reading: Reading,
    direction: Direction,
    seasonal_share: Decimal | None,
) -> Assessment:
    assert reading.last_month is not None
    months_left = reading.last_month.until(aim.window.last)
    now, base, target = _path(aim, reading)
    if base is None:
        return replace(facts, reason=Reason.BASE_MISSING)
    assert now is not None, "a reading without a value is an obstacle"
    assert target is not None
    facts = replace(
        facts,
        months_left=months_left,
        needed_per_month=(target - now) / months_left if months_left else None,
    )
    if target == base:
        holds = now >= target if direction == Direction.UP else now <= target
        standing = Standing.ON_TRACK if holds else Standing.MOVING_AWAY
        return replace(facts, reason=Reason.HOLD, standing=standing)
    completion = (now - base) / (target - base)
    expected = _expected(aim, reading, seasonal_share)
    if reading.rule == Rule.SUM and direction == Direction.DOWN:
        pace = expected / completion if completion > 0 else Decimal(1)
    else:
        pace = completion / expected if expected else Decimal(1)
    return replace(
        facts,
        reason=Reason.PACE,
        standing=_by_pace(pace),
        completion=completion,
        expected=expected,
        pace=pace,
    )


def _path(aim: Aim, reading: Reading) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(now, base, target) on the scale on which the way is measured; growth goes by its level."""
    if reading.rule == Rule.SUM:
        return reading.numerator, Decimal(0), aim.value
    if reading.rule == Rule.GROWTH:
        base = reading.denominator
        return reading.numerator, base, None if base is None else base * (100 + aim.value) / 100
    return reading.value, aim.base, aim.value


def _expected(aim: Aim, reading: Reading, seasonal_share: Decimal | None) -> Decimal:
    """The share of the way that should be behind us at the last month that has figures."""
    assert reading.last_month is not None
    window = aim.window
    if reading.rule == Rule.SUM and seasonal_share is not None and window.is_years:
        years = Decimal(window.months) / 12
        return (reading.last_month.year - window.first.year + seasonal_share) / years
    start = window.first - 1
    if reading.rule not in (Rule.SUM, Rule.GROWTH) and aim.base_month is not None:
        start = aim.base_month
    return Decimal(start.until(reading.last_month)) / start.until(window.last)


def _by_pace(pace: Decimal) -> Standing:
    if pace >= ON_TRACK:
        return Standing.ON_TRACK
    if pace >= BEHIND:
        return Standing.BEHIND
    return Standing.FAR_BEHIND if pace >= 0 else Standing.MOVING_AWAY
