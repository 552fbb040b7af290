"""OpenDocument spreadsheets: cells with their values and what was shown of them.

The file keeps both, the value and the text that stood on the screen. Where they differ in more than
decimals and commas, the text is what a person sees.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from indicators.spreadsheets.books import Book, Cell, Faults, Place, Range, Sheet, holds_numbers
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers import formats
from indicators.spreadsheets.readers.marks import Run, as_seen, joined

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

MOST_ROWS, MOST_COLUMNS = 200_000, 400
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
NUMBERS = ("float", "percentage", "currency")
NO_SIZE = re.compile(r"^0*(?:\.0*)?(?:0[1-9]\d*)?(?:cm|in|mm|pt|pc|px)$")
SHOWN = re.compile(
    r"^(?P<before>[^\d.]*?)(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)(?:E(?P<power>[+-]?\d+))?"
    r"(?P<after>\D.*)?$",
    re.IGNORECASE | re.DOTALL,
)
OVERFLOW = re.compile(r"^#+$")


@dataclass(slots=True)
class Styles:
    """Of the styles of a file those that hide, raise or lower."""

    hidden: set[tuple[str, str]] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)

    def take(self, style: Element) -> None:
        """Note what a style does, by its family and name."""
        name, family = style.get(f"{STYLE}name", ""), style.get(f"{STYLE}family", "")
        for properties in style:
            position = properties.get(f"{STYLE}text-position", "")
            if family == "text" and (place := _place(position)):
                self.places[name] = place
            sizes = (
                properties.get(f"{STYLE}{size}", "") for size in ("row-height", "column-width")
            )
            if properties.get(f"{TABLE}display") == "false" or any(map(NO_SIZE.match, sizes)):
                self.hidden.add((family, name))

    def hides(self, family: str, element: Element) -> bool:
        """Whether a table, row or column is not seen."""
        unseen = element.get(f"{TABLE}visibility") in ("collapse", "filter")
        return unseen or (family, element.get(f"{TABLE}style-name", "")) in self.hidden


def _place(position: str) -> str:
    first = position.split(" ", maxsplit=1)[0]
    if first.endswith("%") and first not in ("0%", "-0%"):
        return "lowered" if first.startswith("-") else "raised"
    return {"super": "raised", "sub": "lowered"}.get(first, "")


@dataclass(slots=True)
class _Table:
    """A sheet as it grows, row by row."""

    name: str
    hidden: bool
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    faults: Faults = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    columns: int = 0
    at: int = 0

    def add_columns(self, element: Element, styles: Styles) -> None:
        """Note which columns are not seen."""
        many = _repeated(element, "columns")
        if styles.hides("table-column", element):
            last = min(self.columns + many, MOST_COLUMNS)
            self.hidden_columns.update(range(self.columns, last))
        self.columns += many

    def add_row(self, element: Element, styles: Styles) -> None:
        """Take the cells of a row, as often as it stands there."""
        many = _repeated(element, "rows")
        row: list[Cell] = []
        faults: dict[int, str] = {}
        shown: dict[int, str] = {}
        column = 0
        for cell in element:
            if cell.tag not in CELLS:
                continue
            times = _repeated(cell, "columns")
            seen = _seen(cell, styles) if cell.tag == CELLS[0] else formats.Seen("")
            if seen.cell != "" or seen.fault:
                if column + times > MOST_COLUMNS:
                    raise FileError("too_large")
                row += [""] * (column - len(row)) + [seen.cell] * times
                for place in range(column, column + times):
                    if seen.fault:
                        faults[place] = seen.fault
                    if seen.shown:
                        shown[place] = seen.shown
            right, below = _spanned(cell, "columns"), _spanned(cell, "rows")
            if right * below > 1:
                self.merged.append((self.at, column, self.at + below - 1, column + right - 1))
            column += times
        if row:
            self._place(row, faults, shown, many, hidden=styles.hides("table-row", element))
        self.at += many

    def _place(
        self,
        row: list[Cell],
        faults: dict[int, str],
        shown: dict[int, str],
        many: int,
        *,
        hidden: bool,
    ) -> None:
        if self.at + many > MOST_ROWS:
            raise FileError("too_large")
        self.rows += [[] for _row in range(self.at - len(self.rows))]
        for at in range(self.at, self.at + many):
            self.rows.append(list(row))
            self.faults.update({(at, column): code for column, code in faults.items()})
            self.shown.update({(at, column): text for column, text in shown.items()})
        if hidden:
            self.hidden_rows.update(range(self.at, self.at + many))

    def sheet(self) -> Sheet:
        """The sheet, all rows of one width."""
        width = max(map(len, self.rows), default=0)
        return Sheet(
            self.name,
            [row + [""] * (width - len(row)) for row in self.rows],
            tuple(self.merged),
            self.faults,
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.shown,
        )


def read_ods(content: bytes) -> Book:
    """Read a spreadsheet of OpenDocument.

    Raises:
        FileError: it is larger than a table of figures.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = Styles()
        if "styles.xml" in archive.namelist():
            for event, element in _parsed(archive.read("styles.xml")):
                if event == "end" and element.tag == f"{STYLE}style":
                    styles.take(element)
        tables = list(_tables(archive.read("content.xml"), styles))
    return Book(
        "ods",
        "",
        tuple(table.sheet() for table in tables if not table.hidden),
        tuple(table.name for table in tables if table.hidden and holds_numbers(table.rows)),
    )


def _parsed(text: bytes) -> Iterator[tuple[str, Element]]:
    from xml.etree import ElementTree

    return ElementTree.iterparse(io.BytesIO(text), ("start", "end"))  # noqa: S314


