"""What stands above a table and in its sheet's name: years, a month, the unit, and other words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from indicators.spreadsheets.files import Sheet
from indicators.spreadsheets.known import normal
from indicators.spreadsheets.layout.grid import Objection, Piece
from indicators.spreadsheets.layout.headings import Heading, Span, read_heading
from indicators.spreadsheets.layout.words import Vocabulary
from indicators.spreadsheets.layout.years import (
    months_in,
    names_school_year,
    year_alone,
    years_beside,
    years_in,
)
from indicators.spreadsheets.units import BASES, is_scaled, scale_of

UNIT = re.compile(
    r"(?:單\s*位\s*(?:[:：為是]|(?=[(（]))|\bunits?\s*[:：])\s*[(（]?\s*([^\s()（）;；]+)",
    re.IGNORECASE,
)
IN_PARENTHESES = re.compile(r"[(（]([^()（）]{1,6})[)）]")


class Titles:
    """The titles of one table: every year that they and the sheet's name give must agree."""

    def __init__(
        self,
        sheet_name: str,
        pieces: Sequence[Piece],
        vocabulary: Vocabulary,
        corrections: Mapping[str, str],
    ) -> None:
        self.sheet_name, self.pieces = sheet_name, pieces
        self._vocabulary, self._corrections = vocabulary, corrections
        self._found = {
            year for piece in pieces for year in years_in(piece.text) or _row_of_year(piece)
        }
        self._of_sheet = years_in(sheet_name) or year_alone(sheet_name)
        # 資料更新：111年1月 over a sheet 110年: the sheet's name alone does not settle it.
        self._beside = {year for piece in pieces for year in years_beside(piece.text)}
        self._contradicted: Objection | None = None
        self.left_out = any(corrections.get(normal(piece.text)) == "ignore" for piece in pieces)

    @property
    def years(self) -> tuple[int, ...]:
        """All years that the titles and the sheet's name give."""
        beside = self._beside if self.year is None else set()
        return tuple(sorted(self._found | self._of_sheet | beside))

    @property
    def year(self) -> int | None:
        """The one year that they agree on."""
        agreed = self._found & self._of_sheet if self._found and self._of_sheet else ()
        years = agreed or (self._found or self._of_sheet)
        disagree = self._found and self._of_sheet and not agreed
        disagree = disagree or (not self._found and bool(self._beside - self._of_sheet))
        return next(iter(years)) if len(years) == 1 and not disagree else None

    def period(self) -> Span | None:
        """The month of a table without a column for it, as title or sheet name it."""
        texts = [piece.text for piece in self.pieces]
        found = {month for text in texts for month in months_in(text)}
        of_sheet = months_in(self.sheet_name)
        both = found & of_sheet if found and of_sheet else found or of_sheet
        if len(both) == 1:
            (month,) = both
            return Span(self.year, month, month)
        spans = {
            heading.span
            for text in (*texts, self.sheet_name)
            if (heading := read_heading(text)) and not heading.words
        }
        return next(iter(spans)) if len(spans) == 1 and not both else None

    def compare(self, headings: Sequence[tuple[Piece, Heading]]) -> None:
        """Note where the headings' own years are others than those of the titles."""
        years = self._found or self._of_sheet
        if not years or not headings:
            return
        span = range(min(years), max(years) + 1)
        inside = [heading.span.year in span for _piece, heading in headings]
        dates = [heading.span.year in span for _piece, heading in headings if heading.is_date]
        if not any(inside) or not all(dates):
            piece = headings[0][0]
            named = sorted({*years, *(found.span.year or 0 for _piece, found in headings)})
            self._contradicted = Objection(
                piece.row, piece.column, "years_differ", {"years": _listed(named)}, fatal=True
            )

    def objections(self, *, needs_year: bool = False) -> list[Objection]:
        """What of the titles is contradictory, or makes the figures others than they seem."""
        found = []
        for piece in self.pieces:
            if self._corrections.get(normal(piece.text)) in ("value", "ignore"):
                continue
            if word := self._vocabulary.changing(piece.text):
                params = {"title": piece.text[:100], "words": word}
                found.append(
                    Objection(piece.row, piece.column, "title_words", params, True, piece.text)
                )
            if needs_year and names_school_year(piece.text):
                params = {"title": piece.text[:100]}
                found.append(Objection(piece.row, piece.column, "school_year", params, True))
        if self._found and self._of_sheet and not self._found & self._of_sheet and needs_year:
            where = self.pieces[0]
            found.append(
                Objection(
                    where.row, where.column, "years_differ", {"years": _listed(self.years)}, True
                )
            )
        return [*found, self._contradicted] if self._contradicted else found


def _listed(years: Sequence[int]) -> str:
    return ", ".join(str(year) for year in years)


def _row_of_year(piece: Piece) -> set[int]:
    """The year of a cell that says nothing else; figures alone are no year above months."""
    return set() if piece.text.isdecimal() else year_alone(piece.text)


def stated_unit(sheet: Sheet, start: int, at: int) -> str:
    """The unit that a title, a heading or a footnote names; one in multiples before others."""
    above = [cell for row in sheet.rows[start : at + 1] for cell in row if isinstance(cell, str)]
    found = [match[1] for text in above for match in UNIT.finditer(text)]
    if not any(is_scaled(unit) for unit in found):
        # 單位 is an office, too, so a plain one does not end the search.
        titles = (cell for row in sheet.rows[start:at] for cell in row if isinstance(cell, str))
        found += [
            match[1]
            for text in titles
            for match in IN_PARENTHESES.finditer(text)
            if scale_of(match[1])[0] > 1 and scale_of(match[1])[1] in BASES
        ]
    if not found:
        found = [
            match[1]
            for row in sheet.rows[at + 1 :]
            for text in row
            if isinstance(text, str) and "位" in text
            for match in UNIT.finditer(text)
        ]
    return min(found, key=lambda unit: not is_scaled(unit), default="")
