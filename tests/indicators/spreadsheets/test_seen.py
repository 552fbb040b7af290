"""Cells as a person sees them, alike in XLSX, ODS and XLS: never a figure that nobody saw."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from indicators.spreadsheets.books import Sheet, packed, unpacked
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import read_book
from indicators.spreadsheets.limits import read_limited
from tests.indicators.spreadsheets.a_file import changed, csv, in_sheet, ods, ods_of, xlsx
from tests.indicators.spreadsheets.a_table import KNOWN, codes, figures, read

DATA = Path(__file__).parents[2] / "data"
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*cells: Any, formats: dict[str, str] | None = None) -> tuple[Workbook, Worksheet]:
    """A year of sessions, its months from January on; ``formats``: cell → number format."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["民國109年"])
    sheet.append(["指標", *(f"{at}月" for at in range(1, len(cells) + 1))])
    sheet.append(["1.4.1 場次", *cells])
    for name, code in (formats or {}).items():
        sheet[name].number_format = code
    return book, sheet


def strict(content: bytes) -> bytes:
    def change(name: str, text: bytes) -> bytes:
        for old, new in STRICT.items():
            text = text.replace(old, new) if name.endswith((".xml", "book.xml.rels")) else text
        return text

    return changed(content, change)


def ods_cells(cells: str, *, rows: str = "", styles: str = "", columns: str = "") -> bytes:
    """An OpenDocument table of sessions in 2020 whose first months are the given cells."""
    text = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    months = "".join(text.format(f"{at}月") for at in range(1, 5))
    body = (
        f"<table:table table:name='表'>{columns}<table:table-row>{text.format('民國109年')}"
        f"</table:table-row><table:table-row>{text.format('指標')}{months}</table:table-row>"
        f"<table:table-row>{text.format('1.4.1 場次')}{cells}</table:table-row>{rows}</table:table>"
    )

    return ods_of(body, styles)


