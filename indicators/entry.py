"""The one door: every figure and every milestone comes in here and nowhere else.

parse → check → lock → save → revise → roll up → log, in one transaction, all or nothing. The record
of changes is written beside the change itself, because bulk writes pass by Django's signals.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_enter, may_plan
from indicators import yearly
from indicators.checks import Claim, Problem, problems
from indicators.models import EntryBatch, Milestone, Observation, Revision, Series
from indicators.models.figures import WHOLE, Origin, Via
from indicators.numerals import plain
from indicators.periods import Month, Period

DASH = "—"


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure to be saved. ``value`` None withdraws the one that is stored.

    ``expected_revision`` is the revision that the person saw: 0 for "there was none", None when
    the caller has not looked. Where another one is stored by now the batch is refused.
    """

    series: Series
    period: Period
    value: Decimal | None
    note: str = ""
    origin: str = Origin.REPORTED
    expected_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: how many figures are new, changed, the same as before."""

    batch: EntryBatch | None
    new: int
    changed: int
    same: int


class Refused(Exception):
    """Nothing was saved; ``problems`` says why, entry by entry."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem.message) for problem in problems))
        self.problems = tuple(problems)


class Conflict(Refused):
    """Somebody else changed one of the figures since this person looked."""


def save_figures(
    entries: Sequence[Entry],
    *,
    actor: User | None,
    via: Via,
    reason: str,
    key: str | None = None,
) -> Outcome:
    """Save a batch of figures, all or none.

    ``actor`` None stands for the system itself and is taken only from the published review.
    ``key`` makes the batch happen once: the same key with the same figures answers again with
    nothing to do.

    Raises:
        Refused: a check failed, the right or the reason is missing, the key was used otherwise.
        Conflict: a figure has another revision than the person saw.
    """
    _require_reason(reason)
    _require_right(entries, actor, via)
    fingerprint = _fingerprint(entries)
    with transaction.atomic():
        yearly.lock(entry.series.pk for entry in entries)
        if key and (earlier := EntryBatch.objects.filter(key=key).first()):
            return _answer_again(earlier, fingerprint, len(entries))
        stored = _stored(entries)
        _require_checks(entries, stored)
        _require_no_conflict(entries, stored)
        changes = [
            (entry, old)
            for entry in entries
            if not _is_same(entry, old := stored.get((entry.series.pk, entry.period)))
        ]
        if not changes:
            return Outcome(None, 0, 0, len(entries))
        batch = EntryBatch.objects.create(
            actor=actor,
            via=via,
            reason=reason.strip(),
            key=key or uuid.uuid4().hex,
            payload_hash=fingerprint,
        )
        _write(batch, changes)
        yearly.refresh({entry.series.pk for entry, _old in changes})
    new = sum(1 for _entry, old in changes if old is None)
    return Outcome(batch, new, len(changes) - new, len(entries) - len(changes))


def save_milestone(
    *,
    series: Series,
    year: int,
    value: Decimal,
    window: Period,
    base_month: Month | None = None,
    note: str = "",
    actor: User | None,
    via: Via,
    reason: str,
) -> Milestone:
    """Set what a series is to reach by a year; a revised target is kept beside the earlier ones.

    Returns the current milestone, which is the old one when nothing differs.

    Raises:
        Refused: the right or the reason is missing, or the value does not fit its column.
    """
    _require_reason(reason)
    if not (actor is None and via == Via.LOAD) and not (actor and may_plan(actor)):
        raise Refused([Problem(0, "series", _("Only a planner sets targets."))])
    with transaction.atomic():
        yearly.lock([series.pk])
        current = Milestone.objects.filter(series=series, year=year).order_by("-revision").first()
        base = base_month.first_day if base_month else None
        if current and (
            (current.value, current.window, current.base_month, current.note)
            == (value, window, base, note)
        ):
            return current
        milestone = Milestone(
            series=series,
            year=year,
            revision=current.revision + 1 if current else 1,
            value=value,
            window_first=window.first.first_day,
            window_last=window.last.first_day,
            base_month=base,
            note=note,
        )
        milestone.full_clean()
        milestone.save()
        batch = EntryBatch.objects.create(
            actor=actor,
            via=via,
            reason=reason.strip(),
            key=uuid.uuid4().hex,
            payload_hash=hashlib.sha256(repr((series.pk, year, value)).encode()).hexdigest(),
        )
        Revision.objects.create(
            batch=batch,
            kind=Revision.Kind.MILESTONE,
            series=series,
            first_month=milestone.window_first,
            last_month=milestone.window_last,
            revision=milestone.revision,
            old_value=current.value if current else None,
            new_value=value,
            old_note=current.note if current else "",
            new_note=note,
        )
        yearly.refresh({series.pk})
    return milestone


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused([Problem(0, "reason", _("Say why: the reason stays with the figure."))])


