"""A file as sheets of cells: the plain values between the readers of bytes and those of figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

type Cell = str | float | int | bool
type Place = tuple[int, int]
"""Row and column, counted from 0."""
type Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""
type Faults = dict[Place, str]
"""The places whose content is no value, with the code of what is wrong there.

error_value, formula_without_value, scaled_format (the cell shows another magnitude than it holds)
and hidden_by_format (it shows nothing, or a word, in place of what it holds).
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its cells as a person sees them.

    A number whose format shows a unit or a per cent sign is the text that is shown, in full
    precision: ``"58.7%"`` of 0.587, ``"1月"`` of 1. A raised character is one of Unicode's, or
    stands in parentheses: ``"3月¹"``, ``"3月(註)"``. A date is written as ISO has it, whatever its
    format; ``shown`` has what is seen of those that do not show their year: ``"1月"``.

    ``merged``: the ranges that are one cell; its corner alone has the content. ``hidden_rows``,
    ``hidden_columns``: what nobody sees, filtered away, folded up or without height; their cells
    are in ``rows`` all the same.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[Range, ...] = ()
    faults: Faults = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    shown: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """A file: its kind (xlsx, xls, ods, csv), the encoding of a text, its sheets.

    ``hidden``: the names of sheets that nobody sees and that hold numbers; they are not read.
    """

    kind: str
    encoding: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def holds_numbers(rows: Iterable[Sequence[object]]) -> bool:
    """Whether a row has more than one number, be it as a text."""
    return any(
        sum(isinstance(cell, (int, float)) or any(map(str.isdigit, str(cell))) for cell in row) > 1
        for row in rows
    )


def packed(book: Book) -> dict[str, Any]:
    """A book as JSON can hold it."""
    return {
        "kind": book.kind,
        "encoding": book.encoding,
        "hidden": book.hidden,
        "sheets": [
            {
                "name": sheet.name,
                "rows": sheet.rows,
                "merged": sheet.merged,
                "faults": [[*place, code] for place, code in sheet.faults.items()],
                "hidden_rows": sorted(sheet.hidden_rows),
                "hidden_columns": sorted(sheet.hidden_columns),
                "shown": [[*place, text] for place, text in sheet.shown.items()],
            }
            for sheet in book.sheets
        ],
    }


def unpacked(parts: dict[str, Any]) -> Book:
    """The book that ``packed`` held."""
    return Book(
        parts["kind"],
        parts["encoding"],
        tuple(
            Sheet(
                sheet["name"],
                sheet["rows"],
                tuple((a, b, c, d) for a, b, c, d in sheet["merged"]),
                {(row, column): code for row, column, code in sheet["faults"]},
                frozenset(sheet["hidden_rows"]),
                frozenset(sheet["hidden_columns"]),
                {(row, column): text for row, column, text in sheet["shown"]},
            )
            for sheet in parts["sheets"]
        ),
        tuple(parts["hidden"]),
    )