def number(value: str, shown: str, kind: str = "float") -> str:
    return (
        f"<table:table-cell office:value-type='{kind}' office:value='{value}'>"
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def only(content: bytes) -> Sheet:
    (sheet,) = read_limited(content).sheets
    return sheet


def test_a_percentage_comes_in_as_it_is_seen() -> None:
    book, sheet = table()
    sheet.append(["8.6.1 訓後就業率", 0.587, 1.0302])
    sheet["B2"], sheet["C2"] = "1月", "2月"
    sheet["B4"].number_format = sheet["C4"].number_format = "0.0%"
    for content in (saved(book), strict(saved(book))):
        assert figures(read(content)) == {(2, "2020-01"): "58.7", (2, "2020-02"): "103.02"}
    cells = number("0.587", "58.7%", "percentage") + number("1.0302", "103%", "percentage")
    content = changed(
        ods_cells(cells),
        lambda _name, text: text.replace("1.4.1 場次".encode(), "8.6.1 訓後就業率".encode()),
    )
    assert figures(read(content)) == {(2, "2020-01"): "58.7", (2, "2020-02"): "103.02"}


def test_a_format_that_scales_is_refused_with_its_place() -> None:
    book, _sheet = table(17, 17168, formats={"C3": "#,##0,"})
    found = read(saved(book))
    assert [(f.row, f.column, f.code) for f in found.findings] == [(2, 2, "scaled_format")]
    assert "scaled_format" in codes(read(ods_cells(number("17", "17") + number("17168", "17"))))


@pytest.mark.parametrize("make", [lambda text: text, strict], ids=["transitional", "strict"])
def test_a_raised_mark_never_joins_the_number(make: Any) -> None:
    raised = InlineFont(vertAlign="superscript")
    book, sheet = table(17, CellRichText("168", TextBlock(raised, "1")))
    sheet["A1"] = CellRichText("民國109年", TextBlock(raised, "註"))
    content = make(saved(book))
    assert only(content).rows[0][0] == "民國109年(註)"
    assert only(content).rows[2][2] == "168¹"
    assert {r.value for r in read(content).readings} != (1681, 168)
    assert "number_unreadable" in codes(read(content))


def test_raised_marks_in_shared_texts() -> None:
    run = b'<si><r><t>168</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>'
    link = b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="x/sharedStrings"/>'
    content = in_sheet(
        saved(table(17, "MARK")[0]),
        b't="inlineStr"><is><t>MARK</t></is>',
        b't="s"><v>1</v>',
    )

    def change(name: str, text: bytes) -> bytes:
        end = b"</Relationships>"
        return text.replace(end, link + end) if name.endswith("workbook.xml.rels") else text

    out = io.BytesIO(changed(content, change))
    with zipfile.ZipFile(out, "a") as archive:
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        start = b'<sst xmlns="' + space + b'"><si><t>x</t></si>'
        archive.writestr("xl/sharedStrings.xml", start + run + b"</sst>")
    assert only(out.getvalue()).rows[2][2] == "168¹"


def test_raised_marks_of_an_opendocument_file() -> None:
    style = (
        "<style:style style:name='T1' style:family='text'>"
        "<style:text-properties style:text-position='super 58%'/></style:style>"
    )
    cell = (
        "<table:table-cell office:value-type='string'><office:annotation><text:p>9</text:p>"
        "</office:annotation><text:p>168<text:span text:style-name='T1'>1</text:span></text:p>"
        "</table:table-cell>"
    )
    assert only(ods_cells(cell, styles=style)).rows[2] == ["1.4.1 場次", "168¹", "", "", ""]


def test_a_figure_merged_over_months_is_refused_in_every_format() -> None:
    book, sheet = table(90, None, None, 30)
    sheet.merge_cells("B3:D3")
    assert "merged_months" in codes(read(saved(book)))
    merged = number("90", "90").replace(
        "<table:table-cell", "<table:table-cell table:number-columns-spanned='3'"
    )
    covered = "<table:covered-table-cell table:number-columns-repeated='2'/>"
    assert "merged_months" in codes(read(ods_cells(merged + covered + number("30", "30"))))
    assert only((DATA / "office.xls").read_bytes()).merged == ((0, 0, 0, 15), (4, 0, 5, 0))


def test_hidden_rows_columns_and_sheets_are_named_and_not_taken() -> None:
    book, sheet = table(17, 168)
    sheet.append(["4.3.3 人數", 9, 9])
    sheet.row_dimensions[4].hidden = True
    found = read(saved(book))
    assert codes(found) == ["hidden_row"]
    assert figures(found) == {(4, "2020-01"): "17", (4, "2020-02"): "168"}

    book, sheet = table(17, 168)
    sheet.column_dimensions["C"].hidden = True
    sheet.append(["4.3.3 人數", 9, 9])
    found = read(saved(book))
    assert codes(found) == ["hidden_column"]
    assert {period for _key, period in figures(found)} == {"2020-01"}

    book, sheet = table(17, 168)
    book.create_sheet("舊").append([1, 2, 3])
    book.create_sheet("空白").sheet_state = "hidden"
    book["舊"].sheet_state = "veryHidden"
    found = read(saved(book))
    assert [(f.code, f.sheet, f.severity) for f in found.findings] == [
        ("hidden_sheet", "舊", "warning")
    ]


def test_a_hidden_column_that_names_the_rows_is_pointed_out() -> None:
    book, sheet = table(17, 168)
    sheet.column_dimensions["A"].hidden = True
    found = read(saved(book))
    assert [(f.code, f.severity) for f in found.findings] == [("hidden_names", "warning")]


def test_what_is_hidden_in_an_opendocument_file() -> None:
    styles = (
        "<style:style style:name='ro0' style:family='table-row'>"
        "<style:table-row-properties style:row-height='0cm'/></style:style>"
    )
    row = "<table:table-row{}><table:table-cell office:value-type='string'><text:p>4.3.3 人數"
    row += "</text:p></table:table-cell>" + number("9", "9") + "</table:table-row>"
    rows = row.format(" table:visibility='filter'") + row.format(" table:style-name='ro0'")
    columns = "<table:table-column table:number-columns-repeated='2'/>"
    columns += "<table:table-column table:visibility='collapse'/>"
    sheet = only(ods_cells(number("1", "1"), rows=rows, styles=styles, columns=columns))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3, 4}, {2})


def test_a_formula_that_nobody_worked_out_is_no_nought() -> None:
    content = in_sheet(saved(table("=1+1", "=1-1")[0]), b"<f>1-1</f><v/>", b"<f>1-1</f><v>0</v>")
    for one in (content, strict(content)):
        assert only(one).faults == dict.fromkeys([(2, 1), (2, 2)], "formula_without_value")

    def worked_out(name: str, text: bytes) -> bytes:
        return (
            re.sub(rb"<calcPr[^>]*>", b'<calcPr calcId="191029"/>', text)
            if name.endswith("/workbook.xml")
            else text
        )

    assert only(changed(content, worked_out)).faults == {(2, 1): "formula_without_value"}


