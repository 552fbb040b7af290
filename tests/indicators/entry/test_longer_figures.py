"""Fifteen digits, below zero, above the whole, per million: kept and added exactly."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Role
from indicators.calculation.periods import Month, parse_period
from indicators.calculation.plausibility import looks_like_another_unit
from indicators.calculation.rules import Rule, value_of
from indicators.entry import yearly
from indicators.entry.checks import Refused
from indicators.entry.milestones import save_milestone
from indicators.models import Milestone, Observation, Revision, Series, YearlyValue
from indicators.models.figures import Via
from tests.builders import enter, make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db

LONGEST = [
    "999999999999999",
    "0.00000001",
    "99999999999999.9",
    "1234567.12345678",
    "9999999.99999999",
    "100000000000001",
]


@pytest.mark.parametrize("value", LONGEST)
def test_fifteen_digits_come_back_wherever_the_point_stands(value: str) -> None:
    series = make_series(rule="last", unit_zh="元")
    enter(series, {"2021-03": value})
    assert Observation.objects.get().value == Decimal(value)
    assert Revision.objects.get().new_value == Decimal(value)
    assert YearlyValue.objects.get().numerator == Decimal(value)


@pytest.mark.parametrize("rule", ["sum", "mean"])
def test_sums_of_the_longest_figures_are_exact_and_stay_so(rule: str) -> None:
    series = make_series(rule=rule, unit_zh="元")
    values = [LONGEST[month % len(LONGEST)] for month in range(12)]
    enter(series, {f"2021-{month + 1:02d}": value for month, value in enumerate(values)})
    assert YearlyValue.objects.get().numerator == sum(map(Decimal, values))
    assert yearly.rebuild() == []
    out = StringIO()
    call_command("rebuild_yearly_values", stdout=out)
    assert " stored, " not in out.getvalue()


def test_sums_over_a_window_and_its_target_compare_exactly() -> None:
    series = make_series(rule="sum", unit_zh="元")
    save_milestone(
        series=series,
        year=2021,
        value=Decimal("999999999999999"),
        window=parse_period("2020-01/2021-12"),
        actor=make_user(Role.PLANNER),
        via=Via.ADMIN,
        reason="plan",
    )
    enter(series, {"2020": "999999999999998", "2021": "0.99999999"})
    value = YearlyValue.objects.get(year=2021)
    assert value.window_numerator == Decimal("999999999999998.99999999")
    assert Milestone.objects.get().value == Decimal("999999999999999")
    assert yearly.rebuild() == []


def accident_rate() -> Series:
    indicator = make_indicator()
    injured = make_series(indicator, rule="sum", unit_zh="人次", is_component=True)
    hours = make_series(indicator, rule="sum", unit_zh="小時", is_component=True)
    return make_series(
        indicator,
        rule="ratio",
        unit_zh="人次／百萬工時",
        unit_en="per million hours",
        numerator=injured,
        denominator=hours,
        scale=1_000_000,
        decimals=2,
    )


def test_a_rate_per_million_hours_is_worked_out_by_its_scale() -> None:
    rate = accident_rate()
    assert rate.numerator is not None
    assert rate.denominator is not None
    enter(rate.numerator, {"2021-01": "3"})
    enter(rate.denominator, {"2021-01": "1500000"})
    row = YearlyValue.objects.get(series=rate)
    assert value_of(Rule.RATIO, row.numerator, row.denominator, rate.scale) == 2


def test_figures_below_zero_are_for_series_that_may_be() -> None:
    count = make_series()
    change = make_series(count.indicator, may_be_negative=True, unit_zh="人")
    with pytest.raises(Refused):
        enter(count, {"2021-01": "-5"})
    enter(change, {"2021-01": "-5", "2021-02": "2"})
    assert YearlyValue.objects.get().numerator == -3


@pytest.mark.parametrize(("unit", "scale"), [("%", 100), ("‰", 1000)])
def test_rates_above_the_whole_are_for_series_that_may_exceed_it(unit: str, scale: int) -> None:
    over = str(scale + 3)
    share = make_series(rule="ratio", unit_zh=unit, scale=scale)
    ratio = make_series(
        share.indicator, rule="ratio", unit_zh=unit, scale=scale, may_exceed_whole=True
    )
    with pytest.raises(Refused):
        enter(share, {"2021": over})
    enter(share, {"2021": str(scale)})
    enter(ratio, {"2021": over})
    assert Observation.objects.get(series=ratio).value == Decimal(over)


@pytest.mark.parametrize("free", [False, True])
def test_a_part_may_be_more_than_what_it_is_no_part_of(free: bool) -> None:
    indicator = make_indicator()
    jobs = make_series(indicator, unit_zh="個", is_component=True)
    seekers = make_series(indicator, unit_zh="人", is_component=True)
    parts = {"numerator": jobs, "denominator": seekers}
    make_series(indicator, rule="ratio", unit_zh="%", scale=100, may_exceed_whole=free, **parts)
    enter(seekers, {"2021-01": "100"})
    if not free:
        with pytest.raises(Refused):
            enter(jobs, {"2021-01": "150"})
        return
    enter(jobs, {"2021-01": "150"})
    assert Observation.objects.get(series=jobs).value == 150


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, "-1"),
        ({"rule": "ratio", "unit_zh": "%", "scale": 100}, "101"),
        ({}, "1234567890123456"),
        ({}, "0.000000001"),
    ],
)
def test_a_target_is_what_a_figure_of_its_series_can_be(fields: dict[str, Any], value: str) -> None:
    series = make_series(**fields)
    with pytest.raises(Refused):
        save_milestone(
            series=series,
            year=2021,
            value=Decimal(value),
            window=parse_period("2021"),
            actor=make_user(Role.PLANNER),
            via=Via.ADMIN,
            reason="plan",
        )
    assert not Milestone.objects.exists()


def test_ups_and_downs_about_zero_have_no_usual_size() -> None:
    months = {Month(2021, month): Decimal(5 if month % 2 else -5) for month in range(1, 11)}
    assert (
        looks_like_another_unit(Month(2021, 11), months | {Month(2021, 11): Decimal(70000)}) is None
    )
