"""The stakeholder register as it is read."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from stakeholders.models import Channel, Engagement, StakeholderGroup
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> None:
    load_published_review()


def get(client: Client, query: str = "") -> str:
    response = client.get(f"/stakeholders/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("review")
def test_it_lists_groups_channels_and_frequencies_as_printed(client: Client) -> None:
    page = get(client)
    assert page.count("<article") == 16
    assert "每4個月1次" in page
    assert "國公營事業減災跨部會平台" in page
    assert "16 類利害關係人、29 個溝通管道" in page


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("query", "count"),
    [("?q=鳳凰小聚", 1), ("?q=Phoenix", 1), ("?indicator=4.4.3", 1), ("?q=沒有這個", 0)],
)
def test_it_is_searched(client: Client, query: str, count: int) -> None:
    assert get(client, query).count("<article") == count


@pytest.mark.usefixtures("review")
def test_an_unknown_indicator_is_said_and_left_out(client: Client) -> None:
    page = get(client, "?indicator=99.9.9")
    assert page.count("<article") == 16
    assert "沒有與該指標關聯的類別" in page


@pytest.mark.usefixtures("review")
def test_engagements_are_counted(client: Client) -> None:
    channel = Channel.objects.get(name_zh="鳳凰小聚")
    for day in (3, 9):
        Engagement.objects.create(channel=channel, held_on=date(2021, 3, day), summary="交流")
    assert "2 · 2021-03-09" in get(client)


@pytest.mark.parametrize("count", [1, 60])
def test_it_costs_the_same_number_of_queries(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(1, count + 1):
        group = StakeholderGroup.objects.create(number=number, name_zh=f"類別 {number}")
        Channel.objects.create(group=group, name_zh="會議")
    with django_assert_num_queries(4):
        get(client)


def test_an_empty_register_says_who_fills_it(client: Client) -> None:
    assert "由綜合規劃人員於管理功能新增" in get(client)
