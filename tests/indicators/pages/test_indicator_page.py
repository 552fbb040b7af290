"""The page of one indicator: every number with where it comes from, print against data, history."""

import json
import re
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest
from django.test import Client

from accounts.models import Role
from indicators.calculation.periods import Month, Period
from indicators.entry.milestones import save_milestone
from indicators.models.figures import Via
from tests.builders import enter, make_agency, make_indicator, make_series, make_user
from tests.indicators.entry.test_door import set_target
from tests.published import load_published_review

pytestmark = pytest.mark.django_db

CODES = (
    "1.3.1",
    "1.3.2",
    "1.4.1",
    "1.4.2",
    "1.4.3",
    "1.a.2",
    "4.3.3",
    "4.4.3",
    "4.5.9",
    "8.6.1",
    "8.6.2",
    "8.7.1",
    "8.7.2",
    "10.2.2",
    "10.3.1",
)


@pytest.fixture
def review() -> None:
    load_published_review()


def get(client: Client, code: str, query: str = "") -> str:
    response = client.get(f"/en/indicators/{code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def charts(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script id="chart-\d+-data" type="application/json">(.*?)</script>', page)
    return [json.loads(one) for one in found]


@pytest.mark.usefixtures("review")
def test_every_chart_is_one_that_plotly_accepts(client: Client) -> None:
    drawn = [chart for code in CODES for chart in charts(get(client, code))]
    assert len(drawn) == 18
    for chart in drawn:
        figure = go.Figure(chart)
        assert len(figure.data) >= 2
        assert {trace.meta["role"] for trace in figure.data} <= {"value", "target", "path"}


@pytest.mark.usefixtures("review")
def test_a_range_of_years_is_drawn_as_wide_as_it_is(client: Client) -> None:
    (chart, _rate) = charts(get(client, "8.6.1"))
    bars = chart["data"][0]
    days = [width / 86_400_000 for width in bars["width"]]
    assert days == [1461, 366, 334]
    assert bars["y"] == [129819, 40968, 36665]
    target = next(trace for trace in chart["data"] if trace["meta"]["role"] == "target")
    assert (target["x"], target["y"]) == (["2017-01-01", "2021-01-01"], [80000, 80000])


@pytest.mark.usefixtures("review")
def test_growth_is_drawn_by_its_level_with_the_path_from_the_base(client: Client) -> None:
    (chart,) = charts(get(client, "1.3.1"))
    roles = {trace["meta"]["role"]: trace for trace in chart["data"]}
    assert roles["value"]["y"] == [904556, 1435614, 1529647]
    assert roles["path"]["y"] == [904556, pytest.approx(904556 * 1.35)]


@pytest.mark.usefixtures("review")
def test_print_stands_against_data(client: Client) -> None:
    page = text(get(client, "1.3.2"))
    assert "60.8% 60.9 60.87869265729299815367135350 truncated" in page.replace(
        "60.8786926572929981536713535 ", "60.87869265729299815367135350 "
    )
    assert "8萬人 80,000 equal" in text(get(client, "8.6.1"))


@pytest.mark.usefixtures("review")
def test_every_figure_says_where_it_comes_from(client: Client) -> None:
    page = text(get(client, "1.3.1"))
    assert "Derived from printed figures" in page
    assert "531,058" in page
    assert "Printed in an edition" in page


@pytest.mark.usefixtures("review")
def test_the_reasoning_names_its_inputs_and_the_version_of_the_method(client: Client) -> None:
    page = text(get(client, "1.3.1"))
    for said in ("Level 1,435,614", "Base level 904,556", "58.709", "Method version 1"):
        assert said in page


@pytest.mark.usefixtures("review")
def test_activities_and_channels_stand_beside_the_figures(client: Client) -> None:
    page = get(client, "8.7.1")
    assert "44,658" in page
    assert "/stakeholders/#group-14" in page


def test_history_tells_who_when_what_and_why(client: Client) -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency), unit_en="sessions")
    enter(series, {"2020": "5"})
    officer = make_user(Role.ENTRY_OFFICER, agency=agency, username="lin")
    enter(series, {"2020": "6"}, actor=officer, via=Via.ADMIN, reason="counted again")
    assert "lin Figure" not in text(get(client, "1.4.1"))
    client.force_login(make_user())
    history = text(get(client, "1.4.1").partition('id="history"')[2])
    assert re.search(r"lin Figure · 數列 1 #2 2020 5 sessions 6 sessions counted again", history)


