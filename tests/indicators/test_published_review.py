"""The published review once it is loaded: every name and figure against the printed ones."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from indicators.calculation.periods import parse_period
from indicators.models import Activity, Goal, Indicator, Milestone, Observation, Series
from indicators.models.figures import Origin

pytestmark = pytest.mark.django_db

# (indicator, series, months): the figure that the review prints or, for 2016, implies.
FIGURES = {
    ("1.3.1", "請領勞保年金給付人數（期末）", "2020-12"): "1435614",
    ("1.3.1", "請領勞保年金給付人數（期末）", "2016-12"): "904556",
    ("1.3.1", "請領勞保年金給付人數（期末）", "2021-11"): "1529647",
    ("1.3.2", "單獨參加職業災害保險被保險人數（期末）", "2020-12"): "362479",
    ("1.3.2", "單獨參加職業災害保險被保險人數（期末）", "2016-12"): "225312",
    ("1.3.2", "單獨參加職業災害保險被保險人數（期末）", "2021-11"): "436216",
    ("1.4.1", "場次", "2017-01/2020-12"): "618",
    ("1.4.1", "場次", "2021-01/2021-11"): "127",
    ("1.4.2", "人次", "2017-01/2020-12"): "17168",
    ("1.4.2", "人次", "2021-01/2021-11"): "3313",
    ("1.4.3", "件數", "2017-01/2020-12"): "2183",
    ("1.4.3", "件數", "2021-01/2021-11"): "403",
    ("1.a.2", "人次", "2017-01/2020-12"): "65477",
    ("1.a.2", "人次", "2021-01/2021-11"): "15951",
    ("4.3.3", "人數", "2017-01/2020-12"): "203827",
    ("4.3.3", "人數", "2021-01/2021-11"): "39320",
    ("4.4.3", "青年", "2017-01/2020-12"): "9642",
    ("4.4.3", "青年", "2021-01/2021-11"): "4732",
    ("4.4.3", "失業者", "2017-01/2020-12"): "21895",
    ("4.4.3", "失業者", "2021-01/2021-11"): "4169",
    ("4.5.9", "人數", "2017-01/2020-12"): "115384",
    ("4.5.9", "人數", "2021-01/2021-11"): "27803",
    ("8.6.1", "培訓人數", "2017-01/2020-12"): "129819",
    ("8.6.1", "培訓人數", "2020-01/2020-12"): "40968",
    ("8.6.1", "培訓人數", "2021-01/2021-11"): "36665",
    ("8.6.1", "訓後就業率", "2017-01/2020-12"): "88.81",
    ("8.6.2", "人次", "2017-01/2020-12"): "689239",
    ("8.6.2", "人次", "2021-01/2021-11"): "181484",
    ("8.7.1", "千人率", "2020-01/2020-12"): "0.023",
    ("8.7.2", "千人率", "2020-01/2020-12"): "2.526",
    ("10.2.2", "推介就業人數", "2017-01/2020-12"): "77972",
    ("10.2.2", "推介就業人數", "2021-01/2021-11"): "17475",
    ("10.2.2", "推介就業率", "2017-01/2020-12"): "72",
    ("10.2.2", "推介就業率", "2021-01/2021-11"): "77",
    ("10.3.1", "累積宣導人數", "2020-12"): "1600000",
    ("10.3.1", "累積宣導人數", "2021-12"): "2000000",
}

# (indicator, series): target for 2020, months that count for it.
TARGETS = {
    ("1.3.1", "請領勞保年金給付人數成長率"): ("35", "2017-01/2020-12"),
    ("1.3.2", "單獨參加職業災害保險被保險人數成長率"): ("35", "2017-01/2020-12"),
    ("1.4.1", "場次"): ("400", "2017-01/2020-12"),
    ("1.4.2", "人次"): ("11200", "2017-01/2020-12"),
    ("1.4.3", "件數"): ("1600", "2017-01/2020-12"),
    ("1.a.2", "人次"): ("48000", "2017-01/2020-12"),
    ("4.3.3", "人數"): ("176000", "2017-01/2020-12"),
    ("4.4.3", "青年"): ("3000", "2017-01/2020-12"),
    ("4.4.3", "失業者"): ("10000", "2017-01/2020-12"),
    ("4.5.9", "人數"): ("112000", "2017-01/2020-12"),
    ("8.6.1", "培訓人數"): ("80000", "2017-01/2020-12"),
    ("8.6.1", "訓後就業率"): ("84", "2017-01/2020-12"),
    ("8.6.2", "人次"): ("640000", "2017-01/2020-12"),
    ("8.7.1", "千人率"): ("0.021", "2020-01/2020-12"),
    ("8.7.2", "千人率"): ("2.7", "2020-01/2020-12"),
    ("10.2.2", "推介就業人數"): ("66000", "2017-01/2020-12"),
    ("10.2.2", "推介就業率"): ("65", "2017-01/2020-12"),
    ("10.3.1", "累積宣導人數"): ("1000000", "2017-01/2020-12"),
}

# Indicators, name, count, unit.
ACTIVITIES = [
    ("8.7.1 8.7.2", "高風險事業單位或作業場所勞動檢查", "44658", "場次"),
    ("8.7.1 8.7.2", "公共工程（聯合）稽查", "7216", "工地次"),
    ("8.7.1 8.7.2", "臨時性及短暫性作業動態稽查", "15684", "場次"),
    ("8.7.1 8.7.2", "高風險事業廠場工安診斷、專案輔導及高階主管座談", "3474", "場次"),
    ("8.7.1 8.7.2", "製程安全評估技術輔導及營造工程精進作法輔導", "180", "場次"),
    ("8.7.1 8.7.2", "中小企業、小型工地及 3K 產業臨廠輔導", "15988", "場次"),
    ("8.7.1 8.7.2", "高風險事業現場監督主管防災教育訓練及在職訓練", "876", "場次"),
    ("8.7.1 8.7.2", "營造業職業安全衛生教育訓練發卡", "18686", "人"),
    ("8.7.1 8.7.2", "認可教育訓練單位實地查核", "5536", "場次"),
    ("8.7.1 8.7.2", "高風險業別安全衛生防災宣導會", "684", "場次"),
    ("8.7.1 8.7.2", "職場安全健康週相關促進活動", "469", "場次"),
    ("8.7.1 8.7.2", "跨部會安全衛生教育訓練", "270", "場次"),
    ("8.7.1 8.7.2", "研修法規命令", "5", "種"),
    ("8.7.1 8.7.2", "研修行政規則（含行政指導）", "29", "種"),
    ("8.7.1 8.7.2", "機械設備器具查驗廠商", "722", "家"),
    ("8.7.1 8.7.2", "機械設備器具查驗產品", "1109", "件"),
    ("8.7.1 8.7.2", "通關資訊比對", "8027", "案"),
    ("8.7.1", "公共工程相關勞動監督檢查（2021）", "21817", "場次"),
    ("8.7.1", "跨部會聯合檢查（2021）", "72", "場次"),
    ("8.6.1 8.6.2", "服務青年（2020）", "175870", "人次"),
    ("8.6.1 8.6.2", "服務青年（2021 年 1–11 月）", "163301", "人次"),
    ("10.2.2", "就業前成長團體（2020 及 2021 年 1–11 月）", "103", "場次"),
    ("10.2.2", "就業轉銜會議（2020 及 2021 年 1–11 月）", "54", "場次"),
]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The review, loaded once; what a test changes is undone after it, the whole after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_review", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def series_of(code: str, name: str) -> Series:
    return Series.objects.get(indicator__code=code, name_zh=name)


def test_every_figure_is_the_printed_one() -> None:
    stored = {
        (o.series.indicator.code, o.series.name_zh, o.period): o.value
        for o in Observation.objects.select_related("series__indicator")
    }
    printed = {
        (code, name, parse_period(months)): Decimal(value)
        for (code, name, months), value in FIGURES.items()
    }
    assert len(printed) == 36
    assert stored == printed


def test_every_target_is_the_printed_one() -> None:
    stored = {
        (m.series.indicator.code, m.series.name_zh): (m.value, m.window, m.year, m.revision)
        for m in Milestone.objects.select_related("series__indicator")
    }
    printed = {
        key: (Decimal(value), parse_period(window), 2020, 1)
        for key, (value, window) in TARGETS.items()
    }
    assert len(printed) == 18
    assert stored == printed


def test_the_levels_of_2016_are_marked_derived_and_say_how() -> None:
    derived = Observation.objects.filter(origin=Origin.DERIVED).order_by("series__indicator")
    assert [(o.value, str(o.period.last)) for o in derived] == [
        (904556, "2016-12"),
        (225312, "2016-12"),
    ]
    assert [o.value for o in derived] == [1435614 - 531058, 362479 - 137167]
    assert "1,435,614" in derived[0].note
    assert "531,058" in derived[0].note
    assert "362,479" in derived[1].note
    assert "137,167" in derived[1].note
    assert Observation.objects.filter(origin=Origin.PUBLISHED).count() == 34


def test_every_figure_says_where_it_is_printed() -> None:
    assert not Observation.objects.filter(note="").exists()


def test_what_is_odd_about_the_running_total_is_noted() -> None:
    at_2020, at_2021 = series_of("10.3.1", "累積宣導人數").observations.order_by("first_month")
    assert "人次" in at_2020.note
    assert "人次" in at_2021.note
    assert "11 月" in at_2021.note


def test_eighteen_series_are_judged_and_two_levels_feed_them() -> None:
    assert Indicator.objects.count() == 15
    assert Series.objects.filter(is_component=False).count() == 18
    assert [
        (s.indicator.code, s.rule, s.unit_zh) for s in Series.objects.filter(is_component=True)
    ] == [
        ("1.3.1", "last", "人"),
        ("1.3.2", "last", "人"),
    ]


def test_growth_is_measured_on_its_level_since_2016() -> None:
    growth = series_of("1.3.2", "單獨參加職業災害保險被保險人數成長率")
    assert (growth.rule, growth.base_year, growth.unit_zh, growth.decimals) == (
        "growth",
        2016,
        "%",
        1,
    )
    assert growth.source == series_of("1.3.2", "單獨參加職業災害保險被保險人數（期末）")
    assert not growth.observations.exists()


def test_series_are_defined_as_printed() -> None:
    defined = {
        (s.indicator.code, s.name_zh): (s.rule, s.direction, s.unit_zh, s.scale, s.decimals)
        for s in Series.objects.select_related("indicator")
    }
    assert defined["1.4.1", "場次"] == ("sum", "up", "場次", 1, 0)
    assert defined["8.6.1", "訓後就業率"] == ("ratio", "up", "%", 100, 2)
    assert defined["8.7.1", "千人率"] == ("ratio", "down", "‰", 1000, 3)
    assert defined["8.7.2", "千人率"] == ("ratio", "down", "‰", 1000, 3)
    assert defined["10.2.2", "推介就業率"] == ("ratio", "up", "%", 100, 0)
    assert defined["10.3.1", "累積宣導人數"] == ("last", "up", "人", 1, 0)
    assert set(Series.objects.values_list("rounding", flat=True)) == {"half_up"}
    assert Series.objects.get(is_running_total=True).indicator.code == "10.3.1"


def test_activities_are_counted_as_printed_and_in_order() -> None:
    stored = [
        (" ".join(i.code for i in a.indicators.all()), a.name_zh, a.value, a.unit_zh)
        for a in Activity.objects.prefetch_related("indicators")
    ]
    assert len(ACTIVITIES) == 23
    assert stored == [(codes, name, Decimal(v), unit) for codes, name, v, unit in ACTIVITIES]


def test_all_eighteen_goals_are_there_with_indicators_or_without() -> None:
    goals = list(Goal.objects.all())
    assert [goal.code for goal in goals] == [str(number) for number in range(1, 19)]
    assert len({goal.colour for goal in goals}) == 18
    with_indicators = Goal.objects.filter(targets__indicators__isnull=False).distinct()
    assert [goal.code for goal in with_indicators] == ["1", "4", "8", "10"]


def test_only_units_that_are_printed_answer_for_indicators() -> None:
    answering = Indicator.objects.exclude(agency=None)
    assert {i.code: i.agency.name_zh for i in answering if i.agency} == {
        "10.2.2": "勞動力發展署",
        "10.3.1": "勞動條件及就業平等司",
    }
    assert Indicator.objects.filter(agency=None).count() == 13


@pytest.mark.parametrize(
    "texts",
    [
        lambda: Goal.objects.values_list("name_zh", "name_en"),
        lambda: Indicator.objects.values_list("name_zh", "name_en", "method_zh", "method_en"),
        lambda: Series.objects.values_list("name_zh", "name_en", "unit_zh", "unit_en"),
        lambda: Activity.objects.values_list("name_en", "group_zh", "group_en", "unit_en"),
    ],
)
def test_everything_public_has_both_languages(texts: Callable[[], list[tuple[str, ...]]]) -> None:
    assert all(all(row) for row in texts())
