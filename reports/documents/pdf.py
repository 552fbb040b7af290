"""A report as tagged PDF: set by Typst, with its fonts within, and the same bytes every time.

What is laid out stands in ``report.typ``; this module hands it plain data and no code.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from reports.documents.fonts import families
from reports.documents.pictures import typeset
from reports.documents.tree import Block, Heading, Listing, Paragraph, Picture, Report, Runs, Table
from reports.documents.words import TEXT_WIDTH_MM, cell_lines, is_number
from reports.tables.sheets import COVERED, Cell, Sheet

LAYOUT = Path(__file__).with_name("report.typ")
TALLEST_PICTURE_MM = 215.0
STANDARDS: Sequence[list[str]] = (["a-2a", "ua-1"], ["ua-1"], [])
"""From the strictest: what a report holds (a rare character, a skipped level) may not allow it."""
FORMATS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of a text, with which it can say what it does not."""


def write_pdf(report: Report) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1 where what it holds allows them, else tagged alone.

    Raises:
        FontMissing: no font with Chinese is there.
        typst.TypstError: a picture cannot be read.
    """
    files: dict[str, bytes] = {"main.typ": LAYOUT.read_bytes()}
    files["report.json"] = json.dumps(_as_data(report, files), ensure_ascii=False).encode()
    *stricter, last = STANDARDS
    for standards in stricter:
        try:
            return typeset(files, form="pdf", pdf_standards=standards)
        except typst.TypstError:
            continue
    return typeset(files, form="pdf", pdf_standards=last)


def _as_data(report: Report, files: dict[str, bytes]) -> dict[str, Any]:
    """What the layout reads; the pictures are put with the files."""
    lang, region = _spoken(report.language)
    day = report.day
    return {
        "title": _clean(report.title).replace("\n", " "),
        "subtitle": _lines(report.subtitle),
        "remark": _lines(report.remark),
        "lang": lang,
        "region": region,
        "day": None if day is None else {"year": day.year, "month": day.month, "day": day.day},
        "fonts": families(),
        "blocks": [_block(block, files) for block in report.blocks],
    }


def _spoken(language: str) -> tuple[str, str | None]:
    """Language and region of a BCP 47 tag: ``zh-Hant-TW`` is zh in TW."""
    main, *more = language.split("-")
    return main.lower(), next((part.upper() for part in more if len(part) == 2), None)


def _block(block: Block, files: dict[str, bytes]) -> dict[str, Any]:
    match block:
        case Heading(level, text, key):
            text = _clean(text).replace("\n", " ")
            return {"kind": "heading", "level": level, "text": text, "key": key}
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _runs(runs)}
        case Listing(items, numbered):
            return {"kind": "list", "items": [_runs(item) for item in items], "numbered": numbered}
        case Table(caption, sheet):
            return {"kind": "table", "caption": _lines(caption)} | _sheet(sheet)
        case Picture():
            return _picture(block, files)


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [{"lines": _lines(run.text), "strong": run.strong} for run in runs]


def _sheet(sheet: Sheet) -> dict[str, Any]:
    scale = TEXT_WIDTH_MM / sum(sheet.widths)
    return {
        "headings": [_lines(heading) for heading in sheet.headings],
        "widths": [round(width * scale, 3) for width in sheet.widths],
        "rows": [
            [
                {"column": column, "rows": min(cell.rows, len(sheet.rows) - at)} | _cell(cell)
                for column, cell in enumerate(row)
                if cell is not COVERED
            ]
            for at, row in enumerate(sheet.rows)
        ],
        "notes": [_lines(note) for note in sheet.notes],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    lines = [_clean(line) for line in cell_lines(cell)] if cell.value not in (None, "") else []
    return {"lines": lines, "number": is_number(cell)}


def _picture(picture: Picture, files: dict[str, bytes]) -> dict[str, Any]:
    file = f"picture-{len(files)}"
    files[file] = picture.content
    scale = min(1, TEXT_WIDTH_MM / picture.width, TALLEST_PICTURE_MM / picture.height)
    return {
        "kind": "picture",
        "caption": _lines(picture.caption),
        "alternative": _clean(picture.alternative or picture.caption),
        "file": file,
        "format": FORMATS[picture.type],
        "width": round(picture.width * scale, 3),
        "height": round(picture.height * scale, 3),
    }


def _lines(text: str) -> list[str]:
    """The lines of a text; none of an empty one."""
    return _clean(text).split("\n") if text else []


def _clean(text: str) -> str:
    """The text without characters that print nothing or turn its direction, but its lines."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        mark
        for mark in text
        if mark == "\n" or (unicodedata.category(mark) not in ("Cc", "Cs") and mark not in TURNING)
    )
