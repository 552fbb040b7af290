"""Drafts of the monthly grid outlive a lost connection, a closed page and a closed month."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.e2e.grid_page import KEY, Grid


def test_nothing_is_lost_without_a_connection(grid: Grid) -> None:
    grid.answers += [lambda body: None, lambda body: (503, {})]
    grid.enter(3, 1, "5")
    grid.wait()
    grid.expect_status("offline")
    grid.page.evaluate("window.dispatchEvent(new Event('online'))")
    grid.expect_status("failed")
    assert grid.draft()["cells"]["3|2021-01"]["text"] == "5"
    grid.enter(3, 1, "6")
    grid.wait(15_000)
    grid.expect_bodies(4)
    assert grid.bodies[0] == grid.bodies[1] == grid.bodies[2]  # its key with it
    assert [(cell["text"], cell["revision"]) for cell in grid.bodies[3]["cells"]] == [("6", 4)]
    grid.expect_status("saved 10:31")
    grid.answers.append(lambda body: (403, {}))
    grid.enter(3, 2, "5")
    grid.wait()
    grid.expect_status("signed_out")
    assert list(grid.draft()["cells"]) == ["3|2021-02"]


def test_a_draft_of_a_month_that_was_closed_meanwhile_is_shown_and_kept(grid: Grid) -> None:
    grid.enter(3, 1, "5")
    kept = grid.draft()
    kept["cells"] = {"2|2021-01": kept["cells"]["3|2021-01"] | {"series": "2"}}
    grid.page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)", [KEY, json.dumps(kept)]
    )
    grid.page.reload()
    panel = grid.panel("restore")
    expect(panel).to_contain_text("closed_drafts 1")
    expect(panel.get_by_role("listitem")).to_have_text("數列 2 1月: 5")
    grid.page.reload()
    expect(panel.get_by_role("listitem")).to_have_text("數列 2 1月: 5")
    panel.get_by_text("discard").click()
    expect(panel).to_be_hidden()
    assert grid.draft() is None


def test_a_draft_outlives_the_page(grid: Grid) -> None:
    grid.enter(3, 1, "5")
    grid.enter(1, 1, "6")
    grid.page.reload()
    restore = grid.panel("restore")
    expect(restore).to_contain_text("restored 2")
    grid.enter(4, 1, "7")  # before choosing: neither the old nor the new is lost
    assert len(grid.draft()["cells"]) == 3
    restore.get_by_text("restore", exact=True).click()
    expect(restore).to_be_hidden()
    expect(grid.page.locator("[data-dirty]")).to_have_count(3)
    grid.wait()
    grid.expect_status("saved 10:31")
    assert {cell["revision"] for cell in grid.bodies[0]["cells"]} == {3}
    grid.enter(3, 1, "9")
    grid.page.reload()
    restore.get_by_text("discard").click()
    assert grid.draft() is None
    expect(grid.page.locator("[data-dirty]")).to_have_count(0)
