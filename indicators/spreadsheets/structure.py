"""What of a sheet's structure would be misread in silence: merged months, unread columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from indicators.calculation.numerals import MISSING
from indicators.spreadsheets.cells import looks_numeric, number_or_none
from indicators.spreadsheets.files import Cell, Sheet
from indicators.spreadsheets.known import normal
from indicators.spreadsheets.layouts import Layout, month_heading, text_of

NUMBER_ALONE = re.compile(r"[\d.,\s]+")


def merged_corners(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Place → corner of the merged range that covers it; ranges end where the sheet does."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    widest = max((len(row) for row in sheet.rows), default=0)
    for first_row, first_column, last_row, last_column in sheet.merged:
        for row in range(first_row, min(last_row, len(sheet.rows) - 1) + 1):
            for column in range(first_column, min(last_column, widest - 1) + 1):
                found[row, column] = first_row, first_column
    return found


def split_months(sheet: Sheet, layout: Layout) -> bool:
    """Whether months have columns of their own below them, as targets beside actuals."""
    below = sheet.rows[layout.header_row + 1] if layout.header_row + 1 < len(sheet.rows) else []
    texts = [text_of(cell) for cell in below]
    if any(texts[column] for column in layout.labels if column < len(texts)):
        return False
    words = [
        column
        for column in layout.months
        if column < len(texts) and _is_word(texts[column]) and not month_heading(texts[column])
    ]
    return len(words) > 1


def _is_word(text: str) -> bool:
    return text.lower() not in MISSING and not looks_numeric(text)


def out_of_order(sheet: Sheet, layout: Layout) -> bool:
    """Whether months without a year in their heading run past December, as a school year's do."""
    headings = sheet.rows[layout.header_row]
    bare = [
        (year or 0, month)
        for column, (year, month) in sorted(layout.months.items())
        if (found := month_heading(text_of(headings[column]))) and found[0] is None
    ]
    return bare not in (sorted(bare), sorted(bare, reverse=True))


def spread_figures(sheet: Sheet, layout: Layout) -> set[tuple[int, int]]:
    """Cells that are merged over several months, as a quarter's figure in a monthly table."""
    found = set()
    for first_row, first_column, last_row, last_column in sheet.merged:
        months = [column for column in layout.months if first_column <= column <= last_column]
        if len(months) > 1 and first_row > layout.header_row:
            rows = range(first_row, min(last_row, len(sheet.rows) - 1) + 1)
            found |= {(row, first_column) for row in rows}
    return found


def is_heading_again(row: list[Cell]) -> bool:
    """Whether a row names months; a figure such as 11003 is no month here."""
    texts = [cell for cell in row if isinstance(cell, str) and not NUMBER_ALONE.fullmatch(cell)]
    return sum(month_heading(text) is not None for text in texts) > 1


def placed(sheet: Sheet, layout: Layout, corrections: Mapping[str, str]) -> frozenset[int]:
    """The columns that a layout reads or knows not to read; of a long table all with a heading."""
    headings = [text_of(cell) for cell in sheet.rows[layout.header_row]]
    wide = layout.shape == "wide"
    found = {column for name, column in layout.columns.items() if not (wide and name == "note")}
    found.update(layout.months, layout.labels)
    for column, heading in enumerate(headings):
        if heading and (not wide or corrections.get(normal(heading)) == "ignore"):
            found.add(column)
    return frozenset(found)


def unplaced(
    sheet: Sheet, layout: Layout, known: frozenset[int], at: int
) -> Iterator[tuple[int, str]]:
    """Figures of a row, and its note, that stand in no known column: the column and its heading."""
    headings = sheet.rows[layout.header_row]
    for column, cell in enumerate(sheet.rows[at]):
        if column in known or cell == "":
            continue
        is_note = column == layout.columns.get("note")
        if is_note or not isinstance(cell, str) or number_or_none(cell) is not None:
            yield column, text_of(headings[column]) if column < len(headings) else ""
