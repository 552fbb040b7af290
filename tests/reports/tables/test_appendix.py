"""The appendices in three formats, read back by libraries other than those that wrote them."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from accounts.models import Role
from indicators.models import Series
from reports.demonstration.review import EDITION, STAKEHOLDERS
from reports.models import Edition
from reports.tables.appendix import indicators_appendix
from reports.tables.sheets import COVERED, Cell, Sheet, flat, heights, lines
from reports.tables.writers import TYPES, WRITERS, write_csv, write_ods, write_xlsx
from tests.builders import enter, make_user, redefine
from tests.published import load_published_review

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
FORMATS = list(WRITERS)


@pytest.fixture(autouse=True)
def review() -> Iterator[None]:
    load_published_review()
    with translation.override("zh-hant"):
        yield


def read(content: bytes, format_: str) -> list[list[object]]:
    """The rows below the headings, with what merged cells leave out filled in from above."""
    if format_ == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
        return [list(row) for row in rows]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    found: list[list[object]] = []
    for row in sheet.to_python(skip_empty_area=False)[2:]:
        above = found[-1] if found else [""] * len(row)
        found.append([one if one != "" else before for one, before in zip(row, above, strict=True)])
    return found


def exported(tmp_path: Path, format_: str, *arguments: str) -> list[list[object]]:
    path = tmp_path / f"a.{format_}"
    call_command(
        "export_appendix", *arguments, "--edition=2021", f"--format={format_}", f"--output={path}"
    )
    return read(path.read_bytes(), format_)


def printed() -> list[tuple[str, str, str]]:
    import tomllib

    text = (ROOT / EDITION).read_text(encoding="utf-8")
    return [
        (one["indicator"], one["target"]["printed"], one["actual"]["printed"])
        for one in tomllib.loads(text)["publications"][0]["figures"]
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_first_appendix_says_what_the_edition_printed(tmp_path: Path, format_: str) -> None:
    rows = exported(tmp_path, format_, "indicators")
    assert [(str(row[2]).split()[0], str(row[3]), str(row[4])) for row in rows] == printed()
    assert str(rows[0][0]).startswith("1 ")
    assert [row[1] for row in rows][:6] == ["1.3", "1.3", "1.4", "1.4", "1.4", "1.a"]
    assert "計算方式：勞保年金請領人數成長率（以 2016 年為基期）" in str(rows[0][2])


@pytest.mark.parametrize("format_", FORMATS)
def test_the_second_appendix_says_what_the_edition_printed(tmp_path: Path, format_: str) -> None:
    import tomllib

    groups = tomllib.loads((ROOT / STAKEHOLDERS).read_text(encoding="utf-8"))["groups"]
    expected = []
    for group in groups:
        topics = group["topics_zh"].split("／")
        for at, channel in enumerate(group["channels"]):
            often = channel.get("frequency_zh")
            expected.append(
                (
                    f"{group['number']} {group['name_zh']}",
                    channel["name_zh"] + (f"（{often}）" if often else ""),
                    topics[at] if len(topics) == len(group["channels"]) else group["topics_zh"],
                )
            )
    rows = exported(tmp_path, format_, "channels")
    assert [tuple(str(cell) for cell in row) for row in rows] == expected
    assert len(rows) == 29


@pytest.mark.parametrize("format_", ["ods", "xlsx"])
def test_plain_values_are_numbers(tmp_path: Path, format_: str) -> None:
    rows = exported(tmp_path, format_, "indicators", "--plain")
    assert rows[2][4:7] == ["場次", 400, 618]
    assert {type(row[5]) for row in rows} == {float}


def test_a_formula_works_out_the_achievement() -> None:
    edition = Edition.objects.get()
    content = write_xlsx(indicators_appendix(edition, 2020, plain=True))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>G5/F5</f>" in archive.read("xl/worksheets/sheet1.xml")
    content = write_ods(indicators_appendix(edition, 2020, plain=True))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'table:formula="of:=[.G5]/[.F5]"' in archive.read("content.xml")


def test_a_changed_figure_changes_its_own_cell_alone() -> None:
    edition = Edition.objects.get()
    before = flat(indicators_appendix(edition, 2020).sheets[0])
    series = Series.objects.get(indicator__code="1.4.2")
    enter(series, {"2017-01/2020-12": "17169"})
    after = flat(indicators_appendix(edition, 2020).sheets[0])
    changed = [
        (old[column], new[column])
        for old, new in zip(before, after, strict=True)
        for column in range(5)
        if old[column] != new[column]
    ]
    assert changed == [("1萬7,168人次", "1萬7,169人次")]


def test_text_never_becomes_a_formula() -> None:
    redefine(Series.objects.get(indicator__code="1.4.1"), name_zh="=1+1", unit_zh="@x")
    document = indicators_appendix(Edition.objects.get(), 2020, plain=True)
    with zipfile.ZipFile(io.BytesIO(write_xlsx(document))) as archive:
        assert b"<f>1+1</f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert "'=1+1" in write_csv(document).decode("utf-8-sig")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(write_ods(document))).get_sheet_by_index(0)
    assert "=1+1" in [cell for row in sheet.to_python() for cell in row]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "docProps/core.xml"])
def test_a_workbook_is_ready_to_be_printed(part: str) -> None:
    content = write_xlsx(indicators_appendix(Edition.objects.get(), 2020))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(part).decode()
    wanted = {
        "xl/worksheets/sheet1.xml": ('state="frozen"', 'orientation="landscape"', 'paperSize="9"'),
        "docProps/core.xml": ("附錄一", ">zh-TW</dc:language>"),
    }[part]
    assert all(mark in text for mark in wanted)


def test_an_opendocument_file_repeats_its_headings_and_knows_its_language() -> None:
    content = write_ods(indicators_appendix(Edition.objects.get(), 2020))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        text = archive.read("content.xml").decode()
        assert "table:table-header-rows" in text
        assert 'table:number-rows-spanned="6"' in text
        about = archive.read("meta.xml").decode()
        assert "<dc:language>zh-TW" in about
        assert "附錄一" in about
        assert "VerticalSplitPosition" in archive.read("settings.xml").decode()


def test_an_unknown_edition_is_named_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="2021"):
        call_command(
            "export_appendix", "indicators", "--edition=1999", f"--output={tmp_path / 'a'}"
        )


def test_rows_are_high_enough_for_what_reaches_over_them() -> None:
    text = "一二三四五六七八九十" * 4
    assert lines(text, 40) == 4
    sheet = Sheet(
        "s", "t", ["a", "b"], [40, 40], [[Cell(text, 2), Cell("x")], [COVERED, Cell("y")]]
    )
    assert sum(heights(sheet)) >= 4 * 4.7


def test_planners_download_what_the_command_writes() -> None:
    client = Client()
    client.force_login(make_user(Role.PLANNER))
    page = client.get("/exports/").content.decode()
    for format_, kind in TYPES.items():
        address = f"/exports/2021/indicators.{format_}?year=2020"
        assert address in page
        answer = client.get(address)
        assert answer["Content-Type"] == kind
        assert "filename" in answer["Content-Disposition"]
        assert len(read(answer.content, format_)) == 18
    for address in (
        "/exports/2021/appendix-nothing.ods",
        "/exports/2021/indicators.pdf",
        "/exports/2021/indicators.ods?year=x",
        "/exports/1999/channels.ods",
    ):
        assert client.get(address).status_code == 404
    assert Client().get("/exports/").status_code == 302


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("format_", ["ods", "xlsx"])
def test_libreoffice_opens_the_appendix_and_reads_the_same(tmp_path: Path, format_: str) -> None:
    source = tmp_path / f"appendix.{format_}"
    source.write_bytes(WRITERS[format_](indicators_appendix(Edition.objects.get(), 2020)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(tmp_path)]
    command = ["soffice", profile, "--headless", *target, str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (tmp_path / "appendix.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[2:]
    assert [tuple(row[3:5]) for row in rows] == [two[1:] for two in printed()]
