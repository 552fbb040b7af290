"""A file is corrected on its own picture, by mouse and by keyboard; what is remembered is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.site import Site
from tests.e2e.test_monthly_work import add_laboratory
from tests.indicators.spreadsheets.a_file import Rows, xlsx

SITE = "sample_site"
ROWS: Rows = [
    ["109年度填報表"],
    ["項目", "1月", "", "3月"],
    ["列01", 5, 6, 7],
    ["輔導場", 1, 2, 3],
]


def bring(page: Page, path: Path, agency: str) -> None:
    page.goto(f"{agency}/upload/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("form.upload button[type=submit]").click()
    expect(page.locator(".picture-cells")).to_be_visible()


@pytest.mark.parametrize(("prefix", "width"), [("", 360), ("/en", 1440)])
def test_a_file_is_corrected_on_its_picture(  # noqa: PLR0917
    new_page: NewPage,
    sample_site: Site,
    axe: Callable[[Page], None],
    tmp_path: Path,
    prefix: str,
    width: int,
) -> None:
    add_laboratory(sample_site, f"picture-{width}", f"8.7.{width % 100}", 2)
    agency = f"{prefix}/entry/picture-{width}"
    path = tmp_path / f"{width}.xlsx"
    path.write_bytes(xlsx(ROWS))
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(f"{prefix}/accounts/sign-in/")
    page.locator("#id_username").fill("officer-wda")
    page.locator("#id_password").fill(sample_site.administrator.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/start/")

    bring(page, path, agency)
    expect(page.locator(".tally-error dd")).not_to_have_text("0")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("select[name=column-0-2]").select_option("month:2")
    row = page.locator("select[name=row-0-3]")
    row.focus()  # the keyboard alone: the second option leaves the row out
    page.keyboard.press("ArrowDown")
    expect(row).to_have_value("ignore")
    page.locator("button[value=again]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tally-error dd")).to_have_text("0")
    expect(page.locator(".tally-new dd")).to_have_text("3")
    expect(page.locator(".chosen li")).to_have_count(2)
    axe(page)
    page.locator("button[value=confirm]").click()
    expect(page.locator(".chosen")).to_contain_text("輔導場")
    axe(page)

    page.goto(f"{agency}/readings/")
    expect(page.locator(".readings tbody tr")).to_have_count(1)
    expect(page.locator(".readings")).to_contain_text(path.name)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("button[value=forget]").click()
    expect(page.locator(".empty")).to_be_visible()
    axe(page)
    page.goto(f"{prefix}/imports/")
    page.get_by_role("link", name=path.name).click()
    page.locator("button[value=undo]").click()
    expect(page.locator("button[value=undo]")).to_have_count(0)