def test_a_formula_of_excel_97_that_is_to_be_worked_out_on_opening() -> None:
    content = bytearray((DATA / "formula.xls").read_bytes())
    assert only(bytes(content)).rows[2][1:3] == [34, 0]
    for match in re.finditer(rb"\x06\x00(..)\x02\x00", bytes(content), re.DOTALL):
        (length,) = struct.unpack("<H", match[1])
        if length < 40:
            content[match.start() + 18] |= 2
    assert only(bytes(content)).faults == {(2, 2): "formula_without_value"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "web_page"),
        ("<html><table>".encode("utf-16"), "web_page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "web_page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "excel_2003_xml",
        ),
        (
            b'<?xml version="1.0"?><office:document'
            b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">',
            "flat_ods",
        ),
        (b"{\\rtf1\\ansi 1}", "word"),
        (b"%PDF-1.7 x", "pdf"),
        (b"\x1f\x8b\x08\x00", "gnumeric"),
    ],
)
def test_what_is_no_table_says_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(FileError) as caught:
        read_limited(content)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "word"),
        ("ppt/presentation.xml", "slides"),
        ("Index/Document.iwa", "numbers"),
        ("月報/一月.xlsx", "archive"),
    ],
)
def test_what_a_zipped_file_is(member: str, code: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(FileError) as caught:
        read_limited(out.getvalue())
    assert caught.value.code == code


def test_a_text_document_is_no_spreadsheet() -> None:
    content = changed(
        ods([["x"]]),
        lambda name, text: (
            b"application/vnd.oasis.opendocument.text" if name == "mimetype" else text
        ),
    )
    with pytest.raises(FileError, match="word"):
        read_limited(content)


def test_a_text_names_the_line_that_is_wrong() -> None:
    rows = csv([["指標", "期間", "數值"], ["1.4.1", "109年1月", "17"]])
    for broken, code in ((b'\r\n1.4.1,"9,', "quotes"), (b"\r\n1.4.1,\xff", "encoding")):
        with pytest.raises(FileError) as caught:
            read_limited(rows + broken)
        assert (caught.value.code, caught.value.line) == (code, 3)
    big5 = csv([["指標", "備註"], ["場次", "x"]], encoding="cp950").replace(b"x", b"\xfa\x40")
    with pytest.raises(FileError) as caught:
        read_limited(big5)
    assert (caught.value.code, caught.value.line) == ("encoding", 2)


def test_days_are_counted_from_1904_where_the_file_says_so() -> None:
    book, sheet = table(17)
    sheet["B2"], sheet["B2"].number_format = 43100, 'm"月"'

    def change(name: str, text: bytes) -> bytes:
        old = next(iter(re.findall(rb"<workbookPr[^>]*>", text)), b"-")
        return text.replace(old, b'<workbookPr date1904="1"/>') if "/workbook.xml" in name else text

    assert only(changed(saved(book), change)).rows[1][1] == "2022-01-01"
    assert only(saved(book)).rows[1][1] == "2017-12-31"


def test_a_date_says_what_is_seen_of_it() -> None:
    book, sheet = table(17)
    sheet["B2"], sheet["B2"].number_format = date(2022, 1, 5), 'm"月"'
    sheet = only(saved(book))
    assert (sheet.rows[1][1], sheet.shown) == ("2022-01-05", {(1, 1): "1月"})


def test_characters_that_nobody_sees_are_no_part_of_a_cell() -> None:
    rows = [["指標\u200b", "期間\ufeff", "數\u00ad值"], ["1.4.1", "109年\u00a01月", "1\u200e7"]]
    for content in (xlsx(rows), ods(rows), csv(rows)):
        assert only(content).rows[0] == ["指標", "期間", "數值"]
        assert figures(read(content)) == {(4, "2020-01"): "17"}


def test_a_book_is_the_same_on_both_sides_of_its_process() -> None:
    book, sheet = table(17, 0.5, formats={"C3": "0%"})
    sheet.row_dimensions[3].hidden = True
    found = read_book(saved(book))
    assert unpacked(packed(found)) == found
    assert read_table(read_limited(saved(book)), KNOWN) == read_table(found, KNOWN)


def test_a_repeated_row_is_as_long_as_a_table_may_be() -> None:
    row = (
        "<table:table-row table:number-rows-repeated='{}'>"
        + number("1", "1")
        + "</table:table-row>"
    )
    assert len(only(ods_cells(number("1", "1"), rows=row.format(5))).rows) == 8
    with pytest.raises(FileError, match="too_large"):
        read_limited(ods_cells(number("1", "1"), rows=row.format(300_000)))


def test_noughts_that_a_sheet_does_not_show_are_no_figures() -> None:
    def change(name: str, text: bytes) -> bytes:
        return (
            text.replace(b"<sheetView ", b'<sheetView showZeros="0" ') if "sheet1" in name else text
        )

    found = read(changed(saved(table(17, 0)[0]), change))
    assert (codes(found), figures(found)) == (["hidden_by_format"], {(4, "2020-01"): "17"})


@pytest.mark.parametrize(
    ("title", "year", "code"),
    [("民國109年", 2022, "years_differ"), ("月報", 2022, "no_year"), ("民國109年", 2020, "")],
)
def test_a_year_that_a_date_does_not_show_must_be_named(title: str, year: int, code: str) -> None:
    book, sheet = table(17, 168)
    sheet["A1"] = title
    for month, name in enumerate(("B2", "C2"), 1):
        sheet[name], sheet[name].number_format = date(year, month, 1), 'm"月"'
    found = read(saved(book))
    assert codes(found) == ([code] if code else [])
    assert bool(figures(found)) == (not code)
