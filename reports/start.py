"""The start page: what each role finds to do here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Role, User
from accounts.permissions import (
    EVERY,
    agencies_entered_by,
    all_roles,
    may_administer,
    may_plan,
)
from indicators.display import Display
from indicators.indicator_page import PrintRow, print_rows
from indicators.models import EntryBatch, Indicator
from indicators.overview import default_year
from indicators.standings import standings
from reports.models import Publication


@dataclass(frozen=True, slots=True)
class Start:
    """What the page holds; a part is empty where the person has no such role."""

    roles: tuple[str, ...]
    enters: tuple[Indicator, ...]
    may_enter: bool
    plans: bool
    reads: bool
    administers: bool
    unassigned: tuple[Indicator, ...]
    deviations: tuple[tuple[Indicator, PrintRow], ...]
    recent: tuple[EntryBatch, ...]


def start_for(user: User, display: Display) -> Start:
    """Read what the person's roles ask for."""
    held = all_roles(user)
    entered = agencies_entered_by(user)
    plans = may_plan(user)
    return Start(
        roles=tuple(str(role.label) for role in Role if role.value in held),
        enters=tuple(_entered(user)),
        may_enter=bool(entered),
        plans=plans,
        reads=bool(held & {Role.MANAGER.value, Role.PLANNER.value}),
        administers=may_administer(user),
        unassigned=tuple(Indicator.objects.filter(agency=None)) if plans else (),
        deviations=tuple(_deviations(display)) if plans else (),
        recent=tuple(EntryBatch.objects.select_related("actor")[:5]),
    )


def _entered(user: User) -> QuerySet[Indicator]:
    entered = agencies_entered_by(user)
    if entered == EVERY:
        return Indicator.objects.none()
    return Indicator.objects.filter(agency__in=entered).select_related("agency")


def _deviations(display: Display) -> Sequence[tuple[Indicator, PrintRow]]:
    """Printed figures that are not what the data give."""
    year = default_year()
    if year is None:
        return []
    printed: dict[int, list[Publication]] = defaultdict(list)
    for publication in Publication.objects.select_related("section__edition"):
        printed[publication.series_id].append(publication)
    return [
        (one.series.indicator, row)
        for one in standings(year)
        for row in print_rows(one, printed[one.series.pk], display)
        if row.differs
    ]
