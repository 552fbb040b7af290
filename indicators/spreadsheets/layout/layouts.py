"""Layouts: where a sheet keeps its figures, found by looking at it.

*Long*: a row a figure, under headings; where no column names the period, the title does. *Wide*:
months beside each other, as offices keep them, below a title with the year. *Down*: a row a period,
a column a series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.spreadsheets.files import Sheet
from indicators.spreadsheets.known import TRAILING_UNIT, normal
from indicators.spreadsheets.layout.grid import Grid, Objection, Piece
from indicators.spreadsheets.layout.headings import Span, read_heading
from indicators.spreadsheets.layout.months import (
    MOST_ROWS_OF_HEADINGS,
    NAMING,
    HeadingRow,
    Months,
    not_understood,
)
from indicators.spreadsheets.layout.titles import Titles, stated_unit
from indicators.spreadsheets.layout.words import Vocabulary

ROWS_LOOKED_AT = 60
FEWEST_MONTHS = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the figures of a sheet stand; rows and columns are counted from 0.

    ``first_row``: the first below the headings. ``columns``: field → column. ``months``: column →
    the months of its heading; ``running``: the same of totals since January, which are compared and
    not read. ``series``: column → its heading, of a table with periods down. ``year``: the one that
    title and sheet name, ``years``: all of them. ``period``: that of a table without a column for
    it. ``labels``: the columns that name a row. ``marks``: column → p, r or e. ``sides``: the
    columns at which tables beside the first begin. ``left_out``: as a person chose for its title.
    """

    shape: str
    header_row: int
    first_row: int
    columns: Mapping[str, int]
    months: Mapping[int, Span] = field(default_factory=dict)
    running: Mapping[int, Span] = field(default_factory=dict)
    series: Mapping[int, str] = field(default_factory=dict)
    year: int | None = None
    years: tuple[int, ...] = ()
    period: Span | None = None
    labels: tuple[int, ...] = ()
    headings: Mapping[int, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()
    unit: str = ""
    marks: Mapping[int, str] = field(default_factory=dict)
    sides: tuple[int, ...] = ()
    objections: tuple[Objection, ...] = ()
    left_out: bool = False


def find_layout(
    sheet: Sheet,
    vocabulary: Vocabulary | None = None,
    *,
    corrections: Mapping[str, str] | None = None,
    start: int = 0,
) -> Layout | None:
    """The layout of a sheet from a row on; None where there is no table of figures.

    ``corrections``: normalised heading → field, as a person corrected it.
    """
    finder = _Finder(Grid(sheet), vocabulary or Vocabulary(), corrections or {}, start)
    last = min(len(sheet.rows), start + ROWS_LOOKED_AT)
    return next((found for at in range(start, last) if (found := finder.at(at))), None)


@dataclass(slots=True)
class _Finder:
    grid: Grid
    vocabulary: Vocabulary
    corrections: Mapping[str, str]
    start: int

    def at(self, at: int) -> Layout | None:
        row = self._row(at)
        if self._is_wide(row):
            return self._wide(row)
        if row.names_rows and "value" in row.fields:
            dated = "period" in row.fields or "month" in row.fields
            if dated or not self._has_months_below(at):
                return self._long(row)
        return self._down(row) if self._is_down(row) else None

    def _row(self, at: int) -> HeadingRow:
        texts = {
            column: piece
            for column in range(self.grid.width(at))
            if (piece := self.grid.piece(at, column)).text
        }
        row = HeadingRow(at, texts, {}, {}, {}, set(), [])
        for column, piece in texts.items():
            chosen = self.corrections.get(normal(piece.text), "")
            if chosen == "ignore":
                row.ignored.add(column)
                continue
            heading = read_heading(self.grid.cell(at, column))
            name, rest = (chosen, "") if chosen else self.vocabulary.field(piece.text)
            if heading and (not chosen or chosen == "value"):
                row.months[column] = heading
            elif name:
                self._place(row, name, column, piece, rest)
        return row

    def _place(self, row: HeadingRow, name: str, column: int, piece: Piece, rest: str) -> None:
        """Note what a column is; of two for one thing neither is taken unseen."""
        row.named[column] = name
        if rest:
            row.objections.append(not_understood(piece, rest))
        if name not in row.fields:
            row.fields[name] = column
        elif name in ("value", "period", "month", "year") and piece != row.texts[row.fields[name]]:
            first = row.texts[row.fields[name]].text
            row.objections.append(
                Objection(
                    piece.row, piece.column, "column_twice", {"heading": piece.text, "first": first}
                )
            )

    def _is_wide(self, row: HeadingRow) -> bool:
        spans = {(heading.span, heading.words) for heading in row.months.values()}
        return len(spans) >= (1 if row.names_rows else FEWEST_MONTHS)

    def _has_months_below(self, at: int) -> bool:
        below = range(at + 1, min(at + MOST_ROWS_OF_HEADINGS, len(self.grid.sheet.rows)))
        return any(self._is_wide(row) and row.months for row in map(self._row, below))

    def _is_down(self, row: HeadingRow) -> bool:
        if row.names_rows or "value" in row.fields or row.months or len(row.texts) < 2:
            return False
        column = self._column_of_periods(row)
        below = self.grid.sheet.rows[row.at + 1 : row.at + 8]
        named = [cells[column] for cells in below if column < len(cells)]
        dated = sum(read_heading(cell) is not None for cell in named)
        return dated >= (1 if {"period", "month"} & set(row.fields) else FEWEST_MONTHS)

    def _column_of_periods(self, row: HeadingRow) -> int:
        return row.fields.get("period", row.fields.get("month", 0))

    # The three shapes

    def _long(self, row: HeadingRow) -> Layout:
        titles = self._titles(row.at, [])
        dated = "period" in row.fields or "month" in row.fields
        value = row.texts[row.fields["value"]].text
        heading = TRAILING_UNIT.search(value)
        unit = heading[1] if heading and self.vocabulary.is_unit(heading[1]) else ""
        return Layout(
            "long",
            row.at,
            row.at + 1,
            row.fields,
            year=titles.year,
            years=titles.years,
            period=None if dated else titles.period(),
            headings={column: piece.text for column, piece in row.texts.items()},
            ignored=frozenset(row.ignored) | _columns_of(row, "aside") | self._running_beside(row),
            unit=unit or stated_unit(self.grid.sheet, self.start, row.at),
            sides=_sides(row),
            objections=(*row.objections, *titles.objections()),
            left_out=titles.left_out,
        )

    def _running_beside(self, row: HeadingRow) -> frozenset[int]:
        """Totals since January beside a value: headed so, and by nothing else."""
        roles = {column: self.vocabulary.role(piece.text) for column, piece in row.texts.items()}
        return frozenset(column for column, found in roles.items() if found == ("running", ""))

    def _down(self, row: HeadingRow) -> Layout:
        titles = self._titles(row.at, [])
        column = self._column_of_periods(row)
        fields = {"period": column} | row.fields
        taken = {*fields.values(), *row.ignored, *_columns_of(row, "aside")}
        return Layout(
            "down",
            row.at,
            row.at + 1,
            fields,
            series={at: piece.text for at, piece in row.texts.items() if at not in taken},
            year=titles.year,
            years=titles.years,
            headings={at: piece.text for at, piece in row.texts.items()},
            ignored=frozenset(row.ignored) | _columns_of(row, "aside"),
            unit=stated_unit(self.grid.sheet, self.start, row.at),
            objections=(*row.objections, *titles.objections(needs_year=True)),
            left_out=titles.left_out,
        )

    def _wide(self, row: HeadingRow) -> Layout:
        first = min(row.months)
        above = self._rows_above(row, first)
        self._fields_above(row, above, first)
        months = Months(self.grid, row, above, self.vocabulary, self.corrections)
        titles = self._titles(row.at, above, first)
        titles.compare(months.headings())
        apart = {"unit", "note", "total", "year", "aside", "value"}
        outside = {column for column, name in row.named.items() if name in apart} | row.ignored
        return Layout(
            "wide",
            row.at,
            months.last_row + 1,
            row.fields,
            months.actual,
            months.running,
            year=titles.year,
            years=titles.years,
            labels=tuple(column for column in range(first) if column not in outside),
            headings={column: piece.text for column, piece in row.texts.items()},
            ignored=frozenset(row.ignored | months.ignored) | _columns_of(row, "aside"),
            unit=months.unit or stated_unit(self.grid.sheet, self.start, row.at),
            marks=months.marks,
            sides=_sides(row),
            objections=(
                *row.objections,
                *months.objections,
                *titles.objections(needs_year=months.need_year()),
            ),
            left_out=titles.left_out,
        )

    def _titles(self, at: int, above: list[int], first: int = 0) -> Titles:
        rows = range(self.start, at)
        pieces = [
            piece
            for row in rows
            for piece in self.grid.pieces(row)
            if row not in above or piece.column < first
        ]
        return Titles(self.grid.sheet.name, pieces, self.vocabulary, self.corrections)

    def _rows_above(self, row: HeadingRow, first: int) -> list[int]:
        """The rows right above the months that belong to the headings, the nearest first."""
        found = []
        for at in range(row.at - 1, max(self.start - 1, row.at - MOST_ROWS_OF_HEADINGS), -1):
            pieces = self.grid.pieces(at)
            alone = pieces and pieces[0].column >= first and self.grid.is_merged_across(pieces[0])
            if len(pieces) < 2 and not alone:
                break
            found.append(at)
        return found

    def _fields_above(self, row: HeadingRow, above: list[int], first: int) -> None:
        """What columns are whose heading stands in a row above the months."""
        for at in above:
            for piece in self.grid.pieces(at):
                column = piece.column
                if column in row.texts:
                    continue
                if self.corrections.get(normal(piece.text)) == "ignore":
                    row.ignored.add(column)
                    row.texts[column] = piece
                    continue
                name, rest = self.vocabulary.field(piece.text)
                name = self.corrections.get(normal(piece.text), name)
                if name:
                    row.texts[column] = piece
                    self._place(row, name, column, piece, rest)


def _columns_of(row: HeadingRow, name: str) -> frozenset[int]:
    return frozenset(column for column, found in row.named.items() if found == name)


def _sides(row: HeadingRow) -> tuple[int, ...]:
    """Where the columns that name rows come once more, behind those of figures."""
    found, behind = [], False
    for column in sorted(row.texts):
        if column in row.months or row.named.get(column) == "value":
            behind = True
        elif behind and row.named.get(column) in NAMING:
            found.append(column)
            behind = False
    return tuple(found)
