"""A running site, a browser, pages that must stay silent, and axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.grid_page import Grid, Inspect, OpenGrid, usual_rows
from tests.e2e.site import Site, running_site

NewPage = Callable[..., Page]
Open = Callable[..., Page]
DESK = {"width": 1440, "height": 900}
TIMEOUT_MS = 10_000
# A busy machine answers late; five seconds, the default, failed what was only slow.
expect.set_options(timeout=TIMEOUT_MS)
FAILED_TO_LOAD = re.compile(r"Failed to load resource: (?:.* status of (\d+)|net::(\w+))")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, with the published review and its first administrator."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample, with returns in every state; everybody in it has the planner's password."""
    with running_site(tmp_path_factory.mktemp("sample"), sample=True) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the package: Playwright's event loop must not outlive it.

    Django refuses its database to a thread in which a loop runs.
    """
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Open pages, each in a context of its own; the test fails when one of them complains.

    They open the sample where the module says ``SITE = "sample_site"``.

    ``new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")`` takes what
    Playwright's ``new_context`` takes. Whatever the console prints counts, a CSP report among it;
    an HTTP error is excused by ``@pytest.mark.expects_status(404)``, a lost connection by
    ``@pytest.mark.expects_status("ERR_INTERNET_DISCONNECTED")``.
    """
    site: Site = request.getfixturevalue(getattr(request.module, "SITE", "site"))
    marker = request.node.get_closest_marker("expects_status")
    expected = {str(code) for code in marker.args} if marker else set()
    complaints: list[str] = []
    contexts = []

    def listen(text: str, url: str) -> None:
        failed = FAILED_TO_LOAD.match(text)
        if not (failed and (failed[1] or failed[2]) in expected):
            complaints.append(f"{text} ({url})")

    def open_page(**options: Any) -> Page:
        settings = {"locale": "zh-TW", "timezone_id": "Asia/Taipei"} | options
        context = browser.new_context(base_url=site.url, **settings)
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("console", lambda message: listen(message.text, page.url))
        page.on("pageerror", lambda error: listen(str(error), page.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
    if complaints:
        log = site.log.read_text().splitlines()[-40:]
        pytest.fail("\n".join(["The browser complained:", *complaints, "The server:", *log]))


@pytest.fixture
def sign_in(new_page: NewPage, sample_site: Site) -> Open:
    """Open a page of the sample for one of its people, in a context of its own."""

    def open_as(username: str, **options: object) -> Page:
        page = new_page(**({"viewport": DESK} | options))
        page.goto("/accounts/sign-in/")
        page.get_by_label("帳號").fill(username)
        page.get_by_label("密碼").fill(sample_site.administrator.password)
        page.get_by_role("button", name="登入").click()
        page.wait_for_url("**/start/")
        return page

    return open_as


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of 1440 by 900 in Traditional Chinese."""
    return new_page(viewport={"width": 1440, "height": 900})


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe finds nothing to object to on a page."""

    def check(page: Page) -> None:
        violations = Axe().run(page).response["violations"]
        found = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {node['target']} {node['html'][:200]}" for node in violation["nodes"])
            for violation in violations
        ]
        assert not found, f"axe on {page.url}:\n" + "\n".join(found)

    return check


@pytest.fixture
def grid_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, has_touch=True)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def open_grid(grid_context: BrowserContext) -> Iterator[OpenGrid]:
    """Open the grid on its own; the test fails when its script complains."""
    complaints: list[str] = []

    def open_page(rows: list[str] | None = None, autosave: bool = True) -> Grid:
        page = grid_context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        grid = Grid(page, rows or usual_rows(), autosave)
        page.route("http://grid.test/**", grid.serve)
        page.goto("http://grid.test/")
        return grid

    yield open_page
    # The browser itself reports answers such as 409 and lost connections.
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []


@pytest.fixture
def grid(open_grid: OpenGrid) -> Grid:
    """The grid with its usual rows."""
    return open_grid()


@pytest.fixture
def inspect(axe: Callable[[Page], None]) -> Inspect:
    """Run axe, which needs the time that the tests hold still."""

    def check(grid: Grid) -> None:
        grid.page.clock.resume()
        axe(grid.page)

    return check
