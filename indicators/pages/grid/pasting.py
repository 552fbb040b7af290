"""A pasted block beside the figures of the page: what it would do, shown before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, PeriodError
from indicators.imports.messages import finding_message
from indicators.imports.reportable import aliases_of, corrections_of, known, reported_series
from indicators.pages.grid.blocks import Aim, Block, Choices, is_missing, read_block
from indicators.pages.grid.saving import MOST_CELLS, BadRequest
from indicators.pages.grid.year import Cell, Grid, Row, grid, name_of
from indicators.reading.display import Display
from indicators.spreadsheets.tables import Finding, agrees


@dataclass(frozen=True, slots=True)
class Sent:
    """A block and where it was pasted. ``sure``: its height leaves no doubt about its rows."""

    rows: Sequence[Sequence[str]]
    series: int
    month: Month
    sure: bool
    choices: Choices | None


def sent_block(sent: Any) -> Sent:
    """Read what the script sends.

    Raises:
        BadRequest: it has another shape.
    """
    try:
        rows = [[str(text).replace("\x00", "")[:300] for text in row] for row in sent["rows"]]
        if not rows or sum(map(len, rows)) > MOST_CELLS:
            raise BadRequest("rows")
        chosen = sent.get("choices")
        choices = chosen and Choices(
            {int(at): int(key) if key else None for at, key in chosen["rows"].items()},
            {int(at): _month(text) if text else None for at, text in chosen["columns"].items()},
        )
        place = int(sent["series"]), _month(sent["month"])
        return Sent(rows, *place, bool(sent.get("sure")), choices or None)
    except (AttributeError, KeyError, TypeError, ValueError, PeriodError) as error:
        raise BadRequest("block") from error


def _month(text: Any) -> Month:
    year, month = str(text).split("-")
    return Month(int(year), int(month))


@dataclass(frozen=True, slots=True)
class Pasted:
    """A cell of the block. ``kind``: new, changed, same, emptied, refused, left_out, "" for none.

    ``old``: what is stored; ``said``: what becomes of it, in words.
    """

    text: str
    kind: str = ""
    old: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the block: what it calls itself, the series that it was taken for, its cells."""

    at: int
    label: str
    series: int | None
    cells: Sequence[Pasted]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its own heading, and the month that it was taken for."""

    at: int
    heading: str
    month: str


@dataclass(slots=True)
class Proposal:
    """What a block would do.

    ``cells`` are those to write, as the script takes them. ``faults`` forbid it, the others tell.
    """

    block: Block
    page: Grid
    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sure: bool = False

    @property
    def ask(self) -> bool:
        """Whether it is shown before it counts."""
        told = (self.faults, self.refused, self.emptied, self.left_out, self.doubts)
        return not self.sure or not self.block.by_place or any(told) or not self.cells

    @property
    def series(self) -> list[tuple[int, str]]:
        """The rows to choose from."""
        return [(row.series.pk, name_of(row)) for row in self.page.rows if not row.computed]

    @property
    def filled(self) -> int:
        """How many figures it writes."""
        return len(self.cells) - len(self.emptied)


def propose(agency: Agency, user: User, year: int, sent: Sent, display: Display) -> Proposal:
    """Read a block by the reader of spreadsheets and set it against the page."""
    page = grid(agency, year, user, display)
    series = reported_series(agency)
    at = next((at for at, row in enumerate(page.rows) if row.series.pk == sent.series), 0)
    aim = Aim(
        [None if row.computed else row.series.pk for row in page.rows[at:]],
        [Month(year, number) for number in range(sent.month.month, 13)],
    )
    block = read_block(
        sent.rows,
        known(series),
        aim,
        year=year,
        choices=sent.choices,
        corrections=corrections_of(agency),
        aliases=aliases_of(agency, series),
    )
    return _Beside(Proposal(block, page, sure=sent.sure), year, display).proposal()


@dataclass(slots=True)
class _Beside:
    """The block beside the page."""

    to_do: Proposal
    year: int
    display: Display
    messages: dict[tuple[int, int], str] = field(default_factory=dict)

    def proposal(self) -> Proposal:
        proposal, block = self.to_do, self.to_do.block
        rows = {row.series.pk: row for row in proposal.page.rows}
        self._look_at_years()
        compared = {(total.row, total.column) for total in block.totals}
        for finding in block.findings:
            of_heading = finding.row < block.first and finding.column not in block.labels
            if finding.severity == "error":
                self.messages.setdefault((finding.row, finding.column), _message(finding))
            elif (finding.row, finding.column) not in compared and (
                not of_heading or block.month_of(finding.column)
            ):  # the others are told below
                proposal.doubts.append(_message(finding))
        labels = set(block.labels)
        columns = [column for column in block.columns if column not in labels]
        proposal.columns = [
            Column(column, block.heading(column), str(block.month_of(column) or ""))
            for column in columns
        ]
        for at in block.figure_rows:
            pasted = [self._cell(rows, at, column) for column in columns]
            key = block.series_of(at)
            proposal.lines.append(Line(at, block.label(at), key, pasted))
            self._tell_row(at, pasted, rows)
        self._tell_columns(columns)
        self._tell_passed_over()
        self._compare_totals(rows)
        if not block.places:
            general = [_message(one) for one in block.general if one.severity == "error"]
            proposal.faults += general or [_("No figure of this page was found in the block.")]
        return proposal

    def _look_at_years(self) -> None:
        block = self.to_do.block
        named = block.years | {month.year for _key, month in block.places.values()}
        if others := sorted(named - {self.year}):
            self.to_do.faults.append(
                _("The block says %(said)s, this page shows %(shown)s. Open the page of that year.")
                % {
                    "said": "、".join(self.display.year(year) for year in others),
                    "shown": self.display.year(self.year),
                }
            )

    def _cell(self, rows: Mapping[int, Row], at: int, column: int) -> Pasted:
        """What becomes of a cell; what is to be written is kept for the script."""
        block = self.to_do.block
        text = block.rows[at][column]
        place = block.places.get((at, column))
        if place is None or place[1].year != self.year or place[0] not in rows:
            return Pasted(text, "left_out" if text else "")
        row, month = rows[place[0]], place[1]
        cell = row.cells[month.month - 1]
        name = f"{name_of(row)} {self.to_do.page.months[month.month - 1].name}"
        value = block.values.get((at, column))
        if row.computed or cell.closed:
            return self._closed(text, name, cell, value)
        if value is None and is_missing(text):
            return self._emptied(text, name, row, cell)
        if value is None:
            problem = self.messages.get((at, column)) or self._why_not(at)
            self.to_do.refused.append(f"{name}: {problem}")
            self._write(row, cell, text, problem=problem)
            return Pasted(text, "refused", cell.text, problem)
        kind = "same" if plain(value) == cell.value else "changed" if cell.value else "new"
        self.to_do.counts[kind] = self.to_do.counts.get(kind, 0) + 1
        self._write(row, cell, plain(value))
        said = _("stored: %(old)s") % {"old": cell.text} if kind == "changed" else ""
        return Pasted(text, kind, cell.text, said)

    def _why_not(self, at: int) -> str:
        """Why nothing of a row was read, although its series is known."""
        of_row = [text for (row, _column), text in self.messages.items() if row == at]
        general = [_message(one) for one in self.to_do.block.general if one.severity == "error"]
        return next(iter(of_row + general), _("This was not understood."))

    def _closed(self, text: str, name: str, cell: Cell, value: Decimal | None) -> Pasted:
        if is_missing(text) and not cell.value:
            return Pasted(text)
        same = value is not None and self.display.number(value) == cell.text
        if not same:
            self.to_do.left_out.append(
                _("%(name)s: %(text)s is left out, stored is %(old)s. %(why)s")
                % {
                    "name": name,
                    "text": text or "—",
                    "old": cell.text or "—",
                    "why": cell.closed,
                }
            )
        return Pasted(text, "left_out", cell.text, cell.closed)

    def _emptied(self, text: str, name: str, row: Row, cell: Cell) -> Pasted:
        if not cell.value:
            return Pasted(text)
        self.to_do.emptied.append(f"{name}: {cell.text}")
        self._write(row, cell, "", empties=True)
        return Pasted(text, "emptied", cell.text, _("empties %(old)s") % {"old": cell.text})

    def _write(
        self, row: Row, cell: Cell, text: str, *, problem: str = "", empties: bool = False
    ) -> None:
        self.to_do.cells.append(
            {
                "series": row.series.pk,
                "month": cell.month,
                "text": text,
                "problem": problem,
                "empties": empties,
            }
        )

    def _tell_row(self, at: int, pasted: Sequence[Pasted], rows: Mapping[int, Row]) -> None:
        block = self.to_do.block
        if any((at, column) in block.places for column in block.columns):
            return
        if not any(one.text and not is_missing(one.text) for one in pasted):
            return
        of_row = [text for (row, _column), text in self.messages.items() if row == at]
        why = of_row[0] if of_row else _("it is no row of this page.")
        name = block.label(at) or _("row %(number)d") % {"number": at + 1}
        self.to_do.left_out.append(_("%(name)s is left out: %(why)s") % {"name": name, "why": why})

    def _tell_columns(self, columns: Sequence[int]) -> None:
        block = self.to_do.block
        for column in columns if block.wide else ():
            texts = [block.rows[at][column] for at in block.figure_rows]
            if block.month_of(column) or not any(texts):
                continue
            name = block.heading(column) or _("column %(number)d") % {"number": column + 1}
            self.to_do.left_out.append(
                _("%(name)s is left out: it is no month of this page.") % {"name": name}
            )

    def _tell_passed_over(self) -> None:
        """Rows of the page that are worked out and lie among those that a bare block covers."""
        block, page = self.to_do.block, self.to_do.page
        keys = {key for key, _month in block.places.values()}
        covered = [at for at, row in enumerate(page.rows) if row.series.pk in keys]
        if block.labels or not covered:
            return
        for row in page.rows[covered[0] : covered[-1]]:
            if row.computed:
                self.to_do.left_out.append(
                    _("%(name)s is passed over: it is worked out from its parts.")
                    % {"name": name_of(row)}
                )

    def _compare_totals(self, rows: Mapping[int, Row]) -> None:
        """Totals since January are compared with the months, stored and pasted; never written."""
        block = self.to_do.block
        pasted = {
            place: block.values[at] for at, place in block.places.items() if at in block.values
        }
        for total in block.totals:
            row = rows.get(total.key)
            if row is None:
                continue
            found: list[Decimal] = []
            for month in (total.period.first + ahead for ahead in range(total.period.months)):
                stored = row.cells[month.month - 1].value
                given = pasted.get((total.key, month))
                if given is not None or (stored and month.year == self.year):
                    found.append(Decimal(stored) if given is None else given)
            if len(found) != total.period.months:
                continue
            params = {
                "name": name_of(row),
                "heading": block.heading(total.column),
                "said": self.display.number(total.value),
                "sum": self.display.number(sum(found, Decimal(0))),
            }
            if agrees(total.value, found):
                self.to_do.agreed.append(_("%(name)s, %(heading)s: %(said)s agrees.") % params)
            else:
                self.to_do.doubts.append(
                    _("%(name)s: %(heading)s says %(said)s, the months come to %(sum)s.") % params
                )


def _message(finding: Finding) -> str:
    return finding_message(finding.code, finding.params, finding.text)
