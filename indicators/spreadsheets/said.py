"""What a person said of one file: which sheets, columns and rows are left out, or what they are.

It is written into the cells before the table is sought, as if the office had written it, so that
one reader understands both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from indicators.spreadsheets.books import Book, Cell, Sheet
from indicators.spreadsheets.known import TRAILING_UNIT, Known
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.layout.words import Vocabulary
from indicators.spreadsheets.layout.years import years_in
from indicators.spreadsheets.matching import CODE

LEAVE_OUT = "ignore"
MONTH = "month:"
"""Before the number of a month that a column is of."""
SERIES = "row:"
"""Before the name of a series, as ``8.6.1-2``, that a row or a column is of."""
HEADING_OF = {
    "indicator": "指標",
    "series": "項目",
    "period": "期間",
    "year": "年度",
    "month": "月份",
    "value": "數值",
    "note": "備註",
    "unit": "單位",
    "total": "合計",
    "aside": "序號",
}
"""What a column is → the heading that says so."""
HAS_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class ColumnSaid:
    """What a column is; ``top`` is the row of the headings. Places are counted from 0."""

    sheet: str
    top: int
    column: int
    role: str


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What a row is; ``labels`` are the columns that name it. Places are counted from 0."""

    sheet: str
    row: int
    labels: tuple[int, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one file.

    ``sheets``: those left out. ``texts``: title, heading or sheet's name → ``value`` where its
    words leave the figures what they are, ``ignore`` to leave out. ``closed``: “agency month” of
    the closed months whose figures are left out.
    """

    sheets: tuple[str, ...] = ()
    columns: tuple[ColumnSaid, ...] = ()
    rows: tuple[RowSaid, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    closed: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "sheets": list(self.sheets),
            "columns": [[one.sheet, one.top, one.column, one.role] for one in self.columns],
            "rows": [[one.sheet, one.row, list(one.labels), one.role] for one in self.rows],
            "texts": dict(self.texts),
            "closed": list(self.closed),
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Said:
        """What ``as_data`` gave."""
        return cls(
            tuple(data.get("sheets", ())),
            tuple(ColumnSaid(*one) for one in data.get("columns", ())),
            tuple(
                RowSaid(sheet, row, tuple(labels), role)
                for sheet, row, labels, role in data.get("rows", ())
            ),
            dict(data.get("texts", {})),
            tuple(data.get("closed", ())),
        )


def as_said(book: Book, said: Said, known: Sequence[Known]) -> Book:
    """The book with what a person said written into its cells; places stay what they are."""
    vocabulary = Vocabulary(known)
    sheets = []
    for sheet in book.sheets:
        if sheet.name in said.sheets:
            continue
        columns = [one for one in said.columns if one.sheet == sheet.name]
        rows = [one for one in said.rows if one.sheet == sheet.name]
        sheets.append(_Rewriting(sheet, vocabulary).of(columns, rows) if columns or rows else sheet)
    return replace(book, sheets=tuple(sheets))


class _Rewriting:
    """One sheet whose cells are written anew."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary) -> None:
        self.sheet, self.vocabulary = sheet, vocabulary
        self.rows: list[list[Cell]] = [list(row) for row in sheet.rows]
        self.merged = list(sheet.merged)
        self.faults = dict(sheet.faults)

    def of(self, columns: Iterable[ColumnSaid], rows: Iterable[RowSaid]) -> Sheet:
        """The sheet with them said."""
        for column in columns:
            if column.top < len(self.rows):
                self._column(column)
        for row in rows:
            if row.row < len(self.rows):
                self._row(row)
        return replace(self.sheet, rows=self.rows, merged=tuple(self.merged), faults=self.faults)

    def _column(self, said: ColumnSaid) -> None:
        heading = self._split((said.top, said.top), (said.column, said.column))
        if said.role == LEAVE_OUT:
            self._split((said.top, len(self.rows)), (said.column, said.column))
            for at in range(said.top, len(self.rows)):
                self._write(at, said.column, "")
        else:
            self._write(said.top, said.column, _heading(said.role, heading))
        self._spoil_merged(said.top, said.column)

    def _row(self, said: RowSaid) -> None:
        width = len(self.rows[said.row])
        self._split((said.row, said.row), (0, width))
        if said.role == LEAVE_OUT:
            for column in range(width):
                self._write(said.row, column, "")
            self.faults = {
                place: code for place, code in self.faults.items() if place[0] != said.row
            }
        elif said.labels:
            texts = {column: self._text(said.row, column) for column in said.labels}
            unit = self._unit(texts.values())
            for column, text in texts.items():
                if HAS_LETTER.search(text) or CODE.search(text):
                    self._write(said.row, column, "")
            self._write(said.row, said.labels[0], said.role.removeprefix(SERIES) + unit)

    def _unit(self, texts: Iterable[str]) -> str:
        """The unit in parentheses behind a label, which is looked at as any other."""
        found = (TRAILING_UNIT.search(text) for text in texts)
        units = [match[1] for match in found if match and self.vocabulary.is_unit(match[1])]
        return f" ({units[-1]})" if units else ""

    def _text(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return text_of(cells[column]) if column < len(cells) else ""

    def _write(self, row: int, column: int, text: str) -> None:
        cells = self.rows[row]
        if column >= len(cells):
            if not text:
                return
            cells += [""] * (column + 1 - len(cells))
        cells[column] = text
        self.faults.pop((row, column), None)

    def _split(self, rows: tuple[int, int], columns: tuple[int, int]) -> str:
        """Take merged texts apart that reach into a range; each part says what the whole said.

        Merged figures stay merged, and are no figure of any one of their cells. Returns the text of
        the range's first cell.
        """
        kept = []
        for merged in self.merged:
            first_row, first_column, last_row, last_column = merged
            inside = first_row <= rows[1] and last_row >= rows[0]
            text = self._text(first_row, first_column) if first_row < len(self.rows) else ""
            if not inside or first_column > columns[1] or last_column < columns[0]:
                kept.append(merged)
            elif not text or HAS_LETTER.search(text):
                for at in range(first_row, min(last_row, len(self.rows) - 1) + 1):
                    for column in range(first_column, last_column + 1):
                        self._write(at, column, text)
            else:
                kept.append(merged)
        self.merged = kept
        return self._text(rows[0], columns[0])

    def _spoil_merged(self, top: int, column: int) -> None:
        """A figure merged over a column of which something is said stays refused."""
        for first_row, first_column, _last_row, last_column in self.merged:
            if top < first_row < len(self.rows) and first_column <= column <= last_column:
                self.faults[first_row, first_column] = "merged_months"


def _heading(role: str, own: str) -> str:
    """The heading that says what a column is; a month keeps the year of its own heading."""
    if role.startswith(MONTH):
        years = years_in(own)
        year = f"{next(iter(years))}年" if len(years) == 1 else ""
        return f"{year}{role.removeprefix(MONTH)}月"
    return HEADING_OF.get(role) or role.removeprefix(SERIES)
