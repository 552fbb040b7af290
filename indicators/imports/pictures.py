"""Each sheet as its file has it, and what its columns and rows were taken for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from indicators.spreadsheets.books import Book, Sheet
from indicators.spreadsheets.known import normal
from indicators.spreadsheets.layout.grid import Grid, text_of
from indicators.spreadsheets.layout.headings import Span
from indicators.spreadsheets.layout.layouts import Layout
from indicators.spreadsheets.matching import LEFT_OUT
from indicators.spreadsheets.said import LEAVE_OUT, MONTH, SERIES, Said
from indicators.spreadsheets.tables import Table

MOST_SHEETS = 20
MOST_ROWS = 30
MOST_WRONG_ROWS = 30
MOST_COLUMNS = 20
MOST_TEXT = 60
MOST_LABEL = 100
FIGURE = "figure"


def pictures(
    book: Book, table: Table, said: Said, remembered: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The first rows and columns of every sheet, those with something wrong, and their roles.

    ``book`` is as the file has it, ``table`` what it says once ``said`` was written into it;
    ``remembered``: normalised heading or label → role, as the agency's people chose before.
    """
    return [
        _Picture(sheet, table, said, remembered).as_data() for sheet in book.sheets[:MOST_SHEETS]
    ]


class _Picture:
    """One sheet with what became of its cells."""

    def __init__(
        self, sheet: Sheet, table: Table, said: Said, remembered: Mapping[str, str]
    ) -> None:
        self.sheet, self.table, self.said, self.remembered = sheet, table, said, remembered
        self.grid = Grid(sheet)
        self.layout: Layout | None = table.layouts.get(sheet.name)
        self.keys: dict[int, set[int]] = defaultdict(set)
        self.cells: dict[tuple[int, int], str] = {}
        self.periods: dict[int, set[str]] = defaultdict(set)
        for reading in table.readings:
            if reading.sheet == sheet.name:
                self.keys[reading.row].add(reading.key)
                self.periods[reading.column].add(reading.period.iso())
                self.cells[reading.row, reading.column] = FIGURE
        self.ignored = {row: why for name, row, why in table.ignored if name == sheet.name}
        self.wrong: set[int] = set()
        for finding in table.findings:
            if finding.sheet == sheet.name:
                self.cells[finding.row, finding.column] = finding.severity
                if finding.severity == "error":
                    self.wrong.add(finding.row)

    def as_data(self) -> dict[str, Any]:
        """The sheet as the preview keeps it."""
        heading = self._heading_row()
        columns = self._columns()
        asked = dict.fromkeys(
            [text for name, text in self.table.asked if name == self.sheet.name]
            + [text for text in self.said.texts if self._has(text)]
        )
        rows = self._rows(heading)
        return {
            "sheet": self.sheet.name,
            "left_out": self.sheet.name in self.said.sheets,
            "shape": self.layout.shape if self.layout else "",
            "year": self.layout.year if self.layout else None,
            "heading": heading,
            "labels": self._labels(),
            "asked": [[text, self._chosen_text(text)] for text in asked],
            "columns": [
                [column, *self._column(heading, column)] if heading is not None else [column]
                for column in columns
            ],
            "rows": [
                [
                    row,
                    *self._row(heading, row),
                    [text_of(self.grid.cell(row, column))[:MOST_TEXT] for column in columns],
                    [self.cells.get((row, column), "") for column in columns],
                ]
                for row in rows
            ],
            "more_rows": sum(any(c != "" for c in row) for row in self.sheet.rows) - len(rows),
            "more_columns": max(0, self._width() - len(columns)),
        }

    def _width(self) -> int:
        return max((len(row) for row in self.sheet.rows), default=0)

    def _columns(self) -> list[int]:
        """The first columns, and those behind them in which something is wrong."""
        width = self._width()
        first = list(range(min(width, MOST_COLUMNS)))
        wrong = sorted({column for (_row, column), what in self.cells.items() if what == "error"})
        return first + [column for column in wrong if MOST_COLUMNS <= column < width][:MOST_COLUMNS]

    def _rows(self, heading: int | None) -> list[int]:
        """The first rows with text, and those behind them in which something is wrong."""
        filled = [at for at, row in enumerate(self.sheet.rows) if any(cell != "" for cell in row)]
        first = filled[:MOST_ROWS]
        kept = self.wrong | {one.row for one in self.said.rows if one.sheet == self.sheet.name}
        behind = [at for at in filled[MOST_ROWS:] if at in kept]
        if heading is not None and heading not in first:
            first.append(heading)
        return first + behind[:MOST_WRONG_ROWS]

    def _heading_row(self) -> int | None:
        """The row of the headings; without a table the first row with several texts."""
        if self.layout:
            return self.layout.header_row
        for one in self.said.columns:
            if one.sheet == self.sheet.name:
                return one.top
        for at, row in enumerate(self.sheet.rows[:60]):
            if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) > 1:
                return at
        return None

    def _labels(self) -> list[int]:
        """The columns that name a row."""
        if self.layout is None or self.layout.shape == "down":
            return []
        if self.layout.shape == "wide":
            return list(self.layout.labels)
        named = (self.layout.columns.get(name) for name in ("series", "indicator"))
        return sorted(column for column in named if column is not None)

    def label(self, row: int) -> str:
        """What the sheet itself calls a row."""
        texts = (text_of(self.grid.cell(row, column)) for column in self._labels())
        return " ".join(dict.fromkeys(text for text in texts if text))

    def _has(self, text: str) -> bool:
        if text == self.sheet.name:
            return True
        rows = self.sheet.rows[:60]
        return any(normal(text_of(cell)) == normal(text) for row in rows for cell in row)

    def _chosen_text(self, text: str) -> str:
        return self.said.texts.get(text, "") or self.remembered.get(normal(text), "")

    def _column(self, heading: int, column: int) -> tuple[str, str, str, bool]:
        """Heading, what the column was taken for, what was chosen, whether from memory."""
        own = text_of(self.grid.cell(heading, column)) or (
            self.layout.headings.get(column, "") if self.layout else ""
        )
        chosen = next(
            (
                one.role
                for one in self.said.columns
                if (one.sheet, one.column) == (self.sheet.name, column)
            ),
            "",
        )
        before = self.remembered.get(normal(own), "") if own and not chosen else ""
        return own[:MOST_LABEL], self._taken(column), chosen or before, bool(before)

    def _taken(self, column: int) -> str:
        layout = self.layout
        if layout is None:
            return ""
        if column in layout.months:
            return MONTH + _month(layout.months[column], layout.year)
        if column in layout.running:
            return "total"
        if column in layout.ignored:
            return LEAVE_OUT
        name = next((name for name, at in layout.columns.items() if at == column), "")
        if name:
            return name
        if column in layout.series:
            return "series"
        if column in layout.labels:
            return "label"
        periods = self.periods.get(column, set())
        return MONTH + next(iter(periods)) if len(periods) == 1 else "value" if periods else ""

    def _row(self, heading: int | None, row: int) -> tuple[str, str, str, bool, bool]:
        """Label, what the row was taken for, what was chosen, whether from memory, open to choice.

        Taken for: a series' key, why it is left out, ``heading`` or ``above``.
        """
        chosen = next(
            (one.role for one in self.said.rows if (one.sheet, one.row) == (self.sheet.name, row)),
            "",
        )
        first = self.layout.first_row if self.layout else (heading or 0) + 1
        label = self.label(row) if row >= first else ""
        before = self.remembered.get(normal(label), "") if label and not chosen else ""
        keys = self.keys.get(row, set())
        if len(keys) == 1 and self._labels():
            taken = str(next(iter(keys)))
        elif keys:
            taken = FIGURE
        elif row == heading:
            taken = "heading"
        elif row < first:
            taken = "above"
        else:
            taken = self.ignored.get(row, "")
        return label[:MOST_LABEL], taken, chosen or before, bool(before), taken != "heading"


def _month(span: Span, year: int | None) -> str:
    period = span.of(year)
    return period.iso() if period else f"{span.first:02d}"


def labels_seen(picture: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many rows of the pictures bear each label."""
    return Counter(row[1] for sheet in picture for row in sheet["rows"] if row[1])


def roles_remembered(
    corrections: Mapping[str, str], aliases: Mapping[str, int], names: Mapping[int, str]
) -> dict[str, str]:
    """Normalised heading or label → role, of what the agency's people chose before."""
    found = {normal(text): role for text, role in corrections.items()}
    for label, key in aliases.items():
        if key == LEFT_OUT:
            found[normal(label)] = LEAVE_OUT
        elif key in names:
            found[normal(label)] = SERIES + names[key]
    return found
