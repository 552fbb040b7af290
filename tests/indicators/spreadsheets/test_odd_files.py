"""Small files after public reports of readers' faults: these figures, or else a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from indicators.spreadsheets.errors import FileError
from tests.indicators.spreadsheets.a_file import changed, csv, in_sheet
from tests.indicators.spreadsheets.a_table import figures, read
from tests.indicators.spreadsheets.test_seen import number, ods_cells, saved, table

RIGHT = {"2020-01": "17", "2020-02": "168"}
RAISED, LOWERED = InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript")
LONG = [["指標", "期間", "數值"], ["1.4.1", "109年1月", "17"], ["1.4.1", "109年2月", "168"]]


def made(change: Callable[[Worksheet], Any] | None = None, *cells: Any) -> bytes:
    book, sheet = table(*(cells or (17, 168)))
    if change:
        change(sheet)
    return saved(book)


def with_row(change: Callable[[Worksheet], Any]) -> bytes:
    """The table with a second row that the change does something to."""

    def both(sheet: Worksheet) -> None:
        sheet.append(["4.3.3 人數", 9, 9])
        change(sheet)

    return made(both)


def put(name: str, value: Any, code: str = "General") -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[name] = value
        sheet[name].number_format = code

    return change


def rates(sheet: Worksheet) -> None:
    sheet["A3"] = "8.6.1 訓後就業率"
    sheet["B3"].number_format = sheet["C3"].number_format = "0%"


def in_xml(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return changed(content, lambda name, text: change(text) if "/sheet1.xml" in name else text)


def without_places(text: bytes) -> bytes:
    return re.sub(rb'(<(?:c|row)) r="[A-Z]*[0-9]+"', rb"\1", text)


def prefixed(text: bytes) -> bytes:
    return re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", text).replace(b'xmlns="', b'xmlns:x="')


def cell(text: str) -> str:
    return (
        f"<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>"
    )


FIRST = number("17", "17")
READ = {
    "cells without places": in_xml(made(), without_places),
    "rates without places": in_xml(made(rates, 0.17, 1.68), without_places),
    "elements with a prefix": in_xml(made(rates, 0.17, 1.68), prefixed),
    "a carriage return in a heading": made(put("C2", "2月_x000D_")),
    "a footnote on a heading": made(put("C2", CellRichText("2月", TextBlock(RAISED, "1")))),
    "a revised month": made(put("C2", CellRichText("2月", TextBlock(RAISED, "r")))),
    "a figure raised as a whole": made(put("C3", CellRichText(TextBlock(RAISED, "168")))),
    "a year in a format": made(put("A1", 109, '"民國"0"年"')),
    "a month in a format": made(put("C2", 2, '0"月"')),
    "how it is said": in_xml(
        made(),
        lambda text: text.replace(
            "<t>1.4.1 場次</t>".encode(),
            "<t>1.4.1 場次</t><rPh sb='0' eb='2'><t>ㄔㄤ</t></rPh>".encode(),
        ),
    ),
    "currency": ods_cells(number("17", "NT$17", "currency") + number("168", "$168.00", "currency")),
    "a comment": ods_cells(
        FIRST
        + number("168", "168").replace(
            "<text:p>", "<office:annotation><text:p>99</text:p></office:annotation><text:p>", 1
        )
    ),
    "a blank without a break": csv(LONG).replace("109年1".encode(), "109年\u00a01".encode()),
    "a line end in a cell": csv(LONG, delimiter="\t").replace(b"168", b'"168\n"'),
    "old line ends": csv(LONG).replace(b"\r\n", b"\r"),
    "which mark parts the cells": b"sep=,\r\n" + csv(LONG),
}
REFUSED = {
    "an error in single quotes": in_sheet(
        made(), b'<c r="C3" t="n"><v>168</v>', b"<c r='C3' t='e'><v>#N/A</v>"
    ),
    "an error as a text": made(None, 17, "#REF!"),
    "a shared formula": in_sheet(
        made(None, 17, "=B3*2"), b"<f>B3*2</f><v/>", b'<f t="shared" si="0"/><v></v>'
    ),
    "a formula with an empty text": in_sheet(
        made(None, 17, "=B3&1"), b"<f>B3&amp;1</f><v/>", b"<f>B3&amp;1</f><v> </v>"
    ),
    "a day in place of a figure": in_sheet(
        made(), b'<c r="C3" t="n"><v>168</v>', b'<c r="C3" t="d"><v>2020-02-01</v>'
    ),
    "a figure shown as a day": made(put("C3", 168, "yyyy/m/d")),
    "a figure shown as a day of the Republic": made(put("C3", 168, "[$-404]e/m/d")),
    "a figure shown as a time": made(put("C3", 168, "h:mm")),
    "a time": made(None, 17, timedelta(hours=30)),
    "a folded group": made(
        lambda sheet: sheet.column_dimensions.group("C", "C", hidden=True, outline_level=1)
    ),
    "a row too low to see": with_row(
        lambda sheet: setattr(sheet.row_dimensions[4], "height", 0.75)
    ),
    "a column too narrow": made(lambda sheet: setattr(sheet.column_dimensions["C"], "width", 0.08)),
    "a hidden row with a prefix": in_xml(
        with_row(lambda sheet: setattr(sheet.row_dimensions[4], "hidden", True)), prefixed
    ),
    "a share of a count": made(put("C3", 1.68, "0%")),
    "thousands without their unit": made(put("C3", 168000, '[>100]0.0,"千人";0')),
    "a digit raised within a month": made(
        put("C2", CellRichText("1", TextBlock(RAISED, "2"), "月"))
    ),
    "a lowered digit": made(put("C3", CellRichText("168", TextBlock(LOWERED, "1")))),
    "days as years": made(put("B2", 43831, '[$-404]e"年"')),
    "an error of LibreOffice": ods_cells(
        FIRST + "<table:table-cell table:formula='of:=1' office:value-type='string'>"
        "<text:p>Err:502</text:p></table:table-cell>"
    ),
    "figures in two parts": ods_cells(FIRST + cell("1<text:s/>68")),
    "figures in two lines": ods_cells(FIRST + cell("16</text:p><text:p>8")),
    "a day in an OpenDocument cell": ods_cells(
        FIRST + "<table:table-cell office:value-type='date' office:date-value='2020-02-01'>"
        "<text:p>2月</text:p></table:table-cell>"
    ),
    "an apostrophe before": csv(LONG).replace(b",168", b",'168"),
    "an apostrophe behind": csv(LONG).replace(b",168", b",168'"),
    "JSON": b'{"a":[1,2]}',
    "a page below a comment": b"<!-- saved -->\n<html><body><table><tr><td>1</td></tr></table>",
    "a page in a mail": b"\r\nFrom: <x>\r\nMIME-Version: 1.0\r\n\r\n<html>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str) -> None:
    found = read(READ[name])
    assert [one.code for one in found.findings if one.severity == "error"] == []
    assert {period: value for (_key, period), value in figures(found).items()} == RIGHT


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name: str) -> None:
    try:
        found = read(REFUSED[name])
    except FileError:
        return
    assert any(one.severity == "error" for one in found.findings)
