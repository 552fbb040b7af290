"""A figure belongs to the return under which it was reported, whoever answers for it by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import Agency, Role, User
from indicators import clock
from indicators.calculation.periods import Month
from indicators.entry.checks import Refused
from indicators.entry.second_person import confirm, fingerprint, kind_of
from indicators.entry.transfers import transfer
from indicators.models import (
    Observation,
    Proposal,
    ReportingCalendar,
    Return,
    ReturnEvent,
    Series,
    Transfer,
    YearlyValue,
)
from indicators.models.figures import Basis, Eyes, Via
from indicators.reading.standings import standings
from indicators.returns import acts
from tests.builders import (
    assign,
    enter,
    make_agency,
    make_calendar,
    make_indicator,
    make_series,
    make_user,
    put,
    signed_in,
)

pytestmark = pytest.mark.django_db

MARCH, APRIL, JUNE = Month(2021, 3), Month(2021, 4), Month(2021, 6)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class World:
    """Two agencies that keep returns and one that keeps none; an approved March of the first."""

    one: Agency
    two: Agency
    free: Agency
    series: Series
    officer: User
    officer_two: User
    reviewer: User
    reviewer_two: User
    planner: User

    def move(self, to: Agency, month: Month | None = JUNE, reason: str = "by law") -> None:
        self.series.indicator.refresh_from_db()
        transfer(self.series.indicator, to, month, actor=self.planner, via=Via.ADMIN, reason=reason)

    def close(self, agency: Agency, month: Month, officer: User, reviewer: User) -> Return:
        found = acts.find_return(agency, month)
        assert found is not None
        sent = acts.submit(found, actor=officer, seen_revision=found.revision)
        return acts.approve(sent, actor=reviewer, seen_revision=sent.revision)

    def figure(self, month: Month) -> Observation:
        return Observation.objects.get(series=self.series, last_month=month.first_day)

    def public(self) -> Decimal | None:
        row = standings(2021, series=Series.objects.filter(pk=self.series.pk))[0].yearly
        return None if row is None else row.numerator


@pytest.fixture
def world() -> World:
    one, two, free = make_agency("one"), make_agency("two"), make_agency("free")
    make_calendar(one), make_calendar(two)
    series = make_series(make_indicator("8.7.1", agency=one))
    made = World(
        one,
        two,
        free,
        series,
        make_user(Role.ENTRY_OFFICER, agency=one),
        make_user(Role.ENTRY_OFFICER, agency=two),
        make_user(Role.REVIEWER, agency=one),
        make_user(Role.REVIEWER, agency=two),
        make_user(Role.PLANNER),
    )
    put(series, "2021-03", "12", made.officer)
    made.close(one, MARCH, made.officer, made.reviewer)
    return made


def test_the_detour_over_an_agency_without_returns_changes_nothing(world: World) -> None:
    indicator = world.series.indicator
    with pytest.raises(Refused, match="2021-03"):
        world.move(world.free, MARCH)
    world.move(world.free)
    for month in ("2021-03",):
        with pytest.raises(Refused, match="approved and closed"):
            put(world.series, month, "99", world.planner)
    with pytest.raises(DatabaseError, match="transfer"), transaction.atomic():
        type(indicator).objects.filter(pk=indicator.pk).update(agency=world.one)
    world.move(world.one)
    assert world.public() == 12
    assert world.figure(MARCH).agency == world.one


@pytest.mark.parametrize("when", ["before", "after"])
def test_earlier_months_stay_and_later_ones_are_the_new_agencys(world: World, when: str) -> None:
    if when == "before":
        put(world.series, "2021-06", "5", world.officer, "as planned")
    world.move(world.two)
    if when == "after":
        put(world.series, "2021-06", "5", world.officer_two, "as planned")
    assert world.figure(JUNE).agency == world.two
    assert Return.objects.get(agency=world.two, month=JUNE.first_day).is_editable
    with pytest.raises(Refused, match="may not enter"):
        put(world.series, "2021-06", "6", world.officer, "as planned")
    with pytest.raises(Refused, match="may not enter"):
        put(world.series, "2021-04", "6", world.officer_two, "as planned")
    put(world.series, "2021-04", "6", world.officer, "as planned")
    assert world.figure(APRIL).agency == world.one
    assert world.public() == 12
    world.close(world.one, APRIL, world.officer, world.reviewer)
    assert world.public() == 18
    world.close(world.two, JUNE, world.officer_two, world.reviewer_two)
    assert world.public() == 23


def test_no_figure_is_left_behind(world: World) -> None:
    put(world.series, "2021-06", "5", world.officer, "as planned")
    before = Return.objects.get(agency=world.one, month=JUNE.first_day)
    world.move(world.two)
    with pytest.raises(Refused):  # the page shows the return as it was before
        acts.submit(before, actor=world.officer, seen_revision=before.revision)
    assert not Observation.objects.filter(agency=world.one, last_month=JUNE.first_day).exists()
    told = ReturnEvent.objects.get(of=before)
    assert told.act == ReturnEvent.Act.TRANSFERRED
    assert "by law" in told.reason


@pytest.mark.parametrize("close", ["submit", "approve"])
def test_closed_returns_are_named_and_have_to_be_settled(world: World, close: str) -> None:
    put(world.series, "2021-06", "5", world.officer, "as planned")
    found = acts.find_return(world.one, JUNE)
    assert found is not None
    sent = acts.submit(found, actor=world.officer, seen_revision=found.revision)
    if close == "approve":
        acts.approve(sent, actor=world.reviewer, seen_revision=sent.revision)
    with pytest.raises(Refused, match="2021-06"):
        world.move(world.two)
    assert world.figure(JUNE).agency == world.one
    assert not Transfer.objects.exists()


def test_a_closed_return_of_the_new_agency_takes_no_figure_in(world: World) -> None:
    other = make_series(make_indicator("8.7.2", agency=world.two))
    put(other, "2021-06", "1", world.officer_two, "as planned")
    world.close(world.two, JUNE, world.officer_two, world.reviewer_two)
    put(world.series, "2021-06", "5", world.officer, "as planned")
    with pytest.raises(Refused, match="2021-06"):
        world.move(world.two)


def test_what_is_worked_on_does_not_go_where_nobody_approves(world: World) -> None:
    put(world.series, "2021-06", "5", world.officer, "as planned")
    with pytest.raises(Refused, match="keeps no returns"):
        world.move(world.free)
    assert world.public() == 12


@pytest.mark.parametrize(
    ("month", "reason", "said"),
    [
        (JUNE, " ", "Say why"),
        (Month(2099, 1), "by law", "next month"),
        (None, "by law", "from which month"),
    ],
)
def test_a_transfer_says_from_when_and_why(
    world: World, month: Month | None, reason: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        world.move(world.two, month, reason)


def test_a_transfer_does_not_reach_behind_the_last_one(world: World) -> None:
    world.move(world.two, JUNE)
    with pytest.raises(Refused, match="2021-06"):
        world.move(world.free, APRIL)
    with pytest.raises(Refused, match="already"):
        world.move(world.two, JUNE)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PLANNER])
def test_only_planners_transfer(world: World, role: Role) -> None:
    client, person = signed_in(role)
    with pytest.raises(Refused, match="planner"):
        transfer(
            world.series.indicator, world.two, JUNE, actor=person, via=Via.ADMIN, reason="by law"
        )
    assert client.get(reverse("indicators:transfer", args=["8.7.1"])).status_code == 404


def test_with_a_second_planner_a_transfer_waits(world: World) -> None:
    second = make_user(Role.PLANNER)
    world.move(world.two)
    assert not Transfer.objects.exists()
    one = Proposal.objects.get()
    confirm([(one.pk, fingerprint(kind_of(one).lines(one.change)))], actor=second)
    batch = Transfer.objects.get().batch
    assert (batch.actor, batch.confirmed_by, batch.eyes) == (world.planner, second, Eyes.TWO)


def test_nobodys_indicator_is_assigned_with_all_its_figures() -> None:
    agency, planner = make_agency("one"), make_user(Role.PLANNER)
    make_calendar(agency)
    series = make_series(make_indicator("8.7.1"))
    enter(series, {"2020": "7"})
    assign(series.indicator, agency)
    assert Observation.objects.get().agency == agency
    with pytest.raises(Refused, match="before the first month"):
        put(series, "2020", "8", planner)


def test_provisional_figures_are_seen_by_the_agency_that_reported_them(world: World) -> None:
    found = Return.objects.get(agency=world.one, month=MARCH.first_day)
    acts.reopen(
        found, actor=world.reviewer, seen_revision=found.revision, reason="one was left out"
    )
    put(world.series, "2021-03", "13", world.officer)
    world.move(world.two)
    assert YearlyValue.objects.get(basis=Basis.WORKING).agency == world.one
    of_series = Series.objects.filter(pk=world.series.pk)
    for seen, value in ((world.one, 13), (world.two, 12)):
        row = standings(2021, series=of_series, seen=frozenset({seen.pk}))[0].yearly
        assert row is not None
        assert row.numerator == value
    put(world.series, "2021-06", "5", world.officer_two, "as planned")
    assert YearlyValue.objects.get(basis=Basis.WORKING).agency is None
    address = reverse("indicators:indicator", args=["8.7.1"])
    client, _officer = signed_in(Role.ENTRY_OFFICER, agency=world.two)
    page = client.get(address).content.decode()
    assert "13 " not in page
    assert "5 " in page


def test_the_grid_of_either_agency_shows_the_figures(world: World) -> None:
    world.move(world.two)
    for agency in (world.one, world.two):
        client, _person = signed_in(Role.ENTRY_OFFICER, agency=agency)
        page = client.get(reverse("indicators:grid", args=(agency.code, 2021)))
        assert "8.7.1" in page.content.decode()
    client, _person = signed_in(Role.REVIEWER, agency=world.one)
    page = client.get(reverse("indicators:return", args=("one", 2021, 6)))
    assert page.context["page"].missing == ()
    page = client.get(reverse("indicators:return", args=("one", 2021, 4)))
    assert page.context["page"].missing == (str(world.series),)


def test_the_page_shows_what_it_would_do_before_it_does_it(world: World) -> None:
    client, _planner = signed_in(Role.PLANNER)
    User.objects.filter(pk=world.planner.pk).update(is_active=False)
    put(world.series, "2021-06", "5", world.officer, "as planned")
    address = reverse("indicators:transfer", args=["8.7.1"])
    given = {"to": world.two.pk, "first_month": "110年6月", "reason": "by law"}
    shown = client.post(address, given)
    assert shown.status_code == 200
    assert "2021-06" in shown.content.decode()
    assert not Transfer.objects.exists()
    assert client.post(address, {**given, "seen": "other"}).status_code == 200
    done = client.post(address, {**given, "seen": shown.context["key"]})
    assert done.status_code == 302
    assert Transfer.objects.get().batch.eyes == Eyes.ALONE
    assert client.post(address, {**given, "first_month": "2021"}).status_code == 409
    assert "by law" in client.get(address).content.decode()


def test_the_administration_leads_to_the_transfer_and_a_file_does_not_go_round_it(
    world: World,
) -> None:
    client, _planner = signed_in(Role.PLANNER)
    indicator = world.series.indicator
    page = client.get(reverse("admin:indicators_indicator_change", args=[indicator.pk]))
    text = page.content.decode()
    assert reverse("indicators:transfer", args=["8.7.1"]) in text
    assert 'name="agency"' not in text
    fresh = make_indicator("8.7.3", agency=world.one)
    page = client.get(reverse("admin:indicators_indicator_change", args=[fresh.pk]))
    assert 'name="agency"' in page.content.decode()


def test_a_calendar_neither_publishes_nor_unlocks(world: World) -> None:
    calendar = ReportingCalendar.objects.get(agency=world.one)
    rows = ReportingCalendar.objects.filter(pk=calendar.pk)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: rows.update(agency=world.free),
        lambda: rows._raw_delete("default"),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="calendar"), transaction.atomic():
            attempt()
    put(world.series, "2021-04", "5", world.officer, "as planned")
    calendar.starts = date(2021, 6, 1)
    with pytest.raises(ValidationError, match="2021-04"):
        calendar.full_clean()
    world.close(world.one, APRIL, world.officer, world.reviewer)
    calendar.full_clean()
    rows.update(starts=date(2021, 6, 1))
    fresh = make_calendar(make_agency("three"), "2021-06")
    series = make_series(make_indicator("8.7.4"))
    enter(series, {"2021-05": "3"})
    assign(series.indicator, fresh.agency)
    fresh.starts = date(2021, 5, 1)
    with pytest.raises(ValidationError, match="2021-05"):
        fresh.full_clean()
    fresh.starts = date(2021, 7, 1)
    fresh.full_clean()


def test_in_the_administration_a_calendar_stays_with_its_agency(world: World) -> None:
    client, _administrator = signed_in(Role.ADMINISTRATOR)
    calendar = ReportingCalendar.objects.get(agency=world.one)
    address = reverse("admin:indicators_reportingcalendar_change", args=[calendar.pk])
    given = {"agency": world.free.pk, "starts": "2021-01-01", "opens_on": 1, "due_on": 9}
    assert client.post(address, given).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.agency, calendar.due_on) == (world.one, 9)


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda w: Observation.objects.update(agency=w.two), "stays in the return"),
        (lambda w: Observation.objects.update(last_month=date(2021, 5, 1)), "period"),
        (lambda w: Observation.objects.update(approved_value=99), "was approved"),
        (
            lambda w: Series.objects.update(indicator=make_indicator("9.1.1")),
            "its indicator|recorded",
        ),
        (lambda w: Transfer.objects.update(first_month=date(2020, 1, 1)), "append-only"),
        (lambda w: Transfer.objects.all()._raw_delete("default"), "append-only"),
    ],
)
def test_the_database_keeps_a_figure_in_its_return(
    world: World, attempt: Callable[[World], object], said: str
) -> None:
    world.move(world.two)
    with pytest.raises(DatabaseError, match=said), transaction.atomic():
        attempt(world)
    assert world.figure(MARCH).agency == world.one


def test_no_figure_of_an_open_return_is_approved_by_itself(world: World) -> None:
    put(world.series, "2021-04", "5", world.officer, "as planned")
    rows = Observation.objects.filter(last_month=date(2021, 4, 1))
    with pytest.raises(DatabaseError, match="approved"), transaction.atomic():
        rows.update(approved_value=5, approved_revision=1)
    with pytest.raises(DatabaseError, match="approved"), transaction.atomic():
        Observation.objects.create(
            series=make_series(world.series.indicator),
            agency=world.one,
            first_month=date(2021, 4, 1),
            last_month=date(2021, 4, 1),
            value=1,
            origin="reported",
            approved_value=1,
            approved_revision=1,
        )
    assert world.public() == 12


def test_a_month_ahead_can_be_named(world: World) -> None:
    with clock.fixed(date(2021, 6, 15)):
        with pytest.raises(Refused, match="next month"):
            world.move(world.two, Month(2021, 8))
        world.move(world.two, Month(2021, 7))
    put(world.series, "2021-06", "5", world.officer, "as planned")
    assert world.figure(JUNE).agency == world.one
