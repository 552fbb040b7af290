"""Reports as PDF, drawings as PNG, and the fonts of both."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from reports.documents import fonts
from reports.documents.fonts import FontMissing
from reports.documents.pdf import write_pdf
from reports.documents.pictures import png_of
from reports.documents.tree import Block, Heading, Listing, Paragraph, Picture, Report, Run, Table
from reports.tables.sheets import COVERED, Cell, Row, Sheet
from tests.reports.a_report import DRAWING, a_report

ROOT = Path(__file__).parents[3]
HOSTILE = '#[eval] #sys.version *x* _y_ $z$ \\ " < @a <b> // /* `c` -- https://a.example'


@pytest.fixture(scope="module")
def sample() -> PdfReader:
    return read(a_report())


def read(report: Report) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(report)))


def of(*blocks: Block) -> Report:
    return dataclasses.replace(a_report(), blocks=blocks)


def a_table(rows: list[Row], **more: Any) -> Table:
    columns = len(rows[0])
    sheet = Sheet("t", "t", [f"欄{n}" for n in range(columns)], [30] * columns, rows, **more)
    return Table("表 9　試", sheet, "table-9")


def text_of(file: PdfReader) -> str:
    """All text without blanks: where they stand is the extraction's guess."""
    return squeezed("".join(page.extract_text() for page in file.pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def root(file: PdfReader) -> Any:
    """The catalogue, without types: those of pypdf know nothing of what stands where."""
    return file.root_object


def elements(file: PdfReader) -> Iterator[Any]:
    """The elements of the structure tree."""
    waiting: list[Any] = [root(file)["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        while isinstance(one, IndirectObject):
            one = one.get_object()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, DictionaryObject):
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one["/K"])


def titles(outline: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
    for one in outline:
        if isinstance(one, list):
            yield from titles(one, level + 1)
        else:
            yield level, one.title


def metadata(file: PdfReader) -> str:
    return str(root(file)["/Metadata"].get_object().get_data(), "utf-8")


def test_text_and_figures_are_there(sample: PdfReader) -> None:
    text = text_of(sample)
    for expected in (
        "永續發展目標自願檢視報告",
        "2021年",
        "示範文字。<b>&\"'#$[]*_`\\",
        "本部重點如下：#[eval]*不*_算_$x$",
        "•第一項",
        "1.一2.二",
        "共1萬7,168人次。",
        "表1追蹤指標",
        "1.4.2人次計算方式：合計=1+1",
        "圖1實際值與目標值",
        "小標題末段。",
    ):
        assert expected in text


def test_contents_name_the_pages(sample: PdfReader) -> None:
    first = squeezed(sample.pages[0].extract_text())
    assert "目錄" in first
    assert "指標訂定情形" in first
    assert "小標題" not in first
    annotations: Any = sample.pages[0]["/Annots"]
    links = [one for one in annotations if one.get_object()["/Subtype"] == "/Link"]
    assert len(links) >= 4


def test_bookmarks_are_the_headings(sample: PdfReader) -> None:
    assert list(titles(sample.outline)) == [
        (1, "推動重點"),
        (1, "核心目標及推動亮點"),
        (2, "核心目標1 消除貧窮"),
        (3, "指標訂定情形"),
        (4, "小標題"),
    ]


def test_headings_are_named_places(sample: PdfReader) -> None:
    assert {"priorities", "goal-1", "goal-1-small"} <= set(sample.named_destinations)


def test_it_is_tagged_and_says_its_language_and_title(sample: PdfReader) -> None:
    assert root(sample)["/Lang"] == "zh-TW"
    assert root(sample)["/MarkInfo"]["/Marked"].value is True
    assert sample.metadata is not None
    assert sample.metadata.title == "永續發展目標自願檢視報告"
    tags = Counter(str(one["/S"]) for one in elements(sample))
    # The third H1 is the title of the contents.
    assert (tags["/H1"], tags["/H2"], tags["/H3"], tags["/H4"]) == (3, 1, 1, 1)
    assert (tags["/Table"], tags["/THead"], tags["/TH"]) == (1, 1, 3)
    assert tags["/TR"] == 1 + 42
    assert tags["/TD"] == 42 * 3 - 1
    assert tags["/Caption"] == 2
    assert {"/Title", "/TOC", "/L", "/LI", "/Lbl", "/LBody", "/P"} <= set(tags)


def test_pictures_say_what_they_show(sample: PdfReader) -> None:
    said = [one["/Alt"] for one in elements(sample) if "/Alt" in one]
    assert "長條圖：培訓人數超過目標" in said


def test_a_picture_without_words_says_its_caption() -> None:
    picture = Picture("圖 2　無", "", DRAWING, "image/svg+xml", 160, 40, "p")
    assert [one["/Alt"] for one in elements(read(of(picture))) if "/Alt" in one] == ["圖 2　無"]


def test_released_it_is_archival_and_accessible(sample: PdfReader) -> None:
    said = metadata(sample)
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A" in said
    assert "<pdfuaid:part>1<" in said
    draft = metadata(read(a_report(day=None)))
    assert "pdfaid:part" not in draft
    assert "<pdfuaid:part>1<" in draft


@pytest.mark.parametrize(
    "blocks",
    [
        (Heading(1, "一", "a"), Heading(3, "三", "b")),
        (Paragraph((Run("私用字\ue000，無字型字\U00012000。"),)),),
        (Heading(1, "", ""), Paragraph(()), Listing(()), Listing(((),), numbered=True)),
    ],
)
def test_what_no_standard_allows_is_tagged_still(blocks: tuple[Block, ...]) -> None:
    file = read(of(*blocks))
    assert "pdfuaid:part" not in metadata(file)
    assert root(file)["/MarkInfo"]["/Marked"].value is True


def test_english() -> None:
    file = read(dataclasses.replace(a_report(), language="en"))
    assert root(file)["/Lang"] == "en"
    assert "Contents" in text_of(file)


def test_fonts_are_embedded_and_chinese_is_noto_sans(sample: PdfReader) -> None:
    found = {}
    for page in sample.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[inner["/BaseFont"]] = inner["/FontDescriptor"].get_object()
    assert found
    for name, descriptor in found.items():
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "+NotoSans" in name.replace("CJK", "")  # a subset


def test_the_same_bytes_in_two_processes() -> None:
    program = (
        "import hashlib; from reports.documents.pdf import write_pdf;"
        "from tests.reports.a_report import a_report;"
        "print(hashlib.sha256(write_pdf(a_report())).hexdigest(),"
        " hashlib.sha256(write_pdf(a_report(day=None))).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_pages_are_a4_with_numbers(sample: PdfReader) -> None:
    total = len(sample.pages)
    for number, page in enumerate(sample.pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert squeezed(page.extract_text()).endswith(f"{number}/{total}")


def test_a_long_table_repeats_its_head(sample: PdfReader) -> None:
    pages = [squeezed(page.extract_text()) for page in sample.pages]
    with_rows = [text for text in pages if "讓表格跨頁" in text]
    assert len(with_rows) > 1
    assert all("核心目標對應指標2020年實際值" in text for text in with_rows)


def test_numbers_are_written_as_elsewhere() -> None:
    rows: list[Row] = [
        [
            Cell(Decimal("1234567.25"), decimals=1),
            Cell(Decimal("0.98765"), decimals=1, percent=True),
            Cell(-3),
            Cell(None),
            Cell(Decimal(618), formula="A{row}*2"),
        ]
    ]
    assert "1,234,567.398.8%-3618" in text_of(read(of(a_table(rows))))


def test_merged_cells_and_notes() -> None:
    rows: list[Row] = [[Cell("甲", 9), Cell("乙")], [COVERED, Cell("丙")]]
    file = read(of(a_table(rows, notes=("註1：甲", "註2：乙"))))
    assert [one["/A"] for one in elements(file) if one["/S"] == "/TD"]
    assert "註1：甲註2：乙" in text_of(file)
    assert Counter(str(one["/S"]) for one in elements(file))["/TD"] == 3


def test_a_row_taller_than_a_page_is_printed_whole() -> None:
    rows: list[Row] = [
        [Cell("起"), Cell("長" * 4000)],
        [Cell("併", 60), Cell("甲")],
        *([COVERED, Cell("乙")] for _ in range(59)),
    ]
    file = read(of(a_table(rows)))
    text = text_of(file)
    assert len(file.pages) > 3
    assert text.count("長") == 4000
    assert text.count("乙") == 59


def test_no_text_is_evaluated() -> None:
    rows: list[Row] = [[Cell(HOSTILE), Cell("二")]]
    table = dataclasses.replace(a_table(rows, notes=(HOSTILE,)), caption=HOSTILE)
    file = read(
        dataclasses.replace(
            of(
                Heading(1, HOSTILE, HOSTILE),
                Paragraph((Run(HOSTILE), Run(HOSTILE, strong=True))),
                Listing(((Run(HOSTILE),),)),
                table,
                Picture(HOSTILE, HOSTILE, DRAWING, "image/svg+xml", 160, 40, HOSTILE),
            ),
            title=HOSTILE,
            subtitle=HOSTILE,
            remark=HOSTILE,
        )
    )
    # Title, subtitle, remark, contents; heading, two runs, item; caption, cell, note; caption.
    assert text_of(file).count(squeezed(HOSTILE)) == 12
    assert [one["/Alt"] for one in elements(file) if one["/S"] == "/Figure"] == [HOSTILE]
    assert file.metadata is not None
    assert file.metadata.title == HOSTILE


def test_control_characters_are_left_out() -> None:
    text = "甲\x00\x07\x1b\x7f\x85\ud800\u202e乙\r\n丙\t丁"
    file = read(dataclasses.replace(of(Paragraph((Run(text),))), title=text))
    assert "甲乙丙丁" in text_of(file)
    assert file.metadata is not None
    assert file.metadata.title == "甲乙 丙 丁"


@pytest.mark.parametrize(("kind", "type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_photographs(kind: str, type: str) -> None:
    photograph = io.BytesIO()
    Image.new("RGB", (400, 300), "#0f6f7c").save(photograph, kind)
    picture = Picture("圖", "一片藍綠色", photograph.getvalue(), type, 400, 300, "p")
    file = read(of(picture))
    assert [one["/Alt"] for one in elements(file) if "/Alt" in one] == ["一片藍綠色"]
    assert len(file.pages[-1].images) == 1


def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(typst.TypstError):
        write_pdf(of(Picture("圖", "無", b"nothing", "image/svg+xml", 10, 10, "p")))


@pytest.mark.parametrize("file", ["docs/grid.png", str(ROOT / "docs/grid.png")])
def test_a_drawing_reads_no_other_file(file: str) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9mm" height="9mm">'
        f'<image href="{file}" width="9" height="9"/></svg>'
    )
    with pytest.raises(typst.TypstError, match="linked image"):
        png_of(drawing.encode(), 9)


def test_a_drawing_as_pixels() -> None:
    picture = Image.open(io.BytesIO(png_of(DRAWING, 160)))
    assert picture.format == "PNG"
    assert picture.size == (1260, 315)  # 160 mm by 40 mm at 200 dots an inch
    colours = {colour for _count, colour in picture.convert("RGB").getcolors(1 << 16) or ()}
    assert {(255, 255, 255), (15, 111, 124)} <= colours


def test_without_a_font_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "known_fonts", lambda: typst.Fonts(include_system_fonts=False))
    with pytest.raises(FontMissing, match="make fonts"):
        write_pdf(a_report())


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small archive in place of the great one, and a folder of its own for the fonts."""
    path = tmp_path / "fonts.tgz"
    with tarfile.open(path, "w:gz") as made:
        for member in (*fonts.MEMBERS, "package/../../else"):
            info = tarfile.TarInfo(member)
            info.size = len(member)
            made.addfile(info, io.BytesIO(member.encode()))
    digest = hashlib.sha512(path.read_bytes()).digest()
    monkeypatch.setattr(fonts, "URL", path.as_uri())
    monkeypatch.setattr(fonts, "SHA512", base64.b64encode(digest).decode())
    monkeypatch.setattr(fonts, "FOLDER", tmp_path / "tools" / "fonts")
    return path


def test_fonts_are_fetched_once(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fonts.font_paths() == []
    fonts.ensure()
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert fonts.font_paths() == [fonts.FOLDER]
    kept = {path.name: path.read_text() for path in fonts.FOLDER.iterdir()}
    assert kept == {name: member for member, name in fonts.MEMBERS.items()}
    assert [path.name for path in fonts.FOLDER.parent.iterdir()] == ["fonts"]
    archive.unlink()
    fonts.ensure()
    assert capsys.readouterr().out == ""


def test_a_font_that_is_missing_is_fetched(archive: Path) -> None:
    fonts.ensure()
    (fonts.FOLDER / "NotoSansTC_700Bold.ttf").unlink()
    fonts.ensure()
    assert len(list(fonts.FOLDER.iterdir())) == len(fonts.MEMBERS)


def test_another_archive_is_not_kept(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.write_bytes(archive.read_bytes() + b"!")
    fonts.ensure()
    assert "not the archive" in capsys.readouterr().out
    assert list(fonts.FOLDER.parent.iterdir()) == []


def test_without_a_network_the_system_s_are_named(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.unlink()
    fonts.ensure()
    assert "fonts-noto-cjk" in capsys.readouterr().out
    assert fonts.font_paths() == []