def test_a_revised_target_is_in_the_history_and_counts(client: Client) -> None:
    series = make_series()
    enter(series, {"2017-01/2020-12": "420"})
    set_target(series, "400")
    assert "standing-met" in get(client, "1.4.1")
    set_target(series, "450", reason="raised")
    page = get(client, "1.4.1")
    assert "standing-missed" in page
    assert "raised" in page
    assert "Revision of the target" in page


def test_an_open_window_shows_pace_what_is_needed_and_a_forecast(client: Client) -> None:
    series = make_series(unit_en="sessions")
    last_year = 2040
    save_milestone(
        series=series,
        year=last_year,
        value=Decimal(2400),
        window=Period.years(2021, last_year),
        actor=None,
        via=Via.LOAD,
        reason="set",
    )
    enter(series, {f"2021-{month:02}": "10" for month in range(1, 13)})
    page = text(get(client, "1.4.1"))
    for said in (
        "Pace 1.00",
        "Way covered 5.0%",
        "Still needed a month 10",
        "2,400 sessions, four",
    ):
        assert said in page


def test_a_level_shows_the_path_from_its_base(client: Client) -> None:
    series = make_series(rule="last", direction="down")
    save_milestone(
        series=series,
        year=2040,
        value=Decimal(50),
        window=Period.years(2021, 2040),
        base_month=Month(2020, 12),
        actor=None,
        via=Via.LOAD,
        reason="set",
    )
    enter(series, {"2020-12": "100", "2022-12": "90"})
    (chart,) = charts(get(client, "1.4.1"))
    path = next(trace for trace in chart["data"] if trace["meta"]["role"] == "path")
    assert (path["x"], path["y"]) == (["2021-01-01", "2041-01-01"], [100, 50])


def test_contradicting_figures_are_shown_and_not_averaged(client: Client) -> None:
    series = make_series()
    set_target(series, "400")
    enter(series, {"2017-01/2020-12": "5", "2017–2018": "3", "2019–2020": "3"})
    page = get(client, "1.4.1")
    assert "contradict each other" in page
    assert "standing-no_data" in page


@pytest.mark.parametrize("code", ["99.9.9", "nonsense", "8.7.1%00"])
def test_an_unknown_indicator_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/indicators/{code}/").status_code == 404


@pytest.mark.usefixtures("review")
def test_an_unknown_year_is_said(client: Client) -> None:
    assert "There is nothing for the year “1066”" in get(client, "8.7.1", "?year=1066")


def test_an_indicator_without_series_says_who_adds_them(client: Client) -> None:
    make_indicator()
    assert "A planner adds them" in get(client, "1.4.1")


def test_only_who_may_enter_is_offered_to_correct(client: Client) -> None:
    agency = make_agency()
    make_series(make_indicator(agency=agency))
    assert "Correct figures" not in get(client, "1.4.1")
    client.force_login(make_user(Role.ENTRY_OFFICER, agency=make_agency("x")))
    assert "Correct figures" not in get(client, "1.4.1")
    client.force_login(make_user(Role.ENTRY_OFFICER, agency=agency))
    assert "Correct figures" in get(client, "1.4.1")


def test_a_name_is_never_markup(client: Client) -> None:
    series = make_series(name_zh="</script><b>x", name_en="</script><b>x")
    enter(series, {"2020": "5"})
    set_target(series, "4")
    assert "</script><b>" not in get(client, "1.4.1")
