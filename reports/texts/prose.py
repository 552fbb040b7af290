"""The text of a section: paragraphs, lists, small headings and strong words around live figures.

A blank line ends a paragraph; ``- `` and ``1. `` begin the items of a list, ``## `` a heading, and
``**…**`` sets off what stands between. There is nothing else, so nothing that is typed can become
markup by itself. Own reading rather than Markdown's, whose strong marks fail beside Chinese
punctuation. Any text is read, and none raises an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reports.texts.references import PATTERN, BrokenReference, Reference, read_reference

_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITEM = re.compile(r"^\s*(?:(?P<dot>[-•・])\s+|(?P<number>\d{1,2})(?:[.．]\s+|、\s*))(?P<text>.*)$")
_HEADING = re.compile(r"^##\s+(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """Words as they were typed."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """A reference, or what was meant as one and why it is none."""

    raw: str
    reference: Reference | None
    error: str = ""
    strong: bool = False


type Inline = tuple[Typed | Live, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, an item of a list or a heading, with the number of the line it begins on.

    ``kind`` is paragraph, dot, number or heading.
    """

    kind: str
    line: int
    inline: Inline


def read_prose(text: str) -> list[Part]:
    """The parts of a text in order."""
    parts: list[Part] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for kind, numbered in groupby(enumerate(lines, 1), key=lambda pair: _kind_of(pair[1])):
        some = list(numbered)
        if kind == "paragraph":
            parts.append(Part(kind, some[0][0], read_inline(_joined(line for _at, line in some))))
        elif kind != "blank":
            parts += [Part(kind, at, read_inline(_content(line))) for at, line in some]
    return parts


def _kind_of(line: str) -> str:
    if not line.strip():
        return "blank"
    if _HEADING.match(line):
        return "heading"
    item = _ITEM.match(line)
    if item:
        return "dot" if item["dot"] else "number"
    return "paragraph"


def _content(line: str) -> str:
    found = _HEADING.match(line) or _ITEM.match(line)
    assert found is not None
    return found["text"].strip()


def _joined(lines: Iterator[str]) -> str:
    """Lines of one paragraph; a space only between Latin words."""
    whole = ""
    for line in (one.strip() for one in lines):
        gap = whole[-1:].isascii() and line[:1].isascii() and whole and line
        whole += f" {line}" if gap else line
    return whole


def read_inline(text: str) -> Inline:
    """The words and live figures of one line."""
    found: list[Typed | Live] = []
    at = 0
    for match in _STRONG.finditer(text):
        found += _pieces(text[at : match.start()], strong=False)
        found += _pieces(match[1], strong=True)
        at = match.end()
    found += _pieces(text[at:], strong=False)
    return tuple(found)


def _pieces(text: str, *, strong: bool) -> Iterator[Typed | Live]:
    at = 0
    for match in PATTERN.finditer(text):
        if match.start() > at:
            yield Typed(text[at : match.start()], strong)
        yield _live(match.group(), strong)
        at = match.end()
    if at < len(text):
        yield Typed(text[at:], strong)


def _live(raw: str, strong: bool) -> Live:
    try:
        return Live(raw, read_reference(raw), strong=strong)
    except BrokenReference as error:
        return Live(raw, None, error.code, strong)
