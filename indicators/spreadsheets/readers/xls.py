"""The format of Excel 97."""

from __future__ import annotations

import io
from typing import Any

from indicators.spreadsheets.books import Book, Cell, Faults, Sheet
from indicators.spreadsheets.errors import FileError


def read_xls(content: bytes) -> Book:
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

    faults: Faults = {}
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
