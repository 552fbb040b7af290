"""The report as HTML: the inner part for a page of the site, and a whole file for anywhere else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from html import escape

from reports.documents.tree import (
    UNKNOWN,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Runs,
    Table,
    headings,
)
from reports.documents.words import cell_lines, contents_title, is_number
from reports.tables.sheets import COVERED, Cell

SVG = "image/svg+xml"
STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; color: #1d2a2e;
  background: #fff; font: 1rem/1.75 "Noto Sans TC", "Noto Sans CJK TC", "PingFang TC",
  "Microsoft JhengHei", sans-serif; }
h1, h2, h3, h4 { line-height: 1.35; margin: 2em 0 .6em; }
h1 { font-size: 1.9rem; } h2 { font-size: 1.55rem; color: #0f6f7c; }
h3 { font-size: 1.25rem; } h4 { font-size: 1.08rem; } h5 { font-size: 1rem; margin: 1.4em 0 .4em; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid #8b8577; padding: .35rem .5rem; text-align: start; vertical-align: top; }
thead th { background: #e2eef0; } .num { text-align: end; white-space: nowrap; }
caption, figcaption { font-size: .95rem; padding: .5rem 0; text-align: start; font-weight: 600; }
figure { margin: 1.5rem 0; } figure svg, figure img { max-width: 100%; height: auto; }
.remark { color: #566268; } nav ol { list-style: none; padding: 0; }
nav .level-2 { padding-inline-start: 1.2em; } nav .level-3 { padding-inline-start: 2.4em; }
@media print { h2, h3 { break-after: avoid; } tr, figure { break-inside: avoid; } }
"""


def write_html(report: Report) -> bytes:
    """A whole file that needs nothing beside it."""
    name = "en" if report.language.startswith("en") else "zh-Hant-TW"
    day = f"<p>{report.day.isoformat()}</p>" if report.day else ""
    remark = f'<p class="remark">{escape(report.remark)}</p>' if report.remark else ""
    return (
        f'<!doctype html>\n<html lang="{name}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)} {escape(report.subtitle)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<header>\n"
        f"<h1>{escape(report.title)}</h1>\n<p>{escape(report.subtitle)}</p>\n{day}{remark}</header>\n"
        f"{contents(report)}<main>\n{body(report, as_data)}</main>\n</body>\n</html>\n"
    ).encode()


def as_data(picture: Picture) -> str:
    """A picture as an address that holds it whole."""
    return f"data:{picture.type};base64,{base64.b64encode(picture.content).decode()}"


def contents(report: Report) -> str:
    """The table of contents."""
    name = contents_title(report.language)
    lines = "".join(
        f'<li class="level-{one.level}"><a href="#{escape(one.key)}">{escape(one.text)}</a></li>\n'
        for one in headings(report)
    )
    return f'<nav aria-label="{name}">\n<h2>{name}</h2>\n<ol>\n{lines}</ol>\n</nav>\n'


def body(report: Report, address: Callable[[Picture], str]) -> str:
    """The blocks of a report; ``address`` says where a photograph is to be had.

    The headings of the report begin one level below that of the page. Charts stand in the page
    itself, so that they are drawn with its own fonts.
    """
    return "".join(block(one, address) for one in report.blocks)


def block(one: Block, address: Callable[[Picture], str]) -> str:
    """One block."""
    match one:
        case Heading(level, text, key):
            return f'<h{level + 1} id="{escape(key)}">{escape(text)}</h{level + 1}>\n'
        case Paragraph(runs):
            return f"<p>{_runs(runs)}</p>\n"
        case Listing(items, numbered):
            tag = "ol" if numbered else "ul"
            lines = "".join(f"<li>{_runs(item)}</li>" for item in items)
            return f"<{tag}>{lines}</{tag}>\n"
        case Table():
            return _table(one)
        case Picture():
            return _picture(one, address)


def _runs(runs: Runs) -> str:
    parts = []
    for run in runs:
        text = escape(run.text)
        if run.figure:
            kind = "live live-unknown" if run.text == UNKNOWN else "live"
            text = f'<span class="{kind}" title="{escape(run.figure)}">{text}</span>'
        parts.append(f"<strong>{text}</strong>" if run.strong else text)
    return "".join(parts)


def _table(one: Table) -> str:
    sheet, key = one.sheet, escape(one.key)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in sheet.headings)
    rows = "".join(f"<tr>{_row(row)}</tr>\n" for row in sheet.rows)
    notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in sheet.notes)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{key}">'
        f'<table><caption id="{key}">{escape(one.caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n{notes}"
    )


def _row(row: Sequence[Cell | None]) -> str:
    return "".join(_cell(cell) for cell in row if cell is not COVERED)


def _cell(cell: Cell) -> str:
    span = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    kind = ' class="num"' if is_number(cell) else ""
    lines = "<br>".join(escape(line) for line in cell_lines(cell))
    return f"<td{span}{kind}>{lines}</td>"


def _picture(one: Picture, address: Callable[[Picture], str]) -> str:
    if one.type == SVG:
        shown = (
            f'<div role="img" aria-label="{escape(one.alternative)}">{one.content.decode()}</div>'
        )
    else:
        width, height = round(one.width / 25.4 * 96), round(one.height / 25.4 * 96)
        shown = (
            f'<img src="{escape(address(one))}" alt="{escape(one.alternative)}"'
            f' width="{width}" height="{height}">'
        )
    return (
        f'<figure id="{escape(one.key)}">{shown}'
        f"<figcaption>{escape(one.caption)}</figcaption></figure>\n"
    )