def _require_right(entries: Iterable[Entry], actor: User | None, via: Via) -> None:
    if actor is None:
        if via != Via.LOAD:
            raise Refused([Problem(0, "series", _("Nobody is signed in."))])
        return
    refused = [
        Problem(
            position,
            "series",
            _("You may not enter figures for “%(series)s”.") % {"series": entry.series},
        )
        for position, entry in enumerate(entries)
        if not may_enter(actor, entry.series.indicator.agency)
    ]
    if refused:
        raise Refused(refused)


def _fingerprint(entries: Iterable[Entry]) -> str:
    rows = [
        (e.series.pk, e.period.iso(), None if e.value is None else plain(e.value), e.note, e.origin)
        for e in entries
    ]
    return hashlib.sha256(json.dumps(sorted(rows, key=repr)).encode()).hexdigest()


def _answer_again(batch: EntryBatch, fingerprint: str, count: int) -> Outcome:
    if batch.payload_hash != fingerprint:
        raise Refused([Problem(0, "key", _("These are not the figures first sent with this key."))])
    return Outcome(batch, 0, 0, count)


def _stored(entries: Iterable[Entry]) -> dict[tuple[int, Period], Observation]:
    ids = {entry.series.pk for entry in entries}
    return {
        (observation.series_id, observation.period): observation
        for observation in Observation.objects.filter(series__in=ids, breakdown=WHOLE)
    }


def _require_checks(
    entries: Sequence[Entry], stored: dict[tuple[int, Period], Observation]
) -> None:
    claims = [
        Claim(position, entry.series, entry.period, entry.value)
        for position, entry in enumerate(entries)
    ]
    after: dict[int, dict[Period, Decimal]] = defaultdict(dict)
    for (pk, period), observation in stored.items():
        if observation.value is not None:
            after[pk][period] = observation.value
    for claim in claims:
        if claim.value is None:
            after[claim.series.pk].pop(claim.period, None)
        else:
            after[claim.series.pk][claim.period] = claim.value
    if found := problems(claims, after, Month.of(timezone.localdate())):
        raise Refused(found)


def _require_no_conflict(
    entries: Sequence[Entry], stored: dict[tuple[int, Period], Observation]
) -> None:
    found = []
    for position, entry in enumerate(entries):
        if entry.expected_revision is None:
            continue
        old = stored.get((entry.series.pk, entry.period))
        if entry.expected_revision not in _revisions_to_expect(old):
            found.append(Problem(position, "value", _conflict_message(entry, old)))
    if found:
        raise Conflict(found)


def _revisions_to_expect(old: Observation | None) -> set[int]:
    """What a person may have seen; a withdrawn figure looks like one that never was."""
    if old is None:
        return {0}
    return {old.revision} if old.value is not None else {old.revision, 0}


def _conflict_message(entry: Entry, old: Observation | None) -> str | Promise:
    if entry.expected_revision == 0 and old is not None:
        return _(
            "There is a figure for %(series)s, %(period)s already: %(stored)s. Correct that one "
            "instead of adding another."
        ) % {
            "series": entry.series,
            "period": entry.period.iso(),
            "stored": DASH if old.value is None else plain(old.value),
        }
    return _(
        "Somebody changed this figure while you were at it: %(series)s, %(period)s is %(stored)s"
        " by now (revision %(revision)d); you gave %(given)s. Look at both and save again."
    ) % {
        "series": entry.series,
        "period": entry.period.iso(),
        "stored": DASH if old is None or old.value is None else plain(old.value),
        "revision": old.revision if old else 0,
        "given": DASH if entry.value is None else plain(entry.value),
    }


def _is_same(entry: Entry, old: Observation | None) -> bool:
    if old is None:
        return entry.value is None
    return (entry.value, entry.note) == (old.value, old.note)


def _write(batch: EntryBatch, changes: Sequence[tuple[Entry, Observation | None]]) -> None:
    added = []
    revisions = []
    for position, (entry, old) in enumerate(changes):
        first, last = entry.period.first.first_day, entry.period.last.first_day
        revision = old.revision + 1 if old else 1
        if old is None:
            added.append(
                Observation(
                    series=entry.series,
                    first_month=first,
                    last_month=last,
                    value=entry.value,
                    origin=entry.origin,
                    note=entry.note,
                )
            )
        else:
            # The condition on the revision holds on either engine, whatever else writes the row.
            written = Observation.objects.filter(Q(pk=old.pk), Q(revision=old.revision)).update(
                value=entry.value, note=entry.note, origin=entry.origin, revision=revision
            )
            if not written:
                current = Observation.objects.get(pk=old.pk)
                raise Conflict([Problem(position, "value", _conflict_message(entry, current))])
        revisions.append(
            Revision(
                batch=batch,
                kind=Revision.Kind.FIGURE,
                series=entry.series,
                first_month=first,
                last_month=last,
                revision=revision,
                old_value=old.value if old else None,
                new_value=entry.value,
                old_note=old.note if old else "",
                new_note=entry.note,
            )
        )
    Observation.objects.bulk_create(added, batch_size=1000)
    Revision.objects.bulk_create(revisions, batch_size=1000)
