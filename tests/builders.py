"""Small worlds for the tests: an indicator with a series, a person with a role, a few figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import Client

from accounts.models import Agency, Membership, Role, User
from indicators.calculation.periods import parse_period
from indicators.entry.definitions import Passage
from indicators.entry.definitions import save as save_definition
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry, Outcome
from indicators.entry.transfers import transfer
from indicators.models import Defined, Goal, Indicator, ReportingCalendar, Series, Target
from indicators.models.figures import Via

_numbers = count(1)


def make_agency(code: str = "wda") -> Agency:
    return Agency.objects.get_or_create(code=code, defaults={"name_zh": f"單位 {code}"})[0]


def make_user(*roles: Role, agency: Agency | None = None, username: str | None = None) -> User:
    user = User.objects.create_user(username or f"person{next(_numbers)}", password="not guessed 9")
    for role in roles:
        Membership.objects.create(user=user, role=role, agency=agency)
    return user


def make_indicator(code: str = "1.4.1", agency: Agency | None = None) -> Indicator:
    goal_code, target_part, _number = code.split(".")
    goal, _ = Goal.objects.get_or_create(
        code=goal_code, defaults={"name_zh": f"目標 {goal_code}", "colour": "#AA0000"}
    )
    target, _ = Target.objects.get_or_create(goal=goal, code=f"{goal_code}.{target_part}")
    return Indicator.objects.create(
        target=target, code=code, name_zh=f"指標 {code}", name_en=f"Indicator {code}", agency=agency
    )


def assign(indicator: Indicator, agency: Agency) -> None:
    """Give an indicator that has figures and no agency to one, with all its figures."""
    transfer(indicator, agency, None, actor=None, via=Via.LOAD, reason="test")


def make_series(indicator: Indicator | None = None, **fields: Any) -> Series:
    indicator = indicator or make_indicator()
    fields.setdefault("position", indicator.series.count() + 1)
    fields.setdefault("name_zh", f"數列 {fields['position']}")
    fields.setdefault("unit_zh", "場次")
    fields.setdefault("rule", "sum")
    return Series.objects.create(indicator=indicator, **fields)


def make_calendar(agency: Agency, starts: str = "2021-01", **days: int) -> ReportingCalendar:
    first = parse_period(starts).first.first_day
    return ReportingCalendar.objects.create(agency=agency, starts=first, **days)


def enter(series: Series, figures: Mapping[str, str | None], **options: Any) -> Outcome:
    """Save figures as the system does, e.g. ``enter(series, {"2021-03": "12"})``."""
    options = {"actor": None, "via": Via.LOAD, "reason": "test"} | options
    return save_figures(
        [
            Entry(series, parse_period(period), None if value is None else Decimal(value))
            for period, value in figures.items()
        ],
        **options,
    )


def redefine(row: Defined, **fields: Any) -> None:
    """Change a definition as the system does, e.g. ``redefine(series, name_zh="場次")``."""
    for name, value in fields.items():
        setattr(row, name, value)
    save_definition(row, Passage(actor=None, via=Via.COMMAND, reason="test"))


def signed_in(*roles: Role, agency: Agency | None = None, email: str = "") -> tuple[Client, User]:
    user = make_user(*roles, agency=agency)
    user.email = email
    user.save()
    client = Client()
    client.force_login(user)
    return client, user


def put(series: Series, month: str, value: str, actor: User, note: str = "") -> None:
    save_figures(
        [Entry(series, parse_period(month), Decimal(value), note)],
        actor=actor,
        via=Via.GRID,
        reason="monthly",
    )
