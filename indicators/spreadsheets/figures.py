"""From a book to figures: each with the cell it was read from, or what is wrong with that cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indicators.spreadsheets.files import Book, Sheet
from indicators.spreadsheets.known import Known, normal
from indicators.spreadsheets.layout.grid import numbers_in, text_of
from indicators.spreadsheets.layout.layouts import find_layout
from indicators.spreadsheets.layout.words import Vocabulary
from indicators.spreadsheets.matching import Matcher
from indicators.spreadsheets.rows import TableReader
from indicators.spreadsheets.structure import sides_in_another_order, sides_of
from indicators.spreadsheets.tables import Finding, Reading, Table

__all__ = ["Finding", "Reading", "Table", "read_table"]

MOST_SCANNED = 1000


def read_table(
    book: Book,
    known: Sequence[Known],
    *,
    corrections: Mapping[str, str] | None = None,
    aliases: Mapping[str, int] | None = None,
    year: int | None = None,
) -> Table:
    """Read every sheet that has a table of figures.

    ``corrections``: what a person said of a heading, a title or a sheet's name: text → field, or
    ``ignore`` to leave it out; ``value`` says that its words leave the figures what they are.
    ``aliases``: label of a row → key. ``year``: of months whose year the sheet does not name.
    """
    chosen = {normal(text): name for text, name in (corrections or {}).items()}
    vocabulary = Vocabulary(known)
    reader = _Book(Table(), Matcher(known, aliases, vocabulary), vocabulary, chosen, year)
    for sheet in book.sheets:
        reader.read(sheet, is_text=book.kind == "csv")
    table = reader.table
    if not table.layouts and not table.errors:
        first = book.sheets[0].name if book.sheets else ""
        table.find(Finding(first, 0, 0, "", "no_layout"))
    for name in book.hidden:
        table.find(Finding(name, 0, 0, "", "hidden_sheet", {"sheet": name}, severity="warning"))
    table.refuse_what_stands_twice()
    table.compare_totals()
    return table


class _Book:
    """The sheets of a book on their way into one table."""

    def __init__(
        self,
        table: Table,
        matcher: Matcher,
        vocabulary: Vocabulary,
        corrections: Mapping[str, str],
        year: int | None,
    ) -> None:
        self.table, self.matcher, self.vocabulary = table, matcher, vocabulary
        self.corrections, self.year = corrections, year
        self._left_out: list[Finding] = []

    def read(self, sheet: Sheet, *, is_text: bool) -> None:
        """Read one sheet, or say why it is not."""
        chosen = self.corrections.get(normal(sheet.name), "") if sheet.name else ""
        if chosen == "ignore" or not sheet.rows:
            return
        layout = find_layout(sheet, self.vocabulary, corrections=self.corrections)
        word = self.vocabulary.changing(sheet.name) if chosen != "value" else ""
        if layout is None:
            self._without_a_table(sheet)
        elif word:
            self.table.layouts[sheet.name] = layout
            self._object(sheet, "sheet_words", words=word)
        elif not layout.left_out:
            self.table.layouts[sheet.name] = layout
            if layout.sides and (at := sides_in_another_order(sheet, layout)) is not None:
                self._object(sheet, "sides_order", row=at, line=str(at + 1))
                return
            parts = list(sides_of(sheet, layout)) if layout.sides else [sheet]
            for part in parts:
                self._read_part(part, is_text=is_text and len(parts) == 1)

    def _read_part(self, sheet: Sheet, *, is_text: bool) -> None:
        layout = find_layout(sheet, self.vocabulary, corrections=self.corrections)
        if layout is None:
            self._without_a_table(sheet)
            return
        TableReader(
            self.table,
            sheet,
            layout,
            self.matcher,
            vocabulary=self.vocabulary,
            year=self.year,
            corrections=self.corrections,
            is_text=is_text,
        ).read()

    def _without_a_table(self, sheet: Sheet) -> None:
        """Numbers of a sheet in which no table is found are never left aside unsaid."""
        rows = sheet.rows[:MOST_SCANNED]
        if not any(len(list(numbers_in(row))) > 1 for row in rows):
            return
        at = next((at for at, row in enumerate(rows) if any(cell != "" for cell in row)), 0)
        if sheet.name:
            self._object(sheet, "sheet_left_out", row=at)
        else:
            self.table.find(Finding("", at, 0, "", "no_layout"))

    def _object(self, sheet: Sheet, code: str, row: int = 0, **params: str) -> None:
        first = text_of(sheet.rows[row][0]) if sheet.rows[row] else ""
        self.table.asked.append((sheet.name, sheet.name))
        params["sheet"] = sheet.name
        self.table.find(Finding(sheet.name, row, 0, first, code, params))
