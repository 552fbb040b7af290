"""What a person says of a file on its own picture: in the file, remembered, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import Workbook

from accounts.models import Role
from indicators.calculation.periods import Month
from indicators.imports.preview import preview
from indicators.models import FileImport, HeadingReading, Observation, Series
from indicators.reading.display import Display
from indicators.returns import acts
from tests.builders import enter, make_agency, make_calendar, make_indicator, make_series, make_user
from tests.indicators.spreadsheets.a_file import Rows, csv, xlsx

pytestmark = pytest.mark.django_db
SELECT = re.compile(r'<select [^>]*?name="([^"]*)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected')


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
    agency = series.indicator.agency
    client.force_login(make_user(Role.ENTRY_OFFICER, agency=agency, username="officer"))
    return client


def bring(client: Client, rows: Rows | bytes, name: str = "figures.xlsx") -> FileImport:
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    answer = client.post("/en/entry/wda/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return FileImport.objects.latest("at")


def act(client: Client, one: FileImport, what: str, **data: object) -> int:
    if what == "confirm":
        one.refresh_from_db()
        data.setdefault("seen", preview(one, Display()).fingerprint)
    code = client.post(f"/en/imports/{one.pk}/act/", {"act": what, **data}).status_code
    one.refresh_from_db()
    return code


def choose(client: Client, one: FileImport, **changed: str) -> dict[str, int]:
    """Send the picture's form as the page has it, with some selects changed (``column_0_1``)."""
    page = client.get(f"/en/imports/{one.pk}/").content.decode()
    form = {
        name: (found[1] if (found := CHOSEN.search(inside)) else "")
        for name, inside in SELECT.findall(page)
    }
    wanted = {name.replace("_", "-"): value for name, value in changed.items()}
    if "remember" not in changed:
        wanted["remember"] = "on"
    assert set(wanted) <= {*form, "remember", "year"}, page
    assert act(client, one, "again", **(form | wanted)) == 302
    return dict(preview(one, Display()).counts)


def stored() -> dict[str, str]:
    return {
        row.period.iso(): f"{row.value:f}".rstrip("0").rstrip(".")
        for row in Observation.objects.filter(value__isnull=False)
    }


def test_headings_are_corrected_remembered_and_named(series: Series, officer: Client) -> None:
    one = bring(officer, csv([["業務", "統計月", "件數"], ["場次", "2021-03", "5"]]), "a.csv")
    assert preview(one, Display()).counts["error"] == 1
    counts = choose(officer, one, column_0_0="series", column_0_1="period", column_0_2="value")
    assert (counts["error"], counts["new"]) == (0, 1)
    later = bring(officer, csv([["業務", "統計月", "件數"], ["場次", "2021-04", "6"]]), "b.csv")
    assert preview(later, Display()).counts["new"] == 1
    assert "remembered" in officer.get(f"/en/imports/{later.pk}/").content.decode()
    assert act(officer, later, "confirm") == 302
    assert later.entries is not None
    assert "remembered: “統計月”: Period" in later.entries.reason
    assert (
        "remembered: “統計月”: Period" in officer.get(f"/en/imports/{later.pk}/").content.decode()
    )


def test_reading_again_as_it_was_read_changes_nothing(series: Series, officer: Client) -> None:
    rows: Rows = [
        ["110年月報表"],
        ["指標", "項目", "1月", "2月", "合計"],
        ["1.4.1", "場次", 1, 2, 3],
    ]
    one = bring(officer, rows)
    before = dict(preview(one, Display()).counts)
    assert choose(officer, one) == before
    assert one.choices == {"sheets": [], "columns": [], "rows": [], "texts": {}, "closed": []}
    assert not HeadingReading.objects.exists()


def test_a_choice_is_taken_back_on_the_same_file(series: Series, officer: Client) -> None:
    one = bring(officer, [["110年"], ["項目", "1月", "2月"], ["場次", 5, 6]])
    assert choose(officer, one, column_0_2="ignore")["new"] == 1
    assert HeadingReading.objects.get().heading == "2月"
    assert choose(officer, one, column_0_2="")["new"] == 2
    assert not HeadingReading.objects.exists()


def test_a_choice_may_hold_for_one_file_alone(series: Series, officer: Client) -> None:
    rows: Rows = [["110年"], ["項目", "1月", "2月"], ["場次", 5, 6]]
    one = bring(officer, rows)
    assert choose(officer, one, column_0_2="ignore", remember="")["new"] == 1
    assert not HeadingReading.objects.exists()
    assert preview(bring(officer, rows), Display()).counts["new"] == 2


def test_a_row_is_another_series_and_its_label_is_remembered(
    series: Series, officer: Client
) -> None:
    one = bring(officer, csv([["項目", "期間", "數值"], ["輔導場", "2021-03", "5"]]), "a.csv")
    counts = choose(officer, one, row_0_1="row:1.4.1-1")
    assert (counts["error"], counts["new"]) == (0, 1)
    later = bring(officer, csv([["項目", "期間", "數值"], ["輔導場", "2021-04", "6"]]), "b.csv")
    assert preview(later, Display()).counts["new"] == 1


def test_a_nameless_column_and_a_nameless_row_are_given_a_role(
    series: Series, officer: Client
) -> None:
    rows: Rows = [["110年"], ["項目", "1月", "", "3月"], ["場次", 5, 6, 7]]
    one = bring(officer, rows)
    assert preview(one, Display()).counts["error"] > 0
    counts = choose(officer, one, column_0_2="month:2")
    assert (counts["error"], counts["new"]) == (0, 3)
    rows = [["110年"], ["項目", "1月", "2月"], ["", 5, 6]]
    two = bring(officer, rows, "two.xlsx")
    assert preview(two, Display()).counts["error"] > 0
    counts = choose(officer, two, row_0_2="row:1.4.1-1")
    assert (counts["error"], counts["new"]) == (0, 2)
    act(officer, two, "confirm")
    assert stored() == {"2021-01": "5", "2021-02": "6"}
    assert two.entries is not None
    assert "row 3: 1.4.1" in two.entries.reason


