"""Spreadsheets for the tests, as the programs of offices write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

Rows = Sequence[Any]


def xlsx(rows: Rows, *, title: str = "月報", merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Rows, *, title: str = "月報") -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name=title)
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, (int, float)):
                cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=str(value)))
            else:
                cell = TableCell(valuetype="string")
                if value is not None:
                    cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def ods_of(tables: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet of tables and automatic styles written by hand."""
    names = {"calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"} | {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("office", "style", "table", "text")
    }
    spaces = "".join(f' xmlns:{name}="{uri}"' for name, uri in names.items())
    content = (
        f"<office:document-content{spaces}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    ).encode()
    return changed(ods([["x"]]), lambda name, old: content if name == "content.xml" else old)


def csv(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    lines = [delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def changed(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """An archive with its members changed: ``change(name, content)``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for member in source.infolist():
            target.writestr(member.filename, change(member.filename, source.read(member)))
    return out.getvalue()


def in_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with a piece of its first sheet replaced; ``old`` as ``<v/>`` has no blank."""
    found = []

    def change(name: str, text: bytes) -> bytes:
        if "sheet1" not in name or "rels" in name:
            return text
        # Openpyxl closes empty elements in three ways, with and without lxml.
        text = text.replace(b" />", b"/>").replace(b"<v></v>", b"<v/>")
        found.append(old in text)
        return text.replace(old, new)

    made = changed(content, change)
    assert any(found), f"there is no {old!r} to replace"
    return made
