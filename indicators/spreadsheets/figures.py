"""From a book to figures: each with the cell it was read from, or what is wrong with that cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.numerals import MISSING, MYRIADS, NumberError, parse_measure, plain
from indicators.periods import Period, PeriodError, parse_period
from indicators.spreadsheets.cells import (
    exact_number,
    looks_numeric,
    month_number,
    number_or_none,
    one_month,
    period_of,
)
from indicators.spreadsheets.files import Book, Cell, Sheet
from indicators.spreadsheets.known import TRAILING_UNIT, Known, normal
from indicators.spreadsheets.layouts import (
    ISO_DATE,
    Layout,
    find_layout,
    heading_month,
    month_heading,
    text_of,
)
from indicators.spreadsheets.matching import Matcher
from indicators.spreadsheets.tables import Finding, Reading, Table
from indicators.spreadsheets.units import is_alike, scale_of, units_of

__all__ = ["Finding", "Reading", "Table", "read_table"]

FOOTNOTE = re.compile(r"^(?:註|注|備註|附註|說明|資料來源|來源|※|\*|＊|note|source)", re.IGNORECASE)
SUBTOTAL = re.compile(r"^(?:合計|小計|總計|總和|累計|total|subtotal|sum)")


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
        reader = _Reader(table, sheet, layout, matcher, year, book.kind)
        reader.read()
    if not table.layouts:
        first = book.sheets[0].name if book.sheets else ""
        table.findings.append(Finding(first, 0, 0, "", "no_layout"))
    table.refuse_what_stands_twice()
    return table


@dataclass(slots=True)
class _Reader:
    """One sheet on its way into the table."""

    table: Table
    sheet: Sheet
    layout: Layout
    matcher: Matcher
    year: int | None
    kind: str
    carried: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def read(self) -> None:
        for first_row, first_column, last_row, last_column in self.sheet.merged:
            if (last_row - first_row + 1) * (last_column - first_column + 1) > 10_000:
                continue
            for row in range(first_row, last_row + 1):
                for column in range(first_column, last_column + 1):
                    self.covered[row, column] = (first_row, first_column)
        if not self._has_clear_months() or not self._has_year():
            return
        read = self._long if self.layout.shape == "long" else self._wide
        for at in range(self.layout.header_row + 1, len(self.sheet.rows)):
            if all(cell == "" for cell in self.sheet.rows[at]) and not self._faulty(at):
                continue
            read(at)

    def _faulty(self, at: int) -> bool:
        return any(row == at for row, _column in self.sheet.faults)

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

    def _find(
        self, row: int, column: int, code: str, *, severity: str = "error", **params: str
    ) -> None:
        text = text_of(self._cell(row, column))
        finding = Finding(self.sheet.name, row, column, text, code, params, severity)
        self.table.findings.append(finding)

    def _ignore(self, row: int, why: str) -> None:
        self.table.ignored.append((self.sheet.name, row, why))

    def _cell(self, row: int, column: int) -> Cell:
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else []
        return cells[column] if column < len(cells) else ""

    def _text(self, row: int, column: int | None) -> str:
        """A cell's text; of a merged cell that of its corner."""
        if column is None:
            return ""
        if self.covered:
            row, column = self.covered.get((row, column), (row, column))
        return text_of(self._cell(row, column))

    def _kind(self, label: str) -> str:
        """Whether a label is that of a footnote or of a sub-total; each is looked at once."""
        if label not in self.kinds:
            kind = "footnote" if FOOTNOTE.match(label) else ""
            self.kinds[label] = kind or ("subtotal" if SUBTOTAL.match(normal(label)) else "")
        return self.kinds[label]

    def _field(self, row: int, name: str) -> str:
        return self._text(row, self.layout.columns.get(name))

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
        factor = self._factor(at, known) if known and period else None
        if known is None or period is None or factor is None:
            return None
        value = self._value(at, column, known, factor)
        if value is not None:
            self._add(at, column, known, period, value)
        return None

    def _label_column(self, at: int) -> int:
        """The last column that names the row."""
        columns = self.layout.columns
        if self.layout.shape == "long":
            named = [columns[name] for name in ("indicator", "series") if name in columns]
        else:
            named = list(self.layout.labels)
        return next(
            (place for place in reversed(named) if self._text(at, place)), min(named or [0])
        )

    def _first_text(self, at: int) -> str:
        return next((text_of(cell) for cell in self.sheet.rows[at] if cell != ""), "")

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

    def _label(self, at: int) -> str:
        texts = [self._text(at, column) for column in self.layout.labels]
        return " ".join(dict.fromkeys(text for text in texts if text))

    def _is_no_series(self, at: int, label: str) -> bool:
        """Blank, footnote, sub-total, or the headings once more."""
        months = [self._text(at, column) for column in self.layout.months]
        kind = self._kind(label or self._first_text(at))
        if kind == "footnote" and not any(map(looks_numeric, months)):
            self._ignore(at, "footnote")
        elif kind == "subtotal":
            self._ignore(at, "subtotal")
        elif sum(month_heading(text) is not None for text in months if text) > 1:
            self._ignore(at, "heading")
        elif not label and not any(map(looks_numeric, months)):
            self._ignore(at, "blank")
        else:
            return False
        return True

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

    def _match(self, at: int, label: str) -> Known | None:
        found = self.matcher.find(label, self.carried)
        if found.known is not None:
            self.carried = found.known.indicator
            return found.known
        if found.code == "left_out":
            self._ignore(at, "by choice")
            return None
        others = "、".join(found.others)
        self._find(at, self._label_column(at), found.code, label=label[:100], candidates=others)
        return None

    def _factor(self, at: int, known: Known) -> int | None:
        """What the numbers of a row count in; None where its unit is not that of the series."""
        column, written = self._written_unit(at)
        if not written or normal(written) in units_of(known):
            return 1
        factor, unit = scale_of(written)
        if column is None and factor == 1:
            return 1
        where = self._label_column(at) if column is None else column
        if unit and not self._same_unit(at, where, unit, known):
            return None
        if factor > 1:
            self._find(
                at, where, "scaled_unit", severity="warning", unit=written, factor=f"{factor:,}"
            )
        return factor

    def _written_unit(self, at: int) -> tuple[int | None, str]:
        """The unit of a row and its column; that of the title, in no column, where it has none."""
        column = self.layout.columns.get("unit")
        if written := self._text(at, column):
            return column, written
        in_label = TRAILING_UNIT.search(self._label(at) if self.layout.labels else "")
        written = in_label[1].strip() if in_label else ""
        if normal(written) in self.matcher.units or scale_of(written)[0] > 1:
            return self._label_column(at), written
        return None, self.layout.unit

    def _same_unit(self, at: int, column: int, written: str, known: Known) -> bool:
        if not written or normal(written) in units_of(known):
            return True
        alike = is_alike(written, known)
        self._find(
            at,
            column,
            "unit_differs" if alike else "unit_wrong",
            severity="warning" if alike else "error",
            written=written,
            unit=known.unit,
        )
        return alike

    def _is_missing(self, at: int, column: int) -> bool:
        cell = self._cell(at, column)
        return isinstance(cell, str) and cell.strip().lower() in MISSING

    def _value(self, at: int, column: int, known: Known, factor: int) -> Decimal | None:
        if fault := self.sheet.faults.get((at, column)):
            self._find(at, column, fault)
            return None
        cell = self._cell(at, column)
        text = text_of(cell)
        if isinstance(cell, bool) or (isinstance(cell, str) and ISO_DATE.match(text)):
            self._find(at, column, "not_a_figure" if isinstance(cell, bool) else "date_as_value")
            return None
        value: Decimal | None
        unit = ""
        try:
            if isinstance(cell, (int, float)):
                value = exact_number(text)
            else:
                measure = parse_measure(text)
                value, unit = measure.value, measure.unit
        except NumberError as error:
            self._find(at, column, f"number_{error.code}")
            return None
        if value is None or not self._same_unit(at, column, unit, known):
            return None
        if factor > 1 and (unit or any(mark in text for mark in MYRIADS)):
            self._find(at, column, "number_ambiguous")
            return None
        if isinstance(cell, float) and known.unit == "%" and 0 < value < 1:
            self._find(at, column, "percent_as_fraction", severity="warning")
        return value * factor

    def _add(self, at: int, column: int, known: Known, period: Period, value: Decimal) -> None:
        text = text_of(self._cell(at, column))
        note = self._field(at, "note") if self.layout.shape == "long" else ""
        self.table.readings.append(
            Reading(self.sheet.name, at, column, text, known.key, period, value, note)
        )
