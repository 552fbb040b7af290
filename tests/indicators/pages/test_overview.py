"""The overview: counts, what needs attention, filters that the address carries, its cost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from indicators.entry import yearly
from indicators.models import Goal, Indicator, Milestone, Observation, Series, Target
from indicators.models.figures import Origin
from tests.builders import enter, make_agency, make_indicator, make_series
from tests.indicators.entry.test_door import set_target
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> None:
    load_published_review()


def codes(page: str) -> list[str]:
    """The indicators of the table, in its order."""
    table = page.partition('<table class="indicators">')[2]
    return re.findall(r'<a href="[^"]*/indicators/([^/]+)/"', table)


def get(client: Client, address: str = "/en/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("review")
def test_it_shows_fifteen_indicators_and_what_they_came_to(client: Client) -> None:
    page = get(client)
    assert len(codes(page)) == 15
    assert page.count('class="achievement"') == 18
    assert "14 of 15 indicators met their target; of their series, 17 of 18" in page
    assert "0.002‰ above" in page
    assert "14 goals have no indicator of this ministry" in page


@pytest.mark.usefixtures("review")
def test_what_missed_its_target_comes_first(client: Client) -> None:
    page = get(client)
    attention = page.partition('class="attention"')[2].partition("</section>")[0]
    assert re.findall(r"/indicators/([^/]+)/", attention) == ["8.7.1"]


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("goal=8", ["8.6.1", "8.6.2", "8.7.1", "8.7.2"]),
        ("standing=missed", ["8.7.1"]),
        ("agency=wda", ["10.2.2"]),
        ("q=千人率", ["8.7.1", "8.7.2"]),
        ("q=RATE+PER", ["8.7.1", "8.7.2"]),
        ("q=10.3.1", ["10.3.1"]),
        ("goal=8&standing=met&sort=achievement", ["8.6.1", "8.6.2", "8.7.2"]),
        ("goal=2", []),
    ],
)
def test_filters(client: Client, query: str, expected: list[str]) -> None:
    assert codes(get(client, f"/en/?{query}")) == expected


@pytest.mark.usefixtures("review")
def test_sorting(client: Client) -> None:
    assert codes(get(client, "/en/?sort=standing"))[0] == "8.7.1"
    lowest = codes(get(client, "/en/?sort=achievement"))
    assert lowest[0] == "4.5.9"
    assert set(lowest[-2:]) == {"8.7.1", "8.7.2"}


@pytest.mark.usefixtures("review")
def test_another_year_has_no_targets_and_says_so(client: Client) -> None:
    page = get(client, "/en/?year=2021")
    assert "No target is set for 2021" in page
    assert len(codes(page)) == 15


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    "query", ["goal=99", "standing=splendid", "year=abc", "year=1066", "sort=%27--", "agency=x"]
)
def test_a_value_that_is_not_known_is_said_and_left_out(client: Client, query: str) -> None:
    page = get(client, f"/en/?{query}")
    assert "is not a choice for" in page
    assert len(codes(page)) == 15


def test_the_text_of_the_address_is_not_taken_for_markup(client: Client) -> None:
    set_target(make_series(), "4")
    assert "<script>alert" not in get(
        client, "/en/?q=%3Cscript%3Ealert(1)%3C/script%3E&goal=%3Cb%3E"
    )


def test_without_any_data_it_says_what_to_do(client: Client) -> None:
    assert "load_review" in get(client)


def test_an_indicator_stands_as_its_worst_series(client: Client) -> None:
    indicator = make_indicator("8.6.1", agency=make_agency())
    for value in ("5", "3"):
        series = make_series(indicator)
        enter(series, {"2017-01/2020-12": value})
        set_target(series, "4")
    page = get(client, "/en/?standing=missed")
    assert codes(page) == ["8.6.1"]
    assert codes(get(client, "/en/?standing=met")) == []


def many(count: int) -> Iterator[Indicator]:
    """So many indicators with a series, a target and a figure each."""
    goal = Goal.objects.create(code="8", name_zh="目標", colour="#A21942")
    target = Target.objects.create(goal=goal, code="8.7")
    indicators = Indicator.objects.bulk_create(
        Indicator(
            target=target,
            code=f"8.7.{number}",
            sort_key=f"0008.0007.{number:04}",
            name_zh=f"指標 {number}",
            agency=make_agency(f"unit{number % 7}"),
        )
        for number in range(1, count + 1)
    )
    series = Series.objects.bulk_create(
        Series(indicator=one, name_zh="場次", unit_zh="場次", rule="sum") for one in indicators
    )
    Milestone.objects.bulk_create(
        Milestone(
            series=one, year=2020, value=4, window_first="2017-01-01", window_last="2020-12-01"
        )
        for one in series
    )
    Observation.objects.bulk_create(
        Observation(
            series=one,
            first_month="2017-01-01",
            last_month="2020-12-01",
            value=5,
            origin=Origin.REPORTED,
        )
        for one in series
    )
    yearly.rebuild()
    yield from indicators


@pytest.mark.parametrize("count", [15, 340])
def test_it_costs_the_same_number_of_queries_whatever_the_number_of_indicators(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    list(many(count))
    with django_assert_num_queries(8):
        page = get(client, "/en/")
    assert len(codes(page)) == count
