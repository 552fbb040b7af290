"""What is done with a return: submit, send back, approve, reopen, hand over.

Every act says who, when and why, and leaves the revisions of the figures as they stood. An act is
refused when the return is no longer the one that the person saw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import may_enter, may_reopen, may_review
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.entry import yearly
from indicators.entry.checks import Conflict, Problem, Refused
from indicators.entry.doubts import FigureInDoubt, figures_in_doubt, unexplained
from indicators.entry.refusals import told
from indicators.models import Observation, ReportingCalendar, Return, ReturnEvent, Revision, Series
from indicators.models.figures import WHOLE
from indicators.models.series import answered_by

State, Act = Return.State, ReturnEvent.Act


@dataclass(frozen=True, slots=True)
class _Move:
    """From which states an act leads to which."""

    act: ReturnEvent.Act
    before: tuple[Return.State, ...]
    after: Return.State


SUBMIT = _Move(Act.SUBMITTED, (State.OPEN, State.RETURNED), State.SUBMITTED)
SEND_BACK = _Move(Act.RETURNED, (State.SUBMITTED,), State.RETURNED)
APPROVE = _Move(Act.APPROVED, (State.SUBMITTED,), State.APPROVED)
REOPEN = _Move(Act.REOPENED, (State.APPROVED,), State.OPEN)


def find_return(agency: Agency, month: Month) -> Return | None:
    """The return of an agency for a month; one that nobody has begun is made on the spot, unsaved.

    None where the agency keeps no returns, or the month has none.
    """
    found = Return.objects.filter(agency=agency, month=month.first_day).first()
    calendar = ReportingCalendar.objects.filter(agency=agency).first()
    if found or calendar is None or month < calendar.first:
        return found
    return Return(agency=agency, month=month.first_day, due=calendar.due(month))


def is_early(agency: Agency, month: Month) -> bool:
    """Whether a month lies before the agency's first return, and has not been opened since."""
    calendar = ReportingCalendar.objects.filter(agency=agency).first()
    return calendar is not None and month < calendar.first and find_return(agency, month) is None


def submit(one: Return, *, actor: User, seen_revision: int, reason: str = "") -> Return:
    """Hand a month to the reviewer.

    Raises:
        Refused: no right, nothing to submit, or a warning that nobody has explained in a note.
        Conflict: the return has changed since the person looked.
    """
    _require(may_enter(actor, one.agency), _("You may not submit the returns of this agency."))
    with told():
        held = _hold(one, seen_revision, SUBMIT)
        figures = _figures(held)
        _require(
            bool(figures), _("There is no figure for this month yet; there is nothing to submit.")
        )
        _require_explained(figures_in_doubt(held.agency, held.period_month))
        held.submitted_by = actor
        held.approved_by = None
        held.first_submitted_at = held.first_submitted_at or clock.now()
        return _move(held, SUBMIT, actor, reason, figures)


def send_back(one: Return, *, actor: User, seen_revision: int, reason: str) -> Return:
    """Give a month back to the officer; the reason is required.

    Raises:
        Refused: no right or no reason.
        Conflict: the return has changed since the person looked.
    """
    _require(may_review(actor, one.agency), _("You do not review the returns of this agency."))
    _require(bool(reason.strip()), _("Say what is to be mended: the officer reads it."))
    with told():
        held = _hold(one, seen_revision, SEND_BACK)
        return _move(held, SEND_BACK, actor, reason, _figures(held))


def approve(one: Return, *, actor: User, seen_revision: int, reason: str = "") -> Return:
    """Approve a month: its figures become public, and the month is closed.

    Raises:
        Refused: no right, or the person submitted it or entered any of what is to be approved.
        Conflict: the return has changed since the person looked.
    """
    _require(may_review(actor, one.agency), _("You do not review the returns of this agency."))
    with told():
        # Series before the return, as the door takes them: the other way round, a writer would hold
        # what this approval waits for, and wait for what it holds.
        yearly.lock(
            Series.objects.filter(answered_by([one.agency_id])).values_list("pk", flat=True)
        )
        held = _hold(one, seen_revision, APPROVE)
        _require(
            held.submitted_by_id != actor.pk,
            _("You submitted this return; another reviewer has to approve it."),
        )
        own = own_entries(held, actor)
        _require(
            not own,
            _("You entered figures of this return; another reviewer has to approve it: %(figures)s")
            % {"figures": "、".join(str(one) for one in own[:5])},
        )
        figures = _figures(held)
        held.approved_by = actor
        held.first_approved_at = held.first_approved_at or timezone.now()
        approved = _move(held, APPROVE, actor, reason, figures)
        _publish(held)
        return approved


def reopen(one: Return, *, actor: User, seen_revision: int, reason: str) -> Return:
    """Open an approved month for a correction; what is public stays until it is approved anew.

    A month before the agency's first return counts as approved; reopening it makes its return.

    Raises:
        Refused: no right or no reason.
        Conflict: the return has changed since the person looked.
    """
    _require(may_reopen(actor, one.agency), _("Only a reviewer or a planner reopens a month."))
    _require(bool(reason.strip()), _("Say why the month is opened again."))
    with told():
        held = _hold(one, seen_revision, REOPEN)
        held.corrections += 1
        return _move(held, REOPEN, actor, reason, _figures(held))


