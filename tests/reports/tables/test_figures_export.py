"""All figures out, in three formats and two shapes, and in again without a change."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from accounts.models import Role
from indicators.calculation.periods import Month, parse_period
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Observation, Revision
from indicators.models.figures import Via
from indicators.returns import acts
from indicators.spreadsheets.files import read_book
from indicators.spreadsheets.layout.grid import text_of
from reports.tables.streams import STREAMS
from tests.builders import (
    enter,
    make_agency,
    make_calendar,
    make_indicator,
    make_series,
    make_user,
    put,
)
from tests.published import load_published_review

pytestmark = pytest.mark.django_db
FORMATS = list(STREAMS)


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    with translation.override("zh-hant"):
        yield


def exported(tmp_path: Path, *arguments: str, format_: str = "csv") -> list[list[str]]:
    path = tmp_path / f"a.{format_}"
    call_command("export_figures", f"--format={format_}", f"--output={path}", *arguments)
    (sheet,) = read_book(path.read_bytes()).sheets
    return [[text_of(cell) for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_what_goes_out_comes_in_as_the_same(tmp_path: Path, format_: str, shape: str) -> None:
    load_published_review()
    before = Revision.objects.count()
    rows = exported(tmp_path, f"--shape={shape}", format_=format_)
    assert rows[0][:3] == ["對應指標", "數列", "單位"]
    assert len(rows) - 1 == (Observation.objects.count() if shape == "long" else 8)
    if shape == "long":
        call_command("import_figures", str(tmp_path / f"a.{format_}"))
        assert Revision.objects.count() == before


def test_text_never_becomes_a_formula_and_numbers_are_numbers(tmp_path: Path) -> None:
    series = make_series(make_indicator(agency=make_agency()), name_zh="=1+1")
    enter(series, {"2021-03": "0.5"})
    assert exported(tmp_path)[1][1:5] == ["'=1+1", "場次", "2021-03", "0.5"]
    for format_ in ("ods", "xlsx"):
        assert exported(tmp_path, format_=format_)[1][1] == "=1+1"
        sheet = CalamineWorkbook.from_filelike(
            io.BytesIO((tmp_path / f"a.{format_}").read_bytes())
        ).get_sheet_by_index(0)
        assert sheet.to_python()[1][4] == 0.5


def test_only_approved_figures_unless_asked_otherwise(tmp_path: Path) -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency))
    enter(series, {"2020-12": "1"})
    make_calendar(agency, "2021-01")
    put(series, "2021-03", "2", make_user(Role.ENTRY_OFFICER, agency=agency))
    assert [row[4] for row in exported(tmp_path)[1:]] == ["1"]
    assert [row[4] for row in exported(tmp_path, "--provisional")[1:]] == ["1", "2"]
    assert exported(tmp_path, "--agency=wda", "--shape=wide")[1][3:] == ["2020", *[""] * 11, "1"]
    with pytest.raises(CommandError, match="none"):
        exported(tmp_path, "--agency=none")


def test_the_note_and_reason_of_a_correction_stay_with_its_agency(client: Client) -> None:
    agency = make_agency()
    officer = make_user(Role.ENTRY_OFFICER, agency=agency)
    reviewer = make_user(Role.REVIEWER, agency=agency)
    series = make_series(make_indicator(agency=agency))
    make_calendar(agency)
    put(series, "2021-03", "7", officer, "as planned")
    one = acts.find_return(agency, Month(2021, 3))
    assert one
    one = acts.submit(one, actor=officer, seen_revision=one.revision)
    one = acts.approve(one, actor=reviewer, seen_revision=one.revision)
    acts.reopen(one, actor=reviewer, seen_revision=one.revision, reason="counted again")
    save_figures(
        [Entry(series, parse_period("2021-03"), Decimal(8), "word of a strike")],
        actor=officer,
        via=Via.GRID,
        reason="the union's word",
    )
    elsewhere = make_user(Role.ENTRY_OFFICER, agency=make_agency("osh"))
    for person, sees in ((elsewhere, False), (make_user(Role.PLANNER), True)):
        client.force_login(person)
        batches = client.get("/en/admin/indicators/entrybatch/").content.decode()
        assert ("the union" in batches) == sees
        figures = client.get("/exports/figures.csv").getvalue().decode()
        assert ",7," in figures
        assert "word of a strike" not in figures


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_a_table_without_rows(tmp_path: Path, format_: str) -> None:
    assert len(exported(tmp_path, format_=format_)) == 1


@pytest.mark.parametrize("format_", FORMATS)
def test_the_public_of_the_ministry_downloads_approved_figures(format_: str) -> None:
    enter(make_series(make_indicator(agency=make_agency())), {"2020-12": "7"})
    client = Client()
    client.force_login(make_user(Role.MANAGER))
    answer = client.get(f"/exports/figures.{format_}?shape=wide")
    (sheet,) = read_book(b"".join(answer)).sheets
    assert "7" in [text_of(cell) for cell in sheet.rows[1]]
    assert client.get("/exports/figures.pdf").status_code == 404
    assert client.get("/exports/figures.ods?shape=round").status_code == 404
