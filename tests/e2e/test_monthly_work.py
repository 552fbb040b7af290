"""A month's figures as officers and reviewers bring them in, in a browser, on the sample."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Open
from tests.e2e.site import Site
from tests.indicators.spreadsheets.a_file import xlsx

SITE = "sample_site"


def cell(page: Page, row: str, month: str) -> Locator:
    return page.locator("table.grid tbody tr", has_text=row).locator(f'td[data-month="{month}"]')


def type_into(page: Page, where: Locator, text: str) -> None:
    where.click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def status(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-grid-status]")).to_contain_text(text)


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def add_laboratory(
    site: Site, code: str = "lab", indicator: str = "8.7.9", count: int = 12
) -> None:
    """An agency without returns, with twelve series: a whole block to paste into."""
    site.manage(
        "shell",
        "--verbosity=0",
        "--command",
        "from accounts.models import Agency, Membership, User\n"
        "from indicators.models import Indicator, Series, Target\n"
        f"agency, new = Agency.objects.get_or_create(code={code!r}, name_zh='試驗單位 {code}')\n"
        "if new:\n"
        "    target = Target.objects.get(code='8.7')\n"
        f"    one = Indicator.objects.create(target=target, code={indicator!r}, name_zh='試驗',"
        " agency=agency)\n"
        f"    for at in range(1, {count + 1}):\n"
        "        Series.objects.create(indicator=one, position=at, name_zh=f'列{at:02}',"
        " unit_zh='人', rule='sum')\n"
        "    user = User.objects.get(username='officer-wda')\n"
        "    Membership.objects.create(user=user, agency=agency, role='entry_officer')\n",
    )


def type_into_month(page: Page, code: str, value: str, note: str) -> None:
    page.goto("/entry/wda/2021/6/")
    line = page.get_by_role("group", name=re.compile(code))
    line.get_by_label(re.compile("^數值")).fill(value)
    line.get_by_label("說明").fill(note)
    page.get_by_role("button", name="儲存").click()
    expect(page.locator(".message.success")).to_be_visible()


def explain_doubts(page: Page, address: str, note: str = "已與來源核對") -> None:
    page.goto(address)
    for line in page.locator("fieldset.month-line:has(.provisional)").all():
        line.get_by_label("說明").fill(note)
    page.get_by_role("button", name="儲存").click()
    expect(page.locator(".message.success")).to_be_visible()


def test_a_block_of_twelve_by_eleven_is_pasted_saved_and_undone(
    sign_in: Open, sample_site: Site
) -> None:
    add_laboratory(sample_site)
    page = sign_in("officer-wda")
    page.goto("/entry/lab/2020/")
    block = [[str(1000 * row + column) for column in range(1, 12)] for row in range(1, 13)]
    block[0][0], block[1][1], block[2][2] = "1萬7,168", "４４，６５８", "－"
    cell(page, "列01", "2020-01").click()
    paste(page, "\r\n".join("\t".join(row) for row in block) + "\r\n")
    expect(page.locator("td[data-dirty]")).to_have_count(131)  # the dash is no figure
    expect(cell(page, "列12", "2020-11")).to_have_text("12011")
    page.get_by_label("理由").fill("自試算表貼上")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.locator("td[data-dirty]")).to_have_count(0)
    page.reload()
    expect(cell(page, "列01", "2020-01")).to_have_text("17,168")
    expect(cell(page, "列02", "2020-02")).to_have_text("44,658")
    expect(cell(page, "列03", "2020-03")).to_have_text("")
    expect(cell(page, "列12", "2020-11")).to_have_text("12,011")
    total = 17168 + sum(1000 + column for column in range(2, 12))
    expect(page.locator("tr", has_text="列01").locator("[data-total]")).to_have_text(f"{total:,}")


@pytest.mark.expects_status(422)
def test_a_text_that_is_no_figure_is_marked_and_the_rest_saved(sign_in: Open) -> None:
    page = sign_in("officer-wda")
    page.goto("/entry/wda/2021/")
    type_into(page, cell(page, "4.3.3", "2021-06"), "三千多")
    type_into(page, cell(page, "4.5.9", "2021-06"), "2,231")
    expect(cell(page, "4.3.3", "2021-06")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, "4.5.9", "2021-06")).not_to_have_attribute("data-dirty", "")
    page.reload()
    expect(cell(page, "4.5.9", "2021-06")).to_have_text("2,231")
    expect(page.locator("[data-grid-restore]")).to_be_visible()


@pytest.mark.expects_status("ERR_INTERNET_DISCONNECTED")
def test_offline_and_online_again_nothing_is_lost(sign_in: Open) -> None:
    page = sign_in("officer-wda")
    page.goto("/entry/wda/2021/")
    where = cell(page, "失業者", "2021-06")
    page.context.set_offline(True)
    type_into(page, where, "401")
    status(page, "連線")
    page.context.set_offline(False)
    expect(where).not_to_have_attribute("data-dirty", "")
    page.reload()
    expect(cell(page, "失業者", "2021-06")).to_have_text("401")


def test_a_closed_tab_loses_nothing(sign_in: Open) -> None:
    page = sign_in("officer-wda")
    page.goto("/entry/wda/2021/")
    page.route("**/save/", lambda route: None)
    type_into(page, cell(page, "青年", "2021-06"), "490")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/start/")
    page.unroute("**/save/")
    page.goto("/entry/wda/2021/")
    restore = page.locator("[data-grid-restore]")
    expect(restore).to_be_visible()
    restore.get_by_role("button").first.click()
    expect(cell(page, "青年", "2021-06")).to_have_text("490")
    status(page, re.compile("已全部儲存|All saved"))


@pytest.mark.expects_status(409)
def test_two_people_edit_one_cell(sign_in: Open) -> None:
    first, second = sign_in("officer-wda"), sign_in("officer2-wda")
    for page in (first, second):
        page.goto("/entry/wda/2021/")
    type_into(first, cell(first, "推介就業人數", "2021-06"), "1950")
    expect(cell(first, "推介就業人數", "2021-06")).not_to_have_attribute("data-dirty", "")
    type_into(second, cell(second, "推介就業人數", "2021-06"), "1960")
    conflict = second.locator("[data-grid-conflicts]")
    expect(conflict).to_contain_text("1,950")
    expect(conflict).to_contain_text("1960")
    expect(conflict).to_contain_text("officer-wda")
    conflict.get_by_role("button").first.click()
    expect(cell(second, "推介就業人數", "2021-06")).not_to_have_attribute("data-dirty", "")
    first.reload()
    expect(cell(first, "推介就業人數", "2021-06")).to_have_text("1,960")


def test_the_same_work_without_a_script(sign_in: Open) -> None:
    page = sign_in("officer-wda", java_script_enabled=False)
    page.goto("/entry/wda/2021/")
    page.get_by_role("link", name="2021年6月").first.click()
    line = page.get_by_role("group", name=re.compile("8.6.2"))
    line.get_by_label(re.compile("^數值")).fill("1萬9,137人次")
    line.get_by_label("說明").fill("補登一人次")
    page.get_by_role("button", name="儲存").click()
    expect(page.locator(".message.success")).to_contain_text("1")
    expect(line.get_by_label(re.compile("^數值"))).to_have_value("19,137")


def test_a_wide_workbook_goes_from_preview_to_the_dashboard(
    sign_in: Open, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    path = tmp_path / "宣導月報.xlsx"
    path.write_bytes(
        xlsx(
            [
                ["勞動條件及就業平等司110年度宣導月報表"],
                ["單位：人"],
                [],
                ["指標", "項目", "9月", "10月", "合計"],
                ["10.3.1", "累積宣導人數", None, "193萬3,334", None],
                ["註：10月為初步統計"],
            ],
            merged=["A1:E1"],
        )
    )
    page = sign_in("officer-lsee")
    page.goto("/entry/lsee/upload/")
    page.get_by_label("檔案", exact=True).set_input_files(path)
    page.get_by_role("button", name="預覽").click()
    expect(page.locator(".tally-new dd")).to_have_text("1")
    expect(page.locator("main")).to_contain_text("193萬3,334")
    expect(page.locator("main")).to_contain_text("1,933,334 人")
    axe(page)
    page.get_by_role("button", name="儲存這些數字").click()
    expect(page.locator(".message.success")).to_contain_text("1")
    page.goto("/indicators/10.3.1/?year=2021")
    expect(page.locator("main")).to_contain_text("1,933,334")
    expect(page.locator(".mark-provisional").first).to_be_visible()


def test_a_long_file_is_saved_by_the_worker(
    sign_in: Open, sample_site: Site, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    add_laboratory(sample_site, "archive", "8.7.8", 18)
    path = tmp_path / "long.csv"
    rows = [
        f"列{row:02},{year}-{month:02},{row * 10 + month}"
        for row in range(1, 19)
        for year in range(1996, 2020)
        for month in range(1, 13)
    ]
    path.write_text("\n".join(["數列,期間,數值", *rows]), encoding="utf-8")
    page = sign_in("officer-wda")
    page.goto("/entry/archive/upload/")
    page.get_by_label("檔案", exact=True).set_input_files(path)
    page.get_by_role("button", name="預覽").click()
    expect(page.locator(".tally-new dd")).to_have_text("5184")
    page.get_by_role("button", name="儲存這些數字").click()
    expect(page.locator("[data-progress]")).to_contain_text("5184")
    axe(page)
    sample_site.manage("db_worker", "--batch", "--no-startup-delay", "--no-reload")
    expect(page.get_by_role("button", name="復原整次匯入")).to_be_visible()
    expect(page.locator("main")).to_contain_text("5184")


@pytest.mark.expects_status(409, 422)
def test_a_return_from_submission_to_reopening(sign_in: Open) -> None:
    officer, reviewer = sign_in("officer-wda"), sign_in("reviewer-wda")
    address = "/returns/wda/2021/6/"
    type_into_month(officer, "8.6.2", "19,150", "")
    officer.goto(address)
    officer.get_by_role("button", name="送審").click()
    expect(officer.get_by_role("alert")).to_contain_text("請在說明欄解釋")
    explain_doubts(officer, "/entry/wda/2021/6/")
    officer.goto(address)
    officer.get_by_role("button", name="送審").click()
    expect(officer.locator(".message.success")).to_be_visible()

    reviewer.goto(address)
    reviewer.get_by_role("button", name="退回").click()
    expect(reviewer.get_by_role("alert")).to_contain_text("說明")
    reviewer.get_by_label(re.compile("理由")).fill("請補充說明推介人次")
    reviewer.get_by_role("button", name="退回").click()
    expect(reviewer.locator(".message.success")).to_be_visible()

    officer.goto("/start/")
    expect(officer.locator(".work")).to_contain_text("請補充說明推介人次")
    officer.goto("/entry/wda/2021/")
    type_into(officer, cell(officer, "8.6.2", "2021-06"), "19200")
    expect(cell(officer, "8.6.2", "2021-06")).not_to_have_attribute("data-dirty", "")
    officer.goto(address)
    officer.get_by_role("button", name="送審").click()
    expect(officer.get_by_role("alert")).to_contain_text("先前的數字")
    explain_doubts(officer, "/entry/wda/2021/6/", "更正後再次與來源核對")
    officer.goto(address)
    officer.get_by_role("button", name="送審").click()
    expect(officer.locator(".message.success")).to_be_visible()

    reviewer.goto(address)
    expect(reviewer.locator("#changed-caption")).to_be_visible()
    expect(reviewer.locator(".figures-compared").first).to_contain_text("19,200")
    reviewer.get_by_role("button", name="核定").click()
    expect(reviewer.locator(".message.success")).to_be_visible()

    officer.goto("/entry/wda/2021/")
    locked = cell(officer, "8.6.2", "2021-06")
    expect(locked).to_have_attribute("data-locked", "true")
    refused = officer.evaluate(
        """async () => {
          const table = document.querySelector("table[data-grid]");
          const td = [...table.querySelectorAll("tr")].find(r => r.textContent.includes("8.6.2"))
            .querySelector('td[data-month="2021-06"]');
          const answer = await fetch(table.dataset.saveUrl, {method: "POST",
            headers: {"Content-Type": "application/json", "X-CSRFToken": table.dataset.csrf},
            body: JSON.stringify({key: crypto.randomUUID(), reason: "x", cells: [{
              series: Number(td.parentElement.dataset.series), month: "2021-06", text: "1",
              note: "", evidence: "", revision: Number(td.dataset.revision)}]})});
          return [answer.status, await answer.text()];
        }"""
    )
    assert refused[0] == 422
    assert "核定" in json.loads(refused[1])["problems"][0]["message"]

    reviewer.goto(address)
    reviewer.get_by_label(re.compile("理由")).fill("年終查核更正")
    reviewer.get_by_role("button", name="重開").click()
    expect(reviewer.locator(".message.success")).to_be_visible()
    expect(reviewer.locator(".acts-list")).to_contain_text("年終查核更正")
    officer.goto("/entry/wda/2021/")
    expect(cell(officer, "8.6.2", "2021-06")).to_have_attribute("data-locked", "false")


def test_several_returns_are_approved_at_once(sign_in: Open) -> None:
    page = sign_in("reviewer-wda")
    page.goto("/returns/")
    boxes = page.locator("input[name=chosen]")
    count = boxes.count()
    assert count >= 2
    for at in range(count):
        boxes.nth(at).check()
    page.get_by_role("button", name="核定所選").click()
    expect(page.locator(".message.success")).to_contain_text(str(count))
    expect(page.locator("input[name=chosen]")).to_have_count(0)


PAGES = (
    "/start/",
    "/entry/wda/2021/",
    "/entry/wda/2021/?compare=last_year",
    "/entry/wda/2021/7/",
    "/entry/wda/upload/",
    "/imports/",
    "/returns/",
    "/returns/wda/2021/7/",
    "/returns/hand-over/",
    "/admin/",
    "/",
)


@pytest.mark.expects_status(404)
@pytest.mark.parametrize(("prefix", "width"), [("", 360), ("/en", 1440), ("/en", 360)])
def test_every_page_of_the_monthly_work_is_accessible_and_says_that_it_is_a_sample(
    sign_in: Open, axe: Callable[[Page], None], prefix: str, width: int
) -> None:
    page = sign_in("officer-wda", viewport={"width": width, "height": 800})
    for address in PAGES:
        page.goto(prefix + address)
        expect(page.locator(".sample")).to_contain_text("示範資料／sample data")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(prefix + "/nowhere/")
    expect(page.locator(".sample")).to_be_visible()
