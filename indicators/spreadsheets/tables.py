"""What a table says: figures with the cells they were read from, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.calculation.periods import Period
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
    errors: int = 0

    def refuse_what_stands_twice(self) -> None:
        """Of a series and period that stand twice the first stays, the others are findings."""
        first: dict[tuple[int, Period], Reading] = {}
        once = []
        for reading in self.readings:
            earlier = first.setdefault((reading.key, reading.period), reading)
            if earlier is reading:
                once.append(reading)
                continue
            params = {"first": f"{earlier.sheet} {earlier.row + 1}".strip()}
            place = reading.sheet, reading.row, reading.column
            self.findings.append(Finding(*place, reading.text, "twice", params))
        self.readings = once
