"""The record of definitions in a reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps

from indicators.models import Defined, DefinitionRevision

DASH = "—"


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of a definition: what it is called, what it said and what it says."""

    field: str
    old: str
    new: str


def kinds() -> Mapping[str, type[Defined]]:
    """Subject of the record → the model that it is about."""
    return {one.subject(): one for one in apps.get_models() if issubclass(one, Defined)}


def subject_name(subject: str) -> str:
    """What kind of definition the record speaks of, in the reader's language."""
    model = kinds().get(subject)
    return subject if model is None else str(model._meta.verbose_name)


def changed_fields(row: DefinitionRevision) -> Iterator[ChangedField]:
    """Field by field what one change made of what."""
    model = kinds().get(row.subject)
    known = {} if model is None else {one.name: one for one in model._meta.get_fields()}
    for name, (old, new) in row.changes.items():
        field = known.get(name)
        words = dict(getattr(field, "flatchoices", ()) or ())
        yield ChangedField(
            str(getattr(field, "verbose_name", name)),
            str(words.get(old, old) or DASH),
            str(words.get(new, new) or DASH),
        )
