"""Targets that wait for a second planner: carried out as proposed, or told why not any more."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import Role, User
from indicators.calculation.periods import parse_period
from indicators.entry import definitions
from indicators.entry.checks import Refused
from indicators.entry.definitions import Passage
from indicators.entry.effects import Unconfirmed
from indicators.entry.milestones import save_milestone
from indicators.entry.orders import CHANGES, save_target
from indicators.entry.second_person import confirm, fingerprint
from indicators.models import Milestone, Proposal, Revision, Series
from indicators.models.figures import Via
from tests.builders import make_series, make_user
from tests.indicators.entry.test_door import set_target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def planners() -> tuple[User, User]:
    return make_user(Role.PLANNER), make_user(Role.PLANNER)


def changed(target: Milestone, value: str | None) -> Milestone:
    """The target as it is to become."""
    return Milestone(
        series=target.series,
        year=target.year,
        value=None if value is None else Decimal(value),
        window_first=target.window_first,
        window_last=target.window_last,
    )


def proposed(target: Milestone, value: str | None, actor: User) -> Proposal:
    """What the planner proposes, who has agreed to what it alters."""

    def attempt(seen: str) -> Proposal | None:
        passage = Passage(actor=actor, via=Via.ADMIN, reason="as decided")
        return save_target(changed(target, value), passage, seen=seen)

    try:
        one = attempt("")
    except Unconfirmed as unconfirmed:
        one = attempt(unconfirmed.digest)
    assert one is not None
    return one


def confirmed(one: Proposal, actor: User) -> int:
    return confirm([(one.pk, fingerprint(CHANGES.lines(one.change)))], actor=actor)


@pytest.mark.parametrize("value", ["450", None])
def test_a_target_is_set_or_withdrawn_once_the_second_planner_confirms_it(
    planners: tuple[User, User], value: str | None
) -> None:
    target = set_target(make_series(), "400")
    one = proposed(target, value, planners[0])
    assert Milestone.current().get() == target
    assert confirmed(one, planners[1]) == 1
    latest = Milestone.latest(target.series, target.year)
    assert latest is not None
    assert (latest.value, latest.window) == (value and Decimal(value), target.window)
    record = Revision.objects.filter(kind="milestone").latest("id")
    assert (record.batch.actor, record.batch.confirmed_by) == planners


def test_what_cannot_be_carried_out_any_more_says_why_and_changes_nothing(
    planners: tuple[User, User],
) -> None:
    target = set_target(make_series(), "400")
    one = proposed(target, None, planners[0])
    set_target(target.series, None)
    (line,) = CHANGES.lines(one.change)
    assert "no target that could be withdrawn" in line.then
    with pytest.raises(Refused, match="no target that could be withdrawn"):
        confirmed(one, planners[1])


def test_a_series_that_is_named_otherwise_by_now_is_not_guessed(
    planners: tuple[User, User],
) -> None:
    target = set_target(make_series(name_zh="場次"), "400")
    one = proposed(target, "450", planners[0])
    renamed = Series.objects.get()
    renamed.name_zh = "件數"
    definitions.save(renamed, Passage(actor=None, via=Via.LOAD, reason="renamed by law"))
    with pytest.raises(Refused, match="There is no series “1.4.1 場次” any more"):
        confirmed(one, planners[1])
    assert Milestone.current().get() == target


def test_a_target_that_does_not_fit_is_refused_with_its_field() -> None:
    series = make_series()
    with pytest.raises(Refused, match="over which months"):
        set_target(series, "400", window=None)
    with pytest.raises(Refused, match="no target that could be withdrawn"):
        set_target(series, None)
    with pytest.raises(Refused, match="is negative"):
        set_target(series, "-1")
    save_milestone(
        series=series,
        year=2021,
        value=Decimal(0),
        window=parse_period("2021"),
        actor=None,
        via=Via.LOAD,
        reason="none is allowed",
    )
    assert Milestone.current().get().value == 0
