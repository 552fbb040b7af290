"""How the reader wants to read, kept in cookies."""

import pytest
from django.test import Client

from tests.builders import enter, make_series
from tests.indicators.entry.test_door import set_target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indicator() -> None:
    series = make_series()
    enter(series, {"2017-01/2020-12": "17168"})
    set_target(series, "11200")


def page(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_the_calendar(client: Client) -> None:
    assert "2017年至2020年" in page(client)
    response = client.post("/preferences/", {"era": "roc", "next": "/?goal=1"})
    assert response["Location"] == "/?goal=1"
    assert "106年至109年" in page(client)
    assert "ROC 106–109" in page(client, "/en/")


def test_the_number_style(client: Client) -> None:
    assert "17,168" in page(client)
    client.post("/preferences/", {"numerals": "wan", "next": "/"})
    assert "1萬7,168" in page(client)
    client.post("/preferences/", {"numerals": "grouped", "next": "/"})
    assert "17,168 場次" in page(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", ""])
def test_one_is_led_nowhere_else(client: Client, target: str) -> None:
    response = client.post("/preferences/", {"era": "roc", "next": target})
    assert response["Location"] == "/"


def test_a_cookie_that_says_nothing_known_counts_for_nothing(client: Client) -> None:
    client.cookies["era"] = "mayan"
    client.cookies["numerals"] = "<b>"
    assert "2017年至2020年" in page(client)


def test_a_choice_that_is_not_known_is_not_kept(client: Client) -> None:
    response = client.post("/preferences/", {"era": "mayan", "next": "/"})
    assert "era" not in response.cookies


def test_the_other_language_is_the_same_page(client: Client) -> None:
    assert 'href="/en/indicators/1.4.1/?year=2020"' in page(client, "/indicators/1.4.1/?year=2020")
    assert 'href="/indicators/1.4.1/"' in page(client, "/en/indicators/1.4.1/")


def test_it_takes_a_post(client: Client) -> None:
    assert client.get("/preferences/").status_code == 405
