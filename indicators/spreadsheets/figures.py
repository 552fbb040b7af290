"""From a book to figures: each with the cell it was read from, or what is wrong with that cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from indicators.calculation.numerals import plain
from indicators.calculation.periods import Period, PeriodError, parse_period
from indicators.spreadsheets.cells import (
    looks_numeric,
    month_number,
    number_or_none,
    one_month,
    period_of,
)
from indicators.spreadsheets.files import Book, Sheet
from indicators.spreadsheets.known import Known, normal
from indicators.spreadsheets.layouts import find_layout, heading_month, month_heading, text_of
from indicators.spreadsheets.matching import Matcher
from indicators.spreadsheets.reading import SheetReader
from indicators.spreadsheets.structure import (
    is_heading_again,
    merged_corners,
    out_of_order,
    placed,
    split_months,
    spread_figures,
    unplaced,
)
from indicators.spreadsheets.tables import Finding, Reading, Table

__all__ = ["Finding", "Reading", "Table", "read_table"]

MOST_NOTE = 300
MOST_SCANNED = 1000
MOST_ERRORS = 5000


def read_table(
    book: Book,
    known: Sequence[Known],
    *,
    corrections: Mapping[str, str] | None = None,
    aliases: Mapping[str, int] | None = None,
    year: int | None = None,
) -> Table:
    """Read every sheet that has a table of figures.

    ``corrections``: heading → field, as a person corrected it; ``aliases``: label of a row → key.
    ``year``: of months whose year the sheet does not name.
    """
    normalised = {normal(heading): name for heading, name in (corrections or {}).items()}
    table, matcher = Table(), Matcher(known, aliases)
    for sheet in book.sheets:
        layout = find_layout(sheet, corrections=normalised)
        if layout is None:
            continue
        table.layouts[sheet.name] = layout
        reader = _Reader(table, sheet, layout, matcher, year=year, corrections=normalised)
        reader.read()
    for sheet in book.sheets:
        if table.layouts and sheet.name not in table.layouts and _has_numbers(sheet):
            first = text_of(sheet.rows[0][0]) if sheet.rows[0] else ""
            table.findings.append(
                Finding(sheet.name, 0, 0, first, "sheet_left_out", severity="warning")
            )
    if not table.layouts:
        first = book.sheets[0].name if book.sheets else ""
        table.findings.append(Finding(first, 0, 0, "", "no_layout"))
    table.refuse_what_stands_twice()
    return table


def _has_numbers(sheet: Sheet) -> bool:
    return any(
        sum(isinstance(cell, (int, float)) or looks_numeric(cell) for cell in row) > 1
        for row in sheet.rows[:MOST_SCANNED]
    )


@dataclass(slots=True)
class _Reader(SheetReader):
    """One sheet on its way into the table."""

    year: int | None = None
    corrections: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    left_out: set[int] = field(default_factory=set)

    def read(self) -> None:
        self.covered = merged_corners(self.sheet)
        if not self._can_be_read():
            return
        wide, last = self.layout.shape == "wide", self.layout.header_row
        for at in range(self.layout.header_row + 1, len(self.sheet.rows)):
            if all(cell == "" for cell in self.sheet.rows[at]) and not self._faulty(at):
                continue
            if self.table.errors >= MOST_ERRORS:
                self._find(at, 0, "too_many_errors", most=f"{MOST_ERRORS:,}")
                return
            if wide and is_heading_again(self.sheet.rows[at]):
                if not self._go_on_with(at, last):
                    return
                last = at
                continue
            before = len(self.table.readings)
            (self._wide if wide else self._long)(at)
            if len(self.table.readings) > before:
                last = at

    def _can_be_read(self) -> bool:
        if self.layout.shape == "wide" and split_months(self.sheet, self.layout):
            self._find(self.layout.header_row, min(self.layout.months), "split_months")
            return False
        if out_of_order(self.sheet, self.layout):
            self._find(self.layout.header_row, min(self.layout.months), "months_order")
            return False
        self.known = placed(self.sheet, self.layout, self.corrections)
        self.spread = spread_figures(self.sheet, self.layout)
        return self._has_clear_months() and self._has_year()

    def _go_on_with(self, at: int, last: int) -> bool:
        """The headings once more, or those of a second table below the first."""
        found = find_layout(self.sheet, corrections=self.corrections, start=last + 1)
        self._ignore(at, "heading")
        if found is None or found.shape != "wide" or found.header_row != at:
            return True
        if not found.years:
            found = replace(found, year=self.layout.year, years=self.layout.years)
        self.layout = replace(found, unit=found.unit or self.layout.unit)
        self.carried = ""
        return self._can_be_read()

    def _has_year(self) -> bool:
        layout = self.layout
        if layout.shape == "long" or "year" in layout.columns:
            return True
        year = layout.year or self.year
        if any(heading_month(layout, column, year) is None for column in layout.months):
            years = ", ".join(str(year) for year in layout.years)
            self._find(layout.header_row, min(layout.months), "no_year", years=years)
            return False
        return True

    def _has_clear_months(self) -> bool:
        for column, readings in self.layout.unclear.items():
            self._find(
                self.layout.header_row, column, "period_ambiguous", readings=" / ".join(readings)
            )
        return not self.layout.unclear

    def _long(self, at: int) -> None:
        column = self.layout.columns["value"]
        label = " ".join(
            text for name in ("indicator", "series") if (text := self._field(at, name))
        )
        kind = self._kind(label or self._first_text(at))
        if kind == "footnote" and not self._field(at, "value"):
            return self._ignore(at, "footnote")
        if (at, column) not in self.sheet.faults and self._is_missing(at, column):
            return self._ignore(at, "without a figure")
        if kind == "subtotal":
            return self._ignore(at, "subtotal")
        self.table.rows += 1
        known = self._match(at, label)
        period = self._period(at)
        self._look_at_the_rest(at)
        factor = self._factor(at, known) if known and period else None
        if known is None or period is None or factor is None:
            return None
        value = self._value(at, column, known, factor)
        if value is not None:
            self._add(at, column, known, period, value)
        return None

    def _period(self, at: int) -> Period | None:
        columns = self.layout.columns
        column = columns.get("period", columns.get("month", 0))
        text = self._text(at, column)
        try:
            if "period" not in columns and (found := month_heading(text) or month_number(text)):
                year, month = found
                if year is None:
                    return one_month(self._row_year(at), month, text)
            return period_of(self._cell(*self.covered.get((at, column), (at, column))), text)
        except PeriodError as error:
            code = f"period_{error.code}" if text else "period_missing"
            self._find(at, column, code, readings=" / ".join(error.readings))
            return None

    def _row_year(self, at: int) -> int | None:
        text = self._field(at, "year")
        if not text:
            return self.year if "year" in self.layout.columns else self.layout.year or self.year
        return parse_period(text if len(text) > 2 else f"{text}年").first.year

    def _wide(self, at: int) -> None:
        label = self._label(at)
        if self._is_no_series(at, label):
            return
        self.table.rows += 1
        given = [
            column
            for column in self.layout.months
            if (at, column) in self.sheet.faults or not self._is_missing(at, column)
        ]
        if not given:
            self._ignore(at, "without a figure")
            return
        known = self._match(at, label)
        self._look_at_the_rest(at)
        factor = self._factor(at, known) if known else None
        if known is None or factor is None or not self._row_has_year(at):
            return
        values: list[Decimal] = []
        for column in given:
            month = heading_month(self.layout, column, self._row_year(at))
            value = self._value(at, column, known, factor)
            if value is None or month is None:
                continue
            values.append(value)
            self._add(at, column, known, Period(month, month), value)
        if len(values) == len(given):
            self._check_total(at, values, factor)

    def _row_has_year(self, at: int) -> bool:
        """Whether all months of a row have a year: their own, the row's, or that of the title."""
        column = self.layout.columns.get("year")
        if column is None:
            return True
        try:
            year = self._row_year(at)
        except PeriodError as error:
            self._find(at, column, f"period_{error.code}", readings=" / ".join(error.readings))
            return False
        if any(heading_month(self.layout, place, year) is None for place in self.layout.months):
            self._find(at, column, "no_year")
            return False
        return True

    def _is_no_series(self, at: int, label: str) -> bool:
        """Blank, footnote or sub-total."""
        months = [self._text(at, column) for column in self.layout.months]
        kind = self._kind(label or self._first_text(at))
        if kind == "footnote" and not any(map(looks_numeric, months)):
            self._ignore(at, "footnote")
        elif kind == "subtotal":
            self._ignore(at, "subtotal")
        elif not label and not any(map(looks_numeric, months)):
            self._ignore(at, "blank")
        else:
            return False
        return True

    def _look_at_the_rest(self, at: int) -> None:
        """Figures without a heading are a slip of the table; a column that is not read is named."""
        for column, heading in unplaced(self.sheet, self.layout, self.known, at):
            if not heading:
                self._find(at, column, "beyond_headings")
            elif column not in self.left_out:
                self.left_out.add(column)
                self._find(
                    self.layout.header_row,
                    column,
                    "column_left_out",
                    severity="warning",
                    heading=heading[:60],
                )

    def _check_total(self, at: int, values: Sequence[Decimal], factor: int) -> None:
        """A total that is neither the sum, nor the last, nor the mean of its months."""
        column = self.layout.columns.get("total")
        if column is None or not values or self._is_missing(at, column):
            return
        total = number_or_none(self._text(at, column))
        if total is None:
            return
        total *= factor
        mean = sum(values, Decimal(0)) / len(values)
        if total not in (sum(values), values[-1]) and abs(total - mean) >= Decimal("0.5"):
            self._find(
                at,
                column,
                "total_differs",
                severity="warning",
                total=plain(total),
                sum=plain(sum(values, Decimal(0))),
            )

    def _add(self, at: int, column: int, known: Known, period: Period, value: Decimal) -> None:
        text = text_of(self._cell(at, column))
        note = self._field(at, "note") if self.layout.shape == "long" else ""
        if len(note) > MOST_NOTE:
            self._find(at, self.layout.columns["note"], "note_too_long", most=str(MOST_NOTE))
        self.table.readings.append(
            Reading(self.sheet.name, at, column, text, known.key, period, value, note)
        )
