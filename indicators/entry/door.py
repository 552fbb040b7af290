"""The one door: every figure comes in here and nowhere else; targets by that of milestones.

parse → check → lock → save → revise → roll up → log, in one transaction, all or nothing. The record
of changes is written beside the change itself, because bulk writes pass by Django's signals.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import EVERY, agencies_entered_by
from indicators import clock
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, Period
from indicators.entry import bulk, yearly
from indicators.entry.checks import Claim, Conflict, Problem, Refused, problems
from indicators.entry.entries import Change, Entry, Examined, Keep, Outcome, Stored
from indicators.entry.gate import closed_months, governing_returns
from indicators.entry.refusals import told
from indicators.models import EntryBatch, Observation, Series
from indicators.models.figures import WHOLE, Via
from indicators.models.transfers import Answering

DASH = "—"
WITHOUT_A_PERSON = (Via.LOAD, Via.COMMAND)
"""Ways in that whoever runs the server opens: no person signs in there."""


def save_figures(
    entries: Sequence[Entry],
    *,
    actor: User | None,
    via: Via,
    reason: str,
    key: str | None = None,
) -> Outcome:
    """Save a batch of figures, all or none.

    ``actor`` None stands for whoever runs the server: the published review and the command line.
    ``key`` makes the batch happen once: the same key with the same figures answers again with
    nothing to do.

    Raises:
        Refused: a check failed, the right or the reason is missing, the key was used otherwise.
        Conflict: a figure has another revision than the person saw.
    """
    require_reason(reason)
    fingerprint = _fingerprint(entries)
    with told():
        # Series first, then (in governing_returns) the returns: every act takes them so. The key
        # is looked up behind the lock, so that of two equal clicks one finds the other.
        yearly.lock(entry.series.pk for entry in entries)
        _require_somebody(actor, via)
        if key and (earlier := EntryBatch.objects.filter(key=key).first()):
            return _answer_again(earlier, fingerprint, len(entries))
        stored = _stored(entries)
        agencies = _agencies(entries, stored)
        _require_right(entries, agencies, actor, via)
        _require_checks(entries, stored)
        _require_no_conflict(entries, stored)
        changes = _changes(entries, stored, agencies)
        if not changes:
            return Outcome(None, 0, 0, len(entries))
        governed = governing_returns(changes, actor)
        batch = EntryBatch.objects.create(
            actor=actor,
            via=via,
            reason=reason.strip(),
            key=key or uuid.uuid4().hex,
            payload_hash=fingerprint,
        )
        _write(batch, changes, governed)
        yearly.refresh(
            {change.entry.series.pk for change in changes},
            {
                year
                for change in changes
                for year in range(change.entry.period.first.year, change.entry.period.last.year + 1)
            },
        )
    new = sum(1 for change in changes if change.old is None)
    return Outcome(batch, new, len(changes) - new, len(entries) - len(changes))


def examine_figures(entries: Sequence[Entry], *, actor: User | None, via: Via) -> Examined:
    """Look at a batch as the door would, and save nothing."""
    found: list[Problem] = []
    stored = _stored(entries)
    agencies = _agencies(entries, stored)
    try:
        _require_right(entries, agencies, actor, via)
    except Refused as refused:
        found += refused.problems
    changes = _changes(entries, stored, agencies)
    try:
        _require_checks(entries, stored)
    except Refused as refused:
        found += refused.problems
    if not found:
        found += closed_months(changes)
    changed = {change.position for change in changes}
    return Examined(
        tuple(stored.get((entry.series.pk, entry.period)) for entry in entries),
        tuple(at in changed for at in range(len(entries))),
        tuple(found),
    )


def closed_figures(entries: Sequence[Entry]) -> list[Problem]:
    """The entries that would change a figure of a closed month, and why each is closed."""
    stored = _stored(entries)
    agencies = _agencies(entries, stored)
    return closed_months(_changes(entries, stored, agencies))


def require_reason(reason: str) -> None:
    """Refuse a batch that does not say why."""
    if not reason.strip():
        raise Refused([Problem(0, "reason", _("Say why: the reason stays with the figure."))])


def _require_somebody(actor: User | None, via: Via) -> None:
    if actor is None and via not in WITHOUT_A_PERSON:
        raise Refused([Problem(0, "series", _("Nobody is signed in."))])


def _require_right(
    entries: Iterable[Entry], agencies: Sequence[int | None], actor: User | None, via: Via
) -> None:
    _require_somebody(actor, via)
    entered = EVERY if actor is None else agencies_entered_by(actor)
    if entered == EVERY:
        return
    refused = [
        Problem(
            position,
            "series",
            _("You may not enter figures for “%(series)s”.") % {"series": entry.series},
        )
        for position, entry in enumerate(entries)
        if agencies[position] is None or agencies[position] not in entered
    ]
    if refused:
        raise Refused(refused)


def _agencies(entries: Sequence[Entry], stored: Keep) -> list[int | None]:
    """To whose return each entry belongs: a stored figure's own, else who answers for the month."""
    answering = Answering(entry.series.indicator_id for entry in entries)
    found = []
    for entry in entries:
        old = stored.get((entry.series.pk, entry.period))
        found.append(
            old.agency_id if old else answering.agency(entry.series.indicator_id, entry.period.last)
        )
    return found


