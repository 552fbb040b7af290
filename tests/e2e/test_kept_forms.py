"""Nothing that is typed into a form is lost, and what was not done is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.e2e.conftest import Open
from tests.e2e.site import Site

SITE = "sample_site"
HAND_OVER = "/returns/hand-over/"
WORDS = "清冊在共用資料夾；九月有兩筆待補。"


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('kept:'))"
    )
    return found


def end_session(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


@pytest.fixture
def typed(sign_in: Open) -> Page:
    page = sign_in("officer-wda")
    page.goto(HAND_OVER)
    page.locator("textarea, input[name=note]").first.fill(WORDS)
    return page


def fill(page: Page) -> None:
    for name in ("agency", "to"):
        page.locator(f"select[name={name}]").select_option(index=1)


def value(page: Page) -> str:
    return page.locator("[name=note]").input_value()


def test_what_was_typed_comes_back_after_leaving_the_page(typed: Page) -> None:
    typed.goto("/start/")
    typed.goto(HAND_OVER)
    assert value(typed) == WORDS
    expect(typed.locator(".kept")).to_contain_text("尚未送出")
    typed.go_back()
    typed.go_forward()
    assert value(typed) == WORDS
    typed.goto("/en" + HAND_OVER)
    assert value(typed) == WORDS
    typed.locator(".kept button").focus()
    typed.keyboard.press("Enter")
    expect(typed.locator(".kept")).to_have_count(0)
    assert value(typed) == ""
    assert kept(typed) == []


@pytest.mark.expects_status(302)
def test_a_session_that_ended_loses_neither_the_text_nor_the_truth(
    typed: Page, sample_site: Site
) -> None:
    fill(typed)
    end_session(typed.context)
    typed.get_by_role("main").get_by_role("button").last.press("Enter")
    typed.wait_for_url("**/accounts/sign-in/**")
    expect(typed.locator(".messages")).to_contain_text("並未執行")
    typed.get_by_label("帳號").fill("officer-wda")
    typed.get_by_label("密碼").fill(sample_site.administrator.password)
    typed.get_by_role("button", name="登入").click()
    typed.wait_for_url("**" + HAND_OVER)
    assert value(typed) == WORDS
    expect(typed.locator(".kept")).to_contain_text("並未執行")


def test_a_post_that_gets_no_answer_is_named_as_unknown(typed: Page) -> None:
    fill(typed)

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.abort()
        else:
            route.continue_()

    typed.route("**" + HAND_OVER, fail)
    typed.get_by_role("main").get_by_role("button").last.click()
    typed.wait_for_timeout(300)
    typed.unroute("**" + HAND_OVER)
    typed.goto(HAND_OVER)
    assert value(typed) == WORDS
    expect(typed.locator(".kept")).to_contain_text("未收到回應")


def test_what_was_carried_out_is_forgotten(sign_in: Open) -> None:
    page = sign_in("reviewer-mol")
    page.goto("/returns/mol/2020/12/")
    page.get_by_label("理由").fill("年報更正")
    assert len(kept(page)) == 1
    page.locator("form[data-keep] button[type=submit]").click()
    page.wait_for_url("**/returns/mol/2020/12/")
    expect(page.locator(".messages")).to_be_visible()
    assert kept(page) == []
    page.goto("/returns/mol/2020/12/")
    expect(page.locator(".kept")).to_have_count(0)


def test_another_person_sees_nothing_and_signing_out_asks(typed: Page, sample_site: Site) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if len(asked) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    typed.on("dialog", answer)
    out = typed.locator("form[data-sign-out] button")
    out.click()
    assert len(asked) == 1
    assert kept(typed)
    out.click()
    typed.wait_for_url("**/")
    assert len(asked) == 2
    assert kept(typed) == []
