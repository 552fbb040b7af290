"""What goes through the door, and what comes of it: figures to be saved, stored, changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from indicators.calculation.periods import Period
from indicators.entry.checks import Problem
from indicators.models import EntryBatch, Series
from indicators.models.figures import Origin


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure to be saved. ``value`` None withdraws the one that is stored.

    ``note`` and ``evidence`` None leave what is stored beside the figure. ``expected_revision`` is
    the revision that the person saw: 0 for "there was none", None when the caller has not looked.
    Where another one is stored by now the batch is refused.
    """

    series: Series
    period: Period
    value: Decimal | None
    note: str | None = ""
    origin: str = Origin.REPORTED
    expected_revision: int | None = None
    evidence: str | None = None


class Stored(NamedTuple):
    """A figure as the database has it."""

    pk: int
    value: Decimal | None
    note: str
    evidence: str
    revision: int
    agency_id: int | None


type Keep = dict[tuple[int, Period], Stored]


class Change(NamedTuple):
    """The place of an entry in its batch, the figure that it replaces, and what it leaves open.

    ``agency_id``: to whose return the figure belongs.
    """

    position: int
    entry: Entry
    old: Stored | None
    note: str
    evidence: str
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a batch would do: per entry the figure that is stored, and whether it differs."""

    stored: tuple[Stored | None, ...]
    differs: tuple[bool, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: how many figures are new, changed, the same as before."""

    batch: EntryBatch | None
    new: int
    changed: int
    same: int
