"""The columns of months: their own headings, the words above and those below them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from indicators.spreadsheets.known import normal
from indicators.spreadsheets.layout.grid import Grid, Objection, Piece
from indicators.spreadsheets.layout.headings import Heading, Span
from indicators.spreadsheets.layout.words import Vocabulary
from indicators.spreadsheets.layout.years import year_alone, years_in

NAMING = ("indicator", "series")
MOST_ROWS_OF_HEADINGS = 4


@dataclass(slots=True)
class HeadingRow:
    """A row on trial as that of the headings."""

    at: int
    texts: dict[int, Piece]
    fields: dict[str, int]
    named: dict[int, str]
    months: dict[int, Heading]
    ignored: set[int]
    objections: list[Objection]

    @property
    def names_rows(self) -> bool:
        """Whether a column names what a row is about."""
        return any(name in self.fields for name in NAMING)


def not_understood(piece: Piece, rest: str) -> Objection:
    """A heading of which words are left that nobody has said the meaning of."""
    return Objection(
        piece.row,
        piece.column,
        "heading_words",
        {"heading": piece.text[:60], "words": rest[:40]},
        asked=piece.text,
    )


class Months:
    """The columns of months: their own headings, the words above and those below them."""

    def __init__(
        self,
        grid: Grid,
        row: HeadingRow,
        above: list[int],
        vocabulary: Vocabulary,
        corrections: Mapping[str, str],
    ) -> None:
        self.grid, self.vocabulary, self.corrections = grid, vocabulary, corrections
        self.row, self.above, self.first = row, above, min(row.months)
        self.actual: dict[int, Span] = {}
        self.running: dict[int, Span] = {}
        self.ignored: set[int] = set()
        self.marks: dict[int, str] = {}
        self.objections: list[Objection] = []
        self._units: dict[str, Piece] = {}
        self._objected: set[str] = set()
        self._found = dict(row.months)
        self.last_row = self._last_row_of_headings()
        self._inherit()
        for column in sorted(self._found):
            self._take(column)
        self._move_totals()
        if self.running and not self.actual and not self.objections:
            column = min(self.running)
            piece = self.row.texts[min(self.row.months)]
            above_it = [p for at in above if (p := self.grid.over(at, column, self.first))]
            said = next(
                (p for p in above_it if self.vocabulary.role(p.text)[0] == "running"), piece
            )
            self.objections.append(
                Objection(
                    said.row,
                    said.column,
                    "running_only",
                    {"heading": said.text[:60]},
                    fatal=True,
                    asked=said.text,
                )
            )

    @property
    def unit(self) -> str:
        """The unit that all of them name."""
        return next(iter(self._units), "") if len(self._units) == 1 else ""

    def headings(self) -> list[tuple[Piece, Heading]]:
        """Headings with a year of their own."""
        return [
            (self.row.texts[column], heading)
            for column, heading in self.row.months.items()
            if heading.span.year
        ]

    def need_year(self) -> bool:
        """Whether a month has no year of its own."""
        return any(span.year is None for span in (*self.actual.values(), *self.running.values()))

    def _last_row_of_headings(self) -> int:
        """The last row below the months that holds their units, or words such as 本月 and 累計."""
        last, rows = self.row.at, self.grid.sheet.rows
        for at in range(self.row.at + 1, min(self.row.at + MOST_ROWS_OF_HEADINGS, len(rows))):
            pieces = self.grid.pieces(at)
            if not pieces or any(piece.column < self.first for piece in pieces):
                break
            cells = rows[at]
            wordy = all(isinstance(cells[p.column], str) and not _has_digit(p.text) for p in pieces)
            if not wordy or all(piece.text in "-－—…" for piece in pieces):
                break
            last = at
        return last

    def _inherit(self) -> None:
        """A column without a heading of its own, with words below, belongs to the month before."""
        if self.last_row == self.row.at:
            return
        below = {
            p.column
            for at in range(self.row.at + 1, self.last_row + 1)
            for p in self.grid.pieces(at)
        }
        for column in sorted(below):
            if column not in self.row.texts and column - 1 in self._found:
                self._found[column] = self._found[column - 1]
                self.row.texts[column] = self.row.texts[column - 1]

    def _take(self, column: int) -> None:
        """Take a column for figures or running totals, where all that is said of it is known."""
        heading = self._found[column]
        span, role = heading.span, "actual"
        for piece, words in self._said(column, heading):
            chosen = self.corrections.get(normal(piece.text), "")
            found, rest = "actual", ""
            if chosen not in ("value", "ignore") and not piece.text.isdecimal():
                found, rest = self.vocabulary.role(words)
            if rest:
                self._object(piece, rest)
            if rest or chosen == "ignore" or self._has_another_year(span, piece):
                self.ignored.add(column)
                return
            role = "running" if "running" in (found, role) else role
            if self.vocabulary.is_unit(words):
                self._units.setdefault(words.strip("()（）[] "), piece)
            span = replace(span, year=span.year or self._year_of(piece))
        if heading.mark:
            self.marks[column] = heading.mark
        if role == "running":
            self.running[column] = Span(span.year, 1, span.last)
        else:
            self.actual[column] = span

    def _said(self, column: int, heading: Heading) -> list[tuple[Piece, str]]:
        """What is written above, in and below a month's heading beside the month."""
        above = (self.grid.over(at, column, self.first) for at in self.above)
        below = (self.grid.piece(at, column) for at in range(self.row.at + 1, self.last_row + 1))
        said = [(piece, piece.text) for piece in (*above, *below) if piece and piece.text]
        return [(self.row.texts[column], heading.words), *said] if heading.words else said

    def _object(self, piece: Piece, rest: str) -> None:
        if piece.text not in self._objected:
            self._objected.add(piece.text)
            self.objections.append(not_understood(piece, rest))

    def _year_of(self, piece: Piece) -> int | None:
        years = year_alone(piece.text) or years_in(piece.text)
        return next(iter(years)) if len(years) == 1 else None

    def _has_another_year(self, span: Span, piece: Piece) -> bool:
        year = self._year_of(piece)
        if year is None or span.year in (None, year):
            return False
        params = {"years": f"{span.year}, {year}"}
        self.objections.append(
            Objection(piece.row, piece.column, "years_differ", params, fatal=True)
        )
        return True

    def _move_totals(self) -> None:
        """A quarter beside its months, or 1-10月 beside 10月, is a total and no further figure."""
        for column, span in list(self.actual.items()):
            finer = [
                other
                for at, other in self.actual.items()
                if at != column
                and other.year == span.year
                and span.first <= other.first
                and other.last <= span.last
                and other != span
            ]
            if finer:
                self.running[column] = self.actual.pop(column)


def _has_digit(text: str) -> bool:
    return re.search(r"\d", text) is not None
