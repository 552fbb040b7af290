"""What a row gives beside its figures: other columns, totals, years; and the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.calculation.numerals import plain
from indicators.calculation.periods import Period, parse_period
from indicators.spreadsheets.cells import number_or_none
from indicators.spreadsheets.known import Known, normal
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.layout.words import WHOLE, Vocabulary
from indicators.spreadsheets.reading import SheetReader
from indicators.spreadsheets.structure import has_another_length, unplaced
from indicators.spreadsheets.tables import Reading, agrees

MOST_NOTE = 300
FAR_YEARS = 30


@dataclass(slots=True)
class RowReader(SheetReader):
    """A sheet whose rows give figures to the table."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    year: int | None = None
    corrections: Mapping[str, str] = field(default_factory=dict)
    is_text: bool = False
    start: int = 0
    known: frozenset[int] = frozenset()
    zeros_dropped: bool = False

    def _agreed_year(self, at: int, column: int) -> int | None:
        """The year of months without one: that of the titles, or that which a person gave."""
        named, given = self.layout.year, self.year
        if named is not None and given is not None and named != given:
            self._find_once("year", at, column, "years_differ", years=f"{named}, {given}")
            return None
        if named is None and given is None:
            years = ", ".join(str(year) for year in self.layout.years)
            self._find_once("year", at, column, "no_year", years=years)
        return named or given

    def _row_year(self, at: int) -> int | None:
        text = self._field(at, "year")
        if not text:
            return self.year if "year" in self.layout.columns else self.layout.year or self.year
        return parse_period(text if len(text) > 2 else f"{text}年").first.year

    def _look_at_the_rest(self, at: int) -> None:
        """What stands in a column that nobody knows is told; a note of a wide table is named."""
        if self.is_text and has_another_length(self.sheet, self.layout, at):
            self._find(at, self._label_column(at), "row_length", line=str(at + 1))
            return
        for column in (*unplaced(self.sheet, self.known, at), *self._stray_figures(at)):
            heading = self.layout.headings.get(column, "")
            if not heading:
                self._find(at, column, "beyond_headings")
            elif column == self.layout.columns.get("note"):
                self._tell_once(column, "column_left_out", "warning", heading)
            elif normal(self._text(at, column)) not in WHOLE:
                self._tell_once(column, "column_unknown", "error", heading)

    def _stray_figures(self, at: int) -> list[int]:
        return [
            column
            for column in self.layout.labels
            if (text := self._text(at, column)) and self._is_stray_figure(at, column, text)
        ]

    def _tell_once(self, column: int, code: str, severity: str, heading: str) -> None:
        if (code, heading) not in self.told:
            self.told.add((code, heading))
            row = self.layout.header_row
            self._find(row, column, code, severity=severity, heading=heading[:60])

    def _check_total(self, at: int, values: Sequence[Decimal], factor: int) -> None:
        """A total that is neither the sum, nor the last, nor the mean of its months."""
        column = self.layout.columns.get("total")
        if column is None or not values or self._is_missing(at, column):
            return
        total = number_or_none(self._text(at, column))
        if total is not None and not agrees(total * factor, list(values)):
            sums = plain(sum(values, Decimal(0)))
            shown = plain(total * factor)
            self._find(at, column, "total_differs", severity="warning", total=shown, sum=sums)

    def _add(
        self, at: int, column: int, known: Known, period: Period, *, value: Decimal, label: str
    ) -> None:
        text = text_of(self._cell(at, column))
        note = self._field(at, "note") if self.layout.shape == "long" else ""
        if len(note) > MOST_NOTE:
            self._find(at, self.layout.columns["note"], "note_too_long", most=str(MOST_NOTE))
        if known.years and not (
            known.years[0] - FAR_YEARS <= period.first.year
            and period.last.year <= known.years[1] + FAR_YEARS
        ):
            first, last = known.years
            self._find_once(
                f"{known.key} {period.first.year}",
                at,
                column,
                "year_far",
                year=str(period.first.year),
                first=str(first),
                last=str(last),
            )
        mark = self.layout.marks.get(column, "")
        self.table.readings.append(
            Reading(self.sheet.name, at, column, text, known.key, period, value, note, label, mark)
        )
