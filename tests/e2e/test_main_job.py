"""The main job, as a newcomer does it in a browser, from the overview to a corrected figure."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.site import Site

PASSWORD = "a lasting choice 2026"


def drawn(page: Page) -> None:
    expect(page.locator(".chart .main-svg").first).to_be_visible()


def test_from_the_overview_to_a_corrected_figure(  # noqa: PLR0915
    page: Page, site: Site, axe: Callable[[Page], None]
) -> None:
    page.goto("/")
    expect(page.locator(".indicators tbody")).to_have_count(15)
    expect(page.locator(".indicators td.achievement")).to_have_count(18)
    attention = page.locator(".attention li")
    expect(attention).to_have_count(1)
    expect(attention).to_contain_text("8.7.1")
    expect(attention).to_contain_text("未達成")

    page.get_by_label("核心目標", exact=True).select_option("8")
    page.wait_for_url(re.compile(r"\?(.*&)?goal=8"))
    expect(page.locator(".indicators tbody")).to_have_count(4)
    page.locator(".indicators").get_by_role("link", name=re.compile("8.6.1")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("青年參與職業訓練人數")
    drawn(page)
    expect(page.locator("#series-1")).to_contain_text("129,819 人")
    page.get_by_role("button", name="民國").click()
    expect(page.locator("#series-1")).to_contain_text("106年至109年")
    page.get_by_role("button", name="1萬7,168").click()
    expect(page.locator("#series-1")).to_contain_text("12萬9,819 人")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/indicators/8.6.1/"))
    expect(page.locator("#series-1")).to_contain_text("ROC 106–109")
    page.get_by_role("button", name="Gregorian").click()
    page.get_by_role("button", name="17,168", exact=True).click()
    expect(page.locator("#series-1")).to_contain_text("129,819 persons")

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill(site.administrator.username.upper())
    page.get_by_label("Password").fill(site.administrator.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    page.goto("/en/start/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    axe(page)
    page.get_by_label("Old password").fill(site.administrator.password)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label(re.compile("New password confirmation")).fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    axe(page)

    page.goto("/en/indicators/1.4.1/")
    page.get_by_role("link", name="Correct figures").click()
    page.locator("#result_list tr", has_text="2017-01/2020-12").get_by_role("link").click()
    page.get_by_label("Value", exact=False).fill("三百九十九")
    page.get_by_label("Why").fill("counted twice before")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist, .success").first).to_be_visible()

    page.goto("/en/")
    expect(page.locator(".attention li")).to_have_count(2)
    row = page.locator(".indicators tbody", has_text="1.4.1")
    expect(row).to_contain_text("399 sessions")
    expect(row).to_contain_text("Missed")
    page.goto("/en/indicators/1.4.1/")
    history = page.locator("#history tbody tr").first
    for said in ("admin", "618 sessions", "399 sessions", "counted twice before"):
        expect(history).to_contain_text(said)
    drawn(page)
    told = json.loads(site.manage("progress", "--year", "2020", "--json"))
    assert next(one for one in told if one["indicator"] == "1.4.1")["actual"] == "399"
    assert "0 differences" in site.manage("rebuild_yearly_values")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    site.manage("load_review")
    page.goto("/en/")
    expect(page.locator(".indicators tbody", has_text="1.4.1")).to_contain_text("399 sessions")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    search = page.get_by_label("Search")
    for _ in range(40):
        page.keyboard.press("Tab")
        if search.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.type("8.7.1")
    page.keyboard.press("Enter")
    expect(page.locator(".indicators tbody")).to_have_count(1)


def test_pages_can_be_read_without_scripts(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/en/?goal=8")
    assert page.locator(".indicators tbody").count() == 4
    page.goto("/en/indicators/8.7.1/")
    assert "0.023" in page.locator("#series-1 table").first.inner_text()
