"""The monthly grid of the sample with its months open: keys, blocks of an office, and totals.

Every case is done by keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.site import Site, running_site

SITE = "open_site"
GRID = "/entry/wda/2021/"
OPEN_ALL = """
from accounts.models import Agency, User
from indicators.models import Return
from indicators.returns.acts import reopen, send_back
planner = User.objects.get(username="planner")
reviewer = User.objects.get(username="reviewer-wda")
for one in Return.objects.filter(agency__code="wda", month__year=2021):
    act = {"approved": reopen, "submitted": send_back}.get(one.state)
    if act:
        act(one, actor=reviewer, seen_revision=one.revision, reason="to try pasting")
"""
type Officer = Callable[[], Page]


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A sample of its own in which the months of 2021 take figures."""
    with running_site(tmp_path_factory.mktemp("open"), sample=True) as running:
        running.manage("shell", "--verbosity=0", "--command", OPEN_ALL)
        yield running


@pytest.fixture
def page(new_page: NewPage, open_site: Site) -> Page:
    """The grid, with the officer of the agency before it."""
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"/accounts/sign-in/?next={GRID}")
    page.get_by_label("帳號").fill("officer-wda")
    page.get_by_label("密碼").fill(open_site.administrator.password)
    page.keyboard.press("Enter")
    page.locator("table.grid").wait_for()
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator("table.grid tbody tr", has=page.locator("th", has_text=name))


def cell(page: Page, name: str, month: int) -> Locator:
    return row(page, name).locator(f'td[data-month="2021-{month:02d}"]')


def go_to(page: Page, down: int, right: int) -> None:
    """To a cell, by keys from the first."""
    page.locator("td[data-month]").first.focus()
    page.keyboard.press("Control+Home")
    for _step in range(down):
        page.keyboard.press("ArrowDown")
    for _step in range(right):
        page.keyboard.press("ArrowRight")


