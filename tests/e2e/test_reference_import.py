"""Reference data by spreadsheet, in the browser: out, corrected, previewed, confirmed."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from tests.e2e.conftest import NewPage
from tests.e2e.site import Person, Site


def sign_in(page: Page, prefix: str, person: Person) -> None:
    page.goto(f"{prefix}/accounts/sign-in/")
    page.locator("#id_username").fill(person.username)
    page.locator("#id_password").fill(person.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/start/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_goals_go_out_and_come_in_corrected(
    new_page: NewPage, site: Site, axe: Callable[[Page], None], tmp_path: Path, prefix: str
) -> None:
    person = site.add_person(f"planner{len(prefix)}", Role.PLANNER.value)
    page, other = new_page(), new_page()
    sign_in(page, prefix, person)
    sign_in(other, prefix, site.add_person(f"second{len(prefix)}", Role.PLANNER.value))

    page.goto(f"{prefix}/admin/indicators/goal/export/")
    page.locator("#id_format").select_option(label="xlsx")
    with page.expect_download() as download:
        page.locator("input[type=submit]").click()
    path = tmp_path / "goals.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet["A9"].value == "8"
    sheet["C9"] = f"Decent work {prefix}"
    sheet["D10"] = "blue"
    book.save(path)

    def upload() -> None:
        page.goto(f"{prefix}/admin/indicators/goal/import/")
        page.locator("#id_import_file").set_input_files(path)
        page.locator("#id_format").select_option(label="xlsx")
        page.locator("#id_reason").fill("spelling of the council")
        page.locator("input[type=submit]").click()

    upload()
    row = page.locator(".import-preview tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("10")
    expect(row).to_contain_text("colour")
    axe(page)

    sheet["D10"] = "#FD6925"
    book.save(path)
    upload()
    expect(page.locator(".import-preview tr.update ins").first).to_have_text(
        f"Decent work {prefix}"
    )
    axe(page)
    page.locator("input[name=confirm]").click()
    page.goto("/en/?goal=8")
    expect(page.locator(".goals")).not_to_contain_text(f"Decent work {prefix}")
    other.goto(f"{prefix}/changes/")
    axe(other)
    other.locator("input[name=chosen]").check()
    other.locator("button[value=confirm]").click()
    page.reload()
    expect(page.locator(".goals")).to_contain_text(f"Decent work {prefix}")
