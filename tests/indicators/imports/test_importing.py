"""From a file to saved figures and back: preview, confirmation, undoing, templates, rights."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from accounts.models import Role
from indicators.calculation.periods import Month
from indicators.entry.checks import Refused
from indicators.imports import importing
from indicators.imports.preview import preview
from indicators.imports.workbooks import template
from indicators.models import FileImport, Observation, Revision, Series, YearlyValue
from indicators.models.figures import Via
from indicators.reading.display import Display
from indicators.returns import acts
from indicators.spreadsheets.errors import FileError
from indicators.tasks import save_import
from tests.builders import enter, make_agency, make_calendar, make_indicator, make_series, make_user
from tests.indicators.spreadsheets.a_file import Rows, csv, xlsx

pytestmark = pytest.mark.django_db
WIDE: Rows = [
    ["勞動部110年度月報表"],
    ["指標", "項目", "1月", "2月", "3月", "合計"],
    ["1.4.1", "場次", 10, 12, "1萬7,168", 17190],
]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def series() -> Series:
    return make_series(make_indicator(agency=make_agency()), name_zh="場次")


@pytest.fixture
def officer(series: Series) -> Client:
    client = Client()
    user = make_user(Role.ENTRY_OFFICER, agency=series.indicator.agency, username="officer")
    client.force_login(user)
    return client


def bring(client: Client, content: bytes, name: str = "figures.xlsx") -> FileImport:
    answer = client.post("/en/entry/wda/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return FileImport.objects.latest("at")


def act(client: Client, one: FileImport, what: str, **data: str) -> int:
    if what == "confirm":
        data.setdefault("seen", preview(one, Display()).fingerprint)
    return client.post(f"/en/imports/{one.pk}/act/", {"act": what, **data}).status_code


def stored() -> dict[str, str]:
    return {
        row.period.iso(): f"{row.value:f}".rstrip("0").rstrip(".")
        for row in Observation.objects.filter(value__isnull=False)
    }


def test_a_file_is_looked_at_confirmed_and_undone(series: Series, officer: Client) -> None:
    enter(series, {"2021-01": "9", "2021-02": "12"})
    one = bring(officer, xlsx(WIDE))
    page = preview(one, Display())
    assert page.counts == {"error": 0, "warning": 0, "changed": 1, "new": 1, "same": 1}
    (changed,) = page.lines["changed"]
    assert (changed.cell, changed.text, changed.old, changed.change) == ("C3", "10", "9", "+11.1%")
    assert changed.new == "10 場次"
    assert stored() == {"2021-01": "9", "2021-02": "12"}
    assert act(officer, one, "confirm") == 302
    one.refresh_from_db()
    assert (one.state, one.content) == ("saved", None)
    assert one.outcome == {"new": 1, "changed": 1, "same": 1, "choices": []}
    assert stored() == {"2021-01": "10", "2021-02": "12", "2021-03": "17168"}
    assert one.entries is not None
    assert (one.entries.via, one.entries.reason) == (Via.FILE, "From the file figures.xlsx")
    assert act(officer, one, "undo") == 302
    assert stored() == {"2021-01": "9", "2021-02": "12"}
    assert YearlyValue.objects.get(series=series).numerator == 21
    assert Revision.objects.count() == 6
    assert act(officer, one, "undo") == 409


def test_the_same_file_again_changes_nothing_and_says_so(series: Series, officer: Client) -> None:
    one = bring(officer, xlsx(WIDE))
    act(officer, one, "confirm")
    again = bring(officer, xlsx(WIDE))
    text = officer.get(f"/en/imports/{again.pk}/").content.decode()
    assert "there is nothing to save" in text
    assert Revision.objects.count() == 3
    assert act(officer, one, "confirm") == 302  # a second click
    assert Revision.objects.count() == 3


def test_a_file_with_an_error_saves_nothing_and_says_where(series: Series, officer: Client) -> None:
    rows = [*WIDE[:2], ["1.4.1", "場次", 10, "abc", 5, 27]]
    one = bring(officer, xlsx(rows))
    text = officer.get(f"/en/imports/{one.pk}/").content.decode()
    assert "D3" in text
    assert "is not a number" in text
    assert act(officer, one, "confirm") == 409
    assert stored() == {}
    answer = officer.get(f"/en/imports/{one.pk}/comments.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet is not None
    assert "is not a number" in str(sheet["D3"].comment.text)
    assert sheet["C3"].comment is None
    assert act(officer, one, "discard") == 302
    one.refresh_from_db()
    assert (one.state, one.content) == ("discarded", None)


def test_hard_checks_are_errors_of_their_cells(series: Series, officer: Client) -> None:
    rows = [*WIDE[:2], ["1.4.1", "場次", -10, 12, 5, 7]]
    page = preview(bring(officer, xlsx(rows)), Display())
    assert [(line.cell, "negative" in line.message) for line in page.lines["error"]] == [
        ("C3", True)
    ]


def test_a_closed_month_is_an_error_and_the_same_figure_in_it_is_not(
    series: Series, officer: Client
) -> None:
    assert series.indicator.agency is not None
    enter(series, {"2020-12": "5"})
    make_calendar(series.indicator.agency, "2021-01")
    rows = [["指標", "期間", "數值"], ["1.4.1", "2020-12", 5], ["1.4.1", "2021-01", 6]]
    assert preview(bring(officer, xlsx(rows)), Display()).counts["error"] == 0
    rows[1] = ["1.4.1", "2020-12", 7]
    (line,) = preview(bring(officer, xlsx(rows)), Display()).lines["error"]
    assert "before the first month" in line.message


def test_an_import_into_an_open_month_can_be_undone_until_it_is_closed(
    series: Series, officer: Client
) -> None:
    agency = series.indicator.agency
    assert agency is not None
    make_calendar(agency, "2021-01")
    rows = [["指標", "期間", "數值"], ["1.4.1", "2021-01", 6]]
    one = bring(officer, xlsx(rows))
    act(officer, one, "confirm")
    found = acts.find_return(agency, Month(2021, 1))
    assert found is not None
    user = one.owner
    acts.submit(found, actor=user, seen_revision=found.revision)
    assert act(officer, one, "undo") == 409
    assert stored() == {"2021-01": "6"}


def test_what_changed_since_the_preview_is_not_overwritten(series: Series, officer: Client) -> None:
    one = bring(officer, xlsx(WIDE))
    seen = preview(one, Display()).fingerprint
    enter(series, {"2021-01": "99"})
    assert act(officer, one, "confirm", seen=seen) == 409
    assert stored() == {"2021-01": "99"}
    act(officer, one, "confirm")
    enter(series, {"2021-01": "100"})
    with pytest.raises(Refused, match="Somebody changed"):
        importing.undo(one, actor=one.owner)
    assert stored()["2021-01"] == "100"


def test_a_jump_is_a_warning_of_the_preview(series: Series, officer: Client) -> None:
    enter(series, {f"2020-{month:02}": str(100 + month) for month in range(1, 13)})
    rows = [["指標", "期間", "數值"], ["1.4.1", "2021-01", 106], ["1.4.1", "2021-02", 900]]
    page = preview(bring(officer, xlsx(rows)), Display())
    (line,) = page.lines["warning"]
    assert (line.cell, "jumps" in line.message) == ("C3", True)


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_a_template_brought_back_changes_nothing(
    series: Series, officer: Client, shape: str, language: str
) -> None:
    agency = series.indicator.agency
    assert agency is not None
    make_series(series.indicator, name_zh="人次", unit_zh="人次")
    make_series(make_indicator("8.7.1", agency), rule="ratio", unit_zh="‰", scale=1000)
    enter(series, {"2021-01": "10", "2021-02": "0", "2020-12": "3"})
    enter(Series.objects.get(unit_zh="‰"), {"2021-01": "0.023"})
    Observation.objects.filter(first_month="2021-01-01", value=10).update(
        note="=1+1 noted", revision=2
    )
    with translation.override(language):
        content = template(agency, 2021, Display(), shape=shape)
    one = bring(officer, content)
    page = preview(one, Display())
    assert page.counts == {"error": 0, "warning": 0, "changed": 0, "new": 0, "same": 3}


def test_a_filled_template_comes_in(series: Series, officer: Client) -> None:
    agency = series.indicator.agency
    assert agency is not None
    book = load_workbook(io.BytesIO(template(agency, 2021, Display())))
    sheet = book.active
    assert sheet is not None
    assert sheet.protection.sheet
    assert sheet["A5"].protection.locked
    assert not sheet["D5"].protection.locked
    sheet["F5"] = 42
    out = io.BytesIO()
    book.save(out)
    act(officer, bring(officer, out.getvalue()), "confirm")
    assert stored() == {"2021-03": "42"}


def test_a_pasted_table(series: Series, officer: Client) -> None:
    answer = officer.post(
        "/en/entry/wda/upload/", {"text": "指標\t期間\t數值\r\n1.4.1\t110年3月\t1萬7,168\r\n"}
    )
    assert answer.status_code == 302
    act(officer, FileImport.objects.get(), "confirm")
    assert stored() == {"2021-03": "17168"}


def test_a_file_that_cannot_be_read_leaves_nothing(series: Series, officer: Client) -> None:
    answer = officer.post(
        "/en/entry/wda/upload/", {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7 not a sheet")}
    )
    assert answer.status_code == 422
    assert "This is a PDF." in answer.content.decode()
    assert not FileImport.objects.exists()


def test_other_agencies_are_not_there(series: Series, officer: Client) -> None:
    other = make_agency("osh")
    make_series(make_indicator("8.7.1", other), name_zh="千人率")
    assert officer.get("/en/entry/osh/upload/").status_code == 404
    assert officer.get("/en/entry/osh/2021/template.xlsx").status_code == 404
    one = bring(officer, csv([["指標", "期間", "數值"], ["8.7.1", "2021-03", "5"]]), "a.csv")
    assert preview(one, Display()).counts["error"] == 1
    stranger = Client()
    stranger.force_login(make_user(Role.ENTRY_OFFICER, agency=other))
    for address in (f"/en/imports/{one.pk}/", f"/en/imports/{one.pk}/comments.xlsx"):
        assert stranger.get(address).status_code == 404
    assert act(stranger, one, "confirm", seen="x") == 404
    assert "a.csv" not in stranger.get("/en/imports/").content.decode()
    reader = Client()
    reader.force_login(make_user(Role.MANAGER, agency=series.indicator.agency))
    assert reader.get("/en/entry/wda/upload/").status_code == 404


def test_a_period_of_several_months_comes_in(series: Series, officer: Client) -> None:
    rows = [["指標", "期間", "數值"], ["1.4.1", "106年至109年", 618]]
    act(officer, bring(officer, xlsx(rows)), "confirm")
    assert stored() == {"2017-01/2020-12": "618"}


def test_a_file_beyond_the_limits_is_refused() -> None:
    with pytest.raises(FileError, match="too_large"):
        importing.bring_in(owner=make_user(), agency=None, name="x", content=bytes(20_000_001))


def run_queued() -> None:
    """As the worker does; the worker itself would close the connection of the test."""
    for result in DBTaskResult.objects.all():
        save_import.call(*result.args_kwargs["args"])
        result.delete()


def test_a_long_file_is_saved_in_the_background(
    series: Series, officer: Client, settings: Any
) -> None:
    settings.LONG_IMPORT = 2
    one = bring(officer, xlsx(WIDE))
    assert act(officer, one, "confirm") == 302
    assert act(officer, one, "discard") == 302  # too late to lay it aside
    one.refresh_from_db()
    assert one.state == "queued"
    assert stored() == {}
    text = officer.get(f"/en/imports/{one.pk}/").content.decode()
    assert "3 figures are being saved" in text
    run_queued()
    one.refresh_from_db()
    assert (one.state, one.outcome["new"]) == ("saved", 3)
    assert stored()["2021-03"] == "17168"


def test_what_is_refused_in_the_background_comes_back(
    series: Series, officer: Client, settings: Any
) -> None:
    settings.LONG_IMPORT = 2
    one = bring(officer, xlsx(WIDE))
    act(officer, one, "confirm")
    enter(series, {"2021-01": "99"})
    run_queued()
    one.refresh_from_db()
    assert one.state == "previewed"
    assert "Somebody changed" in officer.get(f"/en/imports/{one.pk}/").content.decode()
    act(officer, one, "confirm")
    one.owner.memberships.all().delete()
    run_queued()
    one.refresh_from_db()
    assert one.state == "previewed"
    assert stored() == {"2021-01": "99"}
