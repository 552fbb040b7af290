"""Workbooks of Office Open XML: what the reader of their values leaves out, sought in the XML.

The reader gives an empty cell for an error and for a formula whose result was never kept, joins a
raised digit to the number before it, and knows nothing of number formats nor of what is hidden.
Each would be a figure lost or changed in silence.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indicators.spreadsheets.books import Book, Cell, Faults, Place, Range, Sheet, holds_numbers
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers import formats
from indicators.spreadsheets.readers.marks import Run, as_seen, joined

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TOO_LOW = 2.0
"""Points of a row's height in which nothing can be read."""
TOO_NARROW = 0.3
"""Characters of a column's width in which nothing can be read."""

ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
CELL = re.compile(
    rb"<(?:\w+:)?(?:row\b(?P<row>[^>]*)>|c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>))",
    re.DOTALL,
)
REFERENCE = re.compile(rb"^([A-Z]+)([0-9]+)$")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]+)")
ZEROS_OFF = re.compile(rb"\bshowZeros\s*=\s*[\"'](?:0|false)")
NOUGHT = re.compile(rb"^\s*-?0*\.?0*\s*$")
INLINE = re.compile(rb"<(?:\w+:)?is>")
RUN = re.compile(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)</")
PLACES = {"superscript": "raised", "subscript": "lowered"}


@dataclass(slots=True)
class Look:
    """What one sheet shows other than its values.

    ``cells`` are seen in place of those; ``texts`` have formats that put words beside a text.
    """

    faults: Faults = field(default_factory=dict)
    cells: dict[Place, Cell] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, Sequence[formats.Section]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hides_noughts: bool = False

    def see(self, place: Place, seen: formats.Seen) -> None:
        """Put what is seen of a cell in place of what it holds."""
        if seen.fault:
            self.faults[place] = seen.fault
            return
        self.cells[place] = seen.cell
        if seen.shown:
            self.shown[place] = seen.shown

    def sheet(self, name: str, rows: list[list[Cell]], merged: tuple[Range, ...]) -> Sheet:
        """The sheet with its cells as they are seen."""
        for (row, column), cell in self.cells.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = cell
        for (row, column), sections in self.texts.items():
            cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
            if isinstance(cell, str) and cell:
                seen = formats.seen_text(cell, sections)
                rows[row][column] = seen.cell
                if seen.fault:
                    self.faults[row, column] = seen.fault
        if self.hides_noughts:
            self.faults |= dict.fromkeys(formats.unseen_noughts(rows), formats.HIDDEN)
        return Sheet(
            name,
            rows,
            merged,
            self.faults,
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.shown,
        )


@dataclass(frozen=True, slots=True)
class Workbook:
    """What holds for all sheets: the formats of styles, texts with raised characters, the calendar.

    ``stale``: formulas are still to be worked out; programs put 0 there, as if it were a result.
    """

    styles: Mapping[bytes, Sequence[formats.Section]]
    marked: Mapping[bytes, str]
    from_1904: bool
    stale: bool


