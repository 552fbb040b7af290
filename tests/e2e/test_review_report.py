"""The review report in a browser: the next edition is begun, written by two, released and read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from tests.e2e.conftest import NewPage
from tests.e2e.site import Person, Site

PLACE = "/en/editions/2022/sections/goal-1-founders-review/"
DESK = {"width": 1440, "height": 900}
Open = Callable[[Person], Page]


@pytest.fixture(scope="module")
def planners(site: Site) -> tuple[Person, Person]:
    role = Role.PLANNER.value
    return site.add_person("lin", role), site.add_person("chen", role)


@pytest.fixture
def sign_in(new_page: NewPage) -> Open:
    def open_as(person: Person) -> Page:
        page = new_page(viewport=DESK)
        page.goto("/en/accounts/sign-in/")
        page.locator("#id_username").fill(person.username)
        page.locator("#id_password").fill(person.password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/start/")
        return page

    return open_as


def text(page: Page) -> str:
    return page.get_by_label("Text", exact=True).input_value()


def begin_the_next_edition(page: Page) -> None:
    page.get_by_role("link", name="Review reports").click()
    page.get_by_label("Figures until").fill("2021-11")
    page.get_by_role("button", name="Begin it").click()
    expect(page.locator(".message.success")).to_contain_text("The edition is there.")
    expect(page.locator(".finding").first).to_be_visible()


@pytest.mark.expects_status("ERR_INTERNET_DISCONNECTED", 409)
def test_an_edition_from_its_beginning_to_its_release(
    sign_in: Open, new_page: NewPage, site: Site, planners: tuple[Person, Person], tmp_path: Path
) -> None:
    page = sign_in(planners[0])
    begin_the_next_edition(page)
    page.goto(PLACE)
    box = page.get_by_label("Text", exact=True)
    box.fill("微型創業的輔導仍在進行，")
    box.press("End")
    page.get_by_label("Indicator or name").fill("1.4.3")
    page.get_by_role("button", name="Search").click()
    found = page.locator("[data-figure-list] li")
    expect(found.first).to_contain_text("1.4.3")
    found.filter(has_text="2021年1月至11月").get_by_role("button", name="Insert").first.click()
    assert text(page).endswith("{{1.4.3 件數|2021年1月至11月}}")
    expect(page.locator("[data-prose-state]")).to_have_text("Draft kept")
    expect(page.locator("[data-preview]")).to_have_text("微型創業的輔導仍在進行，403件")

    other = sign_in(planners[1])
    other.goto(PLACE)
    expect(other.locator("[data-at-work]")).to_have_text("lin has this section in hand too.")
    other.get_by_label("Text", exact=True).fill("同事的一句話。")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".message.success")).to_have_text("The text is saved.")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("chen saved another text")
    expect(page.locator("pre.typed")).to_have_text("同事的一句話。")
    assert text(page).startswith("微型創業的輔導仍在進行，")

    page.context.set_offline(True)
    box.fill("離線時寫的話。{{1.4.3|2021年1月至11月}}")
    expect(page.locator("[data-prose-state]")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.locator("[data-prose-state]")).to_have_text("Draft kept")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Approve the text").click()
    expect(page.locator(".lead-meta .mark-approved")).to_be_visible()

    release(page, site)
    read_by_everybody(new_page(viewport=DESK), tmp_path / "report.docx")
    page.goto(PLACE)
    expect(page.locator("textarea")).to_have_count(0)


def release(page: Page, site: Site) -> None:
    page.goto("/en/editions/2022/checks/")
    page.get_by_label("Why it goes out").fill("示範：以去年的資料發布")
    page.get_by_role("button", name="Release").click()
    expect(page.locator(".message.success")).to_contain_text("Its files are being made.")
    site.manage("db_worker", "--batch")
    expect(page.locator(".files").get_by_role("link", name="Download")).to_have_count(4)


def read_by_everybody(reader: Page, saved: Path) -> None:
    reader.goto("/en/editions/2022/report/")
    expect(reader.locator(".report-body")).to_contain_text("離線時寫的話。403件")
    with reader.expect_download() as waiting:
        reader.get_by_role("link", name="DOCX").click()
    waiting.value.save_as(saved)
    with zipfile.ZipFile(saved) as archive:
        written = archive.read("word/document.xml").decode()
    assert "離線時寫的話。403件" in written.replace("</w:t></w:r><w:r><w:t>", "")


def test_a_draft_that_never_reached_the_server_is_offered_again(
    sign_in: Open, planners: tuple[Person, Person]
) -> None:
    page = sign_in(planners[0])
    page.goto("/en/editions/2021/sections/outlook/")
    page.evaluate(
        """() => {
          const form = document.querySelector("[data-prose]");
          localStorage.setItem(`prose:${form.dataset.key}`,
            JSON.stringify({text: "只留在瀏覽器的話。", seen: form.elements.seen.value}));
        }"""
    )
    page.reload()
    assert text(page) == "只留在瀏覽器的話。"
    expect(page.locator("[data-prose-state]")).to_contain_text("found in this browser")
    expect(page.locator("[data-preview]")).to_have_text("只留在瀏覽器的話。")
    page.get_by_role("button", name="Save").focus()
    page.reload()
    page.get_by_role("button", name="Lay the draft aside").click()
    assert "逐月填報" in text(page)


def test_the_tables_of_a_page_are_downloaded(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(viewport=DESK)
    page.goto("/en/?year=2020&goal=8")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ODS").click()
    saved = tmp_path / "table.ods"
    waiting.value.save_as(saved)
    with zipfile.ZipFile(saved) as archive:
        content = archive.read("content.xml").decode()
    assert "129819" in content
    assert "1.4.1" not in content
    page.goto("/en/about/")
    expect(page.locator(".downloads")).to_be_hidden()
