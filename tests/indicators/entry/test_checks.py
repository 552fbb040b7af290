"""Hard checks at their edges: the last figure that passes, and the first that does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.calculation.periods import Month, Period, parse_period
from indicators.calculation.rules import Figure
from indicators.entry.checks import Claim, Refused, doubts, problems
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Observation, Series
from indicators.models.figures import Via
from tests.builders import enter, make_indicator, make_series, redefine

MARCH = Month(2021, 3)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refused(value: str | None = "1", *, evidence: str = "", period: str = "2021-03") -> list[str]:
    """The fields that are refused of one entry of a plain count."""
    return refused_of(Series(pk=1, rule="sum", unit_zh="人"), value, evidence, period)


def refused_of(
    series: Series, value: str | None, evidence: str = "", period: str = "2021"
) -> list[str]:
    number = None if value is None else Decimal(value)
    claim = Claim(0, series, parse_period(period), number, evidence)
    after = {1: {} if number is None else {claim.period: number}}
    return [one.field for one in problems([claim], after, MARCH)]


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("99999999999.9999", True),
        ("999999999999999", True),
        ("1000000000000000", False),
        ("9999999.99999999", True),
        ("10000000.00000001", False),
        ("-99999999999", False),
        ("0.12345678", True),
        ("0.123456789", False),
        ("0.123456780", True),
        ("1E+14", True),
        ("1E+15", False),
        ("0", True),
        ("-0.0001", False),
        (None, True),
    ],
)
def test_what_the_column_holds_and_what_a_count_can_be(value: str | None, fits: bool) -> None:
    assert refused(value) == ([] if fits else ["value"])


@pytest.mark.parametrize(
    ("period", "over"),
    [("2021-03", True), ("2021-04", False), ("2021-01/2021-03", True), ("2021", False)],
)
def test_the_running_month_is_the_last_that_has_a_figure(period: str, over: bool) -> None:
    assert refused(period=period) == ([] if over else ["period"])


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("HTTPS://example.org/a", True),
        ("https://example.org/公文!~.pdf", True),
        ("https://example.org/a b", False),
        ("https://example.org/a\tb", False),
        ("https://example.org/a\x1fb", False),
        ("https://example.org/a\n", False),
        ("https://", False),
        ("https:///a", False),
        ("//example.org/a", False),
        ("example.org", False),
        ("javascript:alert(1)", False),
        ("ftp://example.org/a", False),
        ("https://[half", False),
    ],
)
def test_evidence_is_an_address_of_the_web(address: str, good: bool) -> None:
    assert refused(evidence=address) == ([] if good else ["evidence"])


@pytest.mark.parametrize(
    ("unit", "scale", "rule", "value", "passes"),
    [
        ("%", 100, "ratio", "100", True),
        ("%", 100, "ratio", "100.0001", False),
        ("‰", 1000, "ratio", "1000", True),
        ("‰", 1000, "ratio", "1000.0001", False),
        ("倍", 1, "ratio", "3", True),
        ("%", 100, "mean", "250", True),
        ("%", 100, "ratio", None, True),
    ],
)
def test_a_share_ends_at_everything_and_a_multiple_does_not(
    unit: str, scale: int, rule: str, value: str | None, passes: bool
) -> None:
    series = Series(pk=1, rule=rule, unit_zh=unit, scale=scale)
    assert refused_of(series, value, period="2020") == ([] if passes else ["value"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "scale", "part", "passes"),
    [
        ("%", 100, "100", True),
        ("%", 100, "101", False),
        ("‰", 1000, "100", True),
        ("‰", 1000, "101", False),
        ("倍", 1, "101", True),
    ],
)
@pytest.mark.parametrize("last", ["part", "whole"])
def test_a_part_never_exceeds_its_whole_whichever_comes_last(
    unit: str, scale: int, part: str, passes: bool, last: str
) -> None:
    indicator = make_indicator("8.6.1")
    above, below = (make_series(indicator, is_component=True, unit_zh="人") for _ in range(2))
    make_series(
        indicator, rule="ratio", unit_zh=unit, scale=scale, numerator=above, denominator=below
    )
    first, then = (
        ((below, "100"), (above, part)) if last == "part" else ((above, part), (below, "100"))
    )
    enter(first[0], {"2021-01": first[1]})
    if passes:
        enter(then[0], {"2021-01": then[1]})
    else:
        with pytest.raises(Refused, match="more than"):
            enter(then[0], {"2021-01": then[1]})
    enter(then[0], {"2021-02": then[1]})
    assert Observation.objects.count() == (3 if passes else 2)


@pytest.mark.django_db
def test_a_whole_rate_may_stand_for_a_year_where_its_months_follow_from_the_parts() -> None:
    indicator = make_indicator("8.6.1")
    above, below = (make_series(indicator, is_component=True, unit_zh="人") for _ in range(2))
    rate = make_series(
        indicator, rule="ratio", unit_zh="%", scale=100, numerator=above, denominator=below
    )
    enter(rate, {"2020": "88"})
    with pytest.raises(Refused, match="is worked out"):
        enter(rate, {"2020-01": "88"})


@pytest.mark.django_db
def test_a_pair_of_entries_for_one_month_is_named_by_the_places_that_people_count() -> None:
    series = make_series()
    months = ["2021-01", "2021-02", "2021-01", "2021-01"]
    with pytest.raises(Refused) as caught:
        save_figures(
            [Entry(series, parse_period(month), Decimal(1)) for month in months],
            actor=None,
            via=Via.LOAD,
            reason="twice",
        )
    assert [one.position for one in caught.value.problems] == [2, 3]
    assert "entries 1 and 3" in str(caught.value)
    assert "entries 1 and 4" in str(caught.value)


@pytest.mark.django_db
def test_a_running_total_may_stay_as_it_is_and_neither_falls_nor_overtakes() -> None:
    series = make_series(rule="last", is_running_total=True)
    enter(series, {"2021-01": "10", "2021-02": "10"})
    enter(series, {"2021-04": "12"})
    with pytest.raises(Refused, match="2021-02 has 10, 2021-03 has 9"):
        enter(series, {"2021-03": "9"})
    with pytest.raises(Refused, match="2021-03 has 13, 2021-04 has 12"):
        enter(series, {"2021-03": "13"})
    enter(series, {"2021-02": None})


@pytest.mark.django_db
def test_a_running_total_that_fell_long_ago_can_still_be_continued() -> None:
    series = make_series(rule="last")
    enter(series, {"2020-11": "10", "2020-12": "9"})
    redefine(series, is_running_total=True)
    enter(series, {"2021-01": "11"})
    assert Observation.objects.count() == 3


def test_a_figure_of_several_months_raises_no_doubt_of_a_month() -> None:
    series = Series(rule="sum", unit_zh="人", decimals=0)
    year = Figure(parse_period("2020"), Decimal("1.5"))
    assert doubts(series, Month(2020, 1), [year]) == []


def test_only_sums_are_added_up_against_the_figure_of_the_whole() -> None:
    known = [Figure(Period.month(2020, at), Decimal(10)) for at in range(1, 13)]
    year = Figure(parse_period("2020"), Decimal(10))
    level = Series(rule="last", unit_zh="人", decimals=0)
    assert doubts(level, Month(2020, 6), [*known, year]) == []
    flow = Series(rule="sum", unit_zh="人", decimals=0)
    assert [one.check for one in doubts(flow, Month(2020, 6), [*known, year])] == ["parts"]
    after = Figure(Period.month(2021, 1), Decimal(10))
    assert doubts(flow, Month(2021, 1), [*known, year, after]) == []
