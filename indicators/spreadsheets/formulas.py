"""Text that a spreadsheet would run as a formula: how it leaves, and how it comes back."""

from __future__ import annotations

import re

FORMULA_START = re.compile(r"^'*[=+\-@\t\r＝＋－＠]")
PLAIN_NUMBER = re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?$")


def as_text(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and FORMULA_START.match(value) and not PLAIN_NUMBER.match(value):
        return f"'{value}"
    return value


def from_text(value: object) -> object:
    """Take back what ``as_text`` put there, the blanks around a cell, and the point of 8.0.

    OpenDocument keeps every number as a fraction; a whole one is meant whole.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    value = value.strip()
    return value[1:] if value.startswith("'") and FORMULA_START.match(value[1:]) else value
