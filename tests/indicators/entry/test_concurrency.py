"""Several people at a time, on PostgreSQL: nothing is lost, nothing is counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections

from accounts.models import Role, User
from indicators.calculation.periods import Month, Period
from indicators.entry import yearly
from indicators.entry.checks import Conflict, Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Observation, Return, ReturnEvent, Revision, Series, YearlyValue
from indicators.models.figures import Via
from indicators.returns import acts
from tests.builders import enter, make_agency, make_calendar, make_indicator, make_series, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

WRITERS = 8


def at_once(work: Callable[[int], int]) -> list[int]:
    """Let eight threads begin together, each on its own connection."""
    start = Barrier(WRITERS)

    def run(writer: int) -> int:
        try:
            start.wait()
            return work(writer)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_an_approval_closes_the_month_against_writers_at_that_very_moment() -> None:
    agency = make_agency()
    make_calendar(agency, "2021-01")
    series = make_series(make_indicator(agency=agency))
    reviewer = make_user(Role.REVIEWER, agency=agency)
    officers = [make_user(Role.ENTRY_OFFICER, agency=agency) for _writer in range(WRITERS)]
    month = Month(2021, 1)

    def save(value: Decimal, revision: int, actor: User) -> None:
        save_figures(
            [Entry(series, Period(month, month), value, expected_revision=revision)],
            actor=actor,
            via=Via.GRID,
            reason="race",
        )

    save(Decimal(0), 0, officers[0])

    def work(writer: int) -> int:
        saved = 0
        while True:
            figure = Observation.objects.get()
            assert figure.value is not None
            one = Return.objects.select_related("agency").get()
            try:
                if writer == 0 and saved >= 5:
                    one = acts.submit(one, actor=officers[0], seen_revision=one.revision)
                    acts.approve(one, actor=reviewer, seen_revision=one.revision)
                    return saved
                save(figure.value + 1, figure.revision, officers[writer])
            except Conflict:
                continue
            except Refused:
                return saved
            saved += 1

    acknowledged = sum(at_once(work))
    figure = Observation.objects.get()
    assert figure.value == figure.approved_value == acknowledged
    assert figure.revision == figure.approved_revision == acknowledged + 1
    event = ReturnEvent.objects.get(act="approved")
    assert event.figures == [[figure.pk, figure.revision]]
    assert yearly.rebuild() == []


def test_acknowledged_increments_of_one_figure_are_all_there() -> None:
    series = make_series()
    enter(series, {"2021-01": "0"})

    def increment(_writer: int) -> int:
        saved = 0
        while saved < 10:
            figure = Observation.objects.get()
            assert figure.value is not None
            try:
                save_figures(
                    [
                        Entry(
                            Series.objects.get(),
                            Period.month(2021, 1),
                            figure.value + 1,
                            expected_revision=figure.revision,
                        )
                    ],
                    actor=None,
                    via=Via.LOAD,
                    reason="increment",
                )
            except Conflict:
                continue
            saved += 1
        return saved

    assert sum(at_once(increment)) == 80
    assert Observation.objects.get().value == 80
    assert Revision.objects.count() == 81
    assert YearlyValue.objects.get().numerator == 80


def test_writers_of_different_months_leave_a_yearly_value_that_a_rebuild_confirms() -> None:
    series = make_series()

    def fill(writer: int) -> int:
        for year in range(2010, 2020):
            save_figures(
                [Entry(series, Period.month(year, writer + 1), Decimal(writer + 1))],
                actor=None,
                via=Via.LOAD,
                reason="fill",
            )
        return 10

    assert sum(at_once(fill)) == 80
    assert Observation.objects.count() == 80
    assert set(YearlyValue.objects.values_list("numerator", flat=True)) == {Decimal(36)}
    assert yearly.rebuild() == []


def test_one_key_sent_eight_times_at_once_happens_once() -> None:
    series = make_series()

    def send(_writer: int) -> int:
        return enter(series, {"2021-01": "7"}, key="the same click").new

    assert sum(at_once(send)) == 1
    assert Revision.objects.count() == 1