def read_xlsx(content: bytes, *, telling: Collection[str]) -> Book:
    """Read a workbook of Excel 2007 or later, transitional or strict.

    ``telling``: the members with more than values in them.

    Raises:
        FileError: it is damaged, locked, or would be too large.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    looks = look_into(content, telling)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets, hidden = [], []
    for at, data in enumerate(book.sheets_metadata):
        if data.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(at)
        rows = [
            [cell if cell.__class__ is float else _value(cell) for cell in row]
            for row in sheet.to_python(skip_empty_area=False)
        ]
        if data.visible != SheetVisibleEnum.Visible:
            hidden += [data.name] if holds_numbers(rows) else []
            continue
        look = looks[at] if at < len(looks) else None
        if look is None:
            raise FileError("damaged")
        merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
        sheets.append(look.sheet(data.name, rows, merged))
    return Book("xlsx", "", tuple(sheets), tuple(hidden))


def _value(cell: Any) -> Cell:
    """A value of the reader as a cell; dates and times are the texts that ISO has for them."""
    if isinstance(cell, str):
        return cell if cell.isascii() else as_seen(cell)
    return cell if isinstance(cell, (int, float)) else str(cell)


def look_into(content: bytes, telling: Collection[str]) -> list[Look | None]:
    """Look through the sheets of a workbook, in its order; None for what is no table of cells.

    Raises:
        FileError: a sheet cannot be looked through.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = _Package(archive)
        start = next(
            (part for kind, part in package.links("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        links = package.links(start)
        parts = dict(links.values())
        book = package.xml(start)
        whole = Workbook(
            _styles(package.xml(parts.get("styles", ""))),
            _marked(package.read(parts.get("sharedStrings", ""))),
            _says(book, "workbookPr", "date1904", "1"),
            not _worked_out(book),
        )
        found: list[Look | None] = []
        for sheet in _named(book, "sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            kind, part = links.get(link, ("", ""))
            found.append(_look(package, part, whole, telling) if kind == "worksheet" else None)
    return found


class _Package:
    """The parts of a zipped document, found by their names in whatever case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}

    def name(self, part: str) -> str:
        """The member that holds a part; "" where it is missing."""
        return self._names.get(part.lower(), "")

    def read(self, part: str) -> bytes:
        """A part in UTF-8; nothing where it is missing."""
        name = self.name(part)
        text = self._archive.read(name) if name else b""
        if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = text.decode("utf-16").encode()
        if b"\x00" in text[:1000]:
            raise FileError("damaged")
        return text

    def xml(self, part: str) -> Element:
        """A part as a tree."""
        from xml.etree import ElementTree

        return ElementTree.fromstring(self.read(part) or b"<none/>")  # noqa: S314

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part leads to: identifier → (kind, part); those of the file for ""."""
        folder, name = posixpath.split(part)
        return {
            link.get("Id", ""): (
                link.get("Type", "").rsplit("/", 1)[-1],
                posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
            )
            for link in self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
            if link.get("TargetMode") != "External"
        }


def _named(root: Element, name: str) -> Iterator[Element]:
    """The elements of a name in whatever namespace: strict and transitional differ in it."""
    return root.iterfind(f".//{{*}}{name}")


def _says(root: Element, name: str, attribute: str, value: str) -> bool:
    yes = {"1": ("1", "true", "on"), "0": ("0", "false", "off")}[value]
    return any(element.get(attribute, "") in yes for element in _named(root, name))


def _worked_out(book: Element) -> bool:
    """Whether formulas were worked out when the file was saved, as spreadsheet programs say."""
    ask_for_it = _says(book, "calcPr", "fullCalcOnLoad", "1")
    left_off = _says(book, "calcPr", "calcCompleted", "0")
    return next(_named(book, "calcPr"), None) is not None and not ask_for_it and not left_off


def _styles(root: Element) -> Mapping[bytes, Sequence[formats.Section]]:
    """The formats of the styles that show more or less than the number itself."""
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _named(root, "numFmt")}
    codes = {str(number): code for number, code in formats.BUILT_IN.items()} | codes
    found = {}
    for group in _named(root, "cellXfs"):
        for at, style in enumerate(group):
            sections = formats.parsed(codes.get(style.get("numFmtId", ""), ""))
            if sections:
                found[str(at).encode()] = sections
    return found


def _marked(text: bytes) -> dict[bytes, str]:
    """The shared texts with raised or lowered characters, by their number."""
    if b"superscript" not in text and b"subscript" not in text:
        return {}
    from xml.etree import ElementTree

    found, at = {}, 0
    for _event, element in ElementTree.iterparse(io.BytesIO(text)):  # noqa: S314
        if not element.tag.endswith("}si"):
            continue
        runs = [_run(run) for run in element.iterfind("{*}r")]
        if any(place for _text, place in runs):
            found[str(at).encode()] = joined(runs)
        at += 1
        element.clear()
    return found


def _run(run: Element) -> Run:
    height = run.find("{*}rPr/{*}vertAlign")
    text = "".join(one.text or "" for one in run.iterfind("{*}t"))
    return text, PLACES.get("" if height is None else height.get("val", ""), "")


def _inline(inside: bytes) -> str:
    """A text that stands in its cell, with its raised and lowered characters."""
    runs = []
    for match in RUN.finditer(inside):
        place = next((place for name, place in PLACES.items() if name.encode() in match[1]), "")
        runs.append((html.unescape(b"".join(TEXT.findall(match[1])).decode()), place))
    return joined(runs)


def _look(package: _Package, part: str, whole: Workbook, telling: Collection[str]) -> Look:
    found = Look()
    name = package.name(part)
    if name not in telling and not (whole.styles or whole.marked):
        return found
    text = package.read(part)
    found.hides_noughts = ZEROS_OFF.search(text) is not None
    _find_hidden(text, found)
    for place, attributes, inside in _cells(text, whole):
        _see(found, place, attributes, inside, whole)
    return found


def _attribute(attributes: bytes, name: bytes) -> bytes:
    match = re.search(rb"(?<![\w:])" + name + rb"\s*=\s*[\"']([^\"']*)", attributes)
    return match[1] if match else b""


def _find_hidden(text: bytes, found: Look) -> None:
    """Rows and columns without a size, or hidden by hand, by a filter or in a group."""
    head = text.find(b"sheetData")
    for match in COLUMN.finditer(text, 0, head if head > 0 else len(text)):
        width = _attribute(match[1], b"width")
        narrow = bool(width) and float(width) < TOO_NARROW
        if narrow or _attribute(match[1], b"hidden") in (b"1", b"true"):
            first, last = (int(_attribute(match[1], name) or 0) for name in (b"min", b"max"))
            found.hidden_columns.update(range(first - 1, min(last, 1000)))
    if b"hidden" not in text and b" ht" not in text:
        return
    row = -1
    for match in ROW.finditer(text):
        row = int(_attribute(match[1], b"r") or row + 2) - 1
        height = _attribute(match[1], b"ht")
        low = bool(height) and float(height) < TOO_LOW
        if low or _attribute(match[1], b"hidden") in (b"1", b"true"):
            found.hidden_rows.add(row)


def _cells(text: bytes, whole: Workbook) -> Iterator[tuple[Place, bytes, bytes]]:
    """Place, attributes and content of the cells that may be more than their values.

    A cell without a name of its place is the next one.
    """
    row, named, behind = -1, b"", 0
    for match in CELL.finditer(text):
        of_row, attributes, inside = match.groups(b"")
        if match.lastgroup == "row":
            row, named, behind = int(_attribute(of_row, b"r") or row + 2) - 1, b"", -1
            continue
        if b" r=" in attributes or _attribute(attributes, b"r"):
            named, behind = attributes, 0
        else:
            behind += 1
        style = STYLE.search(attributes)
        if (
            (style[1] if style else b"0") in whole.styles
            or b"<f" in inside
            or b":f" in inside
            or b'"e"' in attributes
            or b"'e'" in attributes
            or b"script" in inside
            or (whole.marked and b"s" in attributes)
        ):
            reference = REFERENCE.match(_attribute(named, b"r"))
            place = (int(reference[2]) - 1, _column(reference[1])) if reference else (row, 0)
            yield (place[0], place[1] + behind), attributes, inside


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _see(found: Look, place: Place, attributes: bytes, inside: bytes, whole: Workbook) -> None:
    kind = _attribute(attributes, b"t")
    value = VALUE.search(inside)
    if kind == b"e":
        found.faults[place] = formats.ERROR
        return
    if FORMULA.search(inside) and not _has_result(kind, inside, value, stale=whole.stale):
        found.faults[place] = "formula_without_value"
        return
    if kind == b"inlineStr" and b"script" in inside:
        found.cells[place] = _inline(inside)
    elif kind == b"s" and value and value[1] in whole.marked:
        found.cells[place] = whole.marked[value[1]]
    sections = whole.styles.get(_attribute(attributes, b"s") or b"0")
    if sections and kind in (b"", b"n") and value and value[1].strip():
        seen = formats.seen_number(float(value[1]), sections, from_1904=whole.from_1904)
        found.see(place, seen)
    elif sections and kind in (b"s", b"str", b"inlineStr"):
        found.texts[place] = sections


def _has_result(kind: bytes, inside: bytes, value: re.Match[bytes] | None, *, stale: bool) -> bool:
    """A result, be it a text without a letter; nought only where formulas were worked out."""
    if value is None:
        return INLINE.search(inside) is not None
    if kind == b"str":
        return bool(value[1]) or not stale
    return bool(value[1]) and not (stale and NOUGHT.match(value[1]))
