"""The gate of the returns at its edges: the first month, the day on which a month opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import Role, User
from indicators import clock
from indicators.calculation.periods import parse_period
from indicators.entry.checks import Refused
from indicators.entry.door import examine_figures, save_figures
from indicators.entry.entries import Entry
from indicators.models import Return, Series
from indicators.models.figures import Via
from tests.builders import make_agency, make_calendar, make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def officer() -> User:
    agency = make_agency()
    make_calendar(agency, "2021-02", opens_on=5)
    return make_user(Role.ENTRY_OFFICER, agency=agency)


@pytest.fixture
def series(officer: User) -> Series:
    return make_series(make_indicator(agency=make_agency()))


def said(officer: User, series: Series, period: str, day: date) -> str:
    """What the examination and the door both say on a day; "" where the figure is let in."""
    entries = [Entry(series, parse_period(period), Decimal(1))]
    with clock.fixed(day):
        examined = examine_figures(entries, actor=officer, via=Via.GRID)
        foretold = " ".join(str(one.message) for one in examined.problems)
        assert [one.field for one in examined.problems] in ([], ["period"])
        with pytest.raises(Refused) if foretold else nullcontext() as caught:
            save_figures(entries, actor=officer, via=Via.GRID, reason="monthly")
    assert (str(caught.value) if caught else "") == foretold
    return foretold


@pytest.mark.parametrize(
    ("day", "opens"),
    [(date(2021, 4, 4), False), (date(2021, 4, 5), True), (date(2021, 4, 6), True)],
)
def test_a_month_opens_on_its_day_and_not_a_day_before(
    officer: User, series: Series, day: date, opens: bool
) -> None:
    expected = "" if opens else "2021-03 can be entered from 2021-04-05 on."
    assert said(officer, series, "2021-03", day) == expected
    assert Return.objects.exists() == opens


@pytest.mark.parametrize(("period", "closed"), [("2021-01", True), ("2021-02", False)])
def test_the_first_month_by_return_is_open_and_the_one_before_it_closed(
    officer: User, series: Series, period: str, closed: bool
) -> None:
    found = said(officer, series, period, date(2021, 4, 20))
    assert ("before the first month" in found) == closed
    assert Return.objects.exists() == (not closed)


def test_a_figure_of_several_months_belongs_to_the_return_of_its_last(
    officer: User, series: Series
) -> None:
    assert said(officer, series, "2020-12/2021-02", date(2021, 4, 20)) == ""
    assert Return.objects.get().month == date(2021, 2, 1)
    assert "before the first" in said(officer, series, "2020-11/2021-01", date(2021, 4, 20))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Return.State.OPEN, ""),
        (Return.State.RETURNED, ""),
        (Return.State.SUBMITTED, "is with the reviewer"),
        (Return.State.APPROVED, "is approved and closed"),
    ],
)
def test_what_a_return_says_depends_on_where_it_is(
    officer: User, series: Series, state: Return.State, words: str
) -> None:
    Return.objects.create(
        agency=make_agency(),
        month=date(2021, 3, 1),
        due=date(2021, 4, 10),
        state=state,
        submitted_by=officer if state != Return.State.OPEN else None,
        approved_by=make_user(Role.REVIEWER) if state == Return.State.APPROVED else None,
    )
    found = said(officer, series, "2021-03", date(2021, 4, 20))
    assert (words in found) if words else (found == "")


def test_an_examination_names_a_missing_right_too(series: Series) -> None:
    stranger = make_user(Role.ENTRY_OFFICER, agency=make_agency("osh"))
    entries = [Entry(series, parse_period("2020-03"), Decimal(-1))]
    examined = examine_figures(entries, actor=stranger, via=Via.GRID)
    assert [one.field for one in examined.problems] == ["series", "value"]


def test_every_month_that_stands_in_the_way_is_named_in_the_order_of_the_entries(
    officer: User, series: Series
) -> None:
    months = ["2021-03", "2021-01", "2021-02", "2020-12"]
    entries = [Entry(series, parse_period(month), Decimal(1)) for month in months]
    with clock.fixed(date(2021, 4, 20)), pytest.raises(Refused) as caught:
        save_figures(entries, actor=officer, via=Via.GRID, reason="monthly")
    assert [one.position for one in caught.value.problems] == [1, 3]
