"""Texts with a mark between their cells: which characters, which mark, which cells."""

from __future__ import annotations

import csv
import io

from indicators.spreadsheets.books import Cell
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers.marks import NOT_PLAIN, as_seen

MOST_ROWS = 200_000
MOST_LINE = 1_000_000
DELIMITERS = ",\t;|"
ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp950": "cp950"}


def decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16, or Big5 as Windows extends it.

    Raises:
        FileError: it is in none of them; the line is that of the first character that is not.
    """
    # Without a mark of its order, UTF-16 by name says no more than a look at the text does.
    names = [encoding] if encoding not in ("", "utf-16") else _candidates(content, encoding)
    furthest = 0
    for name in names:
        try:
            text = content.decode(ENCODINGS.get(name, name))
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
            continue
        except LookupError:
            continue
        if "\x00" in text:
            raise FileError("binary", line=text[: text.index("\x00")].count("\n") + 1)
        return text, name.removesuffix("-le").removesuffix("-be")
    raise FileError("encoding", line=content[:furthest].count(b"\n") + 1)


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
        raise FileError("binary", line=start[: start.index(b"\x00")].count(b"\n") + 1)
    return [encoding] if encoding else ["utf-8", "cp950"]


def rows_of(text: str) -> list[list[Cell]]:
    """The cells of a text.

    Raises:
        FileError: a line is longer than any table's, or a quotation mark is not closed.
    """
    if any(len(line) > MOST_LINE for line in text.splitlines()):
        raise FileError("line_too_long")
    # A whole text is looked through mark by mark, which is quicker than a pattern.
    if any(mark in text for mark in NOT_PLAIN):
        text = as_seen(text)
    csv.field_size_limit(MOST_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Cell]] = []
    line = 1
    try:
        for row in reader:
            rows.append(list(row))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise FileError("too_large")
    except csv.Error as error:
        raise FileError("quotes", line=line) from error
    return rows


def _delimiter(text: str) -> str:
    """The mark that parts the first lines into the most columns, evenly."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in lines) for mark in DELIMITERS}
    if lines and counts["\t"][-1]:
        return "\t"
    best = max(DELIMITERS, key=lambda mark: counts[mark][len(lines) // 2] if lines else 0)
    return best if lines and counts[best][-1] else ","
