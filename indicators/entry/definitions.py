"""The door for definitions: what an indicator, a series, an activity or a printed figure *is*.

Administration, spreadsheets of reference data and the published review all pass here. A definition
with data behind it changes with a reason only; the record of who changed what from what to what is
written in the same transaction, and the triggers of indicators.append_only refuse a change without.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_plan
from indicators.calculation.numerals import plain
from indicators.entry import yearly
from indicators.entry.checks import Conflict, Problem, Refused
from indicators.entry.effects import Unconfirmed, Watch, digest
from indicators.entry.second_person import asks_for_second, why_alone
from indicators.models import Defined, DefinitionRevision, EntryBatch, Series
from indicators.models.figures import Eyes, Via

type Links = Mapping[str, Iterable[models.Model]]
"""Many-to-many field → what it is to hold."""
type Changes = dict[str, list[str | None]]

NOT_ASKED = Eyes.NOT_ASKED
WITHOUT_A_PERSON = (Via.LOAD, Via.COMMAND)


class Passage:
    """One passage through the door: by whom, how and why; several definitions may share one."""

    def __init__(
        self,
        *,
        actor: User | None,
        via: Via,
        reason: str = "",
        eyes: Eyes | None = None,
        confirmed_by: User | None = None,
    ) -> None:
        self.actor, self.via, self.reason = actor, via, reason.strip()
        alone = actor is None or not asks_for_second(actor)
        self.eyes = eyes if eyes is not None else why_alone(actor) if alone else NOT_ASKED
        self.confirmed_by = confirmed_by
        self._batch: EntryBatch | None = None

    def require_right(self) -> None:
        """Refuse whoever is no planner; nobody is needed where the server itself is at work.

        Raises:
            Refused: no right.
        """
        allowed = may_plan(self.actor) if self.actor else self.via in WITHOUT_A_PERSON
        if not allowed:
            raise Refused([Problem(0, "", _("Only a planner changes definitions and targets."))])

    def batch(self) -> EntryBatch:
        """The record of the passage, made with its first change."""
        if self._batch is None:
            key = uuid.uuid4().hex
            self._batch = EntryBatch.objects.create(
                actor=self.actor,
                via=self.via,
                reason=self.reason,
                eyes=self.eyes,
                confirmed_by=self.confirmed_by,
                key=key,
                payload_hash=hashlib.sha256(key.encode()).hexdigest(),
            )
        return self._batch


def save(
    row: Defined,
    passage: Passage,
    *,
    links: Links | None = None,
    expected: int | None = None,
    seen: str | None = None,
) -> bool:
    """Save a definition, new or changed; whether anything rests on it.

    ``expected``: the revision that the person saw. ``seen``: the digest of the effects that the
    person was shown, empty for none; None where effects are shown for a whole file instead.

    Raises:
        Refused: no right, or no reason where there are data or effects.
        Conflict: somebody else changed it meanwhile.
        Unconfirmed: it alters what is said otherwise than the person was shown.
        ValidationError: it breaks a rule of its model.
    """
    passage.require_right()
    links = links or {}
    with transaction.atomic():
        stored = _held(row)
        if stored is not None and expected is not None and stored.revision != expected:
            raise Conflict([Problem(0, "", _conflict(stored))])
        changes = _changes(stored, row, links)
        if not changes:
            return False
        has_data = stored is not None and stored.has_data()
        if seen is None:
            _require_reason(passage, has_data)
            _write(row, stored, changes, links, passage)
            return has_data
        watch = Watch()
        _write(row, stored, changes, links, passage)
        lines = watch.lines()
        _agree(lines, seen, passage, needed=has_data)
    return has_data or bool(lines)


def remove(row: Defined, passage: Passage, *, seen: str) -> None:
    """Take a definition away that nothing else rests on; its record stays.

    Raises:
        Refused: no right or no reason.
        Unconfirmed: it alters what is said otherwise than the person was shown.
        ProtectedError: something rests on it.
    """
    passage.require_right()
    with transaction.atomic():
        stored = _held(row)
        if stored is None:
            return
        changes: Changes = {
            name: [text, None] for name, text in _texts(stored, _linked(stored)).items() if text
        }
        needed = stored.has_data()
        watch = Watch()
        _record(stored, stored.revision + 1, changes, passage)
        stored.delete()
        _agree(watch.lines(), seen, passage, needed=needed)


def _agree(lines: list[str], seen: str, passage: Passage, *, needed: bool) -> None:
    try:
        _require_reason(passage, needed or bool(lines))
    except Refused as refused:
        if lines:
            raise Unconfirmed(lines, refused.problems) from None
        raise
    if lines and digest(lines) != seen:
        raise Unconfirmed(lines)


def _require_reason(passage: Passage, needed: bool) -> None:
    if needed and not passage.reason:
        text = _("Say why: figures or published text rest on it, and the reason stays with it.")
        raise Refused([Problem(0, "reason", text)])


def _held(row: Defined) -> Defined | None:
    """The row as it is stored, held until the transaction ends."""
    if row.pk is None:
        return None
    if isinstance(row, Series):
        yearly.lock([row.pk])
    kept: models.Manager[Any] = type(row)._default_manager
    stored: Defined | None = kept.select_for_update().filter(pk=row.pk).first()
    return stored


def _conflict(stored: Defined) -> str:
    return _(
        "Somebody changed “%(name)s” while you were at it (revision %(revision)d by now). Open it"
        " anew and look at what they did."
    ) % {"name": stored, "revision": stored.revision}


def _linked(row: Defined) -> Links:
    return {} if row.pk is None else {name: getattr(row, name).all() for name in row.linked}


def _changes(stored: Defined | None, row: Defined, links: Links) -> Changes:
    old = {} if stored is None else _texts(stored, {**_linked(stored)})
    new = _texts(row, {**_linked(row), **links})
    return {
        name: [old.get(name), text]
        for name, text in new.items()
        if text != old.get(name, "" if stored is None else None)
    }


def _texts(row: Defined, links: Links) -> dict[str, str]:
    """What a definition says, field by field, in words that stay when others are renamed."""
    with translation.override("zh-hant"):
        said = {field.name: _text(getattr(row, field.name)) for field in row.defining()}
        for name, linked in links.items():
            said[name] = " ".join(sorted(_text(one) for one in linked))
    return said


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, models.Model):
        return str(getattr(value, "code", "") or value)
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def _write(
    row: Defined, stored: Defined | None, changes: Changes, links: Links, passage: Passage
) -> None:
    row.revision = stored.revision + 1 if stored else 1
    row.full_clean()
    if stored is not None:
        _record(row, row.revision, changes, passage)  # first: the triggers look for it
    row.save()
    if stored is None:
        _record(row, 1, changes, passage)
    for name, linked in links.items():
        getattr(row, name).set(linked)
    if isinstance(row, Series):
        yearly.refresh({row.pk})


def _record(row: Defined, revision: int, changes: Changes, passage: Passage) -> None:
    with translation.override("zh-hant"):
        name = str(row)[:300]
    DefinitionRevision.objects.create(
        batch=passage.batch(),
        subject=row.subject(),
        object_id=row.pk,
        name=name,
        revision=revision,
        changes=changes,
    )
