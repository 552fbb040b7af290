"""Made-up figures in the shape of the real ones: indicators with one series and monthly figures."""

from __future__ import annotations

from decimal import Decimal

from indicators.calculation.codes import natural_key
from indicators.calculation.periods import Month
from indicators.entry import yearly
from indicators.models import Goal, Indicator, Milestone, Observation, Series, Target
from indicators.models.figures import Origin

FIRST = Month(2006, 1)
MONTHS = 180
TARGET_YEAR = 2020
GOALS = 18


def add_indicators(count: int) -> None:
    """Add indicators until there are ``count``, each with a figure for each of ``MONTHS``."""
    present = Indicator.objects.count()
    targets = [_target(number) for number in range(1, GOALS + 1)]
    codes = [f"{targets[n % GOALS].code}.{n // GOALS + 1}" for n in range(present, count)]
    indicators = Indicator.objects.bulk_create(
        Indicator(
            target=targets[number % GOALS],
            code=code,
            sort_key=natural_key(code),
            name_zh=f"第 {number} 項指標的名稱，長度與實際相近",
            name_en=f"Indicator number {number} with a name of the usual length",
        )
        for number, code in enumerate(codes, start=present)
    )
    series = Series.objects.bulk_create(
        Series(
            indicator=indicator, position=1, name_zh="場次", name_en="Sessions",
            unit_zh="場次", unit_en="sessions", rule="sum", decimals=0,
        )
        for indicator in indicators
    )  # fmt: skip
    Milestone.objects.bulk_create(_milestone(one, number) for number, one in enumerate(series))
    Observation.objects.bulk_create(
        (_figure(one, offset) for one in series for offset in range(MONTHS)), batch_size=2000
    )
    yearly.rebuild([one.pk for one in series])


def _target(number: int) -> Target:
    goal, _ = Goal.objects.get_or_create(
        code=str(number), defaults={"name_zh": f"核心目標 {number}", "colour": "#19486A"}
    )
    return Target.objects.get_or_create(goal=goal, code=f"{number}.1")[0]


def _milestone(series: Series, number: int) -> Milestone:
    """Every third target lies above what the figures come to, so that both outcomes occur."""
    return Milestone(
        series=series,
        year=TARGET_YEAR,
        value=Decimal(1300 if number % 3 == 0 else 1100),
        window_first=Month(TARGET_YEAR, 1).first_day,
        window_last=Month(TARGET_YEAR, 12).first_day,
    )


def _figure(series: Series, offset: int) -> Observation:
    month, value = (FIRST + offset).first_day, Decimal(100 + offset % 7)
    return Observation(
        series=series,
        first_month=month,
        last_month=month,
        value=value,
        origin=Origin.REPORTED,
        approved_value=value,
        approved_revision=1,
    )
