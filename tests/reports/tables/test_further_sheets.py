"""The further tables in three formats, read back by libraries other than those that wrote them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import odfdo
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from accounts.models import Agency, Role
from indicators import clock
from indicators.models import Return, Series
from indicators.reading.display import Display
from indicators.reading.standings import standings
from indicators.returns.completeness import completeness
from reports.models import Edition
from reports.tables.further_sheets import (
    by_responsible_unit,
    completeness_sheet,
    reconciliation_sheet,
    revisions_since,
)
from reports.tables.reconciling import reconcile
from reports.tables.sheets import COVERED, flat
from reports.tables.writers import WRITERS, write_ods, write_xlsx
from tests.builders import assign, enter, make_agency, make_calendar, make_user, put, signed_in
from tests.published import load_published_review

pytestmark = pytest.mark.django_db
FORMATS = list(WRITERS)


@pytest.fixture(autouse=True)
def review() -> Iterator[None]:
    load_published_review()
    with translation.override("zh-hant"):
        yield


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.get()


def exported(tmp_path: Path, which: str, format_: str, *arguments: str) -> list[list[object]]:
    """The rows below the headings, with what merged cells leave out filled in from above."""
    path = tmp_path / f"a.{format_}"
    call_command(
        "export_appendix", which, *arguments, "--edition=2021", f"--format={format_}",
        f"--output={path}",
    )  # fmt: skip
    content = path.read_bytes()
    if format_ == "csv":
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
        return [list(row) for row in found]
    if format_ == "ods":
        table = odfdo.Document(io.BytesIO(content)).body.get_table(0)
        assert table is not None
        rows = [["" if one is None else one for one in row] for row in table.get_values()][2:]
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = [list(row) for row in sheet.to_python(skip_empty_area=False)[2:]]
    for above, row in pairwise(rows):
        row[0] = row[0] or above[0]
    return [list(row) for row in rows]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_judged_series_stands_under_its_unit(tmp_path: Path, format_: str) -> None:
    found = standings(2020)
    rows = [row for row in exported(tmp_path, "units", format_) if str(row[2])]
    assert len(rows) == len(found)
    assert sorted((str(row[1]).split()[0], str(row[2])) for row in rows) == sorted(
        (one.series.indicator.code, one.series.name) for one in found
    )
    by_name = {(str(row[1]).split()[0], str(row[2])): row for row in rows}
    for one in found:
        row = by_name[one.series.indicator.code, one.series.name]
        agency = one.series.indicator.agency
        assert row[0] == (agency.name if agency else "No responsible unit") or agency is None
        assert row[5] == one.series.unit
        if one.assessment.actual is not None:
            assert float(str(row[4])) == pytest.approx(float(one.assessment.actual))


def test_a_unit_reaches_over_its_indicators_and_the_achievement_is_a_formula(
    edition: Edition,
) -> None:
    (sheet,) = by_responsible_unit(edition, 2020).sheets
    heads = [cell for row in sheet.rows if (cell := row[0]) is not COVERED]
    assert len({one.value for one in heads}) == len(heads)
    assert sum(one.rows for one in heads) == len(sheet.rows)
    for at, row in enumerate(sheet.rows, sheet.first_row):
        target, actual, share = row[3], row[4], row[6]
        assert target is not None
        assert actual is not None
        assert share is not None
        if share.formula:
            assert share.formula == f"E{at}/D{at}"
            assert isinstance(actual.value, Decimal)
            assert isinstance(target.value, Decimal)
            assert share.value == pytest.approx(actual.value / target.value)
    formulas = [cell.formula for row in sheet.rows if (cell := row[6]) is not COVERED]
    assert any(formulas)
    assert f"<f>{next(filter(None, formulas))}</f>".encode() in _part(
        write_xlsx(by_responsible_unit(edition, 2020)), "xl/worksheets/sheet1.xml"
    )


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("format_", FORMATS)
def test_completeness_says_what_the_page_says(tmp_path: Path, format_: str) -> None:
    agency = make_agency("one")
    make_calendar(agency, "2021-01")
    make_calendar(make_agency("two"), "2021-03")
    officer, reviewer = make_user(Role.ENTRY_OFFICER, agency=agency), make_user(Role.REVIEWER)
    Return.objects.create(
        agency=agency, month=date(2021, 1, 1), due=date(2021, 2, 18), state=Return.State.APPROVED,
        submitted_by=officer, approved_by=reviewer, corrections=1,
        first_submitted_at=timezone.make_aware(datetime(2021, 2, 3)),
    )  # fmt: skip
    with clock.fixed(date(2021, 6, 15)):
        rows = exported(tmp_path, "completeness", format_, "--year=2021")
        expected = completeness(2021, Agency.objects.all(), Display())
    totals = next(row for row in rows if row[0] == "各機關合計")
    if format_ != "xlsx":
        assert [float(str(cell)) for cell in totals[13:15]] == [
            sum(line.in_time for line in expected.lines),
            sum(line.due for line in expected.lines),
        ]
    rows = rows[: rows.index(totals)]
    assert len(rows) == len(expected.lines) == 2
    for row, line in zip(rows, expected.lines, strict=True):
        assert row[0] == line.agency.name
        assert [str(cell).removesuffix("＊") for cell in row[1:13]] == [
            mark.name for mark in line.marks
        ]
        assert [float(str(cell)) for cell in row[13:15]] == [line.in_time, line.due]
        if format_ != "xlsx":  # there the formula has no value until a program works it out
            assert float(str(row[15])) == pytest.approx(line.in_time / line.due)
    assert str(rows[0][1]).endswith("＊")
    assert not str(rows[1][1]).endswith("＊")


def test_the_totals_are_formulas() -> None:
    for code in ("one", "two"):
        make_calendar(make_agency(code), "2021-01")
    document = completeness_sheet(2021, Agency.objects.all())
    formulas = [cell.formula for cell in document.sheets[0].rows[-1] if cell is not None]
    assert formulas[-3:] == ["SUM(N3:N4)", "SUM(O3:O4)", "N5/O5"]
    content = _part(write_ods(document), "content.xml").decode()
    assert "of:=SUM([.N3:.N4])" in content
    assert "of:=[.N5]/[.O5]" in content


def test_without_returns_there_is_no_share() -> None:
    make_calendar(make_agency("one"), "2021-01")
    with clock.fixed(date(2020, 12, 1)):
        document = completeness_sheet(2021, Agency.objects.all())
    (row,) = document.sheets[0].rows
    assert row[15] is not None
    assert (row[15].value, row[15].formula) == (None, "")
    write_ods(document)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_change_of_a_printed_figure_is_listed_with_its_unit(tmp_path: Path, format_: str) -> None:
    assert exported(tmp_path, "revisions", format_, "--since=2200-01-01") == []
    series = Series.objects.get(indicator__code="1.4.2")
    actor = make_user(Role.ENTRY_OFFICER, username="somebody")
    before = timezone.now().isoformat()
    enter(series, {"2017-01/2020-12": "17169.5"}, actor=actor, reason="=recount")
    (row,) = exported(tmp_path, "revisions", format_, f"--since={before}")
    assert row[:2] == ["1.4.2", series.name]
    assert [float(str(cell)) for cell in row[4:6]] == [17168, 17169.5]
    assert row[6] == series.unit
    assert str(row[9]).removeprefix("'") == "=recount"
    assert not any("somebody" in str(cell) for cell in row)


def test_neither_what_was_not_printed_nor_what_is_not_approved(edition: Edition) -> None:
    since = timezone.now() - timedelta(minutes=1)
    known = len(revisions_since(edition, since).sheets[0].rows)
    series = Series.objects.get(indicator__code="1.4.2")
    enter(series, {"2021-12": "5"})
    assert len(revisions_since(edition, since).sheets[0].rows) == known
    agency = make_agency("one")
    assign(series.indicator, agency)
    make_calendar(agency, "2020-01")
    officer = make_user(Role.ENTRY_OFFICER, agency=agency)
    with clock.fixed(date(2021, 6, 15)):
        put(series, "2020-03", "5", officer)
    assert len(revisions_since(edition, since).sheets[0].rows) == known


@pytest.mark.parametrize("format_", FORMATS)
def test_the_reconciliation_is_the_one_of_the_command(
    tmp_path: Path, format_: str, edition: Edition
) -> None:
    expected = reconcile(edition)
    rows = exported(tmp_path, "reconciliation", format_)
    assert len(rows) == len(expected) > 0
    for row, one in zip(rows, expected, strict=True):
        assert [str(row[0]), row[1], row[4]] == [one["indicator"], one["series"], one["place"]]
        assert str(row[5]).removeprefix("'") == one["printed"]
        for cell, name in zip(row[6:9], ("printed_value", "computed", "exact"), strict=True):
            assert (float(str(cell)) if cell != "" else None) == (
                pytest.approx(float(one[name])) if one[name] else None
            )
        assert row[9] != one["difference"]


def test_the_readers_language_names_the_differences(edition: Edition) -> None:
    with translation.override("en"):
        document = reconciliation_sheet(edition)
    assert document.language == "en"
    assert {row[9] for row in flat(document.sheets[0])} <= {
        "equal", "equal once rounded", "truncated", "revised since", "another unit",
        "unexplained", "no data",
    }  # fmt: skip


def test_a_moment_that_is_none_is_refused(tmp_path: Path) -> None:
    for given in ("yesterday", "2021-02-31"):
        with pytest.raises(CommandError, match=given):
            exported(tmp_path, "revisions", "ods", f"--since={given}")


def test_each_of_them_is_downloaded_by_those_who_work_here() -> None:
    client, _person = signed_in(Role.MANAGER)
    page = client.get("/exports/").content.decode()
    for which in ("units", "reconciliation", "revisions", "completeness"):
        assert which == "completeness" or f"/exports/2021/{which}.ods" in page
        for format in WRITERS:
            got = client.get(f"/exports/2021/{which}.{format}?year=2020")
            assert got.status_code == 200
            assert len(got.content) > 20
    assert client.get("/exports/2021/revisions.ods?since=2021-02-31").status_code == 404
    assert client.get("/exports/2021/secrets.ods").status_code == 404
