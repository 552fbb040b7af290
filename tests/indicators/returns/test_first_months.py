"""Acts at their edges: the first month by return, a second round, what is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import Agency, Role, User
from indicators import clock
from indicators.calculation.periods import Month, parse_period
from indicators.entry.checks import Conflict, Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Return, ReturnEvent, Series
from indicators.models.figures import Via
from indicators.returns import acts
from tests.builders import make_agency, make_calendar, make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db
FIRST, BEFORE = Month(2021, 2), Month(2021, 1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def agency() -> Agency:
    agency = make_agency()
    make_calendar(agency, "2021-02")
    return agency


@pytest.fixture
def officer(agency: Agency) -> User:
    return make_user(Role.ENTRY_OFFICER, agency=agency)


@pytest.fixture
def reviewer(agency: Agency) -> User:
    return make_user(Role.REVIEWER, agency=agency)


@pytest.fixture
def begun(agency: Agency, officer: User) -> Return:
    """The return of the first month, with a figure in it."""
    enter(make_series(make_indicator(agency=agency)), officer, "12")
    return Return.objects.get()


def enter(series: Series, officer: User, value: str) -> None:
    entry = Entry(series, parse_period("2021-02"), Decimal(value))
    save_figures([entry], actor=officer, via=Via.GRID, reason="monthly")


def test_the_first_month_has_a_return_on_the_spot_and_the_one_before_has_none(
    agency: Agency,
) -> None:
    assert acts.find_return(agency, BEFORE) is None
    first = acts.find_return(agency, FIRST)
    assert first is not None
    assert (first.pk, first.month, first.due) == (None, date(2021, 2, 1), date(2021, 3, 10))
    assert acts.find_return(make_agency("osh"), FIRST) is None


def test_a_month_is_early_before_the_first_until_it_is_opened(
    agency: Agency, reviewer: User
) -> None:
    assert acts.is_early(agency, BEFORE)
    assert not acts.is_early(agency, FIRST)
    assert not acts.is_early(make_agency("osh"), BEFORE)
    opened = acts.reopen_early_month(agency, BEFORE, actor=reviewer, reason="counted again")
    assert acts.find_return(agency, BEFORE) == opened
    assert not acts.is_early(agency, BEFORE)


def test_only_a_month_before_the_first_is_opened_early_and_only_once(
    agency: Agency, reviewer: User
) -> None:
    with pytest.raises(Refused, match="reported by return"):
        acts.reopen_early_month(agency, FIRST, actor=reviewer, reason="why not")
    acts.reopen_early_month(agency, BEFORE, actor=reviewer, reason="counted again")
    with pytest.raises(Refused, match="opened already"):
        acts.reopen_early_month(agency, BEFORE, actor=reviewer, reason="counted again")
    without = make_agency("osh")
    planner = make_user(Role.PLANNER)
    with pytest.raises(Refused, match="reported by return"):
        acts.reopen_early_month(without, BEFORE, actor=planner, reason="why not")


def test_the_first_hour_of_submission_and_approval_stays_through_a_second_round(
    begun: Return, officer: User, reviewer: User
) -> None:
    with clock.fixed(date(2021, 3, 5)):
        one = acts.submit(begun, actor=officer, seen_revision=begun.revision)
        one = acts.approve(one, actor=reviewer, seen_revision=one.revision)
    submitted, approved = one.first_submitted_at, one.first_approved_at
    assert submitted is not None
    assert submitted.date() == date(2021, 3, 5)
    assert approved is not None
    one = acts.reopen(one, actor=reviewer, seen_revision=one.revision, reason="a slip")
    with clock.fixed(date(2021, 4, 5)):
        one = acts.submit(one, actor=officer, seen_revision=one.revision)
        one = acts.approve(one, actor=reviewer, seen_revision=one.revision)
    one.refresh_from_db()
    assert (one.first_submitted_at, one.first_approved_at) == (submitted, approved)
    assert one.corrections == 1


def test_a_return_that_changed_hands_meanwhile_is_looked_at_again(
    begun: Return, agency: Agency, officer: User
) -> None:
    successor = make_user(Role.ENTRY_OFFICER, agency=agency)
    seen = begun.revision
    assert acts.hand_over([begun], to=successor, actor=officer, note="on leave") == 1
    with pytest.raises(Conflict, match="Being entered"):
        acts.submit(begun, actor=officer, seen_revision=seen)


def test_handing_over_leaves_alone_what_is_closed_or_in_those_hands_already(
    begun: Return, agency: Agency, officer: User
) -> None:
    successor = make_user(Role.ENTRY_OFFICER, agency=agency)
    unbegun = acts.find_return(agency, Month(2021, 3))
    assert unbegun is not None
    assert acts.hand_over([begun, unbegun], to=officer, actor=officer, note="mine") == 1
    assert Return.objects.get(month="2021-03-01").officer == officer
    acts.submit(begun, actor=officer, seen_revision=begun.revision)
    assert acts.hand_over([begun], to=successor, actor=officer, note="on leave") == 0
    begun.refresh_from_db()
    assert begun.officer == officer
    assert ReturnEvent.objects.filter(act="handed_over").count() == 1