def paste(page: Page, text: str) -> Locator:
    """Paste where the focus is; the dialog."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )
    return page.locator("dialog[data-grid-paste]")


def table(*rows: Sequence[object]) -> str:
    return "".join("\t".join(map(str, line)) + "\r\n" for line in rows)


def press_button(page: Page, dialog: Locator, name: str = "^貼上") -> None:
    """Reach a button of the dialog by Tab, and press it."""
    expect(dialog.get_by_role("heading", level=2)).to_be_focused()
    button = dialog.get_by_role("button", name=re.compile(name))
    for _step in range(80):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-grid-status]")).to_contain_text("已全部儲存")
    expect(page.locator("td[data-dirty]")).to_have_count(0)


def stored(page: Page, name: str, month: int) -> str:
    return cell(page, name, month).get_attribute("data-value") or ""


def shown(page: Page) -> list[str]:
    """All totals and rates that the page shows."""
    return page.locator("td[data-total], tr[data-computed='true'] td.num").all_inner_texts()


def test_enter_on_a_link_of_the_table_follows_it_and_figures_stay(page: Page) -> None:
    before = page.locator("td[data-month]").evaluate_all("cells => cells.map(c => c.dataset.value)")
    go_to(page, 3, 3)
    for link in ("thead th[data-month='2021-05'] a", "tbody th a", "tfoot a"):
        page.locator(link).first.focus()
        for key in ("7", "Delete", "Backspace", "F2", "Control+d", "Control+r", "Control+z", " "):
            page.keyboard.press(key)
        page.keyboard.press("Control+x")
        paste(page, "5\n")
        expect(page.locator("td[data-dirty]")).to_have_count(0)
        after = page.locator("td[data-month]").evaluate_all("all => all.map(c => c.dataset.value)")
        assert after == before
        address = page.locator(link).first.get_attribute("href") or "?"
        page.locator(link).first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
        page.go_back()
        page.wait_for_url(f"**{GRID}")


def test_a_click_on_a_link_keeps_what_is_being_typed_in_its_own_cell(page: Page) -> None:
    go_to(page, 0, 2)
    page.keyboard.type("4203")
    page.locator("tfoot a").first.focus()
    page.keyboard.type("9")
    expect_saved(page)
    assert stored(page, "4.3.3", 3) == "4203"


def test_a_sheet_with_headings_labels_and_totals(page: Page, axe: Callable[[Page], None]) -> None:
    months = [f"{month}月" for month in range(1, 12)]
    trained = [2534, 1838, 4202, 3643, 4028, 3289, 2930, 3766, 3654, 5281, 4166]
    jobless = [288, 191, 400, 360, 442, 398, 377, 356, 399, 558, 411]
    text = table(
        ["數列", "單位", *months, "12月", "合計"],
        ["4.3.3 人數", "人", *trained, "", sum(trained)],
        ["4.4.3 失業者", "人", *jobless, "", sum(jobless)],
    )
    go_to(page, 0, 0)
    dialog = paste(page, text)
    expect(dialog).to_contain_text("要這樣貼上嗎")
    axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)
    press_button(page, dialog)
    expect_saved(page)
    now = shown(page)
    page.reload()
    assert shown(page) == now
    assert [stored(page, "4.3.3", month) for month in range(1, 12)] == list(map(str, trained))
    assert [stored(page, "失業者", month) for month in range(1, 12)] == list(map(str, jobless))


def test_months_alone_above_the_figures(page: Page) -> None:
    go_to(page, 1, 0)  # 4.4.3 young
    dialog = paste(page, table(["9月", "10月"], ["456", "495"], ["399", "558"]))
    press_button(page, dialog)
    expect_saved(page)
    assert [stored(page, "青年", month) for month in (9, 10)] == ["456", "495"]
    assert [stored(page, "失業者", month) for month in (9, 10)] == ["399", "558"]


def test_a_column_around_the_row_that_is_worked_out(page: Page) -> None:
    go_to(page, 0, 9)
    column = [5281, 495, 558, 3520, 4056, 2850, 3181, 23913, 1945]
    dialog = paste(page, table(*([number] for number in column)))
    expect(dialog.locator(".grid-paste-left-out")).to_contain_text("訓後就業率")
    press_button(page, dialog)
    expect_saved(page)
    names = (
        "4.3.3",
        "青年",
        "失業者",
        "4.5.9",
        "培訓",
        "訓後就業人數",
        "結訓",
        "8.6.2",
        "推介就業人數",
    )
    assert [stored(page, name, 10) for name in names] == list(map(str, column))
    now = shown(page)
    page.reload()
    assert shown(page) == now


@pytest.mark.parametrize(
    ("button", "old", "new"),
    [("，不清除$", "2241", "2500"), ("，清除 1 個$", "2242", "2501"), ("不貼上", "2243", "2502")],
)
def test_blanks_over_stored_figures_are_named_before_they_empty_them(
    page: Page, button: str, old: str, new: str
) -> None:
    go_to(page, 3, 5)
    page.keyboard.type(old)
    page.keyboard.press("Enter")
    expect_saved(page)
    page.keyboard.press("ArrowUp")
    after = stored(page, "4.5.9", 7)
    dialog = paste(page, f"\t{new}\r\n")
    expect(dialog).to_contain_text(f"4.5.9 人數 6月: {int(old):,}")
    press_button(page, dialog, button)
    if button == "不貼上":
        expect(page.locator("td[data-dirty]")).to_have_count(0)
    else:
        expect_saved(page)
    if button.startswith("，清除"):
        expect(page.locator("[data-grid-status]")).to_contain_text("4.5.9 人數 6月")
    page.reload()
    assert stored(page, "4.5.9", 6) == ("" if button.startswith("，清除") else old)
    assert stored(page, "4.5.9", 7) == (after if button == "不貼上" else new)


def test_a_total_behind_december_a_row_of_others_and_running_totals(page: Page) -> None:
    go_to(page, 0, 10)
    dialog = paste(page, "4166\t\t39331\r\n")
    expect(dialog.locator(".grid-paste-left-out")).to_contain_text("第 3 欄")
    press_button(page, dialog, "不貼上")
    text = table(
        ["指標編號", "項目", "9月", "1-9月累計"],
        ["4.3.3", "人數", 3654, 1],
        ["1.4.2", "人次", 300, 2],
        ["4.5.9", "人數", 3113, 3],
    )
    dialog = paste(page, text)
    expect(dialog.locator(".grid-paste-left-out")).to_contain_text("1.4.2 人次")
    expect(dialog.locator(".grid-paste-doubts")).to_contain_text("1-9月累計")
    press_button(page, dialog)
    expect_saved(page)
    assert (stored(page, "4.3.3", 9), stored(page, "4.5.9", 9)) == ("3654", "3113")


def test_a_row_is_said_to_be_another_by_keyboard(page: Page) -> None:
    go_to(page, 0, 0)
    dialog = paste(page, table(["項目", "8月"], ["推介青年", 24000]))
    choice = dialog.get_by_role("combobox", name="推介青年")
    choice.focus()
    page.keyboard.type("8.6.2")
    expect(dialog.get_by_role("button", name="貼上 1 個數值")).to_be_visible()
    expect(dialog.get_by_role("combobox", name="推介青年")).to_be_focused()
    dialog.get_by_role("button", name="貼上 1 個數值").focus()
    page.keyboard.press("Enter")
    expect_saved(page)
    assert stored(page, "8.6.2", 8) == "24000"


def test_a_block_of_another_year_is_not_pasted(page: Page) -> None:
    go_to(page, 0, 0)
    dialog = paste(page, table(["109年", "1月", "2月"], ["4.3.3 人數", 9, 8]))
    expect(dialog).to_contain_text("2020")
    expect(dialog.get_by_role("button")).to_have_text(["不貼上"])
    page.keyboard.press("Escape")
    expect(page.locator("td[data-dirty]")).to_have_count(0)
    expect(page.locator("td[data-active]")).to_be_visible()


def test_while_a_cell_is_refused_nothing_of_the_block_is_sent(page: Page) -> None:
    before = stored(page, "4.3.3", 1)
    go_to(page, 0, 0)
    dialog = paste(page, "1萬7,168\t1,23\t5,280人\r\n")
    expect(dialog.locator(".grid-paste-refused")).to_contain_text("1,23")
    press_button(page, dialog)
    expect(page.locator("td[data-invalid]")).to_have_count(1)
    page.wait_for_timeout(2500)  # longer than the pause before saving
    expect(page.locator("td[data-dirty]")).to_have_count(3)
    assert stored(page, "4.3.3", 1) == before
    go_to(page, 0, 1)
    page.keyboard.type("1839")
    page.keyboard.press("Enter")
    expect_saved(page)
    assert [stored(page, "4.3.3", month) for month in (1, 2, 3)] == ["17168", "1839", "5280"]


def test_totals_and_rates_are_those_of_the_saved_page(page: Page) -> None:
    for down, text in ((6, "2001"), (7, "3182"), (0, "4167"), (9, "1950"), (3, "－")):
        go_to(page, down, 10)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator("td[data-total]", has_text="…")).not_to_have_count(0)
        expect_saved(page)
        expect(page.locator("table.grid", has_text="…")).to_have_count(0)
        now = shown(page)
        page.reload()
        assert shown(page) == now
