"""The start page: what each role finds to do here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.permissions import (
    EVERY,
    agencies_entered_by,
    agencies_seen_by,
    all_roles,
    may_administer,
    may_plan,
)
from indicators.entry.second_person import waiting_for
from indicators.models import EntryBatch, Indicator, Revision
from indicators.models.definitions import public
from indicators.models.figures import reported_by
from indicators.pages.indicator_page import PrintRow, print_rows
from indicators.pages.overview import default_year
from indicators.reading.display import Display
from indicators.reading.standings import standings
from indicators.returns.my_work import Item, work_of
from indicators.returns.timing import return_address
from reports.models import Publication


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One return that waits for the person."""

    agency: str
    month: str
    kind: str
    kind_name: str
    due: str
    reason: str
    officer: str
    address: str


KINDS = {
    "returned": lambda: _("sent back"),
    "overdue": lambda: _("overdue"),
    "due": lambda: _("to be entered"),
    "waiting": lambda: _("waiting for you"),
}


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
    work: tuple[WorkLine, ...]
    review: tuple[WorkLine, ...]
    sees_returns: bool
    changes_waiting: int
    language: str


def start_for(user: User, display: Display) -> Start:
    """Read what the person's roles ask for."""
    held = all_roles(user)
    entered = agencies_entered_by(user)
    plans = may_plan(user)
    work = work_of(user)
    return Start(
        roles=tuple(str(role.label) for role in Role if role.value in held),
        enters=tuple(_entered(user)),
        may_enter=bool(entered),
        plans=plans,
        reads=bool(held & {Role.MANAGER.value, Role.PLANNER.value}),
        administers=may_administer(user),
        unassigned=tuple(Indicator.objects.filter(agency=None)) if plans else (),
        deviations=tuple(_deviations(display)) if plans else (),
        recent=tuple(_recent(user)),
        work=tuple(_line(item, display) for item in work.to_enter),
        review=tuple(_line(item, display) for item in work.to_review),
        sees_returns=bool(agencies_seen_by(user)),
        changes_waiting=waiting_for(user),
        language=user.language,
    )


def _line(item: Item, display: Display) -> WorkLine:
    return WorkLine(
        agency=str(item.one.agency),
        month=display.month(item.month),
        kind=item.kind,
        kind_name=KINDS[item.kind](),
        due=item.one.due.isoformat(),
        reason=item.reason,
        officer=str(item.one.officer) if item.in_other_hands else "",
        address=return_address(item.one),
    )


def _recent(user: User) -> QuerySet[EntryBatch]:
    """The latest entries that touch what the person may see."""
    rows = EntryBatch.objects.select_related("actor")
    seen = agencies_seen_by(user)
    if seen != EVERY:
        inside = Revision.objects.filter(batch=OuterRef("pk")).filter(
            Q(needs_approval=False) | Exists(reported_by(seen))
        )
        rows = rows.filter(Exists(inside))
    return rows[:5]


def _entered(user: User) -> QuerySet[Indicator]:
    entered = agencies_entered_by(user)
    if entered == EVERY:
        return Indicator.objects.none()
    return Indicator.objects.filter(public(), agency__in=entered).select_related("agency")


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
