"""The rows of one sheet: what each is, and the figures that it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.calculation.periods import Period, PeriodError
from indicators.spreadsheets.cells import (
    column_name,
    looks_numeric,
    month_number,
    one_month,
    period_of,
)
from indicators.spreadsheets.down import DownReader
from indicators.spreadsheets.layout.grid import merged_corners, text_of
from indicators.spreadsheets.layout.headings import read_heading
from indicators.spreadsheets.layout.layouts import find_layout
from indicators.spreadsheets.structure import (
    figure_columns,
    has_figures_above,
    is_heading_again,
    out_of_order,
    placed,
    repeats_headings,
    spread_figures,
)
from indicators.spreadsheets.tables import Total

MOST_ERRORS = 5000
ONE_DECIMAL, TWO_DECIMALS = re.compile(r"\d{3,4}\.1"), re.compile(r"\d{3,4}\.10")


@dataclass(slots=True)
class TableReader(DownReader):
    """One sheet on its way into the table."""

    def read(self) -> None:
        """Take the figures of all rows, and find what is wrong with others."""
        self.covered = merged_corners(self.sheet) if self.sheet.merged else {}
        if not self._can_be_read():
            return
        last, at = self.layout.header_row, self.layout.first_row - 1
        while (at := at + 1) < len(self.sheet.rows):
            if all(cell == "" for cell in self.sheet.rows[at]) and not self._faulty(at):
                continue
            if self.table.errors >= MOST_ERRORS:
                self._find(at, 0, "too_many_errors", most=f"{MOST_ERRORS:,}")
                return
            if repeats_headings(self.sheet, self.layout, at):
                self._ignore(at, "heading")
                last = at
                continue
            if self.layout.shape == "wide" and is_heading_again(self.sheet.rows[at]):
                if not self._go_on_with(at, last):
                    return
                last, at = at, self.layout.first_row - 1
                continue
            if at in self.sheet.hidden_rows and self._has_figures(at):
                self._find(at, 0, "hidden_row", which=str(at + 1))
                continue
            before = len(self.table.readings)
            getattr(self, f"_{self.layout.shape}")(at)
            if len(self.table.readings) > before:
                last = at

    def _has_figures(self, at: int) -> bool:
        """Whether a row holds something where figures stand."""
        return any(
            (at, column) in self.sheet.faults or not self._is_missing(at, column)
            for column in figure_columns(self.layout)
        )

    def _can_be_read(self) -> bool:
        layout = self.layout
        for objection in layout.objections:
            self._find(objection.row, objection.column, objection.code, **objection.params)
            if objection.asked:
                self.table.asked.append((self.sheet.name, objection.asked))
        if any(objection.fatal for objection in layout.objections):
            return False
        if layout.header_row in self.sheet.hidden_rows:
            self._find(layout.header_row, 0, "hidden_row", which=str(layout.header_row + 1))
            return False
        for column in self._names() & self.sheet.hidden_columns:
            place, name = (layout.header_row, column), column_name(column)
            self._find(*place, "hidden_names", severity="warning", which=name)
        above = has_figures_above(self.sheet, range(self.start, layout.header_row))
        if above is not None:
            self._find(above, 0, "figures_above")
        if out_of_order(layout):
            self._find(layout.header_row, min(layout.months), "months_order")
            return False
        self.known = placed(layout)
        self.spread = spread_figures(self.sheet, layout)
        self.zeros_dropped = self.is_text and self._may_have_dropped_zeros()
        return self._has_year() and self._agrees_with_unseen_years()

    def _agrees_with_unseen_years(self) -> bool:
        """Whether dates that show no year lie in the one that is named: programs add today's."""
        layout, columns = self.layout, self.layout.columns
        dated = {columns.get("period"), columns.get("month")}
        used = [
            (row, column)
            for row, column in self.sheet.shown
            if (row == layout.header_row and column in layout.months)
            or (row >= layout.first_row and column in dated)
        ]
        if not used or "year" in columns:
            return True
        agreed = self._agreed_year(*min(used))
        years = {int(text_of(self._cell(*place))[:4]) for place in used}
        if agreed is not None and years != {agreed}:
            told = ", ".join(map(str, sorted(years | {agreed})))
            self._find_once("year", *min(used), "years_differ", years=told)
        return years == {agreed}

    def _names(self) -> frozenset[int]:
        """The columns that say what the figures of a row are."""
        named = (self.layout.columns.get(name) for name in ("indicator", "series", "period"))
        return frozenset({*self.layout.labels, *(place for place in named if place is not None)})

    def _may_have_dropped_zeros(self) -> bool:
        """Whether the periods of a text were numbers: 110.1 stands in it, and 110.10 does not."""
        column = self.layout.columns.get("period", self.layout.columns.get("month"))
        if column is None:
            return False
        texts = {text_of(row[column]) for row in self.sheet.rows if column < len(row)}
        written_out = any(TWO_DECIMALS.fullmatch(text) for text in texts)
        return not written_out and any(ONE_DECIMAL.fullmatch(text) for text in texts)

    def _go_on_with(self, at: int, last: int) -> bool:
        """The headings once more, or those of a second table below the first."""
        found = find_layout(
            self.sheet, self.vocabulary, corrections=self.corrections, start=last + 1
        )
        self._ignore(at, "heading")
        if found is None or found.shape != "wide" or found.header_row != at:
            self.layout = replace(self.layout, first_row=at + 1)
            return True
        if not found.years:
            found = replace(found, year=self.layout.year, years=self.layout.years)
        self.layout = replace(found, unit=found.unit or self.layout.unit)
        self.carried, self.start = "", last + 1
        return self._can_be_read()

    def _has_year(self) -> bool:
        layout = self.layout
        if layout.shape == "down" or "year" in layout.columns:
            return True
        spans = list(layout.months.values())
        if layout.shape == "long":
            if "period" in layout.columns or "month" in layout.columns:
                return True
            if layout.period is None:
                self._find(layout.header_row, layout.columns["value"], "no_period")
                return False
            spans = [layout.period]
        if not any(span.year is None for span in spans):
            return True
        return self._agreed_year(layout.header_row, min(layout.months, default=0)) is not None

    # Long: a row a figure

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
        where = self._label_column(at)
        unit = self._written_unit(at, label, where)
        known = self._match(at, where, label, unit[1])
        period = self._period(at)
        self._look_at_the_rest(at)
        factor = self._factor(at, known, unit, where) if known and period else None
        if known is None or period is None or factor is None:
            return None
        value = self._value(at, column, known, factor)
        if value is not None:
            self._add(at, column, known, period, value=value, label=label)
        return None

    def _period(self, at: int) -> Period | None:
        columns = self.layout.columns
        if "period" not in columns and "month" not in columns and self.layout.period:
            return self.layout.period.of(self._row_year(at))
        column = columns.get("period", columns.get("month", 0))
        text = self._text(at, column)
        try:
            if "period" not in columns:
                heading, number = read_heading(text), month_number(text)
                if heading and not heading.words:
                    return heading.span.of(self._row_year(at)) or one_month(None, 1, text)
                if number:
                    return one_month(self._row_year(at), number[1], text)
            cell = self._cell(*self.covered.get((at, column), (at, column)))
            return period_of(cell, text, zeros_dropped=self.zeros_dropped)
        except PeriodError as error:
            code = f"period_{error.code}" if text else "period_missing"
            self._find(at, column, code, readings=" / ".join(error.readings))
            return None

    # Wide: months beside each other

    def _wide(self, at: int) -> None:
        layout = self.layout
        label = self._label(at)
        if self._is_no_series(at, label):
            return
        self.table.rows += 1
        given = [
            column
            for column in (*layout.months, *layout.running)
            if (at, column) in self.sheet.faults or not self._is_missing(at, column)
        ]
        if not given:
            self._ignore(at, "without a figure")
            return
        where = self._label_column(at)
        unit = self._written_unit(at, label, where)
        known = self._match(at, where, label, unit[1])
        self._look_at_the_rest(at)
        factor = self._factor(at, known, unit, where) if known else None
        if known is None or factor is None or not self._row_has_year(at):
            return
        values: list[Decimal] = []
        for column in given:
            span = layout.months.get(column) or layout.running[column]
            period = span.of(self._row_year(at))
            value = self._value(at, column, known, factor)
            if value is None or period is None:
                continue
            if column in layout.running:
                text = text_of(self._cell(at, column))
                total = Total(self.sheet.name, at, column, text, known.key, period, value)
                self.table.totals.append(total)
                continue
            values.append(value)
            self._add(at, column, known, period, value=value, label=label)
        if len(values) == sum(column in layout.months for column in given):
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
        if any(span.of(year) is None for span in self.layout.months.values()):
            self._find(at, column, "no_year")
            return False
        return True

    def _is_no_series(self, at: int, label: str) -> bool:
        """Blank, footnote or sub-total."""
        figures = [self._text(at, column) for column in self.layout.months]
        kind = self._kind(label or self._first_text(at))
        if kind == "footnote" and not any(map(looks_numeric, figures)):
            self._ignore(at, "footnote")
        elif kind == "subtotal":
            self._ignore(at, "subtotal")
        elif not label and not any(map(looks_numeric, figures)):
            self._ignore(at, "blank")
        else:
            return False
        return True
