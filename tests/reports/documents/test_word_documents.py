"""Reports for word processors: read back by other libraries, and opened by LibreOffice."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import docx
import docx.document
import docx.table
import docx.text.paragraph
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from odfdo import Document
from PIL import Image
from pypdf import PdfReader

from reports.documents.docx import write_docx
from reports.documents.odt import write_odt
from reports.documents.tree import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Run,
    Table,
    headings,
)
from reports.tables.archives import settled
from reports.tables.sheets import COVERED, Cell, Sheet
from tests.reports.a_report import a_report

ROOT = Path(__file__).resolve().parents[3]
WRITERS = {"odt": write_odt, "docx": write_docx}
CONTENTS = ["推動重點", "核心目標及推動亮點", "核心目標1 消除貧窮", "指標訂定情形"]
PRINT_TWICE = """
import hashlib, sys
from reports.documents.docx import write_docx
from reports.documents.odt import write_odt
from tests.reports.a_report import a_report
print(hashlib.sha256(write_odt(a_report()) + write_docx(a_report())).hexdigest())
"""


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def odt(report: Report | None = None) -> Document:
    return Document(io.BytesIO(write_odt(report or a_report())))


def word(report: Report | None = None) -> docx.document.Document:
    return docx.Document(io.BytesIO(write_docx(report or a_report())))


def with_blocks(*blocks: Block) -> Report:
    return dataclasses.replace(a_report(), blocks=blocks)


def a_table() -> Table:
    """Every kind of value, under headings and above notes of several lines."""
    sheet = Sheet(
        name="t",
        title="t",
        headings=["項目", "值", "備註\n單位"],
        widths=[10, 10, 20],
        rows=[
            [Cell("甲", 2), Cell(Decimal("1234567.891"), decimals=2), Cell(None)],
            [COVERED, Cell(Decimal("0.1234"), decimals=1, percent=True), Cell(12, unit="人")],
        ],
        notes=["註：來源\n續"],
    )
    return Table("Table 3　Values", sheet, "values")


def a_photograph(form: str) -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, form)
    kind = form.lower()
    return Picture("沒有編號", f"一張{form}", out.getvalue(), f"image/{kind}", 100, 50, kind)


def lines_of(shown: docx.table.Table) -> list[docx.text.paragraph.Paragraph]:
    """Each paragraph once, also of a cell that reaches over several rows."""
    cells = [cell for row in shown._tbl.tr_lst for cell in row.tc_lst]
    return [
        docx.text.paragraph.Paragraph(line, shown._parent) for cell in cells for line in cell.p_lst
    ]


def style(line: docx.text.paragraph.Paragraph) -> str:
    return str(line.style.name) if line.style else ""


def test_headings_are_headings() -> None:
    found = [
        (int(str(one.get_attribute("text:outline-level"))), one.inner_text)
        for one in odt().body.get_headers()
    ]
    expected = [
        (block.level, block.text) for block in a_report().blocks if isinstance(block, Heading)
    ]
    assert found == expected
    lines = [line for line in word().paragraphs if style(line).startswith("Heading")]
    assert [(int(style(line)[-1]), line.text) for line in lines] == expected


def test_the_contents_name_every_heading_and_lead_to_it() -> None:
    (toc,) = odt().body.get_elements("descendant::text:table-of-content")
    links = toc.get_elements("descendant::text:a")
    assert [one.inner_text.rstrip("…\t") for one in links] == CONTENTS
    marks = {
        one.get_attribute("text:name") for one in odt().body.get_elements("//text:bookmark-start")
    }
    assert {str(one.get_attribute("xlink:href"))[1:] for one in links} <= marks
    pages = toc.get_elements("descendant::text:bookmark-ref")
    assert {one.get_attribute("text:reference-format") for one in pages} == {"page"}

    text = part(write_docx(a_report()), "word/document.xml")
    assert r"TOC \o &quot;1-3&quot; \h" in text or r'TOC \o "1-3" \h' in text
    lines = [line for line in word().paragraphs if style(line).startswith("toc ")]
    assert [line.text.strip() for line in lines] == CONTENTS
    anchors = set(re.findall(r'w:anchor="(_Toc\d+)"', text))
    assert anchors <= set(re.findall(r'w:name="(_Toc\d+)"', text))
    assert len(anchors) == len(CONTENTS)


def test_tables_repeat_their_head_merge_cells_and_set_numbers_right() -> None:
    (table,) = odt().body.get_elements("descendant::table:table")
    (head,) = table.get_elements("descendant::table:table-header-rows")
    assert head.inner_text.split("\n")[:3] == ["核心目標", "對應指標", "2020年實際值"]
    spanned = table.get_elements("descendant::table:table-cell[@table:number-rows-spanned]")
    assert [one.get_attribute("table:number-rows-spanned") for one in spanned] == ["2"]
    rows = table.get_elements("descendant::table:table-row")
    assert "618" in rows[1].inner_text
    assert "Table_20_Number" in rows[1].serialize()
    assert "=1+1" in rows[2].inner_text

    (shown,) = word().tables
    properties = shown.rows[0]._tr.trPr
    assert properties is not None
    assert properties.find(qn("w:tblHeader")) is not None
    merges = [one.get(qn("w:val")) for one in shown._tbl.iter(qn("w:vMerge"))]
    assert merges == ["restart", "continue"]
    assert shown.cell(2, 1).text == "1.4.2 人次\n計算方式：合計"


def test_cells_read_as_printed_and_numbers_stand_right() -> None:
    report = with_blocks(a_table())
    rows = odt(report).body.get_elements("descendant::table:table-row")
    texts = [
        [
            [line.inner_text for line in cell.get_elements("text:p")]
            for cell in row.get_elements("table:table-cell")
        ]
        for row in rows
    ]
    assert texts == [
        [["項目"], ["值"], ["備註", "單位"]],
        [["甲"], ["1,234,567.89"], [""]],
        [["12.3%"], ["12人"]],
    ]
    assert part(write_odt(report), "content.xml").count('"Table_20_Number"') == 3

    (shown,) = word(report).tables
    assert [[cell.text for cell in row.cells] for row in shown.rows] == [
        ["項目", "值", "備註\n單位"],
        ["甲", "1,234,567.89", ""],
        ["甲", "12.3%", "12人"],
    ]
    right = [line.text for line in lines_of(shown) if line.alignment == WD_ALIGN_PARAGRAPH.RIGHT]
    assert right == ["1,234,567.89", "12.3%", "12人"]
    widths = [column.width for column in shown.columns]
    assert [None if one is None else round(one.mm, 1) for one in widths] == [42.5, 42.5, 85.0]
    lines = [line.text for line in word(report).paragraphs if style(line) == "Table Text"]
    assert lines[0] == "註：來源\n續"


def test_what_is_said_of_a_table_stands_in_the_order_of_the_schema() -> None:
    (shown,) = word(with_blocks(a_table())).tables
    order = ["tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    assert [one.tag.split("}")[1] for one in shown._tbl.tblPr] == order


def test_captions_count_and_pictures_say_what_they_show() -> None:
    sequences = {
        one.get_attribute("text:name"): one.inner_text
        for one in odt().body.get_elements("descendant::text:sequence")
    }
    assert sequences == {"表": "1", "圖": "1"}
    (frame,) = odt().body.get_elements("descendant::draw:frame")
    assert "長條圖：培訓人數超過目標" in frame.inner_text
    assert "Pictures/figure-1.svg" in frame.serialize()

    content = write_docx(a_report())
    text = part(content, "word/document.xml")
    assert 'descr="長條圖：培訓人數超過目標"' in text
    assert "svgBlip" in text
    assert "SEQ 表" in text
    assert "<svg" in part(content, "word/media/figure-1.svg")
    captions = [line.text for line in word().paragraphs if style(line) == "Caption"]
    assert captions == ["表 1　追蹤指標", "圖 1　實際值與目標值"]


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_photographs_keep_their_size_within_the_text(form: str) -> None:
    report = with_blocks(a_photograph(form))
    (frame,) = odt(report).body.get_elements("descendant::draw:frame")
    assert (frame.get_attribute("svg:width"), frame.get_attribute("svg:height")) == (
        "100mm",
        "50mm",
    )
    assert f"一張{form}" in frame.inner_text

    (shape,) = word(report).inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (100, 50)
    assert shape._inline.docPr.get("descr") == f"一張{form}"
    assert {shape._inline.get(f"dist{side}") for side in "TBLR"} == {"0"}


def test_white_space_stays_as_typed() -> None:
    typed = " 兩  個\t定位\n換行 "
    report = with_blocks(Paragraph((Run(typed), Run("粗  體", strong=True))))
    (line,) = [
        one
        for one in odt(report).body.get_elements("descendant::text:p")
        if one.get_attribute("text:style-name") == "Text_20_body"
    ]
    kinds = [one.tag for one in line.children]
    assert kinds == ["text:s", "text:s", "text:tab", "text:line-break", "text:s", "text:span"]
    assert line.inner_text == f"{typed}粗  體"
    shown = [one.text for one in word(report).paragraphs if style(one) == "Body Text"]
    assert shown[-1] == f"{typed}粗  體"


def test_every_numbered_list_begins_at_one() -> None:
    numbered = Listing(((Run("一"),), (Run("二"),)), numbered=True)
    report = with_blocks(numbered, Paragraph((Run("之間"),)), numbered)
    lists = odt(report).body.get_elements("descendant::text:list")
    assert {one.get_attribute("text:continue-numbering") for one in lists} <= {"false", False}

    shown = word(report)
    used = [
        int(one.get(qn("w:val")) or 0)
        for line in shown.paragraphs
        if style(line) == "List Number"
        for one in line._p.iter(qn("w:numId"))
    ]
    assert used[0] == used[1] != used[2] == used[3]
    numbering = shown.part.numbering_part.element
    for number in {used[0], used[2]}:
        (override,) = numbering.num_having_numId(number).lvlOverride_lst
        assert override.startOverride.val == 1


def test_lists_are_lists_and_numbers_begin_anew() -> None:
    assert len(odt().body.get_elements("descendant::text:list")) == 2
    styles = [style(line) for line in word().paragraphs]
    assert styles.count("List Bullet") == 2
    assert styles.count("List Number") == 2
    strong = [
        run.text
        for line in word().paragraphs
        for run in line.runs
        if str(run.style.name) == "Strong"
    ]
    assert strong == ["重點", "粗體"]


def test_language_and_title_are_known_and_nobody_is_named() -> None:
    content = write_docx(a_report())
    assert 'w:eastAsia="zh-TW"' in part(content, "word/styles.xml")
    assert "永續發展目標自願檢視報告" in part(content, "docProps/core.xml")
    assert "python-docx" not in part(content, "docProps/core.xml")
    meta = part(write_odt(a_report()), "meta.xml")
    assert "zh-TW" in meta
    assert "永續發展目標自願檢視報告" in meta
    assert 'style:country-asian="TW"' in part(write_odt(a_report()), "styles.xml")


def test_an_english_report_says_contents_and_counts_tables() -> None:
    report = dataclasses.replace(
        a_report(), language="en", blocks=(Heading(1, "Goals", "goals"), a_table())
    )
    content = part(write_odt(report), "content.xml")
    assert "Contents" in content
    assert "目錄" not in content
    assert 'text:name="Table"' in content
    assert "zh" not in re.findall(r'language-asian="(\w+)"', part(write_odt(report), "styles.xml"))
    shown = [line.text for line in word(report).paragraphs]
    assert "Contents" in shown
    assert "SEQ Table" in part(write_docx(report), "word/document.xml")
    assert 'w:eastAsia="zh-TW"' not in part(write_docx(report), "word/styles.xml")


@pytest.mark.parametrize("day", [date(2022, 3, 1), None])
def test_archives_hold_the_day_and_the_type_comes_first(day: date | None) -> None:
    for write in WRITERS.values():
        with zipfile.ZipFile(io.BytesIO(write(a_report(day=day)))) as archive:
            days = {one.date_time[:3] for one in archive.infolist()}
            assert days == {(2022, 3, 1) if day else (1980, 1, 1)}
    with zipfile.ZipFile(io.BytesIO(write_odt(a_report(day=day)))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read(first) == b"application/vnd.oasis.opendocument.text"


def test_archives_come_out_the_same_whatever_the_order_and_the_hour() -> None:
    made = []
    for names, year in (("ba", 2001), ("ab", 2020)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in (*names, "mimetype"):
                archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), name)
        made.append(settled(out.getvalue(), date(2022, 3, 1)))
    assert made[0] == made[1]


@pytest.mark.parametrize("format", list(WRITERS))
def test_whatever_is_typed_makes_no_broken_file(format: str) -> None:
    nasty = "\x00\x08\x0b\ufffe\ud800 <w:p/> &amp; ]]> #[x] 𠀀"
    report = dataclasses.replace(
        a_report(),
        title=nasty,
        blocks=(Heading(1, nasty, "one"), Paragraph((Run(nasty), Run(nasty, strong=True)))),
    )
    content = WRITERS[format](report)
    name = {"odt": "content.xml", "docx": "word/document.xml"}[format]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = "".join(ElementTree.fromstring(archive.read(name)).itertext())
    assert "<w:p/> &amp; ]]> #[x] 𠀀" in text


def test_the_same_report_gives_the_same_bytes_in_any_process() -> None:
    sums = {
        subprocess.run(
            [sys.executable, "-c", PRINT_TWICE],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("format", list(WRITERS))
def test_libreoffice_opens_them_and_prints_every_page(format: str, tmp_path: Path) -> None:
    source = tmp_path / f"report.{format}"
    source.write_bytes(WRITERS[format](a_report()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages]
    whole = "".join(pages).replace("\n", "").replace(" ", "")
    for wanted in ("推動重點", "1萬7,168人次", "示範文字", "表1　追蹤指標", "=1+1", "末段。"):
        assert wanted in whole, wanted
    assert "\ufffd" not in whole
    heads = [page for page in pages if "2020" in page and "對應指標" in page]
    assert len(heads) >= 2, "the head of the table is repeated"
    if format == "odt":  # Word works out its own contents; LibreOffice leaves them as they came
        for one in headings(a_report()):
            title = one.text.replace(" ", "")
            (number,) = re.findall(rf"{title}\.{{3,}}(\d+)", whole)
            shown = re.sub(r"\s", "", pages[int(number) - 1])
            assert title in re.sub(rf"{title}\.{{3,}}", "", shown), one.text
