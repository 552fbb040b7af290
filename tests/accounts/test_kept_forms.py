"""What the server says of a form that the browser keeps until it knows what became of it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role
from tests.builders import make_agency, make_calendar, make_indicator, make_series, signed_in

pytestmark = pytest.mark.django_db
HAND_OVER = "/en/returns/hand-over/"
SENT = {"kept_form": "abc1234567"}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def test_a_session_that_ended_is_said_and_leads_back_to_the_page(client: Client) -> None:
    page = "http://testserver/en/returns/wda/2021/3/?from=start"
    response = client.post(
        "/en/returns/wda/2021/3/", SENT | {"act": "submit"}, headers=BROWSER | {"Referer": page}
    )
    assert response.status_code == 302
    assert response["Location"] == (
        "/en/accounts/sign-in/?next=%2Fen%2Freturns%2Fwda%2F2021%2F3%2F%3Ffrom%3Dstart"
    )
    assert response.cookies["kept_undone"].value == SENT["kept_form"]
    assert "kept_done" not in response.cookies
    shown = client.get(response["Location"]).content.decode()
    assert "was not carried out" in shown


def test_a_page_of_another_host_is_not_led_back_to(client: Client) -> None:
    response = client.post(HAND_OVER, SENT, headers=BROWSER | {"Referer": "https://evil.example/x"})
    assert response["Location"] == "/en/accounts/sign-in/?next=%2Fen%2Freturns%2Fhand-over%2F"


def test_what_a_script_sends_gets_no_message(client: Client) -> None:
    response = client.post(HAND_OVER, SENT, headers={"Accept": "application/json"})
    assert response.status_code == 302
    assert not {"kept_undone", "messages"} & set(response.cookies)


@pytest.mark.parametrize("given", ["x" * 9 + ";", "<script>", "short", "a" * 41, "ABCDEFGHIJ"])
def test_only_an_id_comes_back_in_a_cookie(client: Client, given: str) -> None:
    response = client.post(HAND_OVER, {"kept_form": given}, headers=BROWSER)
    assert "kept_undone" not in response.cookies


def test_a_form_that_was_carried_out_is_told_so_and_a_refused_one_is_not() -> None:
    agency = make_agency()
    make_series(make_indicator(agency=agency))
    make_calendar(agency)
    reviewer, _user = signed_in(Role.REVIEWER, agency=agency)
    address = "/en/returns/wda/2020/12/"
    refused = reviewer.post(address, SENT | {"reason": ""}, headers=BROWSER)
    assert refused.status_code == 409
    assert "kept_done" not in refused.cookies
    done = reviewer.post(address, SENT | {"reason": "counted again"}, headers=BROWSER)
    assert done.status_code == 302
    assert done.cookies["kept_done"].value == SENT["kept_form"]
    nothing_chosen = reviewer.post("/en/returns/", SENT, headers=BROWSER)
    assert "kept_done" not in nothing_chosen.cookies