def _tables(text: bytes, styles: Styles) -> Iterator[_Table]:
    depth, table = 0, _Table("", hidden=True)
    for event, element in _parsed(text):
        tag = element.tag
        if tag == f"{TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                hidden = styles.hides("table", element)
                table = _Table(element.get(f"{TABLE}name", ""), hidden)
            elif event == "end" and depth == 0:
                yield table
                element.clear()
        elif event == "start":
            continue
        elif tag == f"{STYLE}style":
            styles.take(element)
        elif depth == 1 and tag == f"{TABLE}table-column":
            table.add_columns(element, styles)
        elif depth == 1 and tag == f"{TABLE}table-row":
            table.add_row(element, styles)
            element.clear()


def _repeated(element: Element, what: str) -> int:
    return max(1, int(element.get(f"{TABLE}number-{what}-repeated", "1")))


def _spanned(element: Element, what: str) -> int:
    return max(1, int(element.get(f"{TABLE}number-{what}-spanned", "1")))


def _seen(cell: Element, styles: Styles) -> formats.Seen:
    """What a person sees of a cell."""
    kind = cell.get(f"{OFFICE}value-type", "")
    value = cell.get(f"{OFFICE}{kind}-value") or cell.get(f"{OFFICE}value")
    if not len(cell) and not kind and cell.get(f"{TABLE}formula") is None:
        return formats.Seen("")
    paragraphs = [_runs(part, styles) for part in cell if part.tag == f"{TEXT}p"]
    text = "\n".join(as_seen(joined(runs)) for runs in paragraphs)
    is_formula = cell.get(f"{TABLE}formula") is not None
    wrong = is_formula and text.strip().startswith(("#", "Err:")) and not OVERFLOW.match(text)
    if cell.get(f"{CALC}value-type") == "error" or kind == "error" or wrong:
        return formats.Seen(text.strip() or "#", formats.ERROR)
    if is_formula and not text.strip() and value is None:
        return formats.Seen("", "formula_without_value")
    if kind in NUMBERS and value is not None:
        shown = text.strip() if paragraphs else None
        return seen_of(float(value), shown, is_percentage=kind == "percentage")
    if kind == "date" and value:
        return _seen_date(value, text.strip())
    if kind == "boolean" and value:
        return formats.Seen(value == "true")
    return formats.Seen(text if paragraphs or not value else value)


def _runs(element: Element, styles: Styles, place: str = "") -> list[Run]:
    """The pieces of a paragraph; comments, notes and what stands above a word are none of it."""
    found = [(element.text or "", place)]
    for part in element:
        if part.tag == f"{TEXT}s":
            found.append((" " * int(part.get(f"{TEXT}c", "1")), place))
        elif part.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            found.append(("\n", place))
        elif part.tag in (f"{TEXT}span", f"{TEXT}a", f"{TEXT}ruby", f"{TEXT}ruby-base"):
            own = styles.places.get(part.get(f"{TEXT}style-name", ""), place)
            found += _runs(part, styles, own)
        elif part.tag not in (f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}ruby-text"):
            found += _runs(part, styles, place)
        found.append((part.tail or "", place))
    return found


def seen_of(held: float, shown: str | None, *, is_percentage: bool) -> formats.Seen:
    """What is seen of a number that is shown as a text; None where the file has no such text."""
    value = Decimal(f"{held:.15g}")
    if shown is None or OVERFLOW.match(shown):
        return formats.Seen(formats.beside(value.scaleb(2), "", "%") if is_percentage else held)
    match = SHOWN.match(unicodedata.normalize("NFKC", shown))
    if match is None:
        nought = not value and shown in formats.NOUGHT
        return formats.Seen(held, "" if nought else formats.HIDDEN)
    number = Decimal(match["number"].replace(",", ""))
    step = Decimal(1).scaleb(-len(match["number"].partition(".")[2]) + int(match["power"] or 0))
    number = number.scaleb(int(match["power"] or 0))

    def fits(some: Decimal) -> bool:
        return abs(abs(some) - number) <= step * Decimal("0.5000001")

    before, after = formats.bare(match["before"], match["after"] or "")
    if after.startswith("%") and fits(value.scaleb(2)):
        return formats.Seen(formats.beside(value.scaleb(2), before, after))
    if fits(value) and not is_percentage:
        return formats.Seen(formats.beside(value, before, after) if before or after else held)
    word = next((word for word in formats.WORDS if after.startswith(word)), "")
    if word and fits(value.scaleb(-formats.WORDS[word])):
        return formats.Seen(formats.beside(value.scaleb(-formats.WORDS[word]), before, after))
    return formats.Seen(held, formats.SCALED)


def _seen_date(held: str, shown: str) -> formats.Seen:
    """A date as ISO has it, a year where no more is shown of it."""
    try:
        day = date.fromisoformat(held[:10])
    except ValueError:
        return formats.Seen(shown or held)
    numbers = [int(number) for number in re.findall(r"\d+", shown)]
    years = (day.year, day.year - 1911, day.year % 100)
    if not numbers or (any(number in years for number in numbers) and len(numbers) > 1):
        return formats.Seen(day.isoformat())
    if len(numbers) == 1 and numbers[0] in years[:2] and not re.search(r"[月A-Za-z]", shown):
        return formats.Seen(f"{numbers[0]}年")
    has_year = any(number in years for number in numbers) and re.search(r"[A-Za-z]", shown)
    return formats.Seen(day.isoformat(), shown="" if has_year else shown)
