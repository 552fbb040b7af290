"""A block of a spreadsheet, as it was pasted: which of its cells is which series and month.

What the block leaves unsaid (headings, labels) is completed from the place where it was pasted, and
the whole is read as any spreadsheet is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from indicators.calculation.numerals import MISSING
from indicators.calculation.periods import Month
from indicators.spreadsheets.cells import number_or_none
from indicators.spreadsheets.figures import Finding, Table, read_table
from indicators.spreadsheets.files import Book, Sheet
from indicators.spreadsheets.known import Known, normal
from indicators.spreadsheets.layout.headings import read_heading
from indicators.spreadsheets.layout.layouts import Layout, find_layout
from indicators.spreadsheets.layout.words import Vocabulary
from indicators.spreadsheets.layout.years import years_in
from indicators.spreadsheets.matching import CODE, LEFT_OUT
from indicators.spreadsheets.tables import Total

HEADINGS_LOOKED_AT = 10
LABELS_LOOKED_AT = 4
TOTAL = "合計"
NOUGHT = "0"


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a block was pasted: the series from the active row on and the months from its column.

    ``series``: the keys of the rows in their order, None for one that takes no figures.
    """

    series: Sequence[int | None]
    months: Sequence[Month]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said of rows and columns: its series or month, None to leave it out."""

    rows: Mapping[int, int | None] = field(default_factory=dict)
    columns: Mapping[int, Month | None] = field(default_factory=dict)


@dataclass(slots=True)
class Block:
    """A block as it was understood; rows and columns are those of the block, counted from 0.

    ``first``: the first row below its headings. ``labels``: the columns that name a row.
    ``places``: cell → key of its series and month; ``values``: what was read of them. ``findings``
    about cells of the block, ``general`` about what is none of its cells. ``totals`` are since
    January, to be compared. ``by_place``: whether
    place alone says what everything is. ``wide``: whether a row is a series and a column a month.
    ``years``: the years that it names.
    """

    rows: list[list[str]]
    first: int = 0
    labels: tuple[int, ...] = ()
    places: dict[tuple[int, int], tuple[int, Month]] = field(default_factory=dict)
    values: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    general: list[Finding] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    by_place: bool = False
    wide: bool = True
    years: frozenset[int] = frozenset()

    def series_of(self, row: int) -> int | None:
        """The series of a row, None where it has none or several."""
        keys = {key for (at, _column), (key, _month) in self.places.items() if at == row}
        return next(iter(keys)) if len(keys) == 1 else None

    def month_of(self, column: int) -> Month | None:
        """The month of a column, None where it has none or several."""
        months = {month for (_row, at), (_key, month) in self.places.items() if at == column}
        return next(iter(months)) if len(months) == 1 else None

    @property
    def columns(self) -> range:
        """All its columns."""
        return range(len(self.rows[0]) if self.rows else 0)

    @property
    def figure_rows(self) -> list[int]:
        """The rows below the headings with anything in them."""
        return [at for at in range(self.first, len(self.rows)) if any(self.rows[at])]

    def heading(self, column: int) -> str:
        """What its own headings call a column."""
        texts = [row[column] for row in self.rows[: self.first] if row[column]]
        return texts[-1] if texts else ""

    def label(self, row: int) -> str:
        """What the block calls a row."""
        return " ".join(text for column in self.labels if (text := self.rows[row][column]))


def read_block(
    rows: Sequence[Sequence[str]],
    known: Sequence[Known],
    aim: Aim,
    *,
    year: int,
    choices: Choices | None = None,
    corrections: Mapping[str, str] | None = None,
    aliases: Mapping[str, int] | None = None,
) -> Block:
    """Understand a block. ``year`` is that of months without one.

    ``corrections``, ``aliases``: what the agency once said of headings and labels.
    """
    width = max((len(row) for row in rows), default=0)
    block = Block([[*row, *[""] * (width - len(row))] for row in rows])
    plan = _Plan(block, known, aim, year, dict(corrections or {}), dict(aliases or {}))
    plan.find_headings()
    plan.complete()
    if choices:
        # Only what differs from the first reading is said over; the block's words keep their say.
        plan.take_places(block)
        plan.choose(choices)
    plan.take_places(block)
    plan.take_values(block)
    return block


@dataclass(slots=True)
class _Plan:
    """The block on its way into a table, whose cells lie ``down`` and ``right`` of its own."""

    block: Block
    known: Sequence[Known]
    aim: Aim
    year: int
    corrections: dict[str, str]
    aliases: dict[str, int]
    cells: list[list[str]] = field(default_factory=list)
    heading: int | None = None
    down: int = 0
    right: int = 0

    def find_headings(self) -> None:
        block = self.block
        layout = self._layout(block.rows)
        self.heading = layout.header_row if layout else self._row_with_a_month()
        block.first = 0 if self.heading is None else self.heading + 1
        if layout:
            block.first = layout.first_row
        block.wide = layout is None or layout.shape == "wide"
        months = set(layout.months) if layout else set()
        words = [
            column
            for column in range(min(months, default=LABELS_LOOKED_AT))
            if column in block.columns
            and any(_is_word(row[column]) for row in block.rows[block.first :])
        ]
        named = tuple(range(words[-1] + 1)) if words else ()
        block.labels = tuple(range(min(months))) if months and named else named
        block.by_place = self.heading is None and not named
        titles = block.rows[: block.first]
        block.years = frozenset(
            year
            for at, row in enumerate(titles)
            for column, text in enumerate(row)
            if at < len(titles) - 1 or column in months or column in named
            for year in years_in(text)
        )

    def _row_with_a_month(self) -> int | None:
        """A heading of one month, which is too little for a table by itself."""
        for at, row in enumerate(self.block.rows[:HEADINGS_LOOKED_AT]):
            if any(_is_word(text) or "月" in text for text in row) and any(map(read_heading, row)):
                return at
        return None

    def complete(self) -> None:
        """Give the block the headings and labels that it has not, from where it was pasted."""
        block = self.block
        self.cells = [list(row) for row in block.rows]
        if self.heading is None:
            self.down = 1
            self.cells.insert(0, self._headings())
            self.heading = 0
        if not block.labels and block.wide:
            self.right = 1
            labels = self._labels()
            for at, row in enumerate(self.cells):
                row.insert(0, "指標" if at == self.heading else labels.get(at - self.down, ""))

    def _headings(self) -> list[str]:
        """Months from the active column on; what lies behind December may be a total."""
        block, units = self.block, self._units()
        months = iter(self.aim.months)
        headings, beyond = [], 0
        for column in block.columns:
            if column in block.labels:
                words = {normal(row[column]) for row in block.rows if row[column]}
                is_unit = words <= units
                headings.append("單位" if is_unit else "指標" if column == 0 else "")
            elif month := next(months, None):
                headings.append(str(month))
            else:
                headings.append(TOTAL if not beyond else self._left_out(column))
                beyond += 1
        return headings

    def _units(self) -> set[str]:
        return {normal(unit) for one in self.known for unit in (one.unit, *one.unit_names)}

    def _labels(self) -> dict[int, str]:
        """The series from the active row on.

        Rows that take no figures are passed over, except where the block is as high as all rows.
        """
        block = self.block
        rows = list(range(block.first, len(block.rows)))
        keys = list(self.aim.series)
        if len(rows) != len(keys):
            keys = [key for key in keys if key is not None]
        labels = {}
        for at, key in zip(rows, [*keys, *[None] * len(rows)], strict=False):
            labels[at] = f"#{at} {self._name(key)}"
            self.aliases[labels[at]] = LEFT_OUT if key is None else key
        return labels

    def _name(self, key: int | None) -> str:
        return next((one.indicator for one in self.known if one.key == key), "")

    def _left_out(self, column: int) -> str:
        heading = f"#{column}"
        self.corrections[heading] = "ignore"
        return heading

    def choose(self, choices: Choices) -> None:
        """Say over what a person chose otherwise."""
        block = self.block
        assert self.heading is not None
        for column, month in choices.columns.items():
            if column in block.columns and month != block.month_of(column):
                text = self._left_out(column) if month is None else str(month)
                self.cells[self.heading][column + self.right] = text
        for at, key in choices.rows.items():
            if at in block.figure_rows and key != block.series_of(at):
                first = block.labels[0] if block.labels else 0
                row = self.cells[at + self.down]
                row[first] = f"#{at} {row[first]}"
                named = (block.labels or (0,)) if not self.right else (0,)
                label = " ".join(dict.fromkeys(row[column] for column in named if row[column]))
                self.aliases[label] = LEFT_OUT if key is None else key
                block.by_place = False

    def take_places(self, block: Block) -> None:
        """Which cell is which: read with a nought in every cell that may hold a figure."""
        layout = self._layout(self.cells)
        if layout is None:
            return
        cells = [
            [
                NOUGHT if at >= layout.first_row and column in layout.months else text
                for column, text in enumerate(row)
            ]
            for at, row in enumerate(self.cells)
        ]
        block.places = {
            (reading.row - self.down, reading.column - self.right): (
                reading.key,
                reading.period.first,
            )
            for reading in self._read(cells).readings
            if reading.period.is_month
        }

    def take_values(self, block: Block) -> None:
        table = self._read(self.cells)
        for reading in table.readings:
            place = reading.row - self.down, reading.column - self.right
            if place in block.places:
                block.values[place] = reading.value
        block.totals = [
            replace(total, row=total.row - self.down, column=total.column - self.right)
            for total in table.totals
        ]
        for finding in table.findings:
            at, column = finding.row - self.down, finding.column - self.right
            inside = 0 <= at < len(block.rows) and column in block.columns
            (block.findings if inside else block.general).append(
                Finding(
                    "", at, column, finding.text, finding.code, finding.params, finding.severity
                )
            )

    def _read(self, cells: list[list[str]]) -> Table:
        return read_table(
            Book("csv", "", (self._sheet(cells),)),
            self.known,
            corrections=self.corrections,
            aliases=self.aliases,
            year=self.year,
        )

    def _sheet(self, cells: Sequence[Sequence[str]]) -> Sheet:
        return Sheet("", [list(row) for row in cells])

    def _layout(self, cells: Sequence[Sequence[str]]) -> Layout | None:
        corrections = {normal(heading): name for heading, name in self.corrections.items()}
        return find_layout(self._sheet(cells), Vocabulary(self.known), corrections=corrections)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return text.strip().lower() in MISSING


def _is_word(text: str) -> bool:
    """Whether a text names something; numerals, whichever characters write them, do not."""
    if is_missing(text):
        return False
    if CODE.search(text):
        return True
    kinds = [unicodedata.category(mark)[0] for mark in text]
    return kinds.count("L") > kinds.count("N") and number_or_none(text) is None
