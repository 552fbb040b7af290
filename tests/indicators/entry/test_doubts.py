"""Soft checks: each speaks up where it should and is quiet where it should."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.periods import Month, Period, parse_period
from indicators.calculation.plausibility import (
    flows,
    is_outlier,
    jump,
    looks_like_another_unit,
    missing_before,
)
from indicators.calculation.rules import Figure
from indicators.entry.checks import doubts
from indicators.entry.door import save_figures
from indicators.entry.doubts import doubts_about, doubts_proposed, unexplained
from indicators.entry.entries import Entry
from indicators.models import Observation, Series
from indicators.models.figures import Via
from tests.builders import enter, make_series

START = Month(2019, 1)


def months(values: Sequence[int | str], start: Month = START) -> dict[Month, Decimal]:
    return {start + at: Decimal(value) for at, value in enumerate(values)}


def found(values: dict[Month, Decimal], month: Month, **fields: object) -> set[str]:
    series = Series(**({"rule": "sum", "unit_zh": "人", "decimals": 0} | fields))
    figures = [Figure(Period(at, at), value) for at, value in values.items()]
    return {doubt.check for doubt in doubts(series, month, figures)}


STEADY = [100, 104, 98, 101, 99, 103, 97, 102, 100, 105, 96, 101]


def test_a_jump_against_the_recent_months() -> None:
    assert found(months([*STEADY, 300]), START + 12) == {"jump"}
    assert found(months([*STEADY, 104]), START + 12) == set()


def test_a_season_is_no_jump() -> None:
    year = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 200]
    assert found(months([*year * 4]), START + 47) == set()
    assert found(months([*year * 3, *year[:11], 900]), START + 47) == {"jump"}


def test_quiet_without_enough_history() -> None:
    assert found(months([100, 101, 99, 900]), START + 3) == set()


def test_a_running_total_is_judged_by_what_it_adds() -> None:
    total, values = 0, []
    for step in [*STEADY, 100]:
        total += step
        values.append(total)
    running = {"rule": "last", "is_running_total": True}
    assert found(months(values), START + 12, **running) == set()
    values[-1] += 900
    assert found(months(values), START + 12, **running) == {"jump"}


def test_ten_thousand_times_off() -> None:
    large = [str(value * 10_000) for value in STEADY]
    assert found(months([*large, "103"]), START + 12) == {"unit"}
    assert found(months([*STEADY, 1_030_000]), START + 12) == {"unit"}


def test_ten_thousand_times_off_is_said_from_3000_to_30000_times() -> None:
    for times, said in ((2999, False), (3000, True), (30_000, True), (30_001, False)):
        values = months([1, 1, 1, times])
        assert (looks_like_another_unit(START + 3, values) is not None) == said, times
        values = months([times, times, times, 1])
        assert (looks_like_another_unit(START + 3, values) is not None) == said, times


def test_ups_and_downs_about_zero_have_no_usual_unit() -> None:
    assert looks_like_another_unit(START + 4, months([-5, 5, -5, 5, 50_000])) is None


def test_decimals_of_what_is_counted_in_whole() -> None:
    assert found(months(["1.234"]), START) == {"decimals"}
    assert found(months(["1234.0"]), START) == set()
    assert found(months(["1.5"]), START, decimals=1) == set()
    assert found(months(["77.3"]), START, rule="ratio", unit_zh="%") == set()


def test_a_month_left_out() -> None:
    values = months(STEADY)
    del values[START + 10]
    assert found(values, START + 11) == {"gap"}
    assert found(months([5]), START) == set()


def test_months_that_contradict_the_figure_for_all_of_them() -> None:
    figures = [Figure(Period(at, at), v) for at, v in months([10] * 12).items()]
    series = Series(rule="sum", unit_zh="人", decimals=0)
    year = Figure(parse_period("2019"), Decimal(121))
    assert [d.check for d in doubts(series, START, [*figures, year])] == ["parts"]
    right = Figure(parse_period("2019"), Decimal(120))
    assert doubts(series, START, [*figures, right]) == []


@pytest.mark.django_db
def test_every_doubt_is_said_in_both_languages() -> None:
    from django.utils import translation

    series = Series(rule="sum", unit_zh="人", decimals=0)
    figures = [Figure(Period(at, at), v) for at, v in months([*STEADY, 300]).items()]
    said = set()
    for language in ("en", "zh-hant"):
        with translation.override(language):
            said.add(str(doubts(series, START + 12, figures)[0].message))
    assert len(said) == 2


counts = st.integers(min_value=0, max_value=10**9).map(Decimal)


@given(st.lists(counts, min_size=8, max_size=30), counts)
def test_an_outlier_does_not_depend_on_the_order(others: list[Decimal], value: Decimal) -> None:
    assert is_outlier(value, others) == is_outlier(value, sorted(others))


@given(st.lists(counts, min_size=8, max_size=30))
def test_the_median_itself_is_never_an_outlier(others: list[Decimal]) -> None:
    middle = sorted(others)[len(others) // 2]
    if len(others) % 2:
        assert not is_outlier(middle, others)


@given(st.lists(counts, max_size=30))
def test_flows_of_a_running_total_add_up_to_it(steps: list[Decimal]) -> None:
    total, values = Decimal(0), {}
    for at, step in enumerate(steps):
        total += step
        values[START + at] = total
    added = flows(values, running=True)
    if len(steps) > 1:
        assert sum(added.values()) == total - steps[0]


@given(st.dictionaries(st.integers(0, 60).map(lambda n: START + n), counts, max_size=40))
def test_no_history_makes_a_check_fail(values: dict[Month, Decimal]) -> None:
    for month in [*values, START + 61]:
        jump(month, values)
        jump(month, values, running=True)
        looks_like_another_unit(month, values)
        missing_before(month, values)


JUMP = {f"2019-{at:02}": str(value) for at, value in enumerate(STEADY, start=1)} | {
    "2020-01": "300"
}


@pytest.mark.django_db
def test_a_note_explains_the_figure_that_it_was_written_for() -> None:
    series = make_series(unit_zh="人")
    month = parse_period("2020-01")

    def left(value: str | None = None, note: str | None = None, evidence: str = "") -> int:
        if value is not None:
            enter_one(series, value, note, evidence)
        return len(unexplained(doubts_about([series], [month.first])))

    enter(series, JUMP)
    assert left() == 1
    assert left("300", "a fair in every county") == 0
    assert left("300", None, "https://example.org/fair") == 0
    assert left("310") == 1
    assert left("310", "two fairs") == 0


def enter_one(series: Series, value: str, note: str | None, evidence: str) -> None:
    entry = Entry(series, parse_period("2020-01"), Decimal(value), note, evidence=evidence or None)
    save_figures([entry], actor=None, via=Via.LOAD, reason="explained")


@pytest.mark.django_db
def test_a_figure_without_a_history_is_explained_by_its_note() -> None:
    series = make_series(unit_zh="人")
    for period, value in JUMP.items():
        day = parse_period(period).first.first_day
        Observation.objects.create(
            series=series,
            first_month=day,
            last_month=day,
            value=value,
            note="as it was",
            origin="reported",
        )
    assert unexplained(doubts_about([series], [Month(2020, 1)])) == []


@pytest.mark.django_db
def test_what_is_proposed_is_judged_beside_what_is_stored_and_not_withdrawn() -> None:
    series = make_series(unit_zh="人")
    enter(series, {period: value for period, value in JUMP.items() if period < "2019-12"})
    enter(series, {"2018": "100"})
    proposed = [Entry(series, parse_period("2019-12"), Decimal(300))]
    assert list(doubts_proposed(proposed)) == [0]
    withdrawn = [Entry(series, parse_period(f"2019-{at:02}"), None) for at in range(1, 6)]
    assert doubts_proposed([*withdrawn, *proposed]) == {}
