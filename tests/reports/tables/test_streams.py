"""Streamed tables: what readers other than ours find in them, whatever the cells hold."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import odfdo
import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from indicators.calculation.numerals import plain
from indicators.spreadsheets.formulas import as_text
from reports.tables import ods_stream, streamed, xlsx_stream
from reports.tables.streamed import Value, exact
from reports.tables.streams import STREAMS

HEAD = ["指標", "數值", "備註"]
HARD = [
    "=1+1", "@x", "'q", " two  spaces ", "a\nb\n  c", "x<&>\"]]>y", "x_x0041_y", "1", "\U0001f600",
]  # fmt: skip
ARCHIVES = ["ods", "xlsx"]


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    with translation.override("zh-hant"):
        yield


def made(format_: str, rows: list[list[Value]]) -> bytes:
    return b"".join(STREAMS[format_](HEAD, rows))


def read(content: bytes, sheet: int = 0) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(sheet).to_python()]


def member(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("format_", ARCHIVES)
def test_hard_texts_stay_what_they_are(format_: str) -> None:
    content = made(format_, [[text, 1, None] for text in HARD])
    assert [row[0] for row in read(content)[1:]] == HARD
    if format_ == "ods":
        table = odfdo.Document(io.BytesIO(content)).body.get_table(0)
        assert table is not None
        found = [row[0] for row in table.get_values()[1:]]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert {cell.data_type for cell in sheet["A"]} == {"s"}
        # openpyxl leaves as they are the marks that Excel reads back.
        found = [str(cell.value).replace("_x005F_", "_") for cell in sheet["A"][1:]]
    assert found == HARD


@pytest.mark.parametrize("format_", ARCHIVES)
def test_what_xml_cannot_hold_is_left_out_and_line_ends_are_one_kind(format_: str) -> None:
    content = made(format_, [["a\x00\x0b\ufffe\ud800b", 1, "c\r\nd\re"]])
    assert read(content)[1] == ["ab", 1.0, "c\nd\ne"]


@pytest.mark.parametrize("format_", ARCHIVES)
def test_numbers_are_written_exactly(format_: str) -> None:
    numbers: list[Decimal | int] = [
        Decimal("123456789012345.6789"),
        Decimal("1E+3"),
        Decimal("-0.0230"),
        12,
        -7,
    ]
    content = made(format_, [["a", number, None] for number in numbers])
    assert [row[1] for row in read(content)[1:]] == [float(number) for number in numbers]
    part = {"ods": "content.xml", "xlsx": "xl/worksheets/sheet1.xml"}[format_]
    text = member(content, part)
    form = {"ods": 'office:value="{}"', "xlsx": "<v>{}</v>"}[format_]
    for written in ("123456789012345.6789", "1000", "-0.023", "12", "-7"):
        assert form.format(written) in text


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_is_as_plain_writes_it(value: Decimal | int) -> None:
    assert exact(value) == plain(Decimal(value))


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8")),
            st.none() | st.integers(),
            st.none() | st.text(st.characters(codec="utf-8")),
        )
    )
)
def test_csv_is_what_the_library_writes(rows: list[tuple[str, int | None, str | None]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([[as_text(cell) for cell in row] for row in rows])
    content = made("csv", [list(row) for row in rows])
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert found == list(csv.reader(io.StringIO(out.getvalue(), newline="")))


@pytest.mark.parametrize("format_", ARCHIVES)
@pytest.mark.parametrize(("rows", "sheets"), [(0, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_a_full_sheet_is_followed_by_another(
    format_: str, rows: int, sheets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "MOST_SHEET_ROWS", 3)
    content = made(format_, [["a", at, None] for at in range(rows)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.sheet_names) == len(set(book.sheet_names)) == sheets
    found = [read(content, at) for at in range(sheets)]
    assert {tuple(sheet[0]) for sheet in found} == {tuple(HEAD)}
    assert [row[1] for sheet in found for row in sheet[1:]] == list(range(rows))
    if format_ == "ods":
        assert member(content, "settings.xml").count("VerticalSplitPosition") == sheets
    else:
        frozen = [one.freeze_panes for one in openpyxl.load_workbook(io.BytesIO(content))]
        assert frozen == ["A2"] * sheets


def test_a_member_does_not_outgrow_what_every_program_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (xlsx_stream, ods_stream):
        monkeypatch.setattr(module, "MOST_MEMBER_BYTES", 1)
    rows: list[list[Value]] = [["a", at, None] for at in range(streamed.BLOCK_ROWS + 1)]
    content = made("xlsx", rows)
    assert [len(read(content, at)) for at in (0, 1)] == [streamed.BLOCK_ROWS + 1, 2]
    with pytest.raises(ValueError, match="XLSX"):
        made("ods", rows)


@pytest.mark.parametrize("format_", list(STREAMS))
def test_rows_leave_before_all_have_come(format_: str) -> None:
    came = 0

    def rows() -> Iterator[list[Value]]:
        nonlocal came
        for came in count():
            yield [f"{came * 7919 % 100_003}", Decimal(came) / 7, f"{came * came}"]

    stream = STREAMS[format_](HEAD, rows())
    assert sum(len(next(stream)) for _piece in range(3)) > 0
    assert came < 50_000
    stream.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("format_", list(STREAMS))
def test_the_same_rows_give_the_same_bytes(format_: str) -> None:
    rows: list[list[Value]] = [["a", Decimal("1.5"), None]] * 3
    assert made(format_, rows) == made(format_, rows)


def test_opendocument_is_known_by_its_first_member() -> None:
    content = made("ods", [])
    assert content[30:84] == b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.flag_bits & 8) == ("mimetype", 0, 0)
        assert archive.testzip() is None
        listed = archive.read("META-INF/manifest.xml").decode()
        assert all(name in listed for name in archive.namelist()[1:5])
    assert 'office:version="1.3"' in member(content, "content.xml")
    about = member(content, "meta.xml")
    assert "<dc:title>填報數</dc:title><dc:language>zh-TW</dc:language>" in about


def test_headings_are_bold_and_columns_as_wide_as_what_stands_in_them() -> None:
    content = made("xlsx", [["很長的一個名稱" * 2, 1, None]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.font.b for cell in sheet[1]] == [True] * 3
    assert not sheet["A2"].font.b
    assert [sheet.column_dimensions[one].width for one in "AB"] == [30, 8]
    content = made("ods", [["很長的一個名稱" * 2, 1, None]])
    assert 'style:column-width="63mm"' in member(content, "content.xml")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("format_", ARCHIVES)
def test_libreoffice_opens_them(format_: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{format_}"
    path.write_bytes(made(format_, [[text, Decimal("1.5"), None] for text in HARD]))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:2] for row in rows[1:]] == [[text, "1.5"] for text in HARD]
