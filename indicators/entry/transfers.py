"""The door for transfers: from a month on another agency answers for an indicator.

What was reported for the months before stays in the returns of the agency that reported it. The
figures from that month on go along into the open returns of the new agency; a month that is closed
on either side is named and has to be settled first. So nothing is published, unlocked or left
behind by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Agency, User
from accounts.permissions import may_plan
from indicators import clock
from indicators.calculation.periods import FIRST_YEAR, Month
from indicators.entry import yearly
from indicators.entry.checks import Problem, Refused
from indicators.entry.second_person import Kind, Line, Passed, put, record, register
from indicators.models import (
    Indicator,
    Observation,
    Proposal,
    ReportingCalendar,
    Return,
    ReturnEvent,
    Series,
    Transfer,
)
from indicators.models.figures import Via

MONTHS_NAMED = 6


def transfer(
    indicator: Indicator,
    to: Agency,
    first_month: Month | None,
    *,
    actor: User | None,
    via: Via,
    reason: str,
) -> Proposal | None:
    """Hand an indicator over to another agency from a month on.

    ``first_month`` None takes every figure along, which only an indicator can that nobody has
    answered for. Returns the proposal where a second planner has to confirm it.

    Raises:
        Refused: no right, no reason, or months that have to be settled first, by name.
    """
    change = change_of(indicator, to, first_month)
    return put(TRANSFER, change, subject=f"{indicator} → {to}", actor=actor, via=via, reason=reason)


def change_of(indicator: Indicator, to: Agency, first_month: Month | None) -> dict[str, Any]:
    """A transfer as the plain values that a proposal keeps."""
    month = "" if first_month is None else str(first_month)
    return {"indicator": indicator.code, "to": to.code, "first_month": month}


@dataclass(frozen=True, slots=True)
class _Move:
    """A transfer with what it touches."""

    indicator: Indicator
    old: Agency | None
    new: Agency
    first: Month

    @classmethod
    def of(cls, change: Mapping[str, Any], *, hold: bool = False) -> _Move:
        rows = Indicator.objects.select_related("agency")
        rows = rows.select_for_update(of=("self",)) if hold else rows
        indicator = rows.get(code=change["indicator"])
        first = Month(FIRST_YEAR, 1)
        if change["first_month"]:
            year, month = change["first_month"].split("-")
            first = Month(int(year), int(month))
        return cls(indicator, indicator.agency, Agency.objects.get(code=change["to"]), first)

    def series(self) -> QuerySet[Series]:
        return Series.objects.filter(indicator=self.indicator)

    def figures(self) -> QuerySet[Observation]:
        """What goes along."""
        return Observation.objects.filter(
            series__in=self.series().values("pk"),
            agency=self.old,
            last_month__gte=self.first.first_day,
        )

    def stays(self) -> QuerySet[Observation]:
        """What remains with the old agency."""
        return Observation.objects.filter(
            series__in=self.series().values("pk"),
            agency=self.old,
            last_month__lt=self.first.first_day,
        )

    def returns(self) -> QuerySet[Return]:
        """The returns of either agency that hold figures that go along, or are to hold them."""
        months = self.figures().values("last_month")
        agencies = [one.pk for one in (self.old, self.new) if one is not None]
        return (
            Return.objects.filter(agency__in=agencies, month__in=months)
            .select_related("agency")
            .order_by("pk")
        )


def _carry_out(change: Mapping[str, Any], by: Passed) -> Transfer:
    if not (by.actor is None and by.via == Via.LOAD) and not (by.actor and may_plan(by.actor)):
        raise _refused(_("Only a planner transfers an indicator."))
    # The order of locks is the door's: the series, then the returns.
    yearly.lock(_Move.of(change).series().values_list("pk", flat=True))
    move = _Move.of(change, hold=True)
    _require_sensible(move)
    touched = list(move.returns().select_for_update(of=("self",)))
    _require_settled(move, touched)
    batch = record(by, change)
    made = Transfer.objects.create(
        indicator=move.indicator,
        from_agency=move.old,
        to_agency=move.new,
        first_month=move.first.first_day,
        batch=batch,
    )
    Indicator.objects.filter(pk=move.indicator.pk).update(agency=move.new)
    along = move.figures()
    _open(move, set(along.values_list("last_month", flat=True)))
    along.update(agency=move.new)
    for one in touched:
        Return.objects.filter(pk=one.pk).update(revision=F("revision") + 1)
        if by.actor is not None:
            ReturnEvent.objects.create(
                of=one,
                actor=by.actor,
                act=ReturnEvent.Act.TRANSFERRED,
                reason=f"{made}: {by.reason}"[:300],
                revision=one.revision + 1,
            )
    yearly.refresh(set(move.series().values_list("pk", flat=True)))
    return made


def _open(move: _Move, months: Collection[date]) -> None:
    """Make the returns that the figures go into."""
    calendar = ReportingCalendar.objects.filter(agency=move.new).first()
    if calendar is None or move.old is None:
        return
    opened = [
        Return(agency=move.new, month=day, due=calendar.due(Month.of(day)))
        for day in months
        if day >= calendar.starts
    ]
    Return.objects.bulk_create(opened, ignore_conflicts=True)


def _require_sensible(move: _Move) -> None:
    if move.old == move.new:
        raise _refused(_("%(agency)s answers for it already.") % {"agency": move.new}, "to")
    if move.old is not None and move.first == Month(FIRST_YEAR, 1):
        raise _refused(_("Say from which month on."), "first_month")
    if move.first > Month.of(clock.today()) + 1:
        raise _refused(
            _("A transfer is recorded once its month is near; the latest is next month."),
            "first_month",
        )
    last = move.indicator.transfers.order_by("-id").first()
    if last is not None and move.first < last.month:
        raise _refused(
            _("It was transferred from %(month)s on already; take that month or a later one.")
            % {"month": last.month},
            "first_month",
        )


def _require_settled(move: _Move, touched: Sequence[Return]) -> None:
    """Refuse what would publish, unlock or strand a figure."""
    closed = [one for one in touched if not one.is_editable]
    if move.old is None:
        # Nobody's figures need no approval; to go into a closed return only locks them.
        closed = []
    if closed:
        raise _refused(
            _(
                "These returns hold its figures or are to hold them, and are closed: %(returns)s."
                " Choose a later month, or have them settled first: sent back, or reopened."
            )
            % {"returns": _named([f"{one} ({one.get_state_display()})" for one in closed])},
            "first_month",
        )
    calendars = {
        one.agency_id: one
        for one in ReportingCalendar.objects.filter(agency__in=[move.old, move.new])
    }
    here = calendars.get(move.new.pk)
    there = calendars.get(move.old.pk) if move.old is not None else None
    if there is None:
        return
    begun = Return.objects.filter(agency=move.old, month=OuterRef("last_month"))
    early = move.figures().filter(~Exists(begun), last_month__lt=there.starts)
    if early.exists():
        raise _refused(
            _("Months before %(month)s, the first return of %(agency)s, are closed and stay there.")
            % {"month": there.first, "agency": move.old},
            "first_month",
        )
    if here is None and move.figures().exists():
        raise _refused(
            _(
                "%(agency)s keeps no returns, so that figures that are being worked on would count"
                " without an approval. Choose a month after them, or set its reporting calendar."
            )
            % {"agency": move.new},
            "to",
        )
    opened = Return.objects.filter(agency=move.new, month=OuterRef("last_month"))
    if (
        here is not None
        and move.figures().filter(~Exists(opened), last_month__lt=here.starts).exists()
    ):
        raise _refused(
            _("%(agency)s reports from %(month)s on; figures of earlier months stay.")
            % {"agency": move.new, "month": here.first},
            "first_month",
        )


def _lines(change: Mapping[str, Any]) -> list[Line]:
    move = _Move.of(change)
    nobody = _("No responsible unit")
    along = sorted(set(move.figures().values_list("last_month", flat=True)))
    return [
        Line(_("Responsible unit"), str(move.old or nobody), str(move.new)),
        Line(_("From month"), "—", str(move.first) if change["first_month"] else _("always")),
        Line(_("Figures that go along"), *_counted(move, along)),
        Line(_("Figures that stay"), str(move.old or nobody), str(move.stays().count())),
        *(
            Line(_("Return that is touched"), str(one), str(one.get_state_display()))
            for one in move.returns()
        ),
    ]


def _counted(move: _Move, months: Sequence[date]) -> tuple[str, str]:
    count = move.figures().count()
    text = ngettext("%(count)d figure", "%(count)d figures", count) % {"count": count}
    return text, _named([str(Month.of(day)) for day in months]) or "—"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MONTHS_NAMED
    return "、".join(names[:MONTHS_NAMED]) + (f" +{more}" if more > 0 else "")


def _refused(message: str | Promise, field: str = "state") -> Refused:
    return Refused([Problem(0, field, message)])


TRANSFER = register(Kind("transfer", gettext_lazy("Transfer of an indicator"), _carry_out, _lines))
