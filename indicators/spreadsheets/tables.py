"""What a table says: figures with the cells they were read from, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.periods import Period
from indicators.spreadsheets.layouts import Layout


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and the cell it was read from; rows and columns are counted from 0."""

    sheet: str
    row: int
    column: int
    text: str
    key: int
    period: Period
    value: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell, or doubtful (``severity`` error or warning)."""

    sheet: str
    row: int
    column: int
    text: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    severity: str = "error"


@dataclass(slots=True)
class Table:
    """All that a book says. ``ignored``: (sheet, row, why) of the rows that are no figures."""

    layouts: dict[str, Layout] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[tuple[str, int, str]] = field(default_factory=list)
    rows: int = 0
