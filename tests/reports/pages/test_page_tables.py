"""Tables of pages as spreadsheets: what the page shows, filtered as it is."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from accounts.models import Role
from reports.pages.page_tables import tables_of
from reports.tables.sheets import flat
from tests.builders import signed_in
from tests.published import load_published_review


@pytest.fixture
def review(db: None) -> Iterator[None]:
    load_published_review()
    with translation.override("en"):
        yield


def book(client: Client, address: str, format: str = "ods") -> CalamineWorkbook:
    mark = "&" if "?" in address else "?"
    got = client.get(f"{address}{mark}download={format}")
    assert got.status_code == 200
    assert got.headers["Content-Disposition"].startswith("attachment")
    return CalamineWorkbook.from_filelike(io.BytesIO(got.content))


PAGE = """<title>甲 · 乙</title>
<h2>標題</h2><table><thead><tr><th>名</th><th>值</th><th>率</th></tr></thead><tbody>
<tr><th rowspan="2">一<span class="visually-hidden">隱</span></th>
<td class="num">1萬7,168 人次</td><td class="num">58.7%<span class="note">註</span></td></tr>
<tr><td class="num">—</td><td>=1+1<span class="note">說明</span></td></tr></tbody></table>
<table><caption>標題</caption><thead><tr><th>甲</th></tr></thead>
<tbody><tr><td>x</td></tr></tbody></table>"""


def test_spans_units_percentages_and_notes_are_read() -> None:
    first, second = tables_of(PAGE)
    assert (first.name, second.name) == ("標題", "標題 2")
    assert [list(map(str, row)) for row in flat(first)] == [
        ["一", "17168", "0.587"],
        ["一", "—", "=1+1\n說明"],
    ]
    number, share = first.rows[0][1], first.rows[0][2]
    assert number is not None
    assert share is not None
    assert (number.unit, share.percent, share.decimals) == ("人次", True, 1)


def test_of_a_select_what_is_chosen_is_taken_alone() -> None:
    options = "<option>甲</option><option{}>乙</option></select>"
    row = f"<td>1 <select>{options.format('')}</td><td><select>{options.format(' selected')}</td>"
    (table,) = tables_of(
        "<h2>表</h2><table><thead><tr><th>甲</th><th>乙</th></tr></thead>"
        f"<tbody><tr>{row}</tr></tbody></table>"
    )
    assert [list(map(str, row)) for row in flat(table)] == [["1 甲", "乙"]]


@pytest.mark.parametrize("format", ["ods", "xlsx"])
def test_the_overview_is_downloaded_as_it_is_filtered(review: None, format: str) -> None:
    everything = book(Client(), "/en/?year=2020", format)
    rows = everything.get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["Indicator", "Series", "Target", "Actual"]
    assert len(rows) == 2 + 18
    filtered = book(Client(), "/en/?year=2020&goal=8", format).get_sheet_by_index(0).to_python()
    assert len(filtered) == 2 + 5
    assert 129819 in [row[3] for row in filtered[2:]]


def test_every_page_with_a_table_gives_it(review: None) -> None:
    planner, _person = signed_in(Role.PLANNER)
    for address in (
        "/en/indicators/8.6.1/",
        "/en/stakeholders/",
        "/en/editions/2021/",
        "/en/editions/2021/reconciliation/?difference=truncated",
        "/en/editions/2021/report/",
    ):
        assert book(planner, address).sheet_names
    rows = book(planner, "/en/editions/2021/reconciliation/?difference=truncated")
    assert [row[0] for row in rows.get_sheet_by_index(0).to_python()][2:] == ["1.3.2"]


def test_a_download_shows_nobody_more_than_the_page(review: None) -> None:
    assert Client().get("/en/editions/2021/?download=ods").status_code == 302
    assert Client().get("/en/about/?download=ods").headers["Content-Type"].startswith("text/html")
    unknown = Client().get("/en/?download=exe")
    assert unknown.headers["Content-Type"].startswith("text/html")


def test_a_download_from_the_sample_says_so(review: None, settings: Settings) -> None:
    settings.SAMPLE = True
    planner, _person = signed_in(Role.PLANNER)
    for address in ("/en/?year=2020", "/en/exports/2021/units.ods"):
        sheet = book(planner, address).get_sheet_by_index(0)
        assert str(sheet.to_python()[0][0]).startswith("Sample data")