def reopen_early_month(agency: Agency, month: Month, *, actor: User, reason: str) -> Return:
    """Open a month from before the agency's first return, for a correction.

    Raises:
        Refused: no right, no reason, no calendar, or the month has a return of its own.
    """
    _require(may_reopen(actor, agency), _("Only a reviewer or a planner reopens a month."))
    _require(bool(reason.strip()), _("Say why the month is opened again."))
    calendar = ReportingCalendar.objects.filter(agency=agency).first()
    _require(
        calendar is not None and month < calendar.first,
        _("This month is reported by return; there is nothing to open."),
    )
    assert calendar is not None
    with told():
        made, new = Return.objects.get_or_create(
            agency=agency,
            month=month.first_day,
            defaults={"due": calendar.due(month), "corrections": 1},
        )
        _require(new, _("This month has been opened already."))
        _record(made, Act.REOPENED, actor, reason, _figures(made))
        return made


def hand_over(returns: Iterable[Return], *, to: User, actor: User, note: str) -> int:
    """Give open returns into the hand of another officer, with a note; returns how many.

    Raises:
        Refused: no right, no note, or the other person does not enter figures for the agency.
    """
    _require(bool(note.strip()), _("Leave a note for the person who takes over."))
    count = 0
    with told():
        for one in returns:
            _require(
                may_enter(actor, one.agency), _("You may not hand over returns of this agency.")
            )
            _require(
                may_enter(to, one.agency),
                _("%(person)s does not enter figures for this agency.") % {"person": to},
            )
            if one._state.adding:
                one.save()
            held = Return.objects.select_for_update().get(pk=one.pk)
            if not held.is_editable or held.officer_id == to.pk:
                continue
            held.officer = to
            held.revision += 1
            held.save(update_fields=["officer", "revision"])
            _record(held, Act.HANDED_OVER, actor, note, [])
            count += 1
    return count


def _hold(one: Return, seen_revision: int, move: _Move) -> Return:
    if one._state.adding:
        one.save()
    held = Return.objects.select_for_update().select_related("agency").get(pk=one.pk)
    if held.revision != seen_revision or held.state not in move.before:
        raise Conflict(
            [
                Problem(
                    0,
                    "state",
                    _("This return has changed since you opened the page: it is “%(state)s” now.")
                    % {"state": held.get_state_display()},
                )
            ]
        )
    return held


def _move(
    held: Return, move: _Move, actor: User, reason: str, figures: Sequence[Observation]
) -> Return:
    before, held.state = held.revision, move.after
    held.revision += 1
    changed = Return.objects.filter(pk=held.pk, revision=before).update(
        state=held.state,
        revision=held.revision,
        submitted_by=held.submitted_by,
        approved_by=held.approved_by if move.after == State.APPROVED else None,
        first_submitted_at=held.first_submitted_at,
        first_approved_at=held.first_approved_at,
        corrections=held.corrections,
    )
    assert changed, "the return is held"
    _record(held, move.act, actor, reason, figures)
    return held


def _record(
    held: Return,
    act: ReturnEvent.Act,
    actor: User,
    reason: str,
    figures: Iterable[Observation],
) -> None:
    ReturnEvent.objects.create(
        of=held,
        actor=actor,
        act=act,
        reason=reason.strip(),
        revision=held.revision,
        figures=[[figure.pk, figure.revision] for figure in figures],
    )


def figures_of(one: Return) -> Collection[Observation]:
    """The figures of a return: those whose last month is its month."""
    return _figures(one)


def own_entries(one: Return, person: User) -> list[Observation]:
    """The figures of a return that wait for its approval with an entry or a note of the person.

    Whatever the way in: the grid, a file and its undoing, the administration, a planner's right.
    """
    entered = Revision.objects.filter(
        kind=Revision.Kind.FIGURE,
        batch__actor=person,
        series=OuterRef("series"),
        first_month=OuterRef("first_month"),
        last_month=OuterRef("last_month"),
        breakdown=OuterRef("breakdown"),
        revision__gt=OuterRef("approved_revision"),
    )
    return list(_rows(one).filter(Exists(entered)).select_related("series__indicator"))


def _figures(one: Return) -> list[Observation]:
    return list(_rows(one).select_related("series__indicator"))


def _rows(one: Return) -> QuerySet[Observation]:
    """The figures that the agency reported for the month, whoever answers for them by now."""
    series = Series.objects.filter(answered_by([one.agency_id]))
    return Observation.objects.filter(
        series__in=series.values("pk"),
        agency=one.agency_id,
        last_month=one.month,
        breakdown=WHOLE,
    )


def _publish(one: Return) -> None:
    waiting = _rows(one).exclude(approved_revision=F("revision"))
    touched = list(waiting.values_list("series_id", "first_month__year", "last_month__year"))
    waiting.update(approved_value=F("value"), approved_revision=F("revision"))
    yearly.refresh(
        {pk for pk, _first, _last in touched},
        {year for _pk, first, last in touched for year in range(first, last + 1)},
    )


def _require(condition: bool, message: object) -> None:
    if not condition:
        raise Refused([Problem(0, "state", str(message))])


NOT_EXPLAINED = _("%(series)s, %(period)s: %(message)s Explain it in a note, or mend the figure.")
EXPLAINED_BEFORE = _(
    "%(series)s, %(period)s: %(message)s Its note was written for an earlier figure: write why it"
    " is so now, or mend the figure."
)


def _require_explained(found: Iterable[FigureInDoubt]) -> None:
    problems = [
        Problem(
            at,
            "note",
            (EXPLAINED_BEFORE if one.note.strip() else NOT_EXPLAINED)
            % {
                "series": one.series,
                "period": Period(one.month, one.month).iso(),
                "message": one.text,
            },
        )
        for at, one in enumerate(unexplained(found))
    ]
    if problems:
        raise Refused(problems)
