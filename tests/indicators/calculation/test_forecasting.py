"""Where a series goes if it goes on as of late."""

from decimal import Decimal

from indicators.calculation.forecasting import forecast, seasonal_share
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Figure, Rule

WINDOW = Period.years(2021, 2024)
AS_OF = Month(2021, 12)


def monthly(values: list[int], year: int = 2021) -> list[Figure]:
    return [Figure(Period.month(year, i), Decimal(v)) for i, v in enumerate(values, start=1)]


def test_an_even_flow_goes_on_with_no_spread() -> None:
    found = forecast(Rule.SUM, monthly([10] * 12), Decimal(120), AS_OF, WINDOW)
    assert found
    assert (found.value, found.low, found.high, found.months_used) == (480, 480, 480, 12)


def test_an_uneven_flow_has_a_range_around_its_mean() -> None:
    found = forecast(Rule.SUM, monthly([5, 15] * 6), Decimal(120), AS_OF, WINDOW)
    assert found
    assert found.low < found.value == 480 < found.high
    assert found.high - found.value == found.value - found.low


def test_a_level_goes_on_by_its_changes() -> None:
    found = forecast(Rule.LAST, monthly(list(range(100, 112))), Decimal(111), AS_OF, WINDOW)
    assert found
    assert found.value == 147


def test_too_few_months_rates_and_a_closed_window_have_no_forecast() -> None:
    few, many = monthly([10] * 5), monthly([10] * 12)
    assert forecast(Rule.SUM, few, Decimal(50), Month(2021, 5), WINDOW) is None
    assert forecast(Rule.RATIO, many, Decimal(50), AS_OF, WINDOW) is None
    assert forecast(Rule.SUM, many, Decimal(120), WINDOW.last, WINDOW) is None


def test_figures_of_whole_years_say_nothing_of_months() -> None:
    yearly = [Figure(Period.year(year), Decimal(120)) for year in range(2010, 2021)]
    assert forecast(Rule.SUM, yearly, Decimal(120), AS_OF, WINDOW) is None
    assert seasonal_share(yearly, 6) is None


def test_the_season_is_the_mean_share_of_complete_years() -> None:
    known = monthly([2] * 6 + [0] * 6, 2018) + monthly([1] * 12, 2019) + monthly([9] * 3, 2020)
    assert seasonal_share(known, 6) == Decimal("0.75")
    assert seasonal_share(known, 12) == 1
