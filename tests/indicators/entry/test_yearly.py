"""Yearly values follow the figures, whatever mix of months, years and ranges they are."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indicators.calculation.periods import Month, Period, parse_period
from indicators.entry import yearly
from indicators.models import Series, YearlyValue
from tests.builders import enter, make_indicator, make_series
from tests.indicators.entry.test_door import set_target


def value(series: Series, year: int) -> tuple[Decimal | None, str, int]:
    row = YearlyValue.objects.get(series=series, year=year)
    return row.numerator, row.coverage, row.months


@pytest.mark.django_db
def test_months_make_a_year() -> None:
    series = make_series()
    enter(series, {f"2021-{month:02}": "10" for month in range(1, 13)})
    assert value(series, 2021) == (120, "complete", 12)


@pytest.mark.django_db
def test_a_year_inside_a_range_is_its_own_and_the_range_counts_for_the_window() -> None:
    series = make_series()
    enter(series, {"2017-01/2020-12": "129819", "2020": "40968"})
    set_target(series, "80000")
    assert value(series, 2020) == (40968, "complete", 12)
    row = YearlyValue.objects.get(series=series, year=2020)
    assert (row.window_numerator, row.window_coverage) == (129819, "complete")


@pytest.mark.django_db
def test_two_sets_of_figures_that_disagree_are_a_conflict() -> None:
    series = make_series()
    enter(series, {f"2021-{month:02}": "10" for month in range(1, 13)} | {"2021": "121"})
    assert value(series, 2021)[:2] == (None, "conflict")


@pytest.mark.django_db
def test_a_ratio_follows_its_parts() -> None:
    indicator = make_indicator("8.6.1")
    top = make_series(indicator, is_component=True, unit_zh="人")
    bottom = make_series(indicator, is_component=True, unit_zh="人")
    rate = make_series(
        indicator, rule="ratio", unit_zh="%", scale=100, numerator=top, denominator=bottom
    )
    enter(top, {"2020": "80"})
    enter(bottom, {"2020": "100"})
    row = YearlyValue.objects.get(series=rate, year=2020)
    assert (row.numerator, row.denominator) == (80, 100)
    enter(bottom, {"2020": "90"})
    row.refresh_from_db()
    assert row.denominator == 90


@pytest.mark.django_db
def test_growth_follows_its_level_and_base() -> None:
    indicator = make_indicator("1.3.1")
    level = make_series(indicator, rule="last", unit_zh="人", is_component=True)
    growth = make_series(indicator, rule="growth", unit_zh="%", source=level, base_year=2016)
    enter(level, {"2016-12": "904556", "2020-12": "1435614"})
    row = YearlyValue.objects.get(series=growth, year=2020)
    assert (row.numerator, row.denominator) == (1435614, 904556)


@pytest.mark.django_db
def test_a_rebuild_mends_and_reports_what_was_tampered_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    series = make_series()
    enter(series, {"2021": "120", "2020": "100"})
    assert yearly.rebuild() == []
    YearlyValue.objects.filter(year=2021).update(numerator=999)
    YearlyValue.objects.filter(year=2020).delete()
    with pytest.raises(SystemExit):
        call_command("rebuild_yearly_values")
    printed = capsys.readouterr().out
    assert "2021 numerator: 999" in printed
    assert "2 differences" in printed
    assert value(series, 2021)[0] == 120
    assert yearly.rebuild() == []


MONTHS = st.integers(0, 35)


@st.composite
def figures(draw: st.DrawFn) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(draw(st.integers(1, 8))):
        first = draw(MONTHS)
        last = min(35, first + draw(st.sampled_from([0, 0, 0, 5, 11, 23])))
        start = Month(2019, 1)
        period = Period(start + first, start + last)
        found[period.iso()] = str(draw(st.integers(0, 50)))
    return found


class AnyMix(TestCase):
    """For any mix, saved in any order of batches, the stored rows equal a rebuild."""

    @settings(max_examples=25, deadline=None)
    @given(mix=figures(), rule=st.sampled_from(["sum", "last", "mean"]))
    def test_stored_rows_equal_a_rebuild(self, mix: dict[str, str], rule: str) -> None:
        series = make_series(rule=rule)
        set_target(series, "10", window=parse_period("2019-01/2020-12"))
        for period, amount in mix.items():
            enter(series, {period: amount})
        assert yearly.rebuild() == []


@pytest.mark.django_db
def test_a_rebuild_of_some_series_takes_those_made_of_them_along_and_leaves_the_others() -> None:
    indicator = make_indicator("8.6.1")
    top, bottom = (make_series(indicator, is_component=True, unit_zh="人") for _ in range(2))
    rate = make_series(
        indicator, rule="ratio", unit_zh="%", scale=100, numerator=top, denominator=bottom
    )
    other = make_series(indicator)
    for one, amount in ((top, "80"), (bottom, "100"), (other, "5")):
        enter(one, {"2020": amount})
    YearlyValue.objects.filter(series__in=[rate, other]).update(numerator=1)
    assert [one.series for one in yearly.rebuild([bottom.pk])] == [str(rate)]
    assert [one.series for one in yearly.rebuild()] == [str(other)]
