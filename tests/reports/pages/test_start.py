"""The start page: each role finds its own work, and no more."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from indicators.models import Indicator
from tests.builders import assign, make_agency, make_indicator, make_user
from tests.published import load_published_review

pytestmark = pytest.mark.django_db

ADDRESS = "/en/start/"


def get(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def test_one_signs_in_first(client: Client) -> None:
    assert client.get(ADDRESS)["Location"].startswith("/en/accounts/sign-in/")


def test_a_planner_sees_what_differs_from_print_and_what_has_no_unit(client: Client) -> None:
    load_published_review()
    client.force_login(make_user(Role.PLANNER))
    page = get(client)
    assert "printed 60.8%, computed 60.9 (truncated)" in page
    assert page.count('/transfer/"') == 13
    for one in Indicator.objects.filter(agency=None):
        assign(one, make_agency("wda"))
    assert "Every indicator has one." in get(client)


def test_an_officer_finds_the_indicators_of_the_agency(client: Client) -> None:
    agency = make_agency()
    make_indicator("8.7.1", agency=agency)
    make_indicator("8.7.2", agency=make_agency("other"))
    client.force_login(make_user(Role.ENTRY_OFFICER, agency=agency))
    page = get(client)
    assert "/indicators/8.7.1/" in page
    assert "/indicators/8.7.2/" not in page
    assert "/admin/indicators/observation/add/" in page
    assert "/admin/accounts/user/" not in page


@pytest.mark.parametrize(
    ("role", "offered", "withheld"),
    [
        (Role.MANAGER, "#attention", "/admin/indicators/observation/add/"),
        (Role.ADMINISTRATOR, "/admin/accounts/user/", "/admin/indicators/milestone/add/"),
    ],
)
def test_each_role_its_work(client: Client, role: Role, offered: str, withheld: str) -> None:
    client.force_login(make_user(role))
    page = get(client)
    assert offered in page
    assert withheld not in page


def test_no_link_leads_to_a_refusal(client: Client) -> None:
    import re

    for role in Role:
        client.force_login(make_user(role))
        for link in set(re.findall(r'href="(/en/[^"#]*)', get(client))):
            assert client.get(link).status_code == 200, (role, link)


def test_who_has_no_role_is_told_who_gives_one(client: Client) -> None:
    client.force_login(make_user())
    assert "You have no role yet" in get(client)


def test_a_planners_page_costs_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    load_published_review()
    client.force_login(make_user(Role.PLANNER))
    with django_assert_max_num_queries(14):
        get(client)
