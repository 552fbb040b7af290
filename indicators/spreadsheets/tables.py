"""What a table says: figures with the cells they were read from, and what is wrong with others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.calculation.numerals import plain
from indicators.calculation.periods import Period
from indicators.spreadsheets.layout.layouts import Layout


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and the cell it was read from; rows and columns are counted from 0.

    ``label``: what the file calls its series. ``mark``: p, r or e beside its month.
    """

    sheet: str
    row: int
    column: int
    text: str
    key: int
    period: Period
    value: Decimal
    note: str
    label: str = ""
    mark: str = ""


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


@dataclass(frozen=True, slots=True)
class Total:
    """A total that a file gives beside the figures of its months, to compare them with."""

    sheet: str
    row: int
    column: int
    text: str
    key: int
    period: Period
    value: Decimal


@dataclass(slots=True)
class Table:
    """All that a book says.

    ``ignored``: (sheet, row, why) of the rows that are no figures. ``asked``: (sheet, text) of
    titles, headings and sheet names that a person is to say the meaning of.
    """

    layouts: dict[str, Layout] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[tuple[str, int, str]] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    errors: int = 0

    def find(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)
        self.errors += finding.severity == "error"

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

    def compare_totals(self) -> None:
        """Find totals that are neither the sum, nor the last, nor the mean of all their months."""
        if not self.totals:
            return
        by_key: dict[int, list[Reading]] = defaultdict(list)
        for reading in self.readings:
            by_key[reading.key].append(reading)
        for total in self.totals:
            inside = [one for one in by_key[total.key] if total.period.contains(one.period)]
            if sum(one.period.months for one in inside) != total.period.months:
                continue
            values = [one.value for one in sorted(inside, key=lambda one: one.period)]
            if not agrees(total.value, values):
                params = {"total": plain(total.value), "sum": plain(sum(values, Decimal(0)))}
                place = total.sheet, total.row, total.column
                self.find(Finding(*place, total.text, "total_differs", params, "warning"))


def agrees(total: Decimal, values: list[Decimal]) -> bool:
    """Whether a total is the sum, the last, or about the mean of its months."""
    mean = sum(values, Decimal(0)) / len(values)
    return total in (sum(values), values[-1]) or abs(total - mean) < Decimal("0.5")
