"""The second person: what one planner proposes, another confirms.

Targets, definitions, printed figures, the transfer of an indicator, the release of an edition: a
door registers its ``Kind`` and hands its changes to ``put``. Where another planner could confirm
and the ministry's setting (SECOND_PERSON) asks for it, the change waits as a ``Proposal``; else it
passes at once, and what is recorded says why nobody confirmed it (``Passed.eyes``).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_plan, others_plan
from indicators.entry.checks import Conflict, Problem, Refused
from indicators.entry.door import require_reason
from indicators.entry.refusals import told
from indicators.models import EntryBatch, Proposal
from indicators.models.figures import Eyes, Via

State = Proposal.State


@dataclass(frozen=True, slots=True)
class Passed:
    """Who stands behind a change that is carried out; its record keeps all of it.

    ``actor`` proposed it (None: whoever runs the server), ``confirmed_by`` is the second person,
    and ``eyes`` says why there is none where there is none.
    """

    actor: User | None
    via: Via
    reason: str
    eyes: Eyes
    confirmed_by: User | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a change would change, to decide by: its name, what it is, what it becomes."""

    name: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change.

    ``carry_out`` makes it, checking rights and values as if for the first time (raises Refused);
    it runs in a transaction. ``lines`` says in the reader's language what it would change now.
    """

    name: str
    label: str | Promise
    carry_out: Callable[[Mapping[str, Any], Passed], object]
    lines: Callable[[Mapping[str, Any]], Sequence[Line]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known, so that its proposals can be shown and confirmed."""
    _kinds[kind.name] = kind
    return kind


def kind_of(proposal: Proposal) -> Kind:
    """The kind of a proposal."""
    return _kinds[proposal.kind]


def asks_for_second(actor: User) -> bool:
    """Whether a change of this person waits for another planner."""
    return bool(settings.SECOND_PERSON) and others_plan(actor)


def put(
    kind: Kind,
    change: Mapping[str, Any],
    *,
    subject: str,
    actor: User | None,
    via: Via,
    reason: str,
) -> Proposal | None:
    """Carry a change out and return None, or keep it for a second person and return what waits.

    A change that could not be carried out is refused now, not when somebody confirms it. The very
    same change is kept once.

    Raises:
        Refused: no reason, or what ``carry_out`` refuses.
    """
    require_reason(reason)
    reason = reason.strip()
    if actor is None or not asks_for_second(actor):
        with told():
            kind.carry_out(change, Passed(actor, via, reason, why_alone(actor)))
        return None
    with told():
        trial = transaction.savepoint_create()
        try:
            kind.carry_out(change, Passed(actor, via, reason, Eyes.TWO))
        finally:
            transaction.savepoint_rollback(trial)
        waiting = Proposal.objects.filter(kind=kind.name, subject=subject, state=State.WAITING)
        same = next((one for one in waiting if one.change == change), None)
        return same or Proposal.objects.create(
            kind=kind.name,
            subject=subject[:300],
            change=dict(change),
            via=via,
            reason=reason,
            proposed_by=actor,
        )


def why_alone(actor: User | None) -> Eyes:
    """What the record says of a change that nobody else confirms."""
    if actor is None:
        return Eyes.NOT_ASKED
    return Eyes.ALONE if settings.SECOND_PERSON else Eyes.OFF


def record(by: Passed, change: Mapping[str, Any]) -> EntryBatch:
    """The head of a change's record: who, by what way, why, and who confirmed it."""
    return EntryBatch.objects.create(
        actor=by.actor,
        via=by.via,
        reason=by.reason,
        eyes=by.eyes,
        confirmed_by=by.confirmed_by,
        key=uuid.uuid4().hex,
        payload_hash=hashlib.sha256(repr(sorted(change.items())).encode()).hexdigest(),
    )


def fingerprint(lines: Iterable[Line]) -> str:
    """What a person decided on: it differs once the change would do something else."""
    return hashlib.sha256(repr([tuple(_plain(line)) for line in lines]).encode()).hexdigest()[:32]


def _plain(line: Line) -> tuple[str, str, str]:
    return str(line.name), str(line.now), str(line.then)


def confirm(chosen: Sequence[tuple[int, str]], *, actor: User) -> int:
    """Carry out what others proposed, all of it or none; returns how many.

    ``chosen``: the keys of the proposals, each with the fingerprint of the lines that were shown.

    Raises:
        Refused: no right, one's own proposal, or it cannot be carried out any more.
        Conflict: somebody decided on it meanwhile, or it would do something else by now.
    """
    with told():
        for pk, seen in sorted(chosen):
            held = _hold(pk, actor)
            if held.proposed_by_id == actor.pk:
                raise _refused(held, _("You proposed it; another planner has to confirm it."))
            kind = kind_of(held)
            if fingerprint(kind.lines(held.change)) != seen:
                raise Conflict(
                    [_problem(held, _("It would change something else by now; look again."))]
                )
            try:
                passed = Passed(held.proposed_by, Via(held.via), held.reason, Eyes.TWO, actor)
                kind.carry_out(held.change, passed)
            except Refused as refused:
                said = " ".join(str(problem.message) for problem in refused.problems)
                raise _refused(held, said) from refused
            _decide(held, State.CONFIRMED, actor, "")
    return len(chosen)


def decline(pk: int, *, actor: User, answer: str) -> Proposal:
    """Turn a proposal down, with a reason; one's own is withdrawn, and needs none.

    Raises:
        Refused: no right, or no reason.
        Conflict: somebody decided on it meanwhile.
    """
    with told():
        held = _hold(pk, actor)
        own = held.proposed_by_id == actor.pk
        if not own and not answer.strip():
            raise _refused(held, _("Say why it is declined: whoever proposed it reads it."))
        _decide(held, State.WITHDRAWN if own else State.DECLINED, actor, answer)
    return held


def waiting_for(user: User) -> int:
    """How many changes wait for this person to decide on."""
    if not may_plan(user):
        return 0
    return Proposal.objects.filter(state=State.WAITING).exclude(proposed_by=user).count()


def _hold(pk: int, actor: User) -> Proposal:
    if not may_plan(actor):
        raise Refused([Problem(0, "state", _("Planners decide on these changes."))])
    held = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by")
    found = held.filter(pk=pk).first()
    if found is None or found.state != State.WAITING:
        raise Conflict([Problem(0, "state", _("Somebody has decided on this change already."))])
    return found


def _decide(held: Proposal, state: Proposal.State, actor: User, answer: str) -> None:
    held.state, held.decided_by, held.decided_at = state, actor, timezone.now()
    held.answer = answer.strip()[:300]
    held.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _refused(held: Proposal, message: str | Promise) -> Refused:
    return Refused([_problem(held, message)])


def _problem(held: Proposal, message: str | Promise) -> Problem:
    return Problem(0, "state", f"{held.subject}: {message}")
