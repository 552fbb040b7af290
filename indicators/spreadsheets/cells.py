"""What single cells say: numbers and periods, each in one way or refused."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from indicators.calculation.numerals import NumberError, parse_measure, require_room
from indicators.calculation.periods import Month, Period, PeriodError, parse_period
from indicators.spreadsheets.files import Cell
from indicators.spreadsheets.layout.headings import ISO_DATE, january_or_october

PLAIN_FLOAT = re.compile(r"^-?\d+(?:\.\d+)?$")


def exact_number(text: str) -> Decimal:
    """A number of a workbook, by the text that a spreadsheet shows of it."""
    if not PLAIN_FLOAT.match(text):
        raise NumberError(text, "precision" if "e" in text else "unreadable")
    value = Decimal(text)
    require_room(text, value)
    return value


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets name it, from places counted from 0: (2, 27) is AB3."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """A column as spreadsheets name it, counted from 0: 27 is AB."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def month_number(text: str) -> tuple[None, int] | None:
    """A bare number from 1 to 12 as a month without its year."""
    return (None, int(text)) if re.fullmatch(r"\d{1,2}", text) and 1 <= int(text) <= 12 else None


def one_month(year: int | None, month: int, text: str) -> Period:
    """A month as a period. Raises PeriodError without a year."""
    if year is None:
        raise PeriodError(text, "unreadable")
    return Period(Month(year, month), Month(year, month))


def period_of(cell: Cell, text: str, *, zeros_dropped: bool = False) -> Period:
    """A period; a date is its month, and a number with one decimal may be January or October.

    ``zeros_dropped``: whether the text was a number once, so that 110.1 may be 110.10.
    """
    if match := ISO_DATE.match(text):
        return Period.month(int(match[1]), int(match[2]))
    was_number = isinstance(cell, float) or zeros_dropped
    if was_number and (readings := january_or_october(text)):
        raise PeriodError(text, "ambiguous", readings)
    return _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Period:
    """A table names the same few periods over and over."""
    return parse_period(text)


def looks_numeric(text: str) -> bool:
    """Whether a text has a figure in it."""
    return any(unicodedata.category(mark) == "Nd" for mark in text)


def number_or_none(text: str) -> Decimal | None:
    """The number of a text that may well be none."""
    try:
        return parse_measure(text).value
    except NumberError:
        return None
