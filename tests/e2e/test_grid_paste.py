"""Pasting into the monthly grid: what goes straight in, and what the server is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.grid_page import MONTHS, Answer, Grid


def understood(*cells: tuple[int, int, str, str], ask: bool = False) -> Answer:
    """An answer with cells: series, month, text, and why it is refused."""
    pasted = [
        {
            "series": series,
            "month": MONTHS[month - 1],
            "text": text,
            "problem": problem,
            "empties": text == "",
        }
        for series, month, text, problem in cells
    ]
    html = """<form method="dialog"><h2 tabindex="-1">like this?</h2>
      <select name="row-0" aria-label="row"><option value="1">1</option><option value="2">2</option>
      </select><button value="keep">keep</button><button value="all">all</button>
      <button value="none">none</button></form>"""
    return lambda _block: (200, {"ask": ask, "html": html, "cells": pasted})


def lines(rows: int, columns: int, text: str = "3") -> str:
    return "".join("\t".join([text] * columns) + "\r\n" for _row in range(rows))


@pytest.mark.parametrize(
    ("series", "month", "block", "pasted"),
    [
        (3, 1, "1,000\t2.5\r\n", 2),  # a single line
        (3, 1, "7\r\n", 1),
        (14, 1, lines(2, 12), 24),  # all rows that are left
        (3, 1, "\t5\n", 1),  # a blank over nothing
    ],
)
def test_numbers_that_have_a_cell_each_go_straight_in(
    grid: Grid, series: int, month: int, block: str, pasted: int
) -> None:
    grid.cell(series, month).click()
    grid.paste(block)
    expect(grid.page.locator("[data-dirty]")).to_have_count(pasted)
    assert grid.blocks == []


def test_a_selection_takes_the_block_as_often_as_it_holds_it(grid: Grid) -> None:
    grid.cell(3, 1).click()
    grid.press("Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    grid.paste("9\n8\n")
    expect(grid.cell(6, 2)).to_have_text("8")
    expect(grid.page.locator("[data-dirty]")).to_have_count(8)


@pytest.mark.parametrize(
    ("series", "month", "block"),
    [
        (3, 1, lines(2, 2)),  # of which rows?
        (1, 1, lines(13, 1)),  # the thirteenth is worked out
        (2, 1, "5\n"),  # closed
        (1, 1, "\t5\n"),  # a blank over a figure
        (3, 12, "5\t6\n"),  # behind December
        (3, 1, "1萬\n"),
        (3, 1, "人數\t5\n"),
        (3, 1, "1,23\n"),
    ],
)
def test_the_rest_is_read_by_the_server(grid: Grid, series: int, month: int, block: str) -> None:
    grid.understood.append(lambda _block: (422, {"message": "no table"}))
    grid.cell(series, month).click()
    grid.paste(block)
    grid.expect_status("not_pasted no table")
    expect(grid.page.locator("[data-dirty]")).to_have_count(0)
    assert (grid.blocks[0]["series"], grid.blocks[0]["month"]) == (str(series), MONTHS[month - 1])


def test_without_doubt_the_answer_goes_straight_in(grid: Grid) -> None:
    grid.understood.append(understood((3, 1, "17168", ""), (3, 2, "66000", "")))
    grid.cell(3, 1).click()
    grid.paste("1萬7,168\t６.６萬\r\n")
    grid.expect_status("pasted 2")
    assert grid.blocks[0]["rows"] == [["1萬7,168", "６.６萬"]]
    assert grid.blocks[0]["sure"] is True
    grid.wait()
    grid.expect_bodies(1)
    assert [cell["text"] for cell in grid.bodies[0]["cells"]] == ["17168", "66000"]


def test_a_paste_is_looked_at_first_by_keyboard(grid: Grid) -> None:
    cells = ((3, 1, "5", ""), (1, 1, "", ""))
    grid.understood += [understood(*cells, ask=True), understood((3, 2, "5", ""), ask=True)]
    grid.cell(3, 1).click()
    grid.paste("a\tb\r\n")
    dialog = grid.page.locator("dialog[data-grid-paste]")
    expect(dialog.get_by_role("heading")).to_be_focused()
    grid.press("Enter")  # one Enter too many pastes nothing
    expect(dialog).to_be_visible()
    grid.press("Tab", "ArrowDown")
    expect(dialog.get_by_label("row")).to_be_focused()
    expect(dialog).not_to_have_attribute("aria-busy", "true")
    assert grid.blocks[1]["choices"] == {"rows": {"0": "2"}, "columns": {}}
    grid.press("Tab", "Tab", "Enter")
    expect(dialog).to_be_hidden()
    expect(grid.cell(3, 2)).to_have_text("5")
    expect(grid.page.locator("[data-dirty]")).to_have_count(1)
    grid.expect_active(3, 2)


def test_while_a_choice_is_being_read_the_old_reading_cannot_be_pasted(grid: Grid) -> None:
    grid.understood.append(understood((3, 1, "5", ""), ask=True))
    grid.cell(3, 1).click()
    grid.paste("a\tb\r\n")
    dialog = grid.page.locator("dialog[data-grid-paste]")

    def meanwhile(_block: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        dialog.get_by_text("all").click()
        return 422, {"message": "gone"}

    grid.understood.append(meanwhile)
    dialog.get_by_label("row").select_option("2")
    expect(dialog).to_be_hidden()
    grid.expect_status("not_pasted gone")
    expect(grid.page.locator("[data-dirty]")).to_have_count(0)


def test_a_paste_may_be_laid_aside_or_leave_stored_figures_alone(grid: Grid) -> None:
    cells = ((3, 1, "5", ""), (1, 1, "", ""))
    grid.understood += [understood(*cells, ask=True)] * 4
    dialog = grid.page.locator("dialog[data-grid-paste]")
    for way in ("Escape", "none"):
        grid.cell(3, 1).click()
        grid.paste("a\tb\r\n")
        expect(dialog).to_be_visible()
        if way == "Escape":
            grid.press(way)
        else:
            dialog.get_by_text(way, exact=True).click()
        expect(dialog).to_be_hidden()
        grid.expect_active(3, 1)
        expect(grid.page.locator("[data-dirty]")).to_have_count(0)
    grid.paste("a\tb\r\n")
    dialog.get_by_text("keep").click()
    expect(grid.page.locator("[data-dirty]")).to_have_count(1)
    expect(grid.cell(1, 1)).to_have_text("100")
    grid.cell(3, 1).click()
    grid.paste("a\tb\r\n")
    dialog.get_by_text("all").click()
    expect(grid.cell(1, 1)).to_have_text("")
    grid.wait()
    grid.expect_status("saved 10:31 emptied 1 數列 1 1月")


def test_nothing_of_a_paste_is_sent_while_a_cell_of_it_is_refused(grid: Grid) -> None:
    grid.understood.append(
        understood((3, 1, "5", ""), (3, 2, "1,23", "not whole"), (3, 3, "6", ""))
    )
    grid.cell(3, 1).click()
    grid.paste("5\t1,23\t6\n")
    expect(grid.cell(3, 2)).to_have_attribute("aria-invalid", "true")
    grid.expect_status("invalid 數列 3 2月: not whole held 3")
    grid.enter(4, 1, "7")  # what was typed by itself goes
    grid.wait()
    grid.expect_bodies(1)
    assert [cell["series"] for cell in grid.bodies[0]["cells"]] == [4]
    grid.page.reload()  # nor do drafts forget what belongs together
    grid.panel("restore").get_by_text("restore", exact=True).click()
    grid.wait()
    grid.expect_bodies(2)
    assert len(grid.bodies[1]["cells"]) == 3  # judged anew, and refused as a whole
    grid.expect_status("invalid 數列 3 2月: ambiguous held 3")
    grid.wait(60_000)
    grid.enter(3, 2, "8")
    grid.wait()
    grid.expect_bodies(3)
    assert [cell["text"] for cell in grid.bodies[2]["cells"]] == ["5", "8", "6"]
    grid.expect_status("saved 10:31")


def test_what_the_server_refuses_of_a_paste_holds_the_rest_of_it(grid: Grid) -> None:
    def too_high(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        place = {"series": 3, "month": "2021-02", "message": "too high"}
        return 422, {"problems": [place]}

    grid.answers.append(too_high)
    grid.cell(3, 1).click()
    grid.paste("5\t600\t7\n")
    grid.wait()
    grid.expect_status("invalid 數列 3 2月: too high held 3")
    grid.wait(60_000)
    grid.expect_bodies(1)
    grid.press("Control+z")  # taken back, nothing is left to send
    expect(grid.page.locator("[data-dirty]")).to_have_count(0)


def test_without_a_connection_nothing_is_pasted_and_that_is_said(grid: Grid) -> None:
    grid.understood.append(lambda _block: None)
    grid.cell(3, 1).click()
    grid.paste("人數\t5\n")
    grid.expect_status("not_pasted offline")
    grid.understood.append(lambda _block: (403, {}))
    grid.paste("人數\t5\n")
    grid.expect_status("not_pasted signed_out")
    assert grid.draft() is None
    assert grid.bodies == []
