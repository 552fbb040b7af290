"""A pasted block, read by the server: which figure goes where, and what is shown first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Agency, Role
from indicators import clock
from indicators.models import Indicator, Observation, Series
from tests.builders import enter, make_agency, make_indicator, make_series, signed_in

pytestmark = pytest.mark.django_db
NAMES = {
    "4.3.3": "失業者參加職前訓練課程參訓人數",
    "4.4.3": "青年及失業者參與資通訊科技（ICT）相關類別職業訓練課程參訓人數",
    "4.5.9": "協助弱勢族群失業者參加職前訓練人數",
    "8.6.1": "青年參與職業訓練人數及訓後就業率",
    "8.6.2": "公立就業服務機構協助推介青年就業",
}
ROWS = (
    ("trained", "4.3.3", "人數"),
    ("young", "4.4.3", "青年"),
    ("jobless", "4.4.3", "失業者"),
    ("weak", "4.5.9", "人數"),
    ("courses", "8.6.1", "培訓人數"),
    ("placed", "8.6.1", "訓後就業人數"),
    ("finished", "8.6.1", "結訓人數"),
    ("advised", "8.6.2", "人次"),
)


@pytest.fixture(autouse=True)
def in_english_in_december() -> Iterator[None]:
    with translation.override("en"), clock.fixed(date(2021, 12, 20)):
        yield


class Page:
    """The page of an agency without returns, with a rate among its rows; all months are open."""

    def __init__(self) -> None:
        self.agency: Agency = make_agency()
        indicators: dict[str, Indicator] = {}
        self.series: dict[str, Series] = {}
        for key, code, name in ROWS:
            if code not in indicators:
                indicators[code] = make_indicator(code, self.agency)
                Indicator.objects.filter(pk=indicators[code].pk).update(name_zh=NAMES[code])
            position = indicators[code].series.count() + 1 + (key in ("placed", "finished"))
            unit = "人次" if key == "advised" else "人"
            self.series[key] = make_series(
                Indicator.objects.get(code=code), name_zh=name, unit_zh=unit, position=position
            )
        parts = {"numerator": self.series["placed"], "denominator": self.series["finished"]}
        self.series["rate"] = make_series(
            indicators["8.6.1"],
            name_zh="訓後就業率",
            unit_zh="%",
            rule="ratio",
            scale=100,
            position=2,
            **parts,
        )
        self.client: Client = signed_in(Role.ENTRY_OFFICER, agency=self.agency)[0]

    def paste(
        self, text: str, row: str = "trained", month: str = "2021-01", **more: Any
    ) -> dict[str, Any]:
        rows = [re.split("\t", line) for line in text.splitlines()]
        place = {"series": self.series[row].pk, "month": month, "sure": False}
        response = self.client.post(
            "/en/entry/wda/2021/paste/",
            json.dumps({"rows": rows} | place | more),
            content_type="application/json",
        )
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        return answer

    def cells(self, answer: dict[str, Any]) -> list[tuple[str, int, str]]:
        """Series, month and text of what would be written."""
        keys = {one.pk: key for key, one in self.series.items()}
        return [
            (keys[cell["series"]], int(cell["month"][5:]), cell["text"]) for cell in answer["cells"]
        ]


@pytest.fixture
def page() -> Page:
    return Page()


def table(*rows: Sequence[object]) -> str:
    return "".join("\t".join(map(str, row)) + "\r\n" for row in rows)


def months(*numbers: int) -> list[str]:
    return [f"{number}月" for number in numbers]


def test_headings_labels_and_a_total(page: Page) -> None:
    text = table(
        ("數列", "單位", *months(1, 2, 3), "合計"),
        ("4.4.3 失業者", "人", 288, 191, "", 479),
        ("4.3.3 人數", "人", 2534, 1838, 4202, 8574),
    )
    answer = page.paste(text, "courses", "2021-05")  # wherever it is pasted
    assert answer["ask"]
    assert page.cells(answer) == [
        ("jobless", 1, "288"),
        ("jobless", 2, "191"),
        ("trained", 1, "2534"),
        ("trained", 2, "1838"),
        ("trained", 3, "4202"),
    ]
    wrong = page.paste(text.replace("8574", "8575"))
    assert "8575" in wrong["html"].replace(",", "")
    assert "In doubt" in wrong["html"]
    assert "In doubt" not in answer["html"]


@pytest.mark.parametrize("heading", [months(10, 11), ["10月", "11月"][:1]])
def test_months_alone_above_figures_go_to_the_rows_from_here_on(
    page: Page, heading: list[str]
) -> None:
    figures = [["2,534", "1,838"], ["273", "197"], ["288", "191"]]
    answer = page.paste(table(heading, *(row[: len(heading)] for row in figures)))
    assert answer["ask"]
    expected = [
        (key, month, text.replace(",", ""))
        for key, row in zip(("trained", "young", "jobless"), figures, strict=True)
        for month, text in zip((10, 11), row[: len(heading)], strict=False)
    ]
    assert page.cells(answer) == expected


def test_a_column_passes_over_the_row_that_is_worked_out(page: Page) -> None:
    column = table(*([number] for number in (5281, 495, 558, 3520, 4056, 2850, 3181, 23913)))
    answer = page.paste(column, month="2021-10", sure=True)
    assert answer["ask"]
    assert [key for key, _month, _text in page.cells(answer)] == [key for key, *_ in ROWS]
    assert "訓後就業率" in answer["html"]
    assert "passed over" in answer["html"]
    with_rate = table(*([number] for number in (5281, 495, 558, 3520, 4056, 89.6, 2850, 3181, 239)))
    cells = page.cells(page.paste(with_rate, month="2021-10"))
    assert cells[5:] == [("placed", 10, "2850"), ("finished", 10, "3181"), ("advised", 10, "239")]


def test_blanks_that_would_empty_figures_are_counted_and_named(page: Page) -> None:
    enter(page.series["trained"], {"2021-07": "2930"})
    enter(page.series["young"], {"2021-06": "490"})
    answer = page.paste(table(("1,000", "", "1,200"), ("－", "2,000", "…")), month="2021-06")
    assert answer["ask"]
    assert [cell["text"] for cell in answer["cells"]] == ["1000", "", "1200", "", "2000"]
    assert [cell["empties"] for cell in answer["cells"]] == [False, True, False, True, False]
    html = answer["html"]
    assert "2 stored figures would be emptied" in html
    assert "4.3.3 人數 Jul: 2,930" in html
    assert "4.4.3 青年 Jun: 490" in html
    nothing_goes = page.paste(table(("1,000", "", "1,200")), month="2021-08", sure=True)
    assert not nothing_goes["ask"]


def test_what_lies_behind_december_is_no_month(page: Page) -> None:
    row = [*range(1, 13), sum(range(1, 13))]
    answer = page.paste(table(row), sure=True)
    assert answer["ask"]
    assert [month for _key, month, _text in page.cells(answer)] == list(range(1, 13))
    assert "column 13 is left out" in answer["html"]
    assert "In doubt" not in answer["html"]


def test_rows_in_another_order_with_the_indicators_names(page: Page) -> None:
    answer = page.paste(
        table(
            ("指標編號", "指標名稱", "單位", *months(9, 10)),
            ("4.5.9", NAMES["4.5.9"], "人", 3113, 3520),
            ("4.4.3", f"{NAMES['4.4.3']}（失業者）", "人", 399, 558),
            ("4.4.3", f"{NAMES['4.4.3']}（青年）", "人", 456, 495),
            ("4.3.3", NAMES["4.3.3"], "人", 3654, 5281),
        )
    )
    assert page.cells(answer)[::2] == [
        ("weak", 9, "3113"),
        ("jobless", 9, "399"),
        ("young", 9, "456"),
        ("trained", 9, "3654"),
    ]
    assert "Left out" not in answer["html"]


def test_a_row_of_another_agency_is_named_and_left_out_or_taken_by_choice(page: Page) -> None:
    other = make_series(make_indicator("1.4.2", make_agency("osh")), name_zh="人次", unit_zh="人次")
    text = table(
        ("指標編號", "項目", *months(9, 10)),
        ("4.3.3", "人數", 3654, 5281),
        ("1.4.2", "人次", 300, 310),
        ("4.5.9", "人數", 3113, 3520),
    )
    answer = page.paste(text)
    assert [key for key, *_ in page.cells(answer)] == ["trained", "trained", "weak", "weak"]
    assert "1.4.2 人次 is left out" in answer["html"]
    assert str(other.pk) not in {str(cell["series"]) for cell in answer["cells"]}
    chosen = {
        "rows": {"1": "", "2": str(page.series["advised"].pk), "3": str(page.series["weak"].pk)},
        "columns": {"2": "2021-09", "3": ""},
    }
    answer = page.paste(text, choices=chosen)
    assert page.cells(answer) == [("advised", 9, "300"), ("weak", 9, "3113")]
    assert f'<option value="{page.series["advised"].pk}" selected>' in answer["html"]


def test_totals_since_january_are_compared_and_never_written(page: Page) -> None:
    enter(page.series["trained"], {f"2021-{month:02d}": "100" for month in range(1, 10)})
    text = table(
        ("指標編號", "項目", "10月", "1-10月累計", "11月", "1-11月累計"),
        ("4.3.3", "人數", 50, 950, 60, 1011),
    )
    answer = page.paste(text)
    assert page.cells(answer) == [("trained", 10, "50"), ("trained", 11, "60")]
    assert "1-10月累計: 950 agrees" in answer["html"]
    assert "1-11月累計 says 1,011, the months come to 1,010" in answer["html"]


@pytest.mark.parametrize(
    "heading",
    [["109年", *months(1, 2)], ["項目", "109年1月", "109年2月"]],
)
def test_a_block_of_another_year_is_refused(page: Page, heading: list[str]) -> None:
    answer = page.paste(table(heading, ("4.3.3 人數", 2534, 1838)))
    assert answer["ask"]
    assert "The block says 2020, this page shows 2021" in answer["html"]
    assert 'value="all"' not in answer["html"]
    assert page.cells(page.paste(table(["110年", *months(1, 2)], ("4.3.3 人數", 2534, 1838)))) == [
        ("trained", 1, "2534"),
        ("trained", 2, "1838"),
    ]


def test_writings_of_numbers_are_read_or_refused_and_none_is_lost(page: Page) -> None:
    enter(page.series["trained"], {"2021-04": "3643"})
    texts = ["1萬7,168", "１２，３４５", "1.7萬", "－", "(123)", "3 456", "5,280人", "…", "3288.0"]
    answer = page.paste(table([*texts, "=1+1", "1,23"]), sure=True)
    assert answer["ask"]
    read = {cell["month"]: cell["text"] for cell in answer["cells"] if not cell["problem"]}
    assert read == {
        "2021-01": "17168",
        "2021-02": "12345",
        "2021-03": "17000",
        "2021-04": "",
        "2021-07": "5280",
        "2021-09": "3288",
    }
    refused = {cell["month"]: cell["text"] for cell in answer["cells"] if cell["problem"]}
    assert set(refused.values()) == {"(123)", "3 456", "=1+1", "1,23"}
    assert "4 cells are refused" in answer["html"]
    assert "1 stored figure would be emptied" in answer["html"]


def test_a_closed_month_and_a_unit_in_multiples(page: Page) -> None:
    with clock.fixed(date(2021, 3, 20)):
        answer = page.paste(table(months(3, 4), (10, 20)))
        assert page.cells(answer) == [("trained", 3, "10")]
        assert "This month has not begun." in answer["html"]
    scaled = page.paste(table(("單位：千人", ""), ("項目", "1月"), ("4.3.3 人數", 3)))
    assert page.cells(scaled) == [("trained", 1, "3000")]
    assert "In doubt" in scaled["html"]


def test_more_rows_than_the_page_has_are_named(page: Page) -> None:
    answer = page.paste(table(*([number] for number in (1, 2, 3))), "finished")
    assert page.cells(answer) == [("finished", 1, "1"), ("advised", 1, "2")]
    assert "row 3 is left out" in answer["html"]


def test_who_may_paste_and_what_is_no_block(page: Page) -> None:
    address = "/en/entry/wda/2021/paste/"
    body = {"rows": [["1"]], "series": page.series["trained"].pk, "month": "2021-01"}
    manager, _user = signed_in(Role.MANAGER, agency=page.agency)
    for client in (manager, Client()):
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code == 403
    others: list[Any] = [body | {"month": "x"}, body | {"choices": {"rows": 1}}]
    for wrong in ({}, [], {"rows": []}, *others):
        answer = page.client.post(address, json.dumps(wrong), content_type="application/json")
        assert answer.status_code == 400, wrong
    blank = page.client.post(
        address, json.dumps(body | {"rows": [["", ""]]}), content_type="application/json"
    )
    assert (blank.status_code, blank.json()["cells"]) == (200, [])
    assert not Observation.objects.exists()


def test_a_text_of_a_block_is_shown_as_text(page: Page) -> None:
    answer = page.paste(table(("<b>x</b>", "5"), ("4.3.3 人數", "6")))
    assert "<b>" not in answer["html"]