def _fingerprint(entries: Iterable[Entry]) -> str:
    rows = [
        (
            e.series.pk,
            e.period.iso(),
            None if e.value is None else plain(e.value),
            e.note,
            e.origin,
            e.evidence,
        )
        for e in entries
    ]
    return hashlib.sha256(json.dumps(sorted(rows, key=repr)).encode()).hexdigest()


def _answer_again(batch: EntryBatch, fingerprint: str, count: int) -> Outcome:
    if batch.payload_hash != fingerprint:
        raise Refused([Problem(0, "key", _("These are not the figures first sent with this key."))])
    return Outcome(batch, 0, 0, count)


def _stored(entries: Iterable[Entry]) -> Keep:
    """The figures of the series in question; of running totals all, else those in the way."""
    of_series: dict[int, Series] = {}
    days = []
    for entry in entries:
        of_series[entry.series.pk] = entry.series
        days += [entry.period.first.first_day, entry.period.last.first_day]
    if not of_series:
        return {}
    touched = Q(last_month__gte=min(days), first_month__lte=max(days))
    whole = [pk for pk, series in of_series.items() if series.is_running_total]
    rows = Observation.objects.filter(
        touched | Q(series__in=whole), series__in=of_series, breakdown=WHOLE
    ).values_list(
        "series_id",
        "first_month",
        "last_month",
        "pk",
        "value",
        "note",
        "evidence",
        "revision",
        "agency_id",
    )
    return {
        (pk, Period(Month.of(first), Month.of(last))): Stored(*rest)  # type: ignore[arg-type]
        for pk, first, last, *rest in rows.iterator(chunk_size=5000)
    }


def _changes(
    entries: Sequence[Entry], stored: Keep, agencies: Sequence[int | None]
) -> list[Change]:
    """What differs from what is stored; what an entry leaves open stays as it is."""
    found: list[Change] = []
    for position, entry in enumerate(entries):
        old = stored.get((entry.series.pk, entry.period))
        note = entry.note if entry.note is not None else old.note if old else ""
        evidence = entry.evidence if entry.evidence is not None else old.evidence if old else ""
        if old is None:
            differs = entry.value is not None
        else:
            differs = (entry.value, note, evidence) != (old.value, old.note, old.evidence)
        if differs:
            found.append(Change(position, entry, old, note, evidence, agencies[position]))
    return found


def _require_checks(entries: Sequence[Entry], stored: Keep) -> None:
    claims = [
        Claim(position, entry.series, entry.period, entry.value, entry.evidence or "")
        for position, entry in enumerate(entries)
    ]
    ids = {entry.series.pk for entry in entries}
    shares = list(
        Series.objects.filter(Q(numerator__in=ids) | Q(denominator__in=ids)).select_related(
            "numerator", "denominator"
        )
    )
    after: dict[int, dict[Period, Decimal]] = defaultdict(dict)
    for (pk, period), figure in (stored | _counterparts(entries, shares)).items():
        if figure.value is not None:
            after[pk][period] = figure.value
    for claim in claims:
        if claim.value is None:
            after[claim.series.pk].pop(claim.period, None)
        else:
            after[claim.series.pk][claim.period] = claim.value
    if found := problems(claims, after, Month.of(clock.today()), shares):
        raise Refused(found)


def _counterparts(entries: Sequence[Entry], shares: Iterable[Series]) -> Keep:
    """The stored figures of the other part of each ratio, for the same periods."""
    parts = {part for share in shares for part in (share.numerator, share.denominator) if part}
    others = [part for part in parts if part.pk not in {entry.series.pk for entry in entries}]
    return _stored([replace(entry, series=part) for part in others for entry in entries])


def _require_no_conflict(entries: Sequence[Entry], stored: Keep) -> None:
    found = []
    for position, entry in enumerate(entries):
        if entry.expected_revision is None:
            continue
        old = stored.get((entry.series.pk, entry.period))
        if entry.expected_revision not in _revisions_to_expect(old):
            found.append(Problem(position, "value", _conflict_message(entry, old)))
    if found:
        raise Conflict(found)


def _revisions_to_expect(old: Stored | None) -> set[int]:
    """What a person may have seen; a withdrawn figure looks like one that never was."""
    if old is None:
        return {0}
    return {old.revision} if old.value is not None else {old.revision, 0}


def _conflict_message(entry: Entry, old: Stored | None) -> str | Promise:
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


def _write(batch: EntryBatch, changes: Sequence[Change], governed: Collection[int]) -> None:
    """Write figures and record. ``governed``: the places of those that wait for an approval."""
    rows = [
        bulk.Row(
            series_id=entry.series.pk,
            first_month=entry.period.first.first_day,
            last_month=entry.period.last.first_day,
            value=entry.value,
            origin=entry.origin,
            note=note,
            evidence=evidence,
            pk=old.pk if old else None,
            old_revision=old.revision if old else 0,
            old_value=old.value if old else None,
            old_note=old.note if old else "",
            approve=position not in governed,
            agency_id=agency_id,
        )
        for position, entry, old, note, evidence, agency_id in changes
    ]
    if beaten := bulk.write(batch.pk, rows):
        found = []
        for at in beaten:
            position, entry, *_rest = changes[at]
            found.append(Problem(position, "value", _conflict_message(entry, _now(entry))))
        raise Conflict(found)


def _now(entry: Entry) -> Stored | None:
    return _stored([entry]).get((entry.series.pk, entry.period))
