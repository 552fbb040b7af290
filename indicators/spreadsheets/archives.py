"""Zipped workbooks, looked at before any reader opens them, and the faults readers are silent of.

The reader gives an empty cell for an error, and for a formula whose result was never kept. Either
would be a figure lost in silence, so they are sought in the XML itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from typing import IO, TYPE_CHECKING

from indicators.spreadsheets.errors import FileError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_UNPACKED = 200_000_000
MOST_MEMBERS = 2_000
CHUNK = 1 << 20
DEFINITIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00", b"\x00<\x00!")
# A cell in column OK or beyond, or in row 200,000 or beyond: a reader would make room up to there.
BEYOND = rb"(?:(?:[A-Z]{3,}|O[K-Z]|[P-Z][A-Z])[0-9]|[A-Z]*(?:[2-9][0-9]{5}|[0-9]{7,})[\"'])"
FAR_AWAY = re.compile(rb' r="' + BEYOND)
FAR_AWAY_ANYHOW = re.compile(rb"\br\s*=\s*[\"']" + BEYOND)
# Marks of an attribute written otherwise than programs write it; then the slower search is used.
ODDLY_WRITTEN = (b"='", b"= ", b" =", b'\tr="', b'\nr="')
SUSPICIOUS = (b"<f", b":f", b't="e"')
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]+)([0-9]+)[\"']")
IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
IS_TEXT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
HAS_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
HAS_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

type Faults = dict[str, dict[tuple[int, int], str]]
"""Sheet name → place → error_value or formula_without_value."""


def check_archive(content: bytes) -> tuple[str, frozenset[str]]:
    """Look through a zipped file and count what it really unpacks to.

    Returns what it is, xlsx or ods, and the members that hold formulas or errors.

    Raises:
        FileError: it is no workbook, damaged, locked, or would be too large.
    """
    left, suspects = MOST_UNPACKED, set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            kind = _kind(names)
            if len(members) > MOST_MEMBERS:
                raise FileError("too_large")
            if any(member.flag_bits & 1 for member in members):
                raise FileError("encrypted")
            if kind == "ods" and b"manifest:encryption-data" in _manifest(archive, names):
                raise FileError("encrypted")
            for member in members:
                with archive.open(member) as stream:
                    size, suspicious = _look_through(stream, left)
                left -= size
                if suspicious:
                    suspects.add(member.filename)
    except FileError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileError("damaged") from error
    except Exception as error:
        # zlib and lzma have errors of their own.
        raise FileError("damaged") from error
    return kind, frozenset(suspects)


def _kind(names: set[str]) -> str:
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise FileError("not_a_table")


def _manifest(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    if "META-INF/manifest.xml" not in names:
        return b""
    with archive.open("META-INF/manifest.xml") as stream:
        return stream.read(CHUNK)


def _look_through(stream: IO[bytes], most: int) -> tuple[int, bool]:
    """How many bytes a member unpacks to, and whether it has formulas or errors.

    What lies on the border of two chunks is seen too.
    """
    size, tail, suspicious = 0, b"", False
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise FileError("too_large")
        seen = tail + chunk
        if any(mark in seen for mark in DEFINITIONS):
            raise FileError("entities")
        odd = any(mark in seen for mark in ODDLY_WRITTEN)
        if (FAR_AWAY_ANYHOW if odd else FAR_AWAY).search(seen):
            raise FileError("too_large")
        suspicious = suspicious or odd or any(mark in seen for mark in SUSPICIOUS)
        tail = seen[-64:]
    return size, suspicious


def faults_in_xlsx(content: bytes, suspects: Collection[str]) -> Faults:
    """The places of errors and of formulas without a result, by sheet; only in some members."""
    found: Faults = {}
    if not any(name.startswith("xl/worksheets/") for name in suspects):
        return found
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _parts(archive):
            if part not in suspects:
                continue
            text = archive.read(part)
            places = {}
            for match in CELL.finditer(text):
                attributes, inside = match[1], match[2] or b""
                if IS_ERROR.search(attributes):
                    code = "error_value"
                elif HAS_FORMULA.search(inside) and not _has_result(attributes, inside):
                    code = "formula_without_value"
                else:
                    continue
                place = REFERENCE.search(attributes)
                if place is None:  # allowed, but no spreadsheet program leaves it out
                    raise FileError("damaged")
                places[int(place[2]) - 1, _column(place[1])] = code
            found[name] = places
    return found


def _has_result(attributes: bytes, inside: bytes) -> bool:
    """A result, be it a text without a letter."""
    return bool(HAS_VALUE.search(inside) or (IS_TEXT.search(attributes) and b"<v" in inside))


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the member that holds it."""
    from xml.etree import ElementTree

    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(MAIN + "sheet"):  # noqa: S314
        target = links.get(sheet.get(LINKS + "id"), "") or ""
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield sheet.get("name", ""), part


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def faults_in_ods(content: bytes) -> Faults:
    """The places of errors and of formulas without a result, by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml")
    if b"table:formula" not in text and b'"error"' not in text:
        return {}
    from xml.etree import ElementTree

    found: Faults = {}
    places: dict[tuple[int, int], str] = {}
    row = column = 0
    for event, element in ElementTree.iterparse(io.BytesIO(text), ("start", "end")):  # noqa: S314
        if event == "start" and element.tag == TABLE + "table":
            places = found.setdefault(element.get(TABLE + "name", ""), {})
            row = 0
        elif event == "start" and element.tag == TABLE + "table-row":
            column = 0
        elif event == "end" and element.tag == TABLE + "table-row":
            row += int(element.get(TABLE + "number-rows-repeated", "1"))
            element.clear()
        elif event == "end" and element.tag in (
            TABLE + "table-cell",
            TABLE + "covered-table-cell",
        ):
            if code := _fault(element):
                places[row, column] = code
            column += int(element.get(TABLE + "number-columns-repeated", "1"))
    return found


def _fault(cell: Element) -> str:
    if cell.get(CALC + "value-type") == "error":
        return "error_value"
    if cell.get(TABLE + "formula") is None:
        return ""
    has_value = any(
        cell.get(OFFICE + name) is not None
        for name in ("value", "string-value", "date-value", "time-value", "boolean-value")
    )
    text = "".join(cell.itertext()).strip()
    if text.startswith(("#", "Err:")):
        return "error_value"
    return "" if has_value or text else "formula_without_value"
