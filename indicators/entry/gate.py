"""Which returns govern a batch of figures, and whether they let it pass.

A figure belongs to the return of the agency that reports it, for the last of its months.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.entry.checks import Problem, Refused
from indicators.entry.entries import Change
from indicators.models import ReportingCalendar, Return

type Governed = tuple[int, Month]
"""Agency id and month."""


def governing_returns(
    changes: Sequence[Change], actor: User | None, today: date | None = None
) -> frozenset[int]:
    """The places of the changes that wait for an approval; their returns are held meanwhile.

    Raises:
        Refused: a month has not opened yet, is with the reviewer, or is approved.
    """
    governed, calendars = _governed(changes)
    if not governed:
        return frozenset()
    _open(governed, calendars, actor, today or clock.today())
    held = hold(governed)
    _refuse(
        Problem(at, "period", closed_message(key[1], held.get(key)))
        for key, places in governed.items()
        if key not in held or not held[key].is_editable
        for at in places
    )
    return frozenset(at for places in governed.values() for at in places)


def closed_months(changes: Sequence[Change], today: date | None = None) -> list[Problem]:
    """Which changes their returns would refuse, and why; nothing is opened or held."""
    today = today or clock.today()
    governed, calendars = _governed(changes)
    rows = Return.objects.filter(
        agency__in={agency_id for agency_id, _month in governed},
        month__in={month.first_day for _agency, month in governed},
    )
    found = {(row.agency_id, row.period_month): row for row in rows}
    problems = []
    for (agency_id, month), places in governed.items():
        one, calendar = found.get((agency_id, month)), calendars[agency_id]
        if one is not None:
            message = "" if one.is_editable else closed_message(month, one)
        elif month < calendar.first:
            message = closed_message(month, None)
        else:
            message = _not_open(month, calendar) if calendar.opens(month) > today else ""
        if message:
            problems += [Problem(at, "period", message) for at in places]
    return problems


def _governed(
    changes: Sequence[Change],
) -> tuple[dict[Governed, list[int]], dict[int, ReportingCalendar]]:
    calendars = {
        calendar.agency_id: calendar
        for calendar in ReportingCalendar.objects.filter(
            agency__in={change.agency_id for change in changes}
        )
    }
    governed: dict[Governed, list[int]] = {}
    for change in changes:
        if change.agency_id is not None and change.agency_id in calendars:
            month = change.entry.period.last
            governed.setdefault((change.agency_id, month), []).append(change.position)
    return governed, calendars


def _open(
    governed: dict[Governed, list[int]],
    calendars: dict[int, ReportingCalendar],
    actor: User | None,
    today: date,
) -> None:
    """Make the returns that the calendar has opened and nobody has begun."""
    reported = [
        (agency_id, month, calendars[agency_id])
        for agency_id, month in governed
        if month >= calendars[agency_id].first
    ]
    _refuse(
        Problem(at, "period", _not_open(month, calendar))
        for agency_id, month, calendar in reported
        if calendar.opens(month) > today
        for at in governed[agency_id, month]
    )
    Return.objects.bulk_create(
        [
            Return(
                agency_id=agency_id, month=month.first_day, due=calendar.due(month), officer=actor
            )
            for agency_id, month, calendar in reported
        ],
        ignore_conflicts=True,
    )


def _refuse(problems: Iterable[Problem]) -> None:
    if found := sorted(problems, key=lambda problem: problem.position):
        raise Refused(found)


def hold(keys: Sequence[Governed] | dict[Governed, list[int]]) -> dict[Governed, Return]:
    """The returns, held until the transaction ends; in the order of their keys.

    Whoever holds series as well has taken them before (``yearly.lock``): a writer and a reviewer
    who took them in different orders would wait for each other, and the database break one off.
    """
    rows = Return.objects.select_for_update().filter(
        agency__in={agency_id for agency_id, _month in keys},
        month__in={month.first_day for _agency, month in keys},
    )
    return {(row.agency_id, row.period_month): row for row in rows.order_by("pk")}


def closed_message(month: Month, found: Return | None) -> str:
    """Why a month takes no figures, and what can be done about it."""
    text = {"month": Period(month, month).iso()}
    if found is None:
        return str(
            _(
                "%(month)s lies before the first month that is reported by return; its figures are"
                " closed. A reviewer or a planner can reopen it, with a reason."
            )
            % text
        )
    if found.state == Return.State.SUBMITTED:
        return str(
            _("The return of %(month)s is with the reviewer; it opens again once it is sent back.")
            % text
        )
    return str(
        _(
            "The return of %(month)s is approved and closed. A reviewer or a planner can reopen"
            " it, with a reason."
        )
        % text
    )


def _not_open(month: Month, calendar: ReportingCalendar) -> str:
    return str(
        _("%(month)s can be entered from %(day)s on.")
        % {"month": Period(month, month).iso(), "day": calendar.opens(month).isoformat()}
    )
