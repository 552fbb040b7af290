"""A table as offices keep it, the series it may name, and what reading it gave."""

from __future__ import annotations

from typing import Any

from indicators.calculation.numerals import plain
from indicators.spreadsheets.figures import Table, read_table
from indicators.spreadsheets.files import read_book, read_text
from indicators.spreadsheets.known import Known
from tests.indicators.spreadsheets.a_file import Rows

KNOWN = [
    Known(1, "8.6.1", ("培訓人數", "Persons trained"), 1, "人", ("人", "persons")),
    Known(2, "8.6.1", ("訓後就業率",), 2, "%"),
    Known(3, "8.6.2", ("人次", "公立就業服務機構協助推介青年就業"), 1, "人次"),
    Known(4, "1.4.1", ("場次", "工會會務輔導場次"), 1, "場次"),
    Known(5, "4.3.3", ("人數",), 1, "人"),
    Known(6, "4.5.9", ("人數",), 1, "人"),
]


MONTHS = [f"{month}月" for month in range(1, 13)]


OFFICE: Rows = [
    ["勞動力發展署110年度訓練人數月報表"],
    ["單位：如各列", None, "製表日期：110年12月5日"],
    [],
    ["指標", "項目", "單位", *MONTHS, "合計"],
    ["8.6.1", "培訓人數", "人", *[100 * m for m in range(1, 12)], "－", 6600],
    [None, "訓後就業率", "%", *[88.5] * 11, None, None],
    [],
    ["8.6.2", "公立就業服務機構協助推介青年就業", "人次", "1萬7,168", *[7] * 10, "…", 17238],
    ["小計", None, None, *[1] * 11, None, None],
    ["註：本表為初步統計，12月尚未報送。"],
    ["資料來源：勞動力發展署"],
]


def read(content: bytes | str, **options: Any) -> Table:
    book = read_text(content) if isinstance(content, str) else read_book(content)
    return read_table(book, KNOWN, **options)


def figures(table: Table) -> dict[tuple[int, str], str]:
    return {(r.key, r.period.iso()): plain(r.value) for r in table.readings}


def codes(table: Table) -> list[str]:
    return [finding.code for finding in table.findings]
