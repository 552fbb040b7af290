"""A report before it has a format: headings, paragraphs, lists, tables and pictures, in order.

Plain values: the same tree gives the same bytes in every format, and it can be kept as JSON.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports.tables.sheets import COVERED, Cell, Row, Sheet

UNKNOWN = "〔數字待補〕"
"""Stands where a reference comes to nothing; the checks stop a release that holds one."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text. ``figure``: the reference that wrote it, empty for typed text."""

    text: str
    strong: bool = False
    figure: str = ""


type Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; ``key`` is unique in the report and serves as its anchor."""

    level: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, with dots or with numbers."""

    items: tuple[Runs, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, e.g. ``表 1　…``; ``key`` is its anchor."""

    caption: str
    sheet: Sheet
    key: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption and what it shows in words.

    ``type`` is image/svg+xml, image/png or image/jpeg; width and height in millimetres.
    """

    caption: str
    alternative: str
    content: bytes
    type: str
    width: float
    height: float
    key: str


type Block = Heading | Paragraph | Listing | Table | Picture


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. ``day``: when it was released; None for a draft.

    ``language`` is a BCP 47 tag; ``remark`` stands under the title, and says of a draft or of
    demonstration text what it is.
    """

    title: str
    subtitle: str
    language: str
    day: date | None
    remark: str
    blocks: tuple[Block, ...]


def headings(report: Report, deepest: int = 3) -> Iterator[Heading]:
    """The headings of the table of contents."""
    for block in report.blocks:
        if isinstance(block, Heading) and block.level <= deepest:
            yield block


def text_of(runs: Sequence[Run]) -> str:
    """The text of a paragraph without its marks."""
    return "".join(run.text for run in runs)


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data for a database's JSON column."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "language": report.language,
        "day": None if report.day is None else report.day.isoformat(),
        "remark": report.remark,
        "blocks": [_block_as_json(block) for block in report.blocks],
    }


def from_json(data: Mapping[str, Any]) -> Report:
    """The report that ``as_json`` kept."""
    return Report(
        title=data["title"],
        subtitle=data["subtitle"],
        language=data["language"],
        day=None if data["day"] is None else date.fromisoformat(data["day"]),
        remark=data["remark"],
        blocks=tuple(_block_from_json(block) for block in data["blocks"]),
    )


def _block_as_json(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, text, key):
            return {"kind": "heading", "level": level, "text": text, "key": key}
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _runs_as_json(runs)}
        case Listing(items, numbered):
            return {
                "kind": "list",
                "items": [_runs_as_json(item) for item in items],
                "numbered": numbered,
            }
        case Table(caption, sheet, key):
            return {
                "kind": "table",
                "caption": caption,
                "key": key,
                "sheet": sheet_as_json(sheet),
            }
        case Picture():
            return {
                "kind": "picture",
                "caption": block.caption,
                "alternative": block.alternative,
                "content": base64.b64encode(block.content).decode(),
                "type": block.type,
                "width": block.width,
                "height": block.height,
                "key": block.key,
            }


def _block_from_json(data: Mapping[str, Any]) -> Block:
    match data["kind"]:
        case "heading":
            return Heading(data["level"], data["text"], data["key"])
        case "paragraph":
            return Paragraph(_runs_from_json(data["runs"]))
        case "list":
            items = tuple(_runs_from_json(item) for item in data["items"])
            return Listing(items, data["numbered"])
        case "table":
            return Table(data["caption"], sheet_from_json(data["sheet"]), data["key"])
        case "picture":
            kept = {key: value for key, value in data.items() if key not in ("kind", "content")}
            return Picture(content=base64.b64decode(data["content"]), **kept)
        case other:
            raise ValueError(f"no kind of block: {other}")


def sheet_as_json(sheet: Sheet) -> dict[str, Any]:
    """A table as plain data."""
    return {
        "name": sheet.name,
        "title": sheet.title,
        "headings": list(sheet.headings),
        "widths": list(sheet.widths),
        "notes": list(sheet.notes),
        "rows": [[_cell_as_json(cell) for cell in row] for row in sheet.rows],
    }


def sheet_from_json(data: Mapping[str, Any]) -> Sheet:
    """The table that ``sheet_as_json`` kept."""
    rows: list[Row] = [[_cell_from_json(cell) for cell in row] for row in data["rows"]]
    kept = {name: data[name] for name in ("name", "title", "headings", "widths")}
    return Sheet(rows=rows, notes=tuple(data["notes"]), **kept)


def _runs_as_json(runs: Runs) -> list[list[Any]]:
    return [[run.text, run.strong, run.figure] for run in runs]


def _runs_from_json(data: Sequence[Sequence[Any]]) -> Runs:
    return tuple(Run(text, strong, figure) for text, strong, figure in data)


def _cell_as_json(cell: Cell | None) -> Any:
    if cell is COVERED:
        return None
    number = isinstance(cell.value, Decimal)
    value = str(cell.value) if number else cell.value
    return [value, number, cell.rows, cell.decimals, cell.percent, cell.formula, cell.unit]


def _cell_from_json(data: Any) -> Cell | None:
    if data is None:
        return COVERED
    value, number, *rest = data
    return Cell(Decimal(value) if number else value, *rest)
