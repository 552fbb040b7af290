"""The documents of the repository as data: their tables, their code, their command lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
}
HEADING = re.compile(r"^#+ (?P<title>.*)$")
FENCE = re.compile(r"^```.*?$\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
RULE = re.compile(r"^\|[-:| ]+\|$")
CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document: the heading above it, its column names, its rows by column."""

    section: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def cells(line: str) -> list[str]:
    """The cells of one line of a table; a bar within a cell is written ``\\|``."""
    return [cell.strip().replace("\\|", "|") for cell in CELLS.split(line.strip())[1:-1]]


def tables(document: str) -> list[Table]:
    """The tables of a document in order."""
    found: list[Table] = []
    section = ""
    lines = DOCUMENTS[document].splitlines()
    for at, line in enumerate(lines):
        if heading := HEADING.match(line):
            section = heading["title"]
        if not RULE.match(line):
            continue
        columns = cells(lines[at - 1])
        rows = []
        for row in lines[at + 1 :]:
            if not row.startswith("|"):
                break
            rows.append(dict(zip(columns, cells(row), strict=True)))
        found.append(Table(section, tuple(columns), tuple(rows)))
    return found


def table(document: str, *columns: str) -> tuple[Mapping[str, str], ...]:
    """The rows of the one table with these columns."""
    (found,) = [one for one in tables(document) if one.columns == columns]
    return found.rows


def code(text: str) -> Iterator[str]:
    """What stands in backticks, and every line of the fenced blocks."""
    for block in FENCE.finditer(text):
        yield from block["code"].splitlines()
    yield from INLINE.findall(FENCE.sub("", text))


def bare(cell: str) -> str:
    """A cell without its backticks."""
    return cell.strip().strip("`")
