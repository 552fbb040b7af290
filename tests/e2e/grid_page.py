"""The monthly entry grid without the site: a page of its contract and a server that obeys tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from indicators.calculation.numerals import NumberError, format_number, parse_number, plain

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = (
    "basics",
    "server",
    "drafts",
    "sheet",
    "saving",
    "blocks",
    "keys",
    "editor",
    "pointer",
    "paste",
)
TYPES = {".js": "text/javascript", ".css": "text/css"}
MONTHS = [f"2021-{month:02d}" for month in range(1, 13)]
KEY = "grid:17:wda:2021"
COUNTED = (
    "unsaved",
    "restored",
    "closed_drafts",
    "pasted",
    "skipped_locked",
    "copied",
    "emptied",
    "held",
)
WORDS = {key: f"{key} %n" for key in COUNTED} | {"state_draft": "a draft", "comma": ", "}

Cell = dict[str, Any]
Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]] | None]


def row(series: int, values: list[str], **data: Any) -> str:
    """A row; ``locked`` holds the months (0 to 11) that cannot be written."""
    locked = data.pop("locked", ())
    total = data.pop("total", "—")
    facts = {"computed": "false"} | data
    facts |= {"numerator": data.get("numerator", ""), "denominator": data.get("denominator", "")}
    attributes = " ".join(f'data-{name}="{value}"' for name, value in facts.items())
    cells = "".join(
        f'<td data-month="{month}" data-revision="3" data-value="{value}" data-note="" '
        f'data-state="draft" data-locked="{str(at in locked).lower()}" data-warning="">'
        f"{f'{int(value):,}' if value.isdigit() else value}</td>"
        for at, (month, value) in enumerate(zip(MONTHS, values, strict=True))
    )
    return (
        f'<tr data-series="{series}" {attributes}><th scope="row">數列 {series}</th><td>人次</td>'
        f"{cells}<td data-total>{total}</td></tr>"
    )


def usual_rows() -> list[str]:
    """Twelve plain rows and two locked cells; then a rate of the first two, and two more."""
    rows = [row(1, ["100"] * 12, total="1,200"), row(2, ["200"] * 12, locked=(0, 1))]
    rows += [row(series, [""] * 12) for series in range(3, 13)]
    rows.append(row(13, ["50.0"] * 12, computed="true", numerator=1, denominator=2, total="50.0"))
    return [*rows, row(14, ["5"] * 12), row(15, ["5"] * 12)]


def page_of(rows: list[str], autosave: bool) -> str:
    heads = "".join(f'<th scope="col" data-month="{m}">{int(m[5:])}月</th>' for m in MONTHS)
    scripts = "".join(
        f'<script src="/static/js/{name}.js" defer></script>'
        for name in (*(f"grid-{part}" for part in SCRIPTS), "grid")
    )
    styles = "".join(
        f'<link rel="stylesheet" href="/static/css/{name}.css">'
        for name in ("tokens", "site", "grid")
    )
    return f"""<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Grid</title><link rel="icon" href="data:,">{styles}{scripts}</head>
      <body><main><h1>每月填報</h1>
      <form action="/other/"><button>other</button></form><a href="#before">before</a>
      <form data-grid-form>
      <p data-grid-status role="status" aria-live="polite"></p><div data-grid-restore hidden></div>
      <div data-grid-conflicts hidden></div>
      <div class="grid-scroll" tabindex="0" role="region" aria-label="數列">
      <table class="grid" data-grid data-agency="wda" data-year="2021" data-user="17"
        data-save-url="/save/" data-paste-url="/paste/"
        data-autosave="{str(autosave).lower()}" data-csrf="token"
        data-can-edit="true"><caption>2021</caption>
      <thead><tr><th scope="col">數列</th><th scope="col">單位</th>{heads}
      <th scope="col">年計</th></tr></thead><tbody>{"".join(rows)}</tbody></table></div>
      <label>reason <input data-grid-reason></label>
      <button type="button" data-grid-save>save</button>
      <button type="button" data-grid-undo>undo</button></form><dialog data-grid-note></dialog>
      <dialog data-grid-paste></dialog>
      <script type="application/json" id="grid-messages">{escape(json.dumps(WORDS), False)}</script>
      </main></body></html>"""


def accept(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """What the server answers where nobody else has written; one problem at a time."""
    saved = []
    for cell in body["cells"]:
        try:
            number = parse_number(cell["text"])
        except NumberError as wrong:
            place = {"series": cell["series"], "month": cell["month"]}
            return 422, {"problems": [place | {"message": wrong.code}]}
        shown = {} if number is None else {"value": plain(number), "display": format_number(number)}
        same = {name: cell[name] for name in ("series", "month", "note", "evidence")}
        rest = {"revision": cell["revision"] + 1, "state": "draft", "warning": ""}
        saved.append({"value": "", "display": ""} | shown | same | rest)
    rows = [
        {"series": series, "total": f"year of {series}", "cells": []}
        for series in {cell["series"] for cell in body["cells"]}
    ]
    return 200, {"saved": saved, "at": "10:31", "rows": rows}


@dataclass
class Grid:
    """The page with its fake server: answers wait in a queue; None loses the answer.

    ``answers`` to what is saved, ``understood`` to the blocks that are pasted.
    """

    page: Page
    rows: list[str]
    autosave: bool
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    understood: list[Answer] = field(default_factory=list)

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://grid.test/")
        if path.startswith("static/"):
            file = STATIC / path.removeprefix("static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "save/":
            self._save(route)
        elif path == "paste/":
            block = route.request.post_data_json or {}
            self.blocks.append(block)
            answer = self.understood.pop(0)(block)
            route.abort() if answer is None else route.fulfill(status=answer[0], json=answer[1])
        else:
            html = page_of(self.rows, self.autosave)
            policy = {"Content-Security-Policy": "default-src 'self'; img-src data:"}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=policy)

    def _save(self, route: Route) -> None:
        assert route.request.headers["x-csrftoken"] == "token"
        body = route.request.post_data_json or {}
        self.bodies.append(body)
        answer = (self.answers.pop(0) if self.answers else accept)(body)
        if answer is None:
            route.abort()
        else:
            route.fulfill(status=answer[0], json=answer[1])

    def cell(self, series: int, month: int) -> Locator:
        return self.page.locator(f'[data-series="{series}"] td[data-month="2021-{month:02d}"]')

    def total(self, series: int) -> Locator:
        return self.page.locator(f'[data-series="{series}"] td[data-total]')

    def panel(self, name: str) -> Locator:
        return self.page.locator(f"[data-grid-{name}]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def enter(self, series: int, month: int, text: str) -> None:
        self.cell(series, month).click()
        self.page.keyboard.type(text)
        self.press("Enter")

    def paste(self, text: str) -> None:
        self.page.evaluate(
            """(text) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/plain", text);
              const event = new ClipboardEvent("paste", { clipboardData, bubbles: true });
              document.activeElement.dispatchEvent(event);
            }""",
            text,
        )

    def copied(self, key: str = "Control+c") -> str:
        self.page.evaluate(
            """() => ["copy", "cut"].forEach((name) => document.addEventListener(name, (event) => {
              window.copied = event.clipboardData.getData("text/plain");
            }))"""
        )
        self.press(key)
        return str(self.page.evaluate("window.copied"))

    def wait(self, milliseconds: int = 1500) -> None:
        self.page.clock.fast_forward(milliseconds)

    def expect_status(self, text: str) -> None:
        expect(self.panel("status")).to_have_text(text)

    def expect_bodies(self, count: int) -> None:
        for _ in range(100):
            if len(self.bodies) >= count:
                break
            self.page.wait_for_timeout(20)
        assert len(self.bodies) == count

    def expect_active(self, series: int, month: int) -> None:
        expect(self.page.locator("td[data-month]:is(:focus, :focus-within)")).to_have_count(1)
        expect(self.cell(series, month)).to_have_attribute("data-active", "")

    def draft(self) -> Any:
        return self.page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}'))")


OpenGrid = Callable[..., Grid]
Inspect = Callable[[Grid], None]
