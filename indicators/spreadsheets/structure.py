"""What of a sheet's structure would be misread in silence: merged figures, unread columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise

from indicators.spreadsheets.files import Cell, Sheet
from indicators.spreadsheets.known import normal
from indicators.spreadsheets.layout.grid import numbers_in, text_of
from indicators.spreadsheets.layout.headings import read_heading, seen
from indicators.spreadsheets.layout.layouts import Layout
from indicators.spreadsheets.layout.years import year_alone

THREE_DIGITS = re.compile(r"\d{3}")
FEW_DIGITS = re.compile(r"[1-9]\d{0,2}")


def figure_columns(layout: Layout) -> frozenset[int]:
    """The columns in which figures stand."""
    value = {layout.columns["value"]} if layout.shape == "long" else set()
    return frozenset({*layout.months, *layout.series, *value})


def out_of_order(layout: Layout) -> bool:
    """Whether months without a year in their heading run past December, as a school year's do."""
    bare = [span.first for _column, span in sorted(layout.months.items()) if span.year is None]
    return bare not in (sorted(bare), sorted(bare, reverse=True))


def spread_figures(sheet: Sheet, layout: Layout) -> set[tuple[int, int]]:
    """Cells that are merged over several figures, as a quarter's figure in a monthly table."""
    found = set()
    columns = figure_columns(layout)
    for first_row, first_column, last_row, last_column in sheet.merged:
        covered = sum(first_column <= column <= last_column for column in columns)
        rows = min(last_row, len(sheet.rows) - 1) - first_row + 1
        if first_row >= layout.first_row and covered * rows > 1:
            found.add((first_row, first_column))
    return found


def is_heading_again(row: list[Cell]) -> bool:
    """Whether a row names months; a figure such as 11003 is no month here."""
    return sum(isinstance(cell, str) and read_heading(cell) is not None for cell in row) > 1


def repeats_headings(sheet: Sheet, layout: Layout, at: int) -> bool:
    """Whether a row says the headings once more, as on each printed page."""
    if not sheet.rows[at] or sheet.rows[at][0] != sheet.rows[layout.header_row][0]:
        return False
    texts = [text_of(cell) for cell in sheet.rows[at] if cell != ""]
    return texts == [text_of(cell) for cell in sheet.rows[layout.header_row] if cell != ""]


def placed(layout: Layout) -> frozenset[int]:
    """The columns that a layout reads or knows not to read."""
    read = {column for name, column in layout.columns.items() if name != "note"}
    if layout.shape == "long" and "note" in layout.columns:
        read.add(layout.columns["note"])
    places = (layout.months, layout.running, layout.series, layout.labels, layout.ignored)
    return frozenset(read.union(*places))


def unplaced(sheet: Sheet, known: frozenset[int], at: int) -> Iterator[int]:
    """The columns of a row that hold something and that nobody knows."""
    for column, cell in enumerate(sheet.rows[at]):
        if column not in known and cell != "" and (not isinstance(cell, str) or seen(cell)):
            yield column


def has_another_length(sheet: Sheet, layout: Layout, at: int) -> bool:
    """Whether a line of text has more parts than its headings, as 1,716 without quotes makes it.

    Fewer parts are another length where two of them could be one figure.
    """
    row, headings = sheet.rows[at], sheet.rows[layout.header_row]
    if len(row) == len(headings):
        return False
    if len(row) > len(headings):
        return True
    texts = [text_of(cell).strip() for cell in row]
    return any(
        FEW_DIGITS.fullmatch(left) and THREE_DIGITS.fullmatch(right)
        for left, right in pairwise(texts)
    )


def has_figures_above(sheet: Sheet, rows: Collection[int]) -> int | None:
    """The first row above the headings with figures that are no years and no numbers of columns."""
    for at in rows:
        row = sheet.rows[at]
        columns = [column for column in numbers_in(row) if not year_alone(text_of(row[column]))]
        if len(columns) < 2:
            continue
        numbers = [text_of(row[column]) for column in columns]
        counted = [int(text) for text in numbers if text.isdecimal()]
        if [right - left for left, right in pairwise(counted)] != [1] * (len(numbers) - 1):
            return at
    return None


def sides_of(sheet: Sheet, layout: Layout) -> Iterator[Sheet]:
    """The tables beside each other, each as a sheet of its own with its places kept."""
    top = layout.header_row
    while top and sum(cell != "" for cell in sheet.rows[top - 1]) > 1:
        top -= 1  # headings in several rows; a title, alone in its row, is that of all sides
    starts = [0, *layout.sides, max(len(row) for row in sheet.rows)]
    for first, end in pairwise(starts):
        rows = [
            row
            if at < top
            else [cell if first <= column < end else "" for column, cell in enumerate(row)]
            for at, row in enumerate(sheet.rows)
        ]
        faults = {
            (row, column): code
            for (row, column), code in sheet.faults.items()
            if first <= column < end
        }
        merged = tuple(place for place in sheet.merged if place[0] < top or first <= place[1] < end)
        yield replace(sheet, rows=rows, faults=faults, merged=merged)


def sides_in_another_order(sheet: Sheet, layout: Layout) -> int | None:
    """The first row whose label stands in another row of a table beside it; None for none.

    Such tables were sorted apart, or one of them was, and nobody can tell which labels moved.
    """
    columns = [layout.labels[0] if layout.labels else 0, *layout.sides]
    seen: dict[str, int] = {}
    for column in columns:
        for at in range(layout.first_row, len(sheet.rows)):
            cells = sheet.rows[at]
            label = text_of(cells[column]) if column < len(cells) else ""
            if label and seen.setdefault(normal(label), at) != at:
                return at
    return None
