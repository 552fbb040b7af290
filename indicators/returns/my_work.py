"""My work: the returns that wait for a person, as officer and as reviewer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import Agency, User
from accounts.permissions import ENTERING as ENTERING_ROLES
from accounts.permissions import EVERY, agencies_reviewed_by, memberships
from indicators import clock
from indicators.calculation.periods import Month
from indicators.models import ReportingCalendar, Return

State = Return.State
MOST_ITEMS = 24


@dataclass(frozen=True, slots=True)
class Item:
    """One return that waits: ``kind`` is overdue, returned, due, or waiting for the reviewer."""

    one: Return
    kind: str
    month: Month
    reason: str = ""
    in_other_hands: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for a person, the most urgent first."""

    to_enter: tuple[Item, ...]
    to_review: tuple[Item, ...]

    def __bool__(self) -> bool:
        return bool(self.to_enter or self.to_review)


URGENCY = ("returned", "overdue", "due")


def work_of(user: User, today: date | None = None) -> Work:
    """The returns that wait for somebody; those of the whole ministry for its reviewers alone."""
    today = today or clock.today()
    return Work(tuple(_to_enter(user, today)), tuple(_to_review(user)))


def _to_enter(user: User, today: date) -> list[Item]:
    """Only of agencies that the person was named for: nobody enters for a whole ministry."""
    agencies = {
        where for where, role in memberships(user) if role in ENTERING_ROLES and where is not None
    }
    items = [_item(one, month, user, today) for one, month in open_returns(agencies, today)]
    items.sort(key=lambda item: (item.in_other_hands, URGENCY.index(item.kind), item.month))
    return items[:MOST_ITEMS]


def open_returns(agencies: Collection[Agency | int], today: date) -> Iterator[tuple[Return, Month]]:
    """The returns that agencies have in hand, with their months; unsaved where nobody began."""
    calendars = ReportingCalendar.objects.filter(agency__in=agencies).select_related("agency")
    returns = {
        (one.agency_id, one.period_month): one
        for one in Return.objects.filter(agency__in=agencies).select_related("agency", "officer")
    }
    for calendar in calendars:
        for month in calendar.months_until(today):
            one = returns.get((calendar.agency_id, month)) or Return(
                agency=calendar.agency, month=month.first_day, due=calendar.due(month)
            )
            if one.is_editable:
                yield one, month
    for one in returns.values():
        early = all(
            one.period_month < calendar.first
            for calendar in calendars
            if calendar.agency_id == one.agency_id
        )
        if early and one.is_editable:
            yield one, one.period_month


def _item(one: Return, month: Month, user: User, today: date) -> Item:
    reason = ""
    if one.state == State.RETURNED:
        kind = "returned"
        event = one.events.exclude(reason="").first()
        reason = event.reason if event else ""
    else:
        kind = "overdue" if one.due < today and not one.corrections else "due"
    others = one.officer_id is not None and one.officer_id != user.pk
    return Item(one, kind, month, reason, others)


def _to_review(user: User) -> list[Item]:
    reviewed = agencies_reviewed_by(user)
    rows = Return.objects.filter(state=State.SUBMITTED).exclude(submitted_by=user)
    if reviewed != EVERY:
        rows = rows.filter(Q(agency__in=reviewed))
    return [
        Item(one, "waiting", one.period_month)
        for one in rows.select_related("agency").order_by("due")[:MOST_ITEMS]
    ]
