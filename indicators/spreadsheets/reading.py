"""One sheet as its cells are asked for: texts, labels, units and values, each with its finding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.calculation.numerals import MISSING, NumberError, parse_number
from indicators.spreadsheets.cells import column_name, exact_number
from indicators.spreadsheets.files import Cell, Sheet
from indicators.spreadsheets.known import HEADINGS, TRAILING_UNIT, Known, normal
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.layout.headings import ISO_DATE, seen
from indicators.spreadsheets.layout.layouts import Layout
from indicators.spreadsheets.matching import CODE, Matcher
from indicators.spreadsheets.tables import Finding, Table
from indicators.spreadsheets.units import BASES, SEVERAL, is_alike, is_scaled, scale_of, units_of

FOOTNOTE = re.compile(r"^(?:註|注|備註|附註|說明|資料來源|來源|※|\*|＊|note|source)", re.IGNORECASE)
SUBTOTALS = HEADINGS["total"] | {"累計", "總計", "subtotal"}


@dataclass(slots=True)
class SheetReader:
    """A sheet, how it is laid out, and the table that takes what is found."""

    table: Table
    sheet: Sheet
    layout: Layout
    matcher: Matcher
    carried: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    spread: set[tuple[int, int]] = field(default_factory=set)

    def _faulty(self, at: int) -> bool:
        return any(row == at for row, _column in self.sheet.faults)

    def _find(
        self, row: int, column: int, code: str, *, severity: str = "error", **params: str
    ) -> None:
        text = text_of(self._cell(row, column))
        self.table.find(Finding(self.sheet.name, row, column, text, code, params, severity))

    def _find_once(self, about: str, row: int, column: int, code: str, **params: str) -> None:
        """Find what holds for all rows of a label, or all cells of a column, one time."""
        if (code, about) not in self.told:
            self.told.add((code, about))
            self._find(row, column, code, **params)

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
        cell = self._cell(row, column)
        return seen(cell) if isinstance(cell, str) and not cell.isascii() else text_of(cell)

    def _kind(self, label: str) -> str:
        """Whether a label is that of a footnote or of a sub-total; each is looked at once."""
        if label not in self.kinds:
            kind = "footnote" if FOOTNOTE.match(label) else ""
            bare = TRAILING_UNIT.sub("", label)
            self.kinds[label] = kind or ("subtotal" if normal(bare) in SUBTOTALS else "")
        return self.kinds[label]

    def _field(self, row: int, name: str) -> str:
        return self._text(row, self.layout.columns.get(name))

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

    def _label(self, at: int) -> str:
        texts = [
            text
            for column in self.layout.labels
            if (text := self._text(at, column)) and not self._is_stray_figure(at, column, text)
        ]
        return " ".join(dict.fromkeys(texts))

    def _is_stray_figure(self, at: int, column: int, text: str) -> bool:
        """Whether a column before the months holds a figure, and is none that names rows."""
        named = (self.layout.columns.get(name) for name in ("indicator", "series"))
        if column in named or not text[-1].isdecimal() or CODE.search(text):
            return False
        return text.replace(",", "").replace(".", "", 1).isdecimal()

    def _match(self, at: int, column: int, label: str, unit: str = "") -> Known | None:
        """The series of a label that stands in a cell; one that has none is told once."""
        found = self.matcher.find(label, self.carried, unit)
        if found.known is not None:
            self.carried = found.known.indicator
            return found.known
        if found.code == "left_out":
            self._ignore(at, "by choice")
            return None
        code = found.code if label else "no_label"
        others = "、".join(found.others)
        self._find_once(
            label, at, column, code, label=label[:100], candidates=others, words=found.rest[:60]
        )
        return None

    def _factor(
        self, at: int, known: Known, unit: tuple[int | None, str], where: int
    ) -> int | None:
        """What the numbers of a row count in; None where its unit is not that of the series.

        ``unit``: as it is written, and its column; ``where``: the place of the row's label.
        """
        column, written = unit
        if not written or normal(written) in units_of(known):
            return 1
        factor, single = scale_of(written)
        where = where if column is None else column
        if column is None and SEVERAL.search(written):
            if is_scaled(written):
                self._find(at, where, "unit_unclear", unit=written)
            return None if is_scaled(written) else 1
        if column is None and factor == 1:
            if normal(written) in self.matcher.units or written in BASES:
                self._find(
                    at, where, "unit_differs", severity="warning", written=written, unit=known.unit
                )
            return 1
        if single and not self._same_unit(at, where, single, known):
            return None
        if factor > 1:
            self._find(
                at, where, "scaled_unit", severity="warning", unit=written, factor=f"{factor:,}"
            )
        return factor

    def _written_unit(self, at: int, label: str, where: int) -> tuple[int | None, str]:
        """The unit of a row and its column; that of the title, in no column, where it has none."""
        column = self.layout.columns.get("unit")
        if written := self._text(at, column):
            return column, written
        in_label = TRAILING_UNIT.search(label)
        written = in_label[1].strip() if in_label else ""
        if written and (normal(written) in self.matcher.units or scale_of(written)[0] > 1):
            return where, written
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

    def _number(self, at: int, column: int, known: Known) -> Decimal | None:
        """The number of a cell in its series' unit; what a program keeps as one has no unit."""
        cell = self._cell(at, column)
        text = text_of(cell)
        try:
            if isinstance(cell, (int, float)):
                return exact_number(text)
            return parse_number(text, (known.unit, *known.unit_names))
        except NumberError as error:
            if error.code == "unit":
                self._find(at, column, "unit_wrong", written=error.unit, unit=known.unit)
            else:
                offered = " / ".join(error.readings)
                self._find(at, column, f"number_{error.code}", readings=offered)
            return None

    def _value(self, at: int, column: int, known: Known, factor: int) -> Decimal | None:
        if fault := self.sheet.faults.get((at, column)):
            self._find(at, column, fault)
            return None
        if (at, column) in self.spread:
            self._find(at, column, "merged_months")
            return None
        if column in self.sheet.hidden_columns:
            name = column_name(column)
            self._find_once(name, at, column, "hidden_column", which=name)
            return None
        cell = self._cell(at, column)
        text = text_of(cell)
        if isinstance(cell, bool) or (isinstance(cell, str) and ISO_DATE.match(text)):
            self._find(at, column, "not_a_figure" if isinstance(cell, bool) else "date_as_value")
            return None
        value = self._number(at, column, known)
        if value is None:
            return None
        if factor > 1 and any(mark.isalpha() for mark in text):
            self._find(at, column, "number_ambiguous")
            return None
        if isinstance(cell, float) and known.unit == "%" and 0 < value <= 1:
            self._find(at, column, "percent_as_fraction", severity="warning")
        return value * factor
