"""Tables with periods down: a row a period, a column a series."""

from __future__ import annotations

from dataclasses import dataclass, field

from indicators.calculation.periods import Period, PeriodError
from indicators.spreadsheets.beside import RowReader
from indicators.spreadsheets.cells import looks_numeric, month_number, period_of
from indicators.spreadsheets.known import Known
from indicators.spreadsheets.layout.headings import Span, read_heading
from indicators.spreadsheets.layout.years import year_alone


@dataclass(slots=True)
class DownReader(RowReader):
    """A sheet that may have its periods down: bare months follow the year that begins them."""

    of_column: dict[int, Known | None] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    down_year: int | None = None
    down_month: int = 0

    def _down(self, at: int) -> None:
        layout = self.layout
        column = layout.columns["period"]
        text = self._text(at, column)
        given = [
            place
            for place in layout.series
            if (at, place) in self.sheet.faults or not self._is_missing(at, place)
        ]
        kind = self._kind(text)
        words = {place: self._text(at, place) for place in given}
        if not text and given and all(map(self.vocabulary.is_unit, words.values())):
            self.units |= {place: word.strip("()（）[] ") for place, word in words.items()}
            return
        if (
            not given
            or kind == "subtotal"
            or (kind and not any(map(looks_numeric, words.values())))
        ):
            self._ignore(at, kind or "without a figure")
            if not given and (years := year_alone(text)):
                (self.down_year,), self.down_month = years, 0
            return
        self.table.rows += 1
        period = self._down_period(at, column, text)
        self._look_at_the_rest(at)
        if period is None:
            return
        for place in given:
            self._down_cell(at, place, period)

    def _down_cell(self, at: int, column: int, period: Period) -> None:
        label, top = self.layout.series[column], self.layout.header_row
        if column not in self.of_column:
            unit = self._unit_of_column(column)[1]
            self.of_column[column] = self._match(top, column, label, unit)
        known = self.of_column[column]
        if known is None:
            return
        factor = self._factor(top, known, self._unit_of_column(column), column)
        value = None if factor is None else self._value(at, column, known, factor)
        if value is not None:
            self._add(at, column, known, period, value=value, label=label)

    def _unit_of_column(self, column: int) -> tuple[int | None, str]:
        if column in self.units:
            return column, self.units[column]
        return self._written_unit(self.layout.header_row, self.layout.series[column], column)

    def _down_period(self, at: int, column: int, text: str) -> Period | None:
        """The period of a row; bare months follow each other below the year that begins them."""
        try:
            given = self._row_year(at) if self._field(at, "year") else None
            heading = read_heading(self._cell(at, column)) or self._numbered_month(text)
            if isinstance(heading, Span):
                return self._of_running_year(at, column, heading, given)
            if heading and not heading.words:
                return self._of_running_year(at, column, heading.span, given)
            if years := year_alone(text):
                (self.down_year,), self.down_month = years, 0
                if self._has_months():
                    self._ignore(at, "subtotal")
                    return None
            cell = self._cell(at, column)
            return period_of(cell, text, zeros_dropped=self.zeros_dropped)
        except PeriodError as error:
            code = f"period_{error.code}" if text else "period_missing"
            self._find(at, column, code, readings=" / ".join(error.readings))
            return None

    def _numbered_month(self, text: str) -> Span | None:
        number = month_number(text) if "month" in self.layout.columns else None
        return Span(None, number[1], number[1]) if number else None

    def _of_running_year(
        self, at: int, column: int, span: Span, given: int | None
    ) -> Period | None:
        if span.year or given:
            self.down_year = span.year or given
        elif self.down_year and span.first <= self.down_month:
            self._find(at, column, "months_order")
            return None
        self.down_month = span.last
        year = self.down_year or self._agreed_year(at, column)
        return span.of(year)

    def _has_months(self) -> bool:
        column = self.layout.columns["period"]
        rows = self.sheet.rows[self.layout.first_row :]
        return any(column < len(row) and read_heading(row[column]) for row in rows)
