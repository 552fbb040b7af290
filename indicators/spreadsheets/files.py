"""From the bytes of a file, or a pasted text, to sheets of cells; no formula is ever worked out.

Meant for files of strangers: run it through ``limits.read_limited``. What a format leaves open is
settled here once: places are those of the file, cells are as a person sees them, and what holds no
value is a fault.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import partial

from indicators.spreadsheets.books import Book, Cell, Sheet, packed
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers.archives import check_archive
from indicators.spreadsheets.readers.kinds import foreign_kind
from indicators.spreadsheets.readers.ods import read_ods
from indicators.spreadsheets.readers.texts import MOST_ROWS, decoded, rows_of
from indicators.spreadsheets.readers.xls import read_xls
from indicators.spreadsheets.readers.xlsx import read_xlsx

__all__ = ["Book", "Cell", "FileError", "Sheet", "read_book", "read_text"]

MOST_BYTES = 20_000_000
MOST_COLUMNS = 400
MOST_CELLS = 2_000_000
MOST_MERGED = 200_000


def read_book(content: bytes, *, encoding: str = "") -> Book:
    """Read a file; its kind is found from the content, whatever its name says.

    ``encoding``: ``utf-8``, ``utf-16`` or ``cp950`` for a text, "" to find it.

    Raises:
        FileError: it is no table, is damaged, locked, or too large.
    """
    if len(content) > MOST_BYTES:
        raise FileError("too_large")
    if content.startswith(b"PK"):
        kind, telling = check_archive(content)
        book = _read(partial(read_xlsx, telling=telling) if kind == "xlsx" else read_ods, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        book = _read(read_xls, content)
    elif kind := foreign_kind(content):
        raise FileError(kind)
    else:
        text, found = decoded(content, encoding)
        book = Book("csv", found, (Sheet("", rows_of(text)),))
    check_extent(book)
    return book


def _read(reader: Callable[[bytes], Book], content: bytes) -> Book:
    """Read a workbook; whatever a broken file makes of its reader, the file is at fault."""
    try:
        return reader(content)
    except FileError:
        raise
    except MemoryError as error:
        raise FileError("too_large") from error
    except BaseException as error:
        # A panic of the reader is no Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        locked = type(error).__name__ == "PasswordError" or "encrypt" in str(error).lower()
        raise FileError("encrypted" if locked else "damaged") from error


def read_text(text: str) -> Book:
    """A table as a spreadsheet puts it on the clipboard: tabs, or else commas.

    Raises:
        FileError: there is nothing in it, or it is too large.
    """
    book = Book("csv", "", (Sheet("", rows_of(text.removeprefix("\ufeff"))),))
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


def main(arguments: Iterable[str]) -> None:
    """Read standard input and write the book, or what is wrong, as JSON."""
    encoding = next(iter(arguments), "")
    try:
        answer = packed(read_book(sys.stdin.buffer.read(), encoding=encoding))
    except FileError as error:
        answer = {"error": error.code, "line": error.line}
    except (MemoryError, RecursionError):
        answer = {"error": "too_large", "line": 0}
    sys.stdout.write(json.dumps(answer))
