"""Returns: who may do what with a month, what stays closed, what the public sees meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from accounts.models import Agency, Role, User
from indicators.calculation.deadlines import due_date, is_working_day, opening_date
from indicators.calculation.periods import Month, parse_period
from indicators.entry.checks import Conflict, Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Observation, Return, ReturnEvent, Revision, Series, YearlyValue
from indicators.models.figures import Basis, Via
from indicators.reading.standings import standings
from indicators.returns import acts
from tests.builders import make_agency, make_calendar, make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db
MARCH = Month(2021, 3)


@dataclass
class Office:
    agency: Agency
    series: Series
    officer: User
    reviewer: User

    def enter(
        self, period: str, value: str | None, actor: User | None = None, note: str = ""
    ) -> None:
        save_figures(
            [
                Entry(
                    self.series,
                    parse_period(period),
                    None if value is None else Decimal(value),
                    note,
                )
            ],
            actor=actor or self.officer,
            via=Via.GRID,
            reason="monthly figures",
        )

    def the_return(self, month: Month = MARCH) -> Return:
        found = acts.find_return(self.agency, month)
        assert found is not None
        return found

    def submit(self) -> Return:
        one = self.the_return()
        return acts.submit(one, actor=self.officer, seen_revision=one.revision)

    def approve(self) -> Return:
        one = self.the_return()
        return acts.approve(one, actor=self.reviewer, seen_revision=one.revision)

    def reopen(self, reason: str = "a slip was found") -> Return:
        one = self.the_return()
        return acts.reopen(one, actor=self.reviewer, seen_revision=one.revision, reason=reason)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def office() -> Office:
    agency = make_agency()
    make_calendar(agency)
    return Office(
        agency,
        make_series(make_indicator(agency=agency)),
        make_user(Role.ENTRY_OFFICER, agency=agency),
        make_user(Role.REVIEWER, agency=agency),
    )


def yearly(office: Office, basis: Basis) -> Decimal | None:
    return YearlyValue.objects.get(series=office.series, year=2021, basis=basis).numerator


def test_a_month_goes_from_open_to_approved_and_then_counts_for_all(office: Office) -> None:
    office.enter("2021-03", "12")
    assert office.the_return().state == "open"
    assert office.the_return().officer == office.officer
    assert not YearlyValue.objects.filter(basis=Basis.APPROVED).exists()
    assert yearly(office, Basis.WORKING) == 12
    assert office.submit().state == "submitted"
    assert office.approve().state == "approved"
    assert yearly(office, Basis.APPROVED) == 12
    assert not YearlyValue.objects.filter(basis=Basis.WORKING).exists()
    figure = Observation.objects.get()
    assert (figure.approved_value, figure.approved_revision, figure.is_provisional) == (
        12,
        1,
        False,
    )
    acts = ReturnEvent.objects.order_by("id").values_list("act", "actor", "figures")
    assert list(acts) == [
        ("submitted", office.officer.pk, [[figure.pk, 1]]),
        ("approved", office.reviewer.pk, [[figure.pk, 1]]),
    ]


def test_a_submitted_or_approved_month_takes_no_figures(office: Office) -> None:
    office.enter("2021-03", "12")
    office.submit()
    with pytest.raises(Refused, match="with the reviewer"):
        office.enter("2021-03", "13")
    office.approve()
    with pytest.raises(Refused, match="approved and closed"):
        office.enter("2021-03", "13")
    office.enter("2021-03", "12")  # equal to what is stored: no change, no complaint
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("close", ["submit", "approve"])
def test_the_database_itself_refuses_figures_of_a_closed_month(office: Office, close: str) -> None:
    other = make_series(office.series.indicator)
    office.enter("2021-03", "12")
    office.submit()
    if close == "approve":
        office.approve()
    attempts: list[Callable[[], object]] = [
        lambda: Observation.objects.update(value=13, revision=2),
        lambda: Observation.objects.create(
            series=other,
            agency=office.agency,
            first_month=MARCH.first_day,
            last_month=MARCH.first_day,
            value=1,
            origin="reported",
        ),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            attempt()
    assert Observation.objects.get().value == 12


def test_whoever_submitted_cannot_approve(office: Office) -> None:
    office.enter("2021-03", "12", actor=office.reviewer)
    one = office.the_return()
    one = acts.submit(one, actor=office.reviewer, seen_revision=one.revision)
    with pytest.raises(Refused, match="another reviewer"):
        acts.approve(one, actor=office.reviewer, seen_revision=one.revision)
    with pytest.raises(DatabaseError), transaction.atomic():
        Return.objects.update(state="approved", approved_by=office.reviewer)


def test_a_return_is_sent_back_with_a_reason_and_comes_again(office: Office) -> None:
    office.enter("2021-03", "12")
    one = office.submit()
    with pytest.raises(Refused, match="to be mended"):
        acts.send_back(one, actor=office.reviewer, seen_revision=one.revision, reason=" ")
    acts.send_back(one, actor=office.reviewer, seen_revision=one.revision, reason="one is missing")
    assert office.the_return().state == "returned"
    office.enter("2021-03", "13")
    assert office.submit().state == "submitted"
    assert ReturnEvent.objects.get(act="returned").reason == "one is missing"


def test_a_correction_keeps_what_is_public_until_it_is_approved(office: Office) -> None:
    office.enter("2021-03", "12")
    office.submit()
    office.approve()
    with pytest.raises(Refused, match="why"):
        office.reopen("")
    office.reopen()
    office.enter("2021-03", "20")
    assert (yearly(office, Basis.APPROVED), yearly(office, Basis.WORKING)) == (12, 20)
    (public,) = standings(2021)
    (inside,) = standings(2021, seen=frozenset({office.agency.pk}))
    assert (public.assessment.actual, public.provisional) == (12, False)
    assert (inside.assessment.actual, inside.provisional) == (20, True)
    office.submit()
    approved = office.approve()
    assert approved.corrections == 1
    assert yearly(office, Basis.APPROVED) == 20
    assert [r.new_value for r in Revision.objects.order_by("id")] == [12, 20]


def test_a_withdrawn_figure_is_public_until_that_is_approved(office: Office) -> None:
    office.enter("2021-03", "12")
    office.submit()
    office.approve()
    office.reopen()
    office.enter("2021-03", None)
    assert yearly(office, Basis.APPROVED) == 12
    office.submit()
    office.approve()
    assert not YearlyValue.objects.exists()


def test_switching_approval_on_leaves_what_was_public(office: Office) -> None:
    agency = make_agency("osh")
    series = make_series(make_indicator("8.7.1", agency))
    officer = make_user(Role.ENTRY_OFFICER, agency=agency)
    save: dict[str, Any] = {"actor": officer, "via": Via.GRID, "reason": "monthly figures"}
    save_figures([Entry(series, parse_period("2020-12"), Decimal(7))], **save)
    make_calendar(agency)
    assert YearlyValue.objects.get(series=series, basis=Basis.APPROVED).numerator == 7
    with pytest.raises(Refused, match="before the first month"):
        save_figures([Entry(series, parse_period("2020-12"), Decimal(8))], **save)
    reviewer = make_user(Role.REVIEWER, agency=agency)
    acts.reopen_early_month(agency, Month(2020, 12), actor=reviewer, reason="counted again")
    save_figures([Entry(series, parse_period("2020-12"), Decimal(8))], **save)
    assert YearlyValue.objects.get(series=series, basis=Basis.APPROVED).numerator == 7


def test_a_stale_page_cannot_act(office: Office) -> None:
    office.enter("2021-03", "12")
    seen = office.the_return()
    office.submit()
    with pytest.raises(Conflict, match="Submitted"):
        acts.submit(seen, actor=office.officer, seen_revision=seen.revision)
    one = office.the_return()
    acts.send_back(one, actor=office.reviewer, seen_revision=one.revision, reason="look again")
    with pytest.raises(Conflict):
        acts.approve(one, actor=office.reviewer, seen_revision=one.revision)


def test_rights(office: Office) -> None:
    office.enter("2021-03", "12")
    one = office.submit()
    stranger = make_user(Role.REVIEWER, Role.ENTRY_OFFICER, agency=make_agency("osh"))
    manager = make_user(Role.MANAGER, agency=office.agency)
    reviews: dict[str, Callable[[User], object]] = {
        "approve": lambda who: acts.approve(one, actor=who, seen_revision=one.revision),
        "send_back": lambda who: acts.send_back(
            one, actor=who, seen_revision=one.revision, reason="no"
        ),
    }
    for who in (stranger, manager, office.officer):
        for act in reviews.values():
            with pytest.raises(Refused, match="do not review"):
                act(who)
    one = office.approve()
    for who in (stranger, manager, office.officer):
        with pytest.raises(Refused, match="Only a reviewer or a planner"):
            acts.reopen(one, actor=who, seen_revision=one.revision, reason="because")
    planner = make_user(Role.PLANNER)
    assert (
        acts.reopen(one, actor=planner, seen_revision=one.revision, reason="audit").state == "open"
    )


def test_a_month_opens_by_the_calendar(office: Office) -> None:
    this_month = Month.of(timezone.localdate())
    with pytest.raises(Refused, match=(this_month + 1).first_day.isoformat()):
        office.enter(str(this_month), "1")


def test_nothing_or_an_unexplained_figure_cannot_be_submitted(office: Office) -> None:
    one = office.the_return()
    with pytest.raises(Refused, match="no figure"):
        acts.submit(one, actor=office.officer, seen_revision=one.revision)
    for year in (2019, 2020):
        for month in range(1, 13):
            returns_of = parse_period(f"{year}-{month:02}")
            Observation.objects.create(
                series=office.series,
                first_month=returns_of.first.first_day,
                last_month=returns_of.last.first_day,
                value=100 + month,
                origin="reported",
                approved_value=100 + month,
                approved_revision=1,
            )
    office.enter("2021-01", "105")
    office.enter("2021-02", "105")
    office.enter("2021-03", "900")
    with pytest.raises(Refused, match="jumps"):
        office.submit()
    office.enter("2021-03", "900", note="a fair in every county this month")
    office.enter("2021-03", "1900", note="a fair in every county this month")
    with pytest.raises(Refused, match="earlier figure"):
        office.submit()
    office.enter("2021-03", "1900", note="two fairs in every county this month")
    assert office.submit().state == "submitted"


def test_open_work_is_handed_over_with_a_note(office: Office) -> None:
    office.enter("2021-03", "12")
    successor = make_user(Role.ENTRY_OFFICER, agency=office.agency)
    stranger = make_user(Role.ENTRY_OFFICER, agency=make_agency("osh"))
    one = office.the_return()
    with pytest.raises(Refused, match="note"):
        acts.hand_over([one], to=successor, actor=office.officer, note="")
    with pytest.raises(Refused, match="does not enter"):
        acts.hand_over([one], to=stranger, actor=office.officer, note="yours")
    assert acts.hand_over([one], to=successor, actor=office.officer, note="list on the share") == 1
    assert office.the_return().officer == successor
    assert ReturnEvent.objects.get().reason == "list on the share"


def test_due_days_fall_on_working_days() -> None:
    assert opening_date(Month(2026, 1), 1) == date(2026, 2, 1)
    assert due_date(Month(2026, 9), 9) == date(2026, 10, 12)  # National Day's bridge and a weekend
    assert due_date(Month(2021, 12), 10) == date(2022, 1, 10)
    assert all(is_working_day(due_date(Month(2026, month), 10)) for month in range(1, 13))


@pytest.mark.postgresql
def test_the_guard_looks_once_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgtype & 1 FROM pg_trigger WHERE tgname LIKE '%closed_month'")
        assert cursor.fetchall() == [(0,), (0,)]
