"""Live figures of the published review: what each reference writes, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from indicators.models import Indicator, Series
from reports.texts.live_figures import LiveFigures
from reports.texts.references import read_reference
from tests.builders import assign, enter, make_agency, make_calendar, make_user, put
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def review() -> Iterator[None]:
    load_published_review()
    with translation.override("en"):
        yield


READ = {
    "{{1.4.2|2017年至2020年}}": "1萬7,168人次",
    "{{1.4.1|2017年至2020年|期間}}": "2017年至2020年",
    "{{1.4.1|2021年1月至11月}}": "127場次",
    "{{1.4.1|2021年1月至11月|數字}}": "127",
    "{{1.4.1|2017年至2020年|目標}}": "400場次",
    "{{1.4.1|2017年至2020年|達成率}}": "154.50%",
    "{{1.3.1|2017年至2020年}}": "58.7%",
    "{{1.3.2|2017年至2020年}}": "60.9%",
    "{{1.3.1 請領勞保年金給付人數（期末）|2021年11月}}": "152萬9,647人",
    "{{1.3.1 #2|2021年11月|期間}}": "2021年11月底",
    "{{1.3.1 #2|2020年12月|增減 2016年12月}}": "53萬1,058人",
    "{{1.3.1 #2|2020年12月|成長 2016年12月}}": "58.7%",
    "{{8.6.1 訓後就業率|2017年至2020年}}": "88.81%",
    "{{8.7.1|2020年|達成率}}": "高於目標0.002‰",
    "{{8.7.1|2020年|狀態}}": "未達成",
    "{{8.7.2|2020年|達成率}}": "低於目標0.174‰",
    "{{8.7.2|2020年|狀態}}": "達成",
    "{{10.3.1|2020年12月}}": "160萬人",
    "{{活動|公共工程（聯合）稽查}}": "7,216工地次",
}
REFUSED = {
    "{{9.9.9|2020年}}": "There is no indicator 9.9.9.",
    "{{4.4.3|2017年至2020年}}": "Indicator 4.4.3 has several series: name one of 青年、失業者.",
    "{{4.4.3 老年|2017年至2020年}}": "Indicator 4.4.3 has no such series; it has: 青年、失業者.",
    "{{1.4.1|2021年}}": "Of 2021年 only 11 months out of 12 have figures.",
    "{{1.4.1|2015年}}": "There is no figure for 2015年.",
    "{{1.4.1|2021年1月至11月|成長}}": "There is no figure for 2020年1月至11月.",
    "{{1.4.1|2021年1月至11月|目標}}": "There is no target for 2021.",
    "{{活動|沒有的活動}}": "There is no activity of this name.",
}


def test_every_kind_is_written_in_the_ministrys_style() -> None:
    asked = {raw: read_reference(raw) for raw in READ | REFUSED}
    live = LiveFigures(asked.values())
    assert {raw: live.of(asked[raw]).text for raw in READ} == READ
    assert {raw: live.of(asked[raw]).problem for raw in REFUSED} == REFUSED
    assert not [raw for raw in READ if live.of(asked[raw]).problem]
    assert not [raw for raw in REFUSED if live.of(asked[raw]).text]


def test_a_hundred_references_cost_as_many_queries_as_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asked = [read_reference(raw) for raw in READ if "8.7" not in raw] * 10
    with django_assert_num_queries(7):
        live = LiveFigures(asked)
        for one in asked:
            live.of(one)


def test_figures_that_contradict_each_other_write_nothing() -> None:
    series = Series.objects.get(indicator__code="1.4.1")
    enter(series, {"2017-01/2018-12": "1", "2019-01/2020-12": "2"})
    reference = read_reference("{{1.4.1|2017年至2020年}}")
    assert "contradict each other" in LiveFigures([reference]).of(reference).problem


def test_a_text_says_what_is_approved_and_tells_what_is_not() -> None:
    agency = make_agency("wda")
    assign(Indicator.objects.get(code="1.4.1"), agency)
    make_calendar(agency, "2021-12")
    series = Series.objects.get(indicator__code="1.4.1")
    put(series, "2021-12", "9", make_user(Role.ENTRY_OFFICER, agency=agency))
    whole = read_reference("{{1.4.1|2021年}}")
    running = read_reference("{{1.4.1|2021年1月至11月}}")
    live = LiveFigures([whole, running])
    assert live.of(whole).problem == "The figures of 2021年 are not approved yet."
    assert (live.of(running).text, live.of(running).provisional) == ("127場次", False)
