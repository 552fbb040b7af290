"""The script of the monthly entry grid, in a page of its own against a server of the test."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.grid_page import MONTHS, Grid, Inspect, OpenGrid, accept, row


def test_keys_move_about_and_tab_leaves(grid: Grid) -> None:
    grid.page.get_by_text("before").focus()
    grid.press("Tab")
    grid.expect_active(1, 1)
    grid.press("ArrowRight", "ArrowRight", "ArrowDown")
    grid.expect_active(2, 3)
    grid.press("Home")  # a locked cell can be visited
    grid.expect_active(2, 1)
    grid.press("End")
    grid.expect_active(2, 12)
    grid.press("Control+End")
    grid.expect_active(15, 12)
    grid.press("Control+Home", "PageDown")
    assert grid.page.locator("td[data-active]").evaluate("td => td.parentElement.rowIndex") > 5
    grid.press("PageUp")
    grid.expect_active(1, 1)
    expect(grid.page.locator("td[tabindex='0']")).to_have_count(0)  # the input is the tab stop
    grid.press("Tab")
    expect(grid.panel("reason")).to_be_focused()
    grid.press("Shift+Tab")
    grid.expect_active(1, 1)
    grid.press("Shift+Tab")
    expect(grid.page.get_by_text("before")).to_be_focused()
    expect(grid.page.locator("[data-grid] [tabindex='0']")).to_have_count(1)


def test_typing_replaces_and_editing_keeps(grid: Grid) -> None:
    grid.enter(3, 1, "12")
    grid.expect_active(4, 1)
    expect(grid.cell(3, 1)).to_have_text("12")
    expect(grid.cell(3, 1)).to_have_attribute("data-dirty", "")
    grid.press("ArrowUp", "F2", "Home", "9", "Tab")
    expect(grid.cell(3, 1)).to_have_text("912")
    grid.expect_active(3, 2)
    grid.press("7", "Escape", "Enter", "8", "Shift+Tab")  # Escape forgets the seven
    expect(grid.cell(3, 2)).to_have_text("8")
    grid.press("5", "ArrowDown")  # an arrow leaves a text that was begun by typing
    expect(grid.cell(3, 1)).to_have_text("5")
    grid.expect_active(4, 1)
    grid.cell(12, 12).dblclick()
    grid.press("6", "Tab")
    grid.expect_active(13, 1)
    grid.press("3")
    grid.expect_status("locked")
    grid.cell(15, 12).click()
    grid.press("4", "Tab")  # editing in the last cell: Tab leaves
    expect(grid.cell(15, 12)).to_have_text("4")
    expect(grid.panel("reason")).to_be_focused()


def test_an_input_method_composes_from_the_first_key(grid: Grid) -> None:
    grid.cell(3, 1).click()
    keyboard = grid.page.context.new_cdp_session(grid.page)
    composing = {"selectionStart": 1, "selectionEnd": 1}
    keyboard.send("Input.imeSetComposition", {"text": "ㄧ", **composing})
    down = {"type": "keyDown", "windowsVirtualKeyCode": 229, "key": "Process"}
    keyboard.send("Input.dispatchKeyEvent", down | {"code": "Enter"})
    grid.expect_active(3, 1)
    keyboard.send("Input.insertText", {"text": "一千"})
    grid.press("Enter")
    expect(grid.cell(3, 1)).to_have_text("一千")
    grid.expect_active(4, 1)


def test_copy_cut_delete_fill_and_undo(grid: Grid) -> None:
    grid.enter(3, 1, "1萬7,168")
    grid.cell(1, 1).hover()
    grid.page.mouse.down()
    grid.cell(3, 2).hover()
    grid.page.mouse.up()
    assert grid.copied() == "100\t100\n200\t200\n1萬7,168\t"
    grid.expect_status("copied 6")
    grid.press("Delete")
    named = ", ".join(f"數列 {series} {month}月" for series, month in ((1, 1), (1, 2)))
    grid.expect_status(f"skipped_locked 2 · emptied 2 {named}")
    expect(grid.cell(1, 2)).to_have_text("")
    grid.press("Control+z")
    expect(grid.cell(3, 1)).to_have_text("1萬7,168")
    expect(grid.cell(1, 2)).to_have_text("100")
    expect(grid.cell(1, 2)).not_to_have_attribute("data-dirty", "")
    grid.press("Control+y")
    expect(grid.cell(1, 2)).to_have_text("")
    grid.panel("undo").click()
    grid.cell(1, 3).click()
    for _ in range(3):
        grid.press("Shift+ArrowDown")
    grid.press("Control+d")
    grid.expect_status("filled")
    expect(grid.cell(4, 3)).to_have_text("100")
    grid.cell(4, 4).click()
    grid.press("Control+r")
    expect(grid.cell(4, 4)).to_have_text("100")
    assert grid.copied("Control+x") == "100"
    expect(grid.cell(4, 4)).to_have_text("")
    for _ in range(4):
        grid.press("Control+z")
    grid.expect_status("undo_done")
    expect(grid.page.locator("[data-dirty]")).to_have_count(0)
    grid.press("Control+z")
    grid.expect_status("nothing_to_undo")
    assert grid.draft() is None


def test_what_depends_on_an_unsaved_figure_is_to_come(grid: Grid) -> None:
    expect(grid.total(1)).to_have_text("1,200")
    grid.enter(1, 3, "150")
    for unsure in (grid.total(1), grid.total(13), grid.cell(13, 3)):
        expect(unsure).to_have_text("…")
    expect(grid.cell(13, 4)).to_have_text("50.0")
    expect(grid.total(2)).to_have_text("—")
    grid.press("Control+z")
    expect(grid.total(1)).to_have_text("1,200")
    expect(grid.cell(13, 3)).to_have_text("50.0")
    grid.press("Control+y")

    def rate_too(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answer = accept(body)
        month = {"month": "2021-03", "text": "75.0"}
        rate = {"series": 13, "total": "52.1", "cells": [month]}
        return status, answer | {"rows": [*answer["rows"], rate]}

    grid.answers.append(rate_too)
    grid.wait()
    expect(grid.total(1)).to_have_text("year of 1")
    expect(grid.total(13)).to_have_text("52.1")
    expect(grid.cell(13, 3)).to_have_text("75.0")
    grid.enter(1, 3, "many")  # refused: what depends on it stays open
    grid.wait()
    grid.expect_status("invalid 數列 1 3月: unreadable")
    expect(grid.total(1)).to_have_text("…")


def test_a_stored_figure_that_was_emptied_is_named_when_it_is_gone(grid: Grid) -> None:
    grid.cell(1, 3).click()
    grid.press("Delete")
    grid.wait()
    grid.expect_status("saved 10:31 emptied 1 數列 1 3月")
    grid.enter(1, 4, "-")
    grid.wait()
    grid.expect_status("saved 10:31 emptied 1 數列 1 4月")


def test_saving_takes_a_pause_and_one_request_at_a_time(grid: Grid) -> None:
    grid.enter(1, 1, "1萬7,168")
    sent = {"series": 1, "month": "2021-01", "text": "1萬7,168", "note": "", "evidence": ""}
    stored = grid.draft()["cells"]["1|2021-01"]
    assert (stored["text"], stored["revision"]) == ("1萬7,168", 3)

    def edit_meanwhile(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        grid.enter(1, 1, "5")
        grid.press("Control+s")
        return accept(body)

    grid.wait(1000)
    assert grid.bodies == []
    grid.answers.append(edit_meanwhile)
    grid.wait(600)
    grid.expect_bodies(2)
    assert grid.bodies[0]["cells"] == [sent | {"revision": 3}]
    assert grid.bodies[1]["cells"] == [sent | {"text": "5", "revision": 4}]
    assert grid.bodies[0]["key"] != grid.bodies[1]["key"]
    grid.expect_status("saved 10:31")
    expect(grid.cell(1, 1)).to_have_attribute("data-revision", "5")
    assert grid.draft() is None
    grid.press("Control+z", "Control+z")
    expect(grid.cell(1, 1)).to_have_text("100")
    grid.wait()
    grid.expect_bodies(3)
    assert grid.bodies[2]["cells"] == [sent | {"text": "100", "revision": 5}]


def test_a_reason_is_asked_for_where_saving_is_by_hand(open_grid: OpenGrid) -> None:
    grid = open_grid(autosave=False)
    grid.enter(3, 1, "5")
    grid.wait(60_000)
    grid.panel("save").click()
    grid.expect_status("reason_needed")
    expect(grid.panel("reason")).to_be_focused()
    grid.page.keyboard.type("late report")
    grid.press("Enter")
    grid.expect_status("saved 10:31")
    assert [body["reason"] for body in grid.bodies] == ["late report"]
    grid.page.get_by_role("button", name="other").click()  # other forms are not the grid's
    grid.page.wait_for_url("**/other/**")


def test_what_is_refused_is_marked_and_the_rest_goes_on(grid: Grid) -> None:
    grid.enter(3, 1, "many")
    grid.enter(3, 2, "7")
    grid.wait()
    grid.expect_bodies(2)
    assert [cell["text"] for cell in grid.bodies[1]["cells"]] == ["7"]
    grid.expect_status("invalid 數列 3 1月: unreadable")
    expect(grid.cell(3, 1)).to_have_attribute("aria-invalid", "true")
    expect(grid.cell(3, 1)).to_have_attribute("title", "unreadable · a draft")
    grid.enter(3, 1, "8")
    expect(grid.cell(3, 1)).not_to_have_attribute("aria-invalid", "true")
    grid.wait()
    grid.expect_status("saved 10:31")


def told(body: dict[str, Any], total: str) -> tuple[int, dict[str, Any]]:
    status, answer = accept(body)
    return status, answer | {"rows": [{"series": 1, "total": total, "cells": []}]}


def test_a_conflict_is_the_persons_choice(grid: Grid, inspect: Inspect) -> None:
    theirs = {"value": "300", "display": "300", "revision": 9, "who": "王小明", "note": ""}
    both = [{"series": 1, "month": month} | theirs for month in MONTHS[:2]]
    rows = [{"series": 1, "total": "1,950", "cells": []}]
    grid.answers.append(lambda body: (409, {"conflicts": both, "rows": rows}))
    for month in (1, 2, 3):
        grid.enter(1, month, "250")
    grid.answers += [lambda body: told(body, "1,950")] * 3
    grid.wait()
    grid.expect_bodies(2)
    assert [cell["month"] for cell in grid.bodies[1]["cells"]] == ["2021-03"]
    panel = grid.panel("conflicts")
    expect(panel).to_contain_text("yours: 250theirs: 300 (王小明)")
    expect(panel.get_by_role("button").first).to_be_focused()
    inspect(grid)
    grid.press("Enter")
    grid.expect_bodies(3)
    assert [cell["revision"] for cell in grid.bodies[2]["cells"]] == [9]
    panel.get_by_text("take_theirs").click()
    expect(panel).to_be_hidden()
    expect(grid.cell(1, 1)).to_have_text("250")
    expect(grid.cell(1, 2)).to_have_text("300")
    expect(grid.total(1)).to_have_text("1,950")  # as the server said with its refusal
    grid.expect_active(1, 2)
    assert grid.draft() is None
    for _step in range(3):  # what was typed before theirs came would replace theirs
        grid.press("Control+z")
    expect(grid.cell(1, 3)).to_have_text("100")
    expect(grid.cell(1, 1)).to_have_text("250")
    expect(grid.cell(1, 2)).to_have_text("300")


def test_a_note_is_written_in_its_dialog(grid: Grid, inspect: Inspect) -> None:
    grid.cell(3, 1).click()
    grid.press("Shift+F2")
    inspect(grid)
    grid.page.get_by_label("note_label").fill("estimated")
    grid.page.get_by_label("evidence_label").fill("https://mol.example/1")
    grid.page.get_by_role("button", name="save_note").click()
    grid.expect_active(3, 1)
    grid.wait()
    grid.expect_bodies(1)
    saved = grid.bodies[0]["cells"][0]
    assert (saved["note"], saved["evidence"]) == ("estimated", "https://mol.example/1")


def test_an_edit_leaves_other_rows_alone(open_grid: OpenGrid) -> None:
    grid = open_grid([row(series, ["1"] * 12) for series in range(1, 341)])
    grid.page.evaluate(
        """() => {
          window.touched = new Set();
          const note = ({ target }) => {
            const element = target instanceof Element ? target : target.parentElement;
            window.touched.add(element.closest("tr").dataset.series);
          };
          new MutationObserver((changes) => changes.forEach(note)).observe(
            document.querySelector("tbody"),
            { subtree: true, childList: true, attributes: true, characterData: true },
          );
        }"""
    )
    grid.enter(170, 6, "5")
    grid.wait()
    grid.expect_status("saved 10:31")
    assert grid.page.evaluate("[...window.touched].sort()") == ["1", "170", "171"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_and_a_phone(grid: Grid, inspect: Inspect, scheme: Any) -> None:
    page = grid.page
    page.emulate_media(color_scheme=scheme)
    inspect(grid)
    grid.enter(3, 1, "many")
    grid.press("Shift+ArrowDown")
    inspect(grid)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    grid.cell(3, 9).tap()
    expect(grid.cell(3, 9)).to_be_focused()  # one tap calls up no keyboard
    grid.cell(3, 9).tap()
    grid.cell(3, 9).tap()
    page.keyboard.type("4")
    grid.press("Enter")
    expect(grid.cell(3, 9)).to_have_text("4")
    head = page.locator('[data-series="3"] th').bounding_box()
    assert head is not None
    assert head["x"] < 40
