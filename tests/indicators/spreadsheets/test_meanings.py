"""Words and layouts that make a figure another one: read as meant, or refused, never left aside."""

from __future__ import annotations

import pytest

from indicators.calculation.numerals import plain
from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import Book, Cell, Sheet, read_text
from tests.indicators.spreadsheets.a_table import KNOWN

Rows = list[list[Cell]]
TITLE: list[Cell] = ["110年"]
HEAD: list[Cell] = ["項目", "1月", "2月"]
ROW: list[Cell] = ["場次", 1, 2]
BOTH = {(4, "2021-01"): "1", (4, "2021-02"): "2"}


def read(book: Book, **corrections: str) -> tuple[dict[tuple[int, str], str], set[str]]:
    """The figures, and the codes of the errors."""
    table = read_table(book, KNOWN, corrections=corrections)
    found = {(r.key, r.period.iso()): plain(r.value) for r in table.readings}
    return found, {f.code for f in table.findings if f.severity == "error"}


def sheet(rows: Rows, name: str = "表", merged: tuple[tuple[int, int, int, int], ...] = ()) -> Book:
    return Book("xlsx", "", (Sheet(name, rows, merged),))


@pytest.mark.parametrize(
    ("book", "code"),
    [
        (sheet([["110年 女性"], HEAD, ROW]), "title_words"),
        (sheet([["新北市110年"], HEAD, ROW]), "title_words"),
        (sheet([["110年預估數"], HEAD, ROW]), "title_words"),
        (sheet([TITLE, HEAD, ROW], "累計"), "sheet_words"),
        (sheet([TITLE, ["項目", "1月", "2月", "增減率"], ["場次", 1, 2, 3]]), "column_unknown"),
        (sheet([TITLE, ["項目", "目標值", "1月"], ["場次", 9, 1]]), "column_unknown"),
        (sheet([TITLE, ["項目", "109年", "1月"], ["場次", 9, 1]]), "column_unknown"),
        (sheet([TITLE, HEAD, ["場次（初步）", 1, 2]]), "words_left"),
        (sheet([TITLE, HEAD, ["1.4.1 場次目標", 1, 2]]), "words_left"),
        (sheet([TITLE, HEAD, ["場次", 1, 2, "女性"]]), "beyond_headings"),
        (sheet([TITLE, ["項目", "1月", "2月目標"], ROW]), "heading_words"),
        (sheet([["統計期", "1.4.1 場次（女）"], ["110年1月", 1]]), "words_left"),
        (sheet([TITLE, ["項目", "11001", "11002"], ROW]), "sheet_left_out"),
        (sheet([["平成29年"], HEAD, ROW]), "no_year"),
        (sheet([["109學年度"], ["項目", "8月", "9月"], ROW]), "school_year"),
        (sheet([TITLE, HEAD, ROW], "109年"), "years_differ"),
        (read_text("指標,期間,縣市,數值\n1.4.1,110年1月,臺北市,1\n"), "column_unknown"),
        (read_text("指標,期間,數值\n1.4.1,110.9,1\n1.4.1,110.1,2\n"), "period_ambiguous"),
        (read_text("指標,期間,數值\n1.4.1,110年1月,1,716\n"), "row_length"),
        (read_text("110年\n項目,目標,,實際,\n,1月,2月,1月,2月\n場次,8,9,1,2\n"), "heading_words"),
        (
            sheet(
                [
                    TITLE,
                    [*HEAD, "", "項目", "3月"],
                    ["場次", 1, 2, "", "人次", 30],
                    ["人次", 10, 20, "", "場次", 3],
                ]
            ),
            "sides_order",
        ),
    ],
)
def test_what_makes_a_figure_another_is_refused_by_name(book: Book, code: str) -> None:
    assert code in read(book)[1]


@pytest.mark.parametrize(
    "book",
    [
        sheet([["近10年辦理場次"], HEAD, ROW], "110年"),
        sheet([["依108年修正規定 110年"], HEAD, ROW]),
        sheet([TITLE, ["項目", "1月ⓡ", "2月p"], ROW]),
        sheet([TITLE, ["項目", "1月\u200b", "2月底"], ROW]),
        sheet([TITLE, HEAD, ["", "場次", "場次"], ROW]),
        sheet([TITLE, ["項目", "1月", "2月", "1-2月累計"], ["場次", 1, 2, 3]]),
        sheet([["統計期", "1.4.1 場次[場次]"], ["110年 1月", 1], ["110年 2月", 2]]),
        sheet([["年月別", "1.4.1 場次"], ["110年", 3], ["1月", 1], ["2月", 2]]),
        sheet([TITLE, ["項目", "1月", "", "項目", "2月"], ["場次", 1, "", "場次", 2]]),
        sheet(
            [
                ["110年執行情形"],
                ["指標編號", "指標名稱", "單位", "110年", "", "合計"],
                ["", "", "", "1月", "2月", ""],
                ["1.4.1", "工會會務輔導場次", "場次", 1, 2, 3],
            ],
            merged=((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5)),
        ),
        sheet(
            [
                TITLE,
                ["項目", "1月", "", "2月", ""],
                ["", *["本月", "累計"] * 2],
                ["場次", 1, 1, 2, 3],
            ],
            merged=((1, 1, 1, 2), (1, 3, 1, 4)),
        ),
        Book(
            "xlsx",
            "",
            tuple(
                Sheet(
                    f"{month}月",
                    [
                        [f"110年{month}月"],
                        ["指標", "項目", "本月", "累計"],
                        ["1.4.1", "場次", month, 2 * month - 1],
                    ],
                )
                for month in (1, 2)
            ),
        ),
        read_text("指標,期間,年齡,數值\n1.4.1,110年1月,合計,1\n1.4.1,110年2月,合計,2\n"),
    ],
)
def test_layouts_that_offices_have_are_read(book: Book) -> None:
    assert read(book) == (BOTH, set())


def test_quarters_are_periods_of_three_months() -> None:
    assert read(sheet([TITLE, ["項目", "第1季", "第2季"], ROW])) == (
        {(4, "2021-01/2021-03"): "1", (4, "2021-04/2021-06"): "2"},
        set(),
    )


def test_a_person_says_that_the_words_change_nothing_or_leaves_them_out() -> None:
    title = sheet([["110年預估數"], HEAD, ROW])
    assert read(title, **{"110年預估數": "value"}) == (BOTH, set())
    column = sheet([TITLE, ["項目", "1月", "2月", "增減率"], ["場次", 1, 2, 3]])
    assert read(column, 增減率="ignore") == (BOTH, set())


def test_an_unknown_label_is_told_once() -> None:
    rows = "".join(f"沒有的項目,110年{month}月,5\n" for month in range(1, 13))
    table = read_table(read_text("指標,期間,數值\n" + rows), KNOWN)
    assert [f.code for f in table.findings] == ["unknown_series"]
