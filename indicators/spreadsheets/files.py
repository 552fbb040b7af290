"""From the bytes of a file, or a pasted text, to sheets of cells; no formula is ever worked out.

Meant for files of strangers: run it through ``limits.read_limited``. What a format leaves open is
settled here once: places are those of the file, errors and formulas without a result are faults.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from indicators.spreadsheets.archives import check_archive, faults_in_ods, faults_in_xlsx
from indicators.spreadsheets.errors import FileError

__all__ = ["Book", "Cell", "FileError", "Sheet", "read_book", "read_text"]

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 400
MOST_CELLS = 2_000_000
MOST_MERGED = 200_000
MOST_LINE = 1_000_000
DELIMITERS = ",\t;|"
ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp950": "cp950"}

type Cell = str | float | int | bool
type Place = tuple[int, int]
"""Row and column, counted from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: rows of cells, merged ranges, and the places whose content is no value.

    A merged range is (first row, first column, last row, last column).
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    faults: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """A file: its kind (xlsx, xls, ods, csv), the encoding of a text, its sheets."""

    kind: str
    encoding: str
    sheets: tuple[Sheet, ...]


def read_book(content: bytes, *, encoding: str = "") -> Book:
    """Read a file; its kind is found from the content, whatever its name says.

    ``encoding``: ``utf-8``, ``utf-16`` or ``cp950`` for a text, "" to find it.

    Raises:
        FileError: it is no table, is damaged, locked, or too large.
    """
    if len(content) > MOST_BYTES:
        raise FileError("too_large")
    if content.startswith(b"PK"):
        book = _read_archive(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        book = _read_xls(content)
    else:
        book = _read_csv(content, encoding)
    check_extent(book)
    return book


def read_text(text: str) -> Book:
    """A table as a spreadsheet puts it on the clipboard: tabs, or else commas.

    Raises:
        FileError: there is nothing in it, or it is too large.
    """
    book = Book("csv", "", (Sheet("", _rows(text.removeprefix("\ufeff"))),))
    check_extent(book)
    return book


def check_extent(book: Book) -> None:
    """Refuse a book with nothing in it, or more than a table of figures has.

    Raises:
        FileError: it is empty or too large.
    """
    cells = sum(len(row) for sheet in book.sheets for row in sheet.rows)
    widest = max((len(row) for sheet in book.sheets for row in sheet.rows), default=0)
    longest = max((len(sheet.rows) for sheet in book.sheets), default=0)
    merged = sum(
        (min(below, len(sheet.rows) - 1) - above + 1) * (min(right, widest - 1) - left + 1)
        for sheet in book.sheets
        for above, left, below, right in sheet.merged
        if above < len(sheet.rows) and left < widest
    )
    if longest > MOST_ROWS or widest > MOST_COLUMNS or cells > MOST_CELLS or merged > MOST_MERGED:
        raise FileError("too_large")
    if not any(cell != "" for sheet in book.sheets for row in sheet.rows for cell in row):
        if any(sheet.faults for sheet in book.sheets):
            return
        raise FileError("empty")


def _read_archive(content: bytes) -> Book:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    kind, suspects = check_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            (at, sheet.name)
            for at, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        faults = faults_in_xlsx(content, suspects) if kind == "xlsx" else faults_in_ods(content)
        sheets = []
        for at, name in visible:
            sheet = book.get_sheet_by_index(at)
            merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append(Sheet(name, rows, merged, faults.get(name, {})))  # type: ignore[arg-type]
    except MemoryError as error:
        raise FileError("too_large") from error
    except FileError:
        raise
    except BaseException as error:
        # A panic of the reader is no Exception; whatever it is, the file is at fault.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        code = "encrypted" if type(error).__name__ == "PasswordError" else "damaged"
        raise FileError(code) from error
    return Book(kind, "", tuple(sheets))


def _read_xls(content: bytes) -> Book:
    """The format of Excel 97; a workbook with a password is wrapped in the same container."""
    import xlrd

    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError("encrypted")
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
        sheets = [
            _xls_sheet(sheet, book.datemode) for sheet in book.sheets() if not sheet.visibility
        ]
    except xlrd.XLRDError as error:
        code = "encrypted" if "encrypt" in str(error).lower() else "damaged"
        raise FileError(code) from error
    except MemoryError as error:
        raise FileError("too_large") from error
    except Exception as error:  # whatever a broken file makes of the reader
        raise FileError("damaged") from error
    return Book("xls", "", tuple(sheets))


def _xls_sheet(sheet: Any, datemode: int) -> Sheet:
    import xlrd

    faults: dict[Place, str] = {}
    rows: list[list[Cell]] = []
    for at in range(sheet.nrows):
        row: list[Cell] = []
        for column in range(sheet.row_len(at)):
            kind, value = sheet.cell_type(at, column), sheet.cell_value(at, column)
            if kind == xlrd.XL_CELL_ERROR:
                faults[at, column] = "error_value"
                row.append(xlrd.error_text_from_code.get(value, "#?"))
            elif kind == xlrd.XL_CELL_DATE:
                row.append(xlrd.xldate_as_datetime(value, datemode).date().isoformat())
            elif kind == xlrd.XL_CELL_BOOLEAN:
                row.append(bool(value))
            else:
                row.append(value)
        rows.append(row)
    merged = tuple((a, c, b - 1, d - 1) for a, b, c, d in sheet.merged_cells)
    return Sheet(sheet.name, rows, merged, faults)


def _read_csv(content: bytes, encoding: str) -> Book:
    text, found = _decode(content, encoding)
    return Book("csv", found, (Sheet("", _rows(text)),))


BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"Rar!", b"7z\xbc\xaf")


