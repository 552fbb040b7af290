"""Every page: silent, without axe violations, without sideways scrolling, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from tests.e2e.conftest import NewPage
from tests.e2e.site import Person, Site

PUBLIC = (
    "",
    "?year=2021&sort=achievement",
    "?q=nothing-like-this",
    "?goal=99",
    "indicators/1.3.2/",
    "indicators/8.7.1/",
    "indicators/10.3.1/?year=2021",
    "indicators/8.6.1/?year=1066",
    "stakeholders/",
    "stakeholders/?q=nothing-like-this",
    "about/",
    "accounts/sign-in/",
    "no/such/page/",
)
INSIDE = (
    "start/",
    "accounts/password/",
    "exports/",
    "entry/",
    "returns/",
    "imports/",
    "editions/",
    "editions/2021/",
    "editions/2021/checks/",
    "editions/2021/reconciliation/",
    "editions/2021/figures/?q=8.6",
    "editions/2021/report/",
    "editions/2021/sections/goal-8-safety-context/",
    "editions/2021/sections/goal-8-safety-context/history/",
    "admin/",
    "admin/indicators/observation/",
    "admin/indicators/observation/add/",
    "admin/indicators/milestone/",
    "admin/indicators/milestone/add/",
    "admin/indicators/series/",
    "admin/indicators/series/1/change/",
    "admin/indicators/indicator/1/change/",
    "admin/indicators/goal/import/",
    "admin/indicators/goal/export/",
    "admin/indicators/revision/",
    "admin/indicators/yearlyvalue/",
    "admin/indicators/entrybatch/",
    "admin/stakeholders/stakeholdergroup/1/change/",
    "admin/reports/publication/",
    "admin/reports/edition/1/change/",
    "admin/indicators/reportingcalendar/add/",
    "admin/indicators/return/",
    "admin/indicators/fileimport/",
    "admin/accounts/user/",
    "admin/accounts/user/add/",
)
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1440, "height": 900}}


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


# Every two of language, size and scheme meet at least once.
@pytest.mark.expects_status(404)
@pytest.mark.parametrize(
    ("language", "size", "scheme"),
    [
        ("", "phone", "light"),
        ("", "desk", "dark"),
        ("en/", "phone", "dark"),
        ("en/", "desk", "light"),
    ],
)
def test_public_pages(
    new_page: NewPage, axe: Callable[[Page], None], language: str, size: str, scheme: str
) -> None:
    page = new_page(viewport=SIZES[size], color_scheme=scheme)
    for path in PUBLIC:
        page.goto(f"/{language}{path}")
        for chart in page.locator(".chart").all():
            expect(chart.locator(".main-svg").first).to_be_visible()
        axe(page)
        assert sideways(page) <= 0, path


@pytest.fixture(scope="module")
def planner(site: Site) -> Person:
    return site.add_person("planner", Role.PLANNER.value, Role.ADMINISTRATOR.value)


@pytest.mark.parametrize(
    ("language", "size", "scheme"),
    [
        ("", "phone", "light"),
        ("en/", "phone", "dark"),
        ("en/", "desk", "light"),
    ],
)
def test_pages_inside(  # noqa: PLR0917
    new_page: NewPage,
    axe: Callable[[Page], None],
    planner: Person,
    language: str,
    size: str,
    scheme: str,
) -> None:
    page = new_page(viewport=SIZES[size], color_scheme=scheme)
    page.goto(f"/{language}accounts/sign-in/")
    page.locator("#id_username").fill(planner.username)
    page.locator("#id_password").fill(planner.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/start/")
    for path in INSIDE:
        response = page.goto(f"/{language}{path}")
        assert response is not None
        assert response.status == 200, path
        axe(page)
        assert sideways(page) <= 0, path
