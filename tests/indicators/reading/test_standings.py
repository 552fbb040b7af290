"""Where the published series stand, as the command prints it and as sentences say it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from indicators.calculation.periods import Month, Period
from indicators.entry import yearly
from indicators.entry.milestones import save_milestone
from indicators.models import Series
from indicators.models.figures import Via
from indicators.reading.explanations import sentence
from indicators.reading.standings import by_indicator, standings
from tests.builders import enter, make_indicator, make_series
from tests.indicators.entry.test_door import set_target
from tests.published import load_published_review

pytestmark = pytest.mark.django_db

EXPECTED = {
    ("1.3.1", "請領勞保年金給付人數成長率"): ("35", "58.709", "%", "met"),
    ("1.3.2", "單獨參加職業災害保險被保險人數成長率"): ("35", "60.878", "%", "met"),
    ("1.4.1", "場次"): ("400", "618", "場次", "met"),
    ("1.4.2", "人次"): ("11200", "17168", "人次", "met"),
    ("1.4.3", "件數"): ("1600", "2183", "件", "met"),
    ("1.a.2", "人次"): ("48000", "65477", "人次", "met"),
    ("4.3.3", "人數"): ("176000", "203827", "人", "met"),
    ("4.4.3", "青年"): ("3000", "9642", "人", "met"),
    ("4.4.3", "失業者"): ("10000", "21895", "人", "met"),
    ("4.5.9", "人數"): ("112000", "115384", "人", "met"),
    ("8.6.1", "培訓人數"): ("80000", "129819", "人", "met"),
    ("8.6.1", "訓後就業率"): ("84", "88.81", "%", "met"),
    ("8.6.2", "人次"): ("640000", "689239", "人次", "met"),
    ("8.7.1", "千人率"): ("0.021", "0.023", "‰", "missed"),
    ("8.7.2", "千人率"): ("2.7", "2.526", "‰", "met"),
    ("10.2.2", "推介就業人數"): ("66000", "77972", "人", "met"),
    ("10.2.2", "推介就業率"): ("65", "72", "%", "met"),
    ("10.3.1", "累積宣導人數"): ("1000000", "1600000", "人", "met"),
}


def printed(capsys: pytest.CaptureFixture[str], year: int, *options: str) -> Any:
    call_command("progress", "--year", str(year), "--json", *options)
    return json.loads(capsys.readouterr().out)


def test_the_command_prints_the_published_standings(capsys: pytest.CaptureFixture[str]) -> None:
    load_published_review()
    capsys.readouterr()
    rows = printed(capsys, 2020)
    assert [(row["indicator"], row["series"]) for row in rows] == list(EXPECTED)
    for row in rows:
        target, actual, unit, standing = EXPECTED[row["indicator"], row["series"]]
        assert set(row) == {
            "indicator",
            "series",
            "target",
            "actual",
            "unit",
            "standing",
            "achievement",
            "reason",
        }
        assert (row["target"], row["unit"], row["standing"]) == (target, unit, standing)
        assert row["actual"] == actual or row["actual"].startswith(actual)
        assert len(row["reason"]) > 10
    achievements = {row["indicator"]: row["achievement"] for row in rows}
    assert achievements["1.4.1"] == "154.5"
    assert achievements["8.7.1"] == "-0.002"
    assert len(next(r["actual"] for r in rows if r["indicator"] == "1.3.1")) > 20


def test_a_year_without_targets_says_so_and_still_shows_the_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    load_published_review()
    capsys.readouterr()
    rows = {row["indicator"]: row for row in printed(capsys, 2021, "--language", "en")}
    assert {row["standing"] for row in rows.values()} <= {"no_target"}
    assert rows["1.4.1"]["actual"] == "127"
    assert "Nov 2021" in rows["1.4.1"]["reason"]


@pytest.mark.parametrize("count", [1, 40])
def test_three_queries_whatever_the_number_of_series(
    count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        series = make_series(make_indicator(f"8.7.{number}"))
        enter(series, {"2020": "5"})
        set_target(series, "4")
    with django_assert_num_queries(3):
        assert len(standings(2020)) == count


def test_components_are_not_judged() -> None:
    make_series(is_component=True)
    assert standings(2020) == []


def test_an_indicator_keeps_its_series_together() -> None:
    indicator = make_indicator("8.6.1")
    make_series(indicator)
    make_series(indicator)
    assert [len(found) for found in by_indicator(standings(2020)).values()] == [2]


def open_window(series: Series, today: date) -> str:
    (standing,) = standings(2030, today=today)
    with translation.override("en"):
        return f"{standing.assessment.standing}: {sentence(standing)}"


def test_an_open_window_is_judged_by_its_last_month_of_figures() -> None:
    series = make_series(unit_en="sessions")
    save_milestone(
        series=series,
        year=2030,
        value=Decimal(1200),
        window=Period.years(2021, 2030),
        actor=None,
        via=Via.LOAD,
        reason="set",
    )
    enter(series, {f"2021-{month:02}": "7" for month in range(1, 13)})
    said = open_window(series, date(2026, 11, 23))
    assert said.startswith("behind: 84 sessions by Dec 2021 is 7.0% of the way to 1,200 sessions")
    assert "10.0% was due" in said


def test_a_level_in_an_open_window_starts_from_its_base_month() -> None:
    series = make_series(rule="last", direction="down", unit_en="cases")
    save_milestone(
        series=series,
        year=2030,
        value=Decimal(50),
        window=Period.years(2021, 2030),
        base_month=Month(2020, 12),
        actor=None,
        via=Via.LOAD,
        reason="set",
    )
    enter(series, {"2020-12": "100", "2022-12": "90"})
    assert open_window(series, date(2023, 1, 5)).startswith("on_track")
    enter(series, {"2022-12": "110"})
    assert open_window(series, date(2023, 1, 5)).startswith("moving_away")
    assert yearly.rebuild() == []


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({}, "no figures"),
        ({"2017": "5"}, "only 12 of its 48 months"),
        ({"2017-01/2020-12": "5", "2017–2018": "3", "2019–2020": "3"}, "contradict"),
    ],
)
def test_what_cannot_be_judged_says_why(figures: dict[str, str], words: str) -> None:
    series = make_series()
    set_target(series, "400")
    enter(series, figures)
    (standing,) = standings(2020)
    assert standing.assessment.standing == "no_data"
    with translation.override("en"):
        assert words in sentence(standing)