def test_nothing_counts_while_one_row_is_refused_unless_it_is_left_out(
    series: Series, officer: Client
) -> None:
    rows: Rows = [["110年"], ["項目", "1月", "2月"], ["場次", 5, 6], ["場次女性", 1, 2]]
    one = bring(officer, rows)
    assert act(officer, one, "confirm") == 409
    assert stored() == {}
    assert choose(officer, one, row_0_3="ignore")["error"] == 0
    assert act(officer, one, "confirm") == 302
    assert stored() == {"2021-01": "5", "2021-02": "6"}
    assert one.entries is not None
    assert "row 4 “場次女性”: leave out" in one.entries.reason


def test_a_sheet_is_left_out_of_one_file(series: Series, officer: Client) -> None:
    book = Workbook()
    for title, value in (("一月", 5), ("目標", 9)):
        sheet = book.create_sheet(title)
        for row in (["110年"], ["項目", "1月", "2月"], ["場次", value, value]):
            sheet.append(row)
    book.remove(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    one = bring(officer, out.getvalue())
    assert act(officer, one, "confirm") == 409
    counts = choose(officer, one, sheet_1="ignore")
    assert (counts["error"], counts["new"]) == (0, 2)
    act(officer, one, "confirm")
    assert set(stored().values()) == {"5"}
    assert one.entries is not None
    assert "sheet “目標” left out" in one.entries.reason
    assert not HeadingReading.objects.exists()


def test_a_merged_figure_stays_refused_when_a_column_under_it_is_left_out(
    series: Series, officer: Client
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["110年"], ["項目", "1月", "2月", "3月"], ["場次", 5, 21, None]):
        sheet.append(row)
    sheet.merge_cells("C3:D3")
    out = BytesIO()
    book.save(out)
    one = bring(officer, out.getvalue())
    assert choose(officer, one, column_0_3="ignore")["error"] == 1
    assert act(officer, one, "confirm") == 409


def test_closed_months_are_left_out_by_choice_and_named(series: Series, officer: Client) -> None:
    agency = series.indicator.agency
    assert agency is not None
    make_calendar(agency, "2021-01")
    enter(series, {"2021-01": "9"})
    person = make_user(Role.ENTRY_OFFICER, agency=agency)
    found = acts.find_return(agency, Month(2021, 1))
    assert found is not None
    acts.submit(found, actor=person, seen_revision=found.revision)
    one = bring(officer, [["110年"], ["項目", "1月", "2月"], ["場次", 5, 6]])
    assert act(officer, one, "confirm") == 409
    month = f"{agency.code} 2021-01"
    assert act(officer, one, "again", with_closed="1", closed=[month, "wda 2021-02"]) == 302
    assert one.choices["closed"] == [month]
    assert act(officer, one, "confirm") == 302
    assert stored() == {"2021-01": "9", "2021-02": "6"}
    assert one.entries is not None
    assert f"closed: {month} left out" in one.entries.reason


def test_remembered_readings_are_seen_changed_and_forgotten(
    series: Series, officer: Client
) -> None:
    one = bring(officer, csv([["項目", "期間", "數值"], ["輔導場", "2021-03", "5"]]), "a.csv")
    choose(officer, one, row_0_1="row:1.4.1-1")
    page = officer.get("/en/entry/wda/readings/").content.decode()
    for text in ("輔導場", "officer", "a.csv"):
        assert text in page
    row = HeadingReading.objects.get()
    change = {"reading": row.pk, "act": "change", "field": "row:ignore"}
    assert officer.post("/en/entry/wda/readings/", change).status_code == 302
    later = bring(officer, csv([["項目", "期間", "數值"], ["輔導場", "2021-04", "6"]]), "b.csv")
    assert preview(later, Display()).counts["new"] == 0
    assert officer.post("/en/entry/wda/readings/", change | {"field": "x"}).status_code == 404
    assert officer.post("/en/entry/wda/readings/", change | {"act": "forget"}).status_code == 302
    assert not HeadingReading.objects.exists()
    assert officer.post("/en/entry/wda/readings/", change).status_code == 404


def test_a_choice_is_forgotten_with_the_undoing_of_its_file(
    series: Series, officer: Client
) -> None:
    one = bring(officer, csv([["項目", "期間", "數值"], ["輔導場", "2021-03", "5"]]), "a.csv")
    choose(officer, one, row_0_1="row:1.4.1-1")
    assert act(officer, one, "confirm") == 302
    assert stored() == {"2021-03": "5"}
    assert act(officer, one, "undo", forget="1") == 302
    assert stored() == {}
    assert not HeadingReading.objects.exists()


def test_only_who_enters_for_the_agency_sees_its_readings(series: Series) -> None:
    agency, other = series.indicator.agency, make_agency("osh")
    for person, code in (
        (make_user(Role.ENTRY_OFFICER, agency=agency), 200),
        (make_user(Role.MANAGER, agency=agency), 404),
        (make_user(Role.ENTRY_OFFICER, agency=other), 404),
    ):
        client = Client()
        client.force_login(person)
        assert client.get("/en/entry/wda/readings/").status_code == code
    assert Client().get("/en/entry/wda/readings/").status_code == 302
