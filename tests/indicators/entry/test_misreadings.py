"""What a person is told of a text that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.calculation.periods import PeriodError, parse_period
from indicators.entry.misreadings import Misread, period_message, read_figure
from indicators.models import Series


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def what_is_said_of(period: str) -> str:
    with pytest.raises(PeriodError) as caught:
        parse_period(period)
    return period_message(caught.value)


def test_a_period_that_can_be_read_twice_is_offered_both_ways() -> None:
    assert what_is_said_of("99") == (
        "“99” can be read as 2010 or 2099. Write the one that is meant."
    )


def test_a_period_that_cannot_be_read_is_shown_how_to_be_written() -> None:
    assert what_is_said_of("sometime") == (
        "“sometime” is not a period. Write for example 2021-03 or 110年3月."
    )


@pytest.mark.parametrize(
    ("text", "value"), [("12人", 12), ("12 Persons", 12), ("12", 12), ("", None), ("－", None)]
)
def test_a_figure_is_read_in_the_unit_of_its_series(text: str, value: int | None) -> None:
    series = Series(unit_zh="人", unit_en="persons")
    assert read_figure(text, series) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("text", "said"), [("12件", "Give it in that unit"), ("many", "many")])
def test_a_figure_in_another_unit_or_none_at_all_is_not_guessed(text: str, said: str) -> None:
    with pytest.raises(Misread, match=said):
        read_figure(text, Series(unit_zh="人", unit_en="persons"))
