"""The sample: synthetic months that come to every published total, in a database of their own."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Component, Coverage, Figure, Rule, roll_up, value_of
from indicators.entry import yearly
from indicators.models import Observation, Return, Series, YearlyValue
from indicators.reading.display import Display
from indicators.returns.completeness import completeness
from reports.demonstration.synthetic import flows, levels, split
from tests.published import load_published_review

DAY = date(2021, 12, 15)
START = Month(2017, 1)


@pytest.fixture
def sample(db: None, settings: Settings) -> None:
    settings.SAMPLE, settings.SAMPLE_TODAY = True, DAY
    load_published_review()
    call_command("load_sample")


def monthly(series: Series | None) -> list[Figure]:
    rows = Observation.objects.filter(series=series, value__isnull=False)
    return [Figure(row.period, row.value) for row in rows if row.period.is_month and row.value]


@pytest.mark.usefixtures("sample")
def test_the_months_come_to_every_published_total() -> None:
    checked = 0
    for row in Observation.objects.select_related("series__numerator", "series__denominator"):
        series, rule = row.series, Rule(row.series.rule)
        if row.period.is_month or (rule == Rule.RATIO and series.numerator is None):
            continue
        parts = [
            Component(Rule.SUM, monthly(part)) if part else None
            for part in (series.numerator, series.denominator)
        ]
        rolled = roll_up(
            rule, row.period, monthly(series), numerator=parts[0], denominator=parts[1]
        )
        assert rolled.coverage == Coverage.COMPLETE, row
        assert value_of(rule, rolled.numerator, rolled.denominator, series.scale) == row.value, row
        checked += 1
    assert checked == 24


@pytest.mark.usefixtures("sample")
def test_there_are_returns_in_every_state_and_nothing_contradicts_anything() -> None:
    states = Counter(Return.objects.values_list("state", flat=True))
    assert set(states) == {"open", "submitted", "returned", "approved"}
    from accounts.models import Agency

    page = completeness(2021, Agency.objects.all(), Display(), DAY)
    kinds = {mark.kind for line in page.lines for mark in line.marks}
    assert kinds >= {"in_time", "late", "missing", "submitted", "returned", "open", "not_due"}
    assert any(mark.corrected for line in page.lines for mark in line.marks)
    assert not YearlyValue.objects.filter(coverage=Coverage.CONFLICT.value).exists()
    assert yearly.rebuild() == []


@pytest.mark.usefixtures("sample")
def test_building_it_again_changes_nothing_but_the_passwords() -> None:
    figures, people = Observation.objects.count(), User.objects.count()
    password = User.objects.get(username="planner").password
    call_command("load_sample")
    assert (Observation.objects.count(), User.objects.count()) == (figures, people)
    assert User.objects.get(username="planner").password != password


@pytest.mark.django_db
def test_the_default_database_takes_no_sample() -> None:
    with pytest.raises(CommandError, match="own database"):
        call_command("load_sample")
    assert not Observation.objects.exists()


@pytest.mark.django_db
def test_a_database_in_which_people_worked_takes_no_sample(settings: Settings) -> None:
    from accounts.models import Role
    from indicators.models.figures import Via
    from tests.builders import enter, make_series, make_user

    enter(make_series(), {"2021-03": "1"}, actor=make_user(Role.PLANNER), via=Via.GRID)
    settings.SAMPLE, settings.SAMPLE_TODAY = True, DAY
    with pytest.raises(CommandError, match="not the sample"):
        call_command("load_sample")


def test_the_day_is_fixed_in_the_sample_alone(settings: Settings) -> None:
    assert clock.today() != DAY
    settings.SAMPLE_TODAY = DAY
    assert clock.today() == DAY
    with clock.fixed(date(2021, 3, 1)):
        assert clock.today() == date(2021, 3, 1)
        assert clock.now().date() == date(2021, 3, 1)


months = st.integers(1, 60).map(lambda count: [START + at for at in range(count)])


@given(st.integers(0, 10**7), months, st.integers())
def test_a_split_comes_to_its_total(total: int, some: list[Month], seed: int) -> None:
    parts = split(total, some, random.Random(seed))
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0
    assert list(parts) == some


@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers())
def test_totals_within_each_other_are_met_at_once(inner: int, more: int, seed: int) -> None:
    totals = {
        Period.years(2017, 2020): Decimal(inner + more),
        Period.year(2020): Decimal(inner),
    }
    some = [START + at for at in range(59)]
    found = flows(totals, some, random.Random(seed))
    for period, total in totals.items():
        assert sum(v for m, v in found.items() if period.contains(Period(m, m))) == total
    assert len(found) == 48


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers())
def test_a_running_total_rises_to_each_known_level(low: int, more: int, seed: int) -> None:
    known = {START - 1: Decimal(low), START + 47: Decimal(low + more)}
    some = [START + at for at in range(48)]
    found = levels(known, some, random.Random(seed), rising=True)
    values = [found[month] for month in some]
    assert values == sorted(values)
    assert found[START + 47] == low + more
