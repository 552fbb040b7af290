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
from pathlib import Path
from xml.etree import ElementTree

import docx
import docx.document
import docx.text.paragraph
import pytest
from docx.oxml.ns import qn
from odfdo import Document
from pypdf import PdfReader

from reports.documents.docx import write_docx
from reports.documents.odt import write_odt
from reports.documents.tree import Heading, Paragraph, Run
from tests.reports.a_report import a_report

ROOT = Path(__file__).resolve().parents[2]
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


def odt() -> Document:
    return Document(io.BytesIO(write_odt(a_report())))


def word() -> docx.document.Document:
    return docx.Document(io.BytesIO(write_docx(a_report())))


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
    lines = [line for line in word().paragraphs if style(line).startswith("TOC ")]
    assert [line.text.strip() for line in lines if style(line) != "TOC Heading"] == CONTENTS
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
