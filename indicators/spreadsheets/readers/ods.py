"""OpenDocument spreadsheets: their cells, with errors and formulas without a result."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from indicators.spreadsheets.books import Book, Cell, Faults, Sheet, holds_numbers
from indicators.spreadsheets.readers.marks import as_seen

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def read_ods(content: bytes) -> Book:
    """Read a spreadsheet of OpenDocument."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    faults = faults_in_ods(content)
    sheets, hidden = [], []
    for at, data in enumerate(book.sheets_metadata):
        rows = [
            [_value(cell) for cell in row]
            for row in book.get_sheet_by_index(at).to_python(skip_empty_area=False)
        ]
        if data.visible == SheetVisibleEnum.Visible:
            sheets.append(Sheet(data.name, rows, (), faults.get(data.name, {})))
        elif holds_numbers(rows):
            hidden.append(data.name)
    return Book("ods", "", tuple(sheets), tuple(hidden))


def _value(cell: Any) -> Cell:
    if isinstance(cell, str):
        return as_seen(cell)
    return cell if isinstance(cell, (int, float)) else str(cell)


def faults_in_ods(content: bytes) -> dict[str, Faults]:
    """The places of errors and of formulas without a result, by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml")
    if b"table:formula" not in text and b'"error"' not in text:
        return {}
    from xml.etree import ElementTree

    found: dict[str, Faults] = {}
    places: Faults = {}
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
