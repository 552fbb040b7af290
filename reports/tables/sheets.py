"""Tables on their way out: what stands in them, whatever the format they are written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil

FONT = "Noto Sans TC"
HEAD_COLOUR = "E2EEF0"
LINE_COLOUR = "8B8577"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, over so many rows; ``formula`` works out what ``value`` says already.

    A formula is written as spreadsheets do with ``{row}`` for the number of the cell's own row. A
    value of None leaves the cell empty. ``unit`` is written behind a number by its format.
    """

    value: str | Decimal | int | None
    rows: int = 1
    decimals: int = 0
    percent: bool = False
    formula: str = ""
    unit: str = ""


COVERED = None
"""In place of a cell that the one above reaches over."""

type Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title and headings. ``widths`` in millimetres, one a column."""

    name: str
    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Row]
    notes: Sequence[str] = field(default=())

    @property
    def first_row(self) -> int:
        """The number of the first row below the headings, counted from 1."""
        return 3


@dataclass(frozen=True, slots=True)
class Document:
    """Sheets under one title, in one language (``zh-TW`` or ``en``)."""

    title: str
    language: str
    sheets: Sequence[Sheet]


def marked(document: Document, mark: str) -> Document:
    """The same with a mark before every title, such as that its figures are made up."""
    sheets = [replace(sheet, title=f"{mark} {sheet.title}") for sheet in document.sheets]
    return replace(document, title=f"{mark} {document.title}", sheets=sheets)


def flat(sheet: Sheet) -> list[list[str | Decimal | int | None]]:
    """The rows with every cell filled: one that reaches over several stands in each of them."""
    found: list[list[str | Decimal | int | None]] = []
    above: list[str | Decimal | int | None] = [None] * len(sheet.headings)
    for row in sheet.rows:
        above = [
            above[column] if cell is COVERED else cell.value for column, cell in enumerate(row)
        ]
        found.append(above)
    return found


LINE_MM, PADDING_MM, CHARACTER_MM = 4.7, 1.6, 3.7
"""Of a text of ten points: a line's height, what stands above and below, a Chinese character."""


def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many millimetres; Latin letters are half."""
    room = max((width - 2) / CHARACTER_MM, 1)
    return sum(
        max(ceil(sum(0.55 if mark < "\u2e80" else 1 for mark in part) / room), 1)
        for part in text.split("\n")
    )


def heights(sheet: Sheet) -> list[float]:
    """The height of each row in millimetres: no program fits rows to cells that reach over several.

    What a cell over several rows lacks is shared out among them.
    """
    found = [LINE_MM + PADDING_MM] * len(sheet.rows)
    cells = [
        (at, cell.rows, lines(str(cell.value), sheet.widths[column]) * LINE_MM + PADDING_MM)
        for at, row in enumerate(sheet.rows)
        for column, cell in enumerate(row)
        if cell is not COVERED and isinstance(cell.value, str)
    ]
    for at, rows, needed in sorted(cells, key=lambda found_cell: found_cell[1]):
        lacking = needed - sum(found[at : at + rows])
        if lacking > 0:
            for place in range(at, at + rows):
                found[place] += lacking / rows
    return found
