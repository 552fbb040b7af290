"""Files of strangers: every kind is read, and anything else ends in a message."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.files import Book, Cell, Sheet, check_extent, read_book, read_text
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.limits import read_limited
from tests.indicators.spreadsheets.a_file import changed, csv, in_sheet, ods, xlsx

ROWS = [["指標", "期間", "數值"], ["8.6.1", "110年3月", 2421], ["8.6.2", "2021-03", 58.7]]
TEXTS = [["指標", "期間", "數值"], ["8.6.1", "110年3月", "2421"], ["8.6.2", "2021-03", "58.7"]]


def texts(content: bytes, **options: str) -> list[list[str]]:
    (sheet,) = read_book(content, **options).sheets
    return [[text_of(cell) for cell in row] for row in sheet.rows]


@pytest.mark.parametrize(
    "content",
    [
        xlsx(ROWS),
        ods(ROWS),
        csv(ROWS),
        csv(ROWS, encoding="utf-8-sig"),
        csv(ROWS, encoding="utf-16"),
        csv(ROWS, encoding="utf-16-le"),
        csv(ROWS, encoding="utf-16-be"),
        csv(ROWS, encoding="cp950"),
        csv(ROWS, delimiter="\t"),
        csv(ROWS, delimiter=";"),
    ],
    ids=["xlsx", "ods", "utf8", "bom", "utf16", "utf16le", "utf16be", "big5", "tab", "semicolon"],
)
def test_every_kind_says_the_same(content: bytes) -> None:
    assert texts(content) == TEXTS
    (sheet,) = read_limited(content).sheets
    assert [[text_of(cell) for cell in row] for row in sheet.rows] == TEXTS


def test_the_encoding_is_shown_and_can_be_changed() -> None:
    assert read_book(csv(ROWS, encoding="cp950")).encoding == "cp950"
    with pytest.raises(FileError, match="encoding"):
        read_book(csv(ROWS, encoding="cp950"), encoding="utf-8")


def test_a_pasted_table_is_read() -> None:
    (sheet,) = read_text('指標\t數值\r\n8.6.1\t"1,234"\r\n').sheets
    assert sheet.rows == [["指標", "數值"], ["8.6.1", "1,234"]]


def test_cells_keep_their_places() -> None:
    assert texts(xlsx([[], [], [None, None, "x"]])) == [["", "", ""], ["", "", ""], ["", "", "x"]]


def test_a_number_is_what_a_spreadsheet_shows() -> None:
    assert texts(xlsx([[0.1 + 0.2, 58.699999999999996, 12345678901234, 1e15]])) == [
        ["0.3", "58.7", "12345678901234", "1000000000000000"]
    ]


def test_a_wrong_extent_hides_no_rows() -> None:
    content = in_sheet(xlsx(ROWS), b'<dimension ref="A1:C3"/>', b'<dimension ref="A1:A1"/>')
    assert texts(content) == TEXTS


def test_errors_and_formulas_without_a_result_are_faults() -> None:
    content = xlsx([[1, "=A1+1", "=1/0"], ["=A1", 2, 3]])
    content = in_sheet(
        content,
        b'<c r="C1"><f>1/0</f><v/></c>',
        b'<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    )
    content = in_sheet(content, b'<c r="A2"><f>A1</f><v/>', b'<c r="A2"><f>A1</f><v>1</v>')
    (sheet,) = read_limited(content).sheets
    assert sheet.faults == {(0, 1): "formula_without_value", (0, 2): "error_value"}
    assert sheet.rows[1][0] == 1


def test_faults_of_an_opendocument_file() -> None:
    def change(name: str, text: bytes) -> bytes:
        if name != "content.xml":
            return text
        return text.replace(
            b'office:value-type="float" office:value="2"', b'table:formula="of:=1+1"'
        ).replace(b"<text:p>2</text:p>", b"")

    content = changed(ods([[1, 2, 3]]), change)
    if b"table:formula" not in zipfile.ZipFile(io.BytesIO(content)).read("content.xml"):
        pytest.skip("odfpy writes the attributes in another order")
    (sheet,) = read_limited(content).sheets
    assert sheet.faults == {(0, 1): "formula_without_value"}


def test_hidden_sheets_are_left_out() -> None:
    content = changed(
        xlsx(ROWS),
        lambda name, text: (
            text.replace(b'state="visible"', b'state="hidden"')
            if name == "xl/workbook.xml"
            else text
        ),
    )
    with pytest.raises(FileError, match="empty"):
        read_book(content)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(260):
                member.write(b" " * 1_000_000)
    return out.getvalue()


def with_entities(text: bytes) -> bytes:
    return changed(xlsx(ROWS), lambda name, old: text + old if name == "xl/workbook.xml" else old)


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
ENCRYPTED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
)


def far_ods() -> bytes:
    cell, row = b"<table:table-cell ", b"<table:table-row>"
    far_cell = cell + b'table:number-columns-repeated="16000" '
    far_row = b'<table:table-row table:number-rows-repeated="1000000">'
    return changed(
        ods([["x", 1]]),
        lambda name, text: (
            text.replace(cell, far_cell).replace(row, far_row) if name == "content.xml" else text
        ),
    )


def duplicated_headers() -> bytes:
    """A directory that names a member whose local header is another's."""
    content = bytearray(xlsx(ROWS))
    at = content.rfind(b"PK\x01\x02")
    content[at + 42 : at + 46] = struct.pack("<I", 0xFFFFFF)
    return bytes(content)


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "zip bomb": (bomb, {"too_large"}),
    "entities": (lambda: with_entities(LAUGHS), {"entities"}),
    "external entity": (lambda: with_entities(EXTERNAL), {"entities"}),
    "a cell a billion cells away": (
        lambda: in_sheet(xlsx(ROWS), b'r="C3"', b'r="XFD1048576"'),
        {"too_large"},
    ),
    "a row far down": (
        lambda: in_sheet(xlsx(ROWS), b'<row r="3">', b'<row r="999999">'),
        {"too_large"},
    ),
    "repeated cells": (far_ods, {"too_large", "empty", "damaged"}),
    "encrypted": (lambda: ENCRYPTED, {"encrypted"}),
    "truncated": (lambda: xlsx(ROWS)[:-900], {"damaged"}),
    "broken directory": (duplicated_headers, {"damaged"}),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, {"pdf"}),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, {"picture"}),
    "another archive": (
        lambda: changed(xlsx(ROWS), lambda _name, text: text).replace(b"xl/", b"zz/"),
        {"archive", "damaged"},
    ),
    "50 MB in a line": (lambda: b"1," * 25_000_000, {"too_large"}),
    "a long line": (lambda: b"1," * 900_000, {"line_too_long"}),
    "NUL bytes": (lambda: b"a,b\n" + bytes(3000), {"binary"}),
    "NUL characters later": (lambda: b"a,b\n" * 800 + b"\x00,1\n", {"binary"}),
    "no text": (lambda: bytes(range(128, 256)) * 30, {"encoding"}),
    "nothing": (lambda: b"", {"empty"}),
    "an empty workbook": (lambda: xlsx([]), {"empty"}),
    "an old workbook cut off": (lambda: ENCRYPTED[:60] + bytes(900), {"damaged"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_message(name: str, tmp_path: Path) -> None:
    make, codes = HOSTILE[name]
    with pytest.raises(FileError) as caught:
        read_limited(make())
    assert caught.value.code in codes
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_needs_more_memory_than_there_is() -> None:
    rows = [[f"{row}-{column}" for column in range(50)] for row in range(3000)]
    with pytest.raises(FileError, match="too_large"):
        read_limited(xlsx(rows), megabytes=32)


def test_a_file_that_takes_too_long() -> None:
    rows = [[column * 1.5 for column in range(50)]] * 5000
    with pytest.raises(FileError, match="too_slow"):
        read_limited(xlsx(rows), seconds=0)


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows() -> None:
    with pytest.raises(FileError) as caught:
        read_book('指標,期間,數值\n1.4.1,2021-03,"5\n1.4.1,2021-04,6\n'.encode())
    assert caught.value.code == "quotes"


def test_utf_16_without_a_mark_is_read_again_as_it_was_read_first() -> None:
    content = "指標,期間,數值\n1.4.1,2021-03,5\n".encode("utf-16-be")
    first = read_book(content)
    again = read_book(content, encoding=first.encoding)
    assert (first.encoding, first.sheets[0].rows) == ("utf-16", again.sheets[0].rows)
    assert first.sheets[0].rows[1] == ["1.4.1", "2021-03", "5"]


def test_ranges_that_are_merged_without_end_are_refused() -> None:
    merged = tuple((at, 0, at + 1000, 99) for at in range(1000))
    rows: list[list[Cell]] = [[*[""] * 99, "1"] for _row in range(2000)]
    book = Book("xlsx", "", (Sheet("s", rows, merged),))
    with pytest.raises(FileError):
        check_extent(book)
