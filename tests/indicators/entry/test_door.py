"""The one door: what it saves, what it refuses, what it leaves behind."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Role
from indicators.calculation.periods import Period, parse_period
from indicators.entry.checks import Conflict, Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry, Outcome
from indicators.entry.milestones import save_milestone
from indicators.models import EntryBatch, Milestone, Observation, Revision, YearlyValue
from indicators.models.figures import Origin, Via
from tests.builders import enter, make_agency, make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.new, outcome.changed, outcome.same


def test_a_new_figure_is_saved_recorded_and_rolled_up() -> None:
    series = make_series()
    assert counts(enter(series, {"2021-03": "12", "2021-04": "0"})) == (2, 0, 0)
    assert Observation.objects.get(first_month="2021-03-01").value == 12
    assert [r.new_value for r in Revision.objects.order_by("first_month")] == [12, 0]
    yearly = YearlyValue.objects.get(series=series, year=2021)
    assert (yearly.numerator, yearly.months, yearly.coverage) == (12, 2, "partial")


def test_a_correction_keeps_what_stood_before_and_why() -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency))
    enter(series, {"2021-03": "12"})
    officer = make_user(Role.ENTRY_OFFICER, agency=agency)
    enter(series, {"2021-03": "15"}, actor=officer, via=Via.ADMIN, reason="counted again")
    figure = Observation.objects.get()
    assert (figure.value, figure.revision) == (15, 2)
    last = Revision.objects.latest("id")
    assert (last.old_value, last.new_value, last.revision) == (12, 15, 2)
    assert (last.batch.actor, last.batch.reason) == (officer, "counted again")
    assert YearlyValue.objects.get(series=series, year=2021).numerator == 15


def test_an_equal_figure_is_no_revision() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    assert counts(enter(series, {"2021-03": "12.0"})) == (0, 0, 1)
    assert Observation.objects.get().revision == 1
    assert EntryBatch.objects.count() == 1


def test_the_same_batch_sent_twice_happens_once() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"}, key="once")
    enter(series, {"2021-03": "13"})
    assert counts(enter(series, {"2021-03": "12"}, key="once")) == (0, 0, 1)
    assert Observation.objects.get().value == 13


def test_a_key_cannot_serve_other_figures() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"}, key="once")
    with pytest.raises(Refused, match="key|首次|鍵"):
        enter(series, {"2021-03": "99"}, key="once")
    assert Observation.objects.get().value == 12


def test_a_withdrawn_figure_leaves_its_history_and_counts_no_more() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    enter(series, {"2021-03": None})
    assert Observation.objects.get().value is None
    assert not YearlyValue.objects.exists()
    enter(series, {"2021-03": "12"})
    assert [r.revision for r in Revision.objects.order_by("id")] == [1, 2, 3]


def test_who_saw_an_older_figure_is_told_both_values() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    enter(series, {"2021-03": "13"})
    stale = Entry(series, parse_period("2021-03"), Decimal(14), expected_revision=1)
    with pytest.raises(Conflict) as caught:
        save_figures([stale], actor=None, via=Via.LOAD, reason="late")
    message = str(caught.value.problems[0].message)
    assert "13" in message
    assert "14" in message
    assert Observation.objects.get().value == 13


def test_the_same_click_twice_is_no_conflict() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    twice = [Entry(series, parse_period("2021-03"), Decimal(13), expected_revision=1)]
    for expected in ((0, 1, 0), (0, 0, 1)):
        saved = save_figures(twice, actor=None, via=Via.LOAD, reason="click", key="one click")
        assert counts(saved) == expected


def test_two_people_who_add_one_to_the_same_figure_do_not_lose_one() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    both = [Entry(series, parse_period("2021-03"), Decimal(13), expected_revision=1)]
    save_figures(both, actor=None, via=Via.LOAD, reason="first")
    with pytest.raises(Conflict):
        save_figures(both, actor=None, via=Via.LOAD, reason="second")


def test_who_saw_no_figure_does_not_write_over_one() -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    blind = Entry(series, parse_period("2021-03"), Decimal(14), expected_revision=0)
    with pytest.raises(Conflict):
        save_figures([blind], actor=None, via=Via.LOAD, reason="second")


@pytest.mark.parametrize(
    ("period", "value", "field"),
    [
        ("2021-03", "-1", "value"),
        ("2021-03", "1.234567891", "value"),
        ("2021-03", "1234567890123456", "value"),
        ("2021-03", "123456789.12345678", "value"),
        ("2021-03", "NaN", "value"),
        ("2021-03", "Infinity", "value"),
        ("2199-01", "1", "period"),
    ],
)
def test_bad_figures_are_refused_and_nothing_of_the_batch_is_saved(
    period: str, value: str, field: str
) -> None:
    series = make_series()
    with pytest.raises(Refused) as caught:
        enter(series, {"2020-01": "5", period: value})
    assert [(p.position, p.field) for p in caught.value.problems] == [(1, field)]
    assert not Observation.objects.exists()
    assert not EntryBatch.objects.exists()


def test_the_running_month_may_be_entered_and_the_next_one_not() -> None:
    series = make_series()
    today = timezone.localdate()
    enter(series, {f"{today:%Y-%m}": "1"})
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    with pytest.raises(Refused):
        enter(series, {f"{following:%Y-%m}": "1"})


def test_a_figure_twice_in_a_batch_is_refused() -> None:
    series = make_series()
    twice = [Entry(series, parse_period("2021-03"), Decimal(value)) for value in (1, 2)]
    with pytest.raises(Refused) as caught:
        save_figures(twice, actor=None, via=Via.LOAD, reason="twice")
    assert [p.position for p in caught.value.problems] == [1]


def test_a_running_total_cannot_fall() -> None:
    series = make_series(rule="last", is_running_total=True)
    enter(series, {"2020-12": "1600000"})
    with pytest.raises(Refused):
        enter(series, {"2021-12": "1500000"})
    enter(series, {"2021-12": "2000000"})
    with pytest.raises(Refused):
        enter(series, {"2020-12": "2000001"})


def test_growth_is_worked_out_and_not_entered() -> None:
    indicator = make_indicator("1.3.1")
    level = make_series(indicator, rule="last", unit_zh="人", is_component=True)
    growth = make_series(indicator, rule="growth", unit_zh="%", source=level, base_year=2016)
    with pytest.raises(Refused) as caught:
        enter(growth, {"2020": "58.7"})
    assert caught.value.problems[0].field == "series"


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(reason: str) -> None:
    with pytest.raises(Refused):
        enter(make_series(), {"2021-03": "1"}, reason=reason)


@pytest.mark.parametrize(
    ("role", "own", "allowed"),
    [
        (Role.ENTRY_OFFICER, True, True),
        (Role.REVIEWER, True, True),
        (Role.ENTRY_OFFICER, False, False),
        (Role.REVIEWER, False, False),
        (Role.MANAGER, True, False),
    ],
)
def test_figures_are_entered_for_ones_own_agency(role: Role, own: bool, allowed: bool) -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency))
    person = make_user(role, agency=agency if own else make_agency("other"))
    if allowed:
        enter(series, {"2021-03": "1"}, actor=person, via=Via.ADMIN)
    else:
        with pytest.raises(Refused):
            enter(series, {"2021-03": "1"}, actor=person, via=Via.ADMIN)
    assert Observation.objects.exists() == allowed


def test_nobody_enters_figures_without_signing_in() -> None:
    with pytest.raises(Refused):
        enter(make_series(), {"2021-03": "1"}, via=Via.ADMIN)


def set_target(series: object, value: str | None, **options: object) -> Milestone:
    arguments = {
        "series": series,
        "year": 2020,
        "value": None if value is None else Decimal(value),
        "window": Period.years(2017, 2020),
        "actor": None,
        "via": Via.LOAD,
        "reason": "set",
    }
    return save_milestone(**(arguments | options))  # type: ignore[arg-type]


def test_a_revised_target_stands_beside_the_earlier_one() -> None:
    series = make_series()
    set_target(series, "400")
    revised = set_target(series, "450", reason="approved by the Executive Yuan")
    assert revised.revision == 2
    assert list(Milestone.objects.order_by("revision").values_list("value", flat=True)) == [
        400,
        450,
    ]
    assert Milestone.current().get() == revised
    last = Revision.objects.latest("id")
    assert (last.kind, last.old_value, last.new_value) == ("milestone", 400, 450)


def test_the_same_target_again_is_no_revision() -> None:
    series = make_series()
    first = set_target(series, "400")
    assert set_target(series, "400.00") == first
    assert Revision.objects.count() == 1


def test_only_a_planner_sets_targets() -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency))
    with pytest.raises(Refused):
        set_target(series, "1", actor=make_user(Role.REVIEWER, agency=agency), via=Via.ADMIN)
    set_target(series, "1", actor=make_user(Role.PLANNER), via=Via.ADMIN)


def test_a_correction_in_the_administration_says_who_reported_it() -> None:
    series = make_series()
    period = parse_period("2017-01/2020-12")
    save_figures(
        [Entry(series, period, Decimal(618), origin=Origin.PUBLISHED)],
        actor=None,
        via=Via.LOAD,
        reason="review",
    )
    enter(series, {"2017-01/2020-12": "617"})
    assert Observation.objects.get().origin == Origin.REPORTED