def _decode(content: bytes, encoding: str) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16, or Big5 as Windows extends it."""
    if content.startswith(BINARY):
        raise FileError("not_a_table")
    # Without a mark of its order, UTF-16 by name says no more than a look at the text does.
    for name in [encoding] if encoding not in ("", "utf-16") else _candidates(content, encoding):
        try:
            text = content.decode(ENCODINGS.get(name, "utf-8-sig") if name in ENCODINGS else name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" in text:
            raise FileError("binary")
        return text, name.removesuffix("-le").removesuffix("-be")
    raise FileError("encoding")


def _candidates(content: bytes, encoding: str = "") -> list[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    start = content[:2000]
    if b"\x00" in start:
        # Text without a mark of its order: every second byte of ASCII is nought.
        if start[1::2].count(0) > len(start) // 4:
            return ["utf-16-le"]
        if start[0::2].count(0) > len(start) // 4:
            return ["utf-16-be"]
        raise FileError("binary")
    return [encoding] if encoding else ["utf-8", "cp950"]


def _rows(text: str) -> list[list[Cell]]:
    if any(len(line) > MOST_LINE for line in text.splitlines()):
        raise FileError("line_too_long")
    csv.field_size_limit(MOST_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Cell]] = []
    try:
        for row in reader:
            rows.append(list(row))
            if len(rows) > MOST_ROWS:
                raise FileError("too_large")
    except csv.Error as error:
        raise FileError("quotes") from error
    return rows


def _delimiter(text: str) -> str:
    """The mark that parts the first lines into the most columns, evenly."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in lines) for mark in DELIMITERS}
    if lines and counts["\t"][-1]:
        return "\t"
    best = max(DELIMITERS, key=lambda mark: counts[mark][len(lines) // 2] if lines else 0)
    return best if lines and counts[best][-1] else ","


def packed(book: Book) -> dict[str, Any]:
    """A book as JSON can hold it."""
    return {
        "kind": book.kind,
        "encoding": book.encoding,
        "sheets": [
            {
                "name": sheet.name,
                "rows": sheet.rows,
                "merged": sheet.merged,
                "faults": [[*place, code] for place, code in sheet.faults.items()],
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
            )
            for sheet in parts["sheets"]
        ),
    )


def main(arguments: Iterable[str]) -> None:
    """Read standard input and write the book, or what is wrong, as JSON."""
    encoding = next(iter(arguments), "")
    try:
        answer = packed(read_book(sys.stdin.buffer.read(), encoding=encoding))
    except FileError as error:
        answer = {"error": error.code}
    except (MemoryError, RecursionError):
        answer = {"error": "too_large"}
    # Dates and times are the only cells that JSON does not know; their text says all.
    sys.stdout.write(json.dumps(answer, default=str))
