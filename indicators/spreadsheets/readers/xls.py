"""The format of Excel 97."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from indicators.spreadsheets.books import Book, Cell, Faults, Place, Sheet, holds_numbers
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers import formats
from indicators.spreadsheets.readers.marks import as_seen, joined

FORMULAS = (0x0006, 0x0206, 0x0406)
BEGIN, END = 0x0809, 0x000A
ON_LOAD = 0b10
"""The flag of a formula that is to be worked out when the file is opened."""
TOO_LOW, TOO_NARROW = 40, 77
"""A row's twentieths of a point, a column's 256ths of a character, in which nothing can be read."""
PLACES = {1: "raised", 2: "lowered"}
LOSES_FORMULAS = "Sh33tJ"
"""How SheetJS signs: it writes a blank cell where a formula has no result, and no formula."""


def read_xls(content: bytes) -> Book:
    """Read a workbook of Excel 97; one with a password is wrapped in the same container.

    Raises:
        FileError: it has a password.
    """
    import xlrd

    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError("encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        raise FileError("word")
    if "PowerPoint Document".encode("utf-16-le") in content:
        raise FileError("slides")
    book = xlrd.open_workbook(
        file_contents=content, logfile=io.StringIO(), formatting_info=True, on_demand=True
    )
    sheets, hidden = [], []
    for at in range(book.nsheets):
        sheet = book.sheet_by_index(at)
        found = _sheet(book, sheet, set(_left_open(book, at)))
        if not sheet.visibility:
            sheets.append(found)
        elif holds_numbers(found.rows):
            hidden.append(sheet.name)
    return Book("xls", "", tuple(sheets), tuple(hidden))


def _left_open(book: Any, at: int) -> Iterator[Place]:
    """The formulas of a sheet that are still to be worked out, with nought for a result."""
    stream, start, size = book.mem, book._sh_abs_posn[at], len(book.mem)
    depth, position = 0, start
    while position + 4 <= size:
        kind, length = struct.unpack_from("<HH", stream, position)
        depth += (kind == BEGIN) - (kind == END)
        if kind == END and depth <= 0:
            return
        if kind in FORMULAS and length >= 16:
            row, column, _style, result, flags = struct.unpack_from("<HHHdH", stream, position + 4)
            if flags & ON_LOAD and result == 0:
                yield row, column
        position += 4 + length


def _sheet(book: Any, sheet: Any, open_formulas: set[Place]) -> Sheet:
    faults: Faults = dict.fromkeys(open_formulas, "formula_without_value")
    shown: dict[Place, str] = {}
    rows: list[list[Cell]] = []
    for at in range(sheet.nrows):
        row: list[Cell] = []
        for column in range(sheet.row_len(at)):
            seen = _seen(book, sheet, (at, column))
            row.append(seen.cell)
            if seen.fault:
                faults.setdefault((at, column), seen.fault)
            if seen.shown:
                shown[at, column] = seen.shown
        rows.append(row)
    if not sheet.show_zero_values:
        faults |= dict.fromkeys(formats.unseen_noughts(rows), formats.HIDDEN)
    return Sheet(
        sheet.name,
        rows,
        tuple((a, c, b - 1, d - 1) for a, b, c, d in sheet.merged_cells),
        faults,
        frozenset(at for at, one in sheet.rowinfo_map.items() if _is_low(one)),
        frozenset(
            at
            for at, one in sheet.colinfo_map.items()
            if (one.hidden or one.width < TOO_NARROW) and at < sheet.ncols
        ),
        shown,
    )


def _seen(book: Any, sheet: Any, place: Place) -> formats.Seen:
    """What a person sees of a cell."""
    import xlrd

    kind, value = sheet.cell_type(*place), sheet.cell_value(*place)
    if kind == xlrd.XL_CELL_ERROR:
        return formats.Seen(xlrd.error_text_from_code.get(value, "#?"), formats.ERROR)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return formats.Seen(bool(value))
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return _seen_number(book, sheet.cell_xf_index(*place), value, kind)
    if kind == xlrd.XL_CELL_TEXT:
        return _seen_text(book, sheet, place, value)
    lost = kind == xlrd.XL_CELL_BLANK and book.user_name.startswith(LOSES_FORMULAS)
    return formats.Seen("", "formula_without_value" if lost else "")


def _is_low(row: Any) -> bool:
    """Whether a row is not seen; one that names no height has the usual one."""
    has_own = row.height is not None and not row.has_default_height
    return bool(row.hidden) or (has_own and row.height < TOO_LOW)


def _sections(book: Any, style: int) -> tuple[formats.Section, ...]:
    key = book.xf_list[style].format_key
    own = book.format_map.get(key)
    code = formats.BUILT_IN.get(key) or (own.format_str if own else "")
    return formats.parsed(code)


def _seen_number(book: Any, style: int, value: float, kind: int) -> formats.Seen:
    import xlrd

    sections = _sections(book, style)
    if sections:
        return formats.seen_number(value, sections, from_1904=book.datemode == 1)
    if kind != xlrd.XL_CELL_DATE:
        return formats.Seen(value)
    moment = xlrd.xldate_as_datetime(value, book.datemode)
    return formats.Seen(str(moment.time() if value < 1 else moment))


def _seen_text(book: Any, sheet: Any, place: Place, value: str) -> formats.Seen:
    """A text with its raised and lowered characters, under its format."""
    runs = sheet.rich_text_runlist_map.get(place)
    if runs:
        starts = [(0, None), *runs]
        ends = [start for start, _font in starts[1:]] + [len(value)]
        value = joined(
            [
                (value[start:end], _raised(book, font))
                for (start, font), end in zip(starts, ends, strict=True)
            ]
        )
    value = as_seen(value)
    sections = _sections(book, sheet.cell_xf_index(*place))
    return formats.seen_text(value, sections) if sections and value else formats.Seen(value)


def _raised(book: Any, font: int | None) -> str:
    if font is None or font >= len(book.font_list):
        return ""
    return PLACES.get(book.font_list[font].escapement, "")
