"""The quickest writers that we know, given cells and nothing else to do."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

type Cells = Iterable[list[Any]]


def csv_by_the_library(path: Path, head: list[str], rows: Cells) -> None:
    """The standard library's writer, which is written in C."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def xlsx_by_rust(path: Path, head: list[str], rows: Cells) -> None:
    """rustpy-xlsxwriter, which takes each row as a dictionary."""
    from rustpy_xlsxwriter import FastExcel

    records = (dict(zip(head, row, strict=True)) for row in rows)
    FastExcel(str(path)).sheet("Figures", records).save()


ENCODERS = (
    (str, ("string", None, None, str)),
    (Decimal, ("float", "office:value", None, str)),
    (type(None), (None, None, None, lambda _none: None)),
)


def ods_by_a_stream(path: Path, head: list[str], rows: Cells) -> None:
    """stream-write-ods."""
    from stream_write_ods import stream_write_ods

    tables = (("Figures", head, (tuple(row) for row in rows)),)
    with path.open("wb") as file:
        for chunk in stream_write_ods(tables, encoders=ENCODERS):
            file.write(chunk)


PEERS: Mapping[str, Callable[[Path, list[str], Iterator[list[Any]]], None]] = {
    "csv": csv_by_the_library,
    "xlsx": xlsx_by_rust,
    "ods": ods_by_a_stream,
}


def bare_xlsx(out: BinaryIO, rows: Cells) -> None:
    """Openpyxl with cells alone."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)


def bare_ods(out: BinaryIO, rows: Cells) -> None:
    """Odfpy with cells alone."""
    from odf import table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    file = OpenDocumentSpreadsheet()
    made = table.Table(name="Figures")
    for row in rows:
        line = table.TableRow()
        for value in row:
            cell = table.TableCell(valuetype="string")
            cell.addElement(text.P(text="" if value is None else str(value)))
            line.addElement(cell)
        made.addElement(line)
    file.spreadsheet.addElement(made)
    file.write(out)
