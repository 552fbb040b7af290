"""The examples of docs/figures.md: the rows of its tables, and the numbers in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from indicators.calculation.numerals import parse_number
from tests.documentation.documents import table

FIGURES = "docs/figures.md"
NOTHING = "—"

type Row = Mapping[str, str]


def rows(*columns: str) -> tuple[Row, ...]:
    return table(FIGURES, *columns)


def all_of(kind: Iterable[StrEnum]) -> set[str]:
    return {one.value for one in kind}


def number(text: str) -> Decimal | None:
    return None if text in ("", NOTHING) else parse_number(text)


def known(text: str) -> Decimal:
    value = number(text)
    assert value is not None
    return value
