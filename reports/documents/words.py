"""What the word processors' formats share: clean text, caption numbers, the texts of cells."""

from __future__ import annotations

import re
from decimal import Decimal

from indicators.calculation.numerals import format_number
from reports.tables.sheets import Cell

TEXT_WIDTH_MM = 170.0
MARGIN_MM = 20.0
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CAPTION = re.compile(r"^(?P<word>表|圖|Table|Figure)\s(?P<number>\d+)(?P<rest>.*)$", re.DOTALL)


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def caption_parts(caption: str) -> tuple[str, str, str]:
    """(表, 1, the rest) of a numbered caption; two empty texts before one without a number."""
    found = _CAPTION.match(caption)
    return (found["word"], found["number"], found["rest"]) if found else ("", "", caption)


def cell_lines(cell: Cell) -> list[str]:
    """What a cell reads, line by line: numbers in their format, percentages as such."""
    if cell.value is None:
        return [""]
    if isinstance(cell.value, str):
        return clean(cell.value).split("\n")
    value = Decimal(cell.value) * (100 if cell.percent else 1)
    ending = "%" if cell.percent else cell.unit
    return [format_number(value, decimals=cell.decimals) + ending]


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, which is set to the right."""
    return cell.value is not None and not isinstance(cell.value, str)


def contents_title(language: str) -> str:
    """The heading of the table of contents."""
    return "Contents" if language.startswith("en") else "目錄"


def scaled(widths: list[int]) -> list[float]:
    """The columns' widths in millimetres, filling the width of the text."""
    return [width * TEXT_WIDTH_MM / sum(widths) for width in widths]
