"""What is said of a cell that does not fit, and of what could be misread in silence."""

from __future__ import annotations

import pytest

from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import Book, Sheet
from indicators.spreadsheets.units import scale_of
from tests.indicators.spreadsheets.a_file import Rows, xlsx
from tests.indicators.spreadsheets.a_table import KNOWN, MONTHS, codes, figures, read


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ("指標,期間,數值\n9.9.9,2021-03,5\n", "unknown_series", (1, 0)),
        ("數列,期間,數值\n人數,2021-03,5\n", "ambiguous_series", (1, 0)),
        ("指標,數列,期間,數值\n4.3.3,男性人數,2021-03,5\n", "words_left", (1, 1)),
        ("指標,數列,期間,數值\n8.6.2,女,2021-03,5\n", "words_left", (1, 1)),
        ("指標,期間,數值\n8.6.1,2021-03,5\n", "ambiguous_series", (1, 0)),
        ("指標,期間,數值\n1.4.1,12/01,5\n", "period_ambiguous", (1, 1)),
        ("指標,期間,數值\n1.4.1,2021-13,5\n", "period_month", (1, 1)),
        ("指標,期間,數值\n1.4.1,,5\n", "period_missing", (1, 1)),
        ("指標,期間,數值\n1.4.1,2021-03,abc\n", "number_unreadable", (1, 2)),
        ("指標;期間;數值\n1.4.1;2021-03;1,23\n", "number_ambiguous", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,1萬7\n", "number_ambiguous", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,1.234567891\n", "number_precision", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,2021-03-01\n", "date_as_value", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,5%\n", "unit_wrong", (1, 2)),
        ("指標,期間,數值,單位\n1.4.1,2021-03,5,千人\n", "unit_wrong", (1, 3)),
        ("指標,期間,數值\n1.4.1,2021-03,5\n1.4.1,110年3月,6\n", "twice", (2, 2)),
        ("指標,期間\n1.4.1,2021-03\n", "no_layout", (0, 0)),
        ("項目,1月,2月\n場次,1,2\n", "no_year", (0, 1)),
        ("106年至109年\n項目,1月,2月\n場次,1,2\n", "no_year", (1, 1)),
        ("110年（單位：千人次）\n項目,1月,2月\n場次,1,2\n", "unit_wrong", (2, 0)),
        ("項目,年度,1月,2月\n場次,,1,2\n", "no_year", (1, 1)),
        ("112年編\n項目,年度,1月,2月\n場次,99999,1,2\n", "period_year", (2, 1)),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(
    rows: str, code: str, place: tuple[int, int]
) -> None:
    table = read(rows)
    assert [(f.code, f.row, f.column, f.severity) for f in table.findings] == [
        (code, *place, "error")
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "110年,單位：千場次\n填報單位：勞動部\n項目,1月,2月,合計\n場次,1.5,2,3.5\n",
        "110年\n項目（單位：千場次）,1月,2月,合計\n場次,1.5,2,3.5\n",
        "110年\n項目,單位,1月,2月,合計\n場次,千場次,1.5,2,3.5\n",
        "110年\n項目,1月,2月,合計\n場次（千場次）,1.5,2,3.5\n",
        "110年\nunit: thousand\n項目,1月,2月,合計\n場次,1.5,2,3.5\n",
        "110年 單位：千\n項目,1月,2月,合計\n場次,1.5,2,3.5\n",
        "指標,期間,數值（千場次）\n1.4.1,2021-01,1.5\n1.4.1,2021-02,2\n",
    ],
)
def test_figures_of_a_unit_in_multiples_are_multiplied_and_it_is_said(rows: str) -> None:
    table = read(rows)
    assert figures(table) == {(4, "2021-01"): "1500", (4, "2021-02"): "2000"}
    assert {(f.code, f.severity, f.params["factor"]) for f in table.findings} == {
        ("scaled_unit", "warning", "1,000")
    }
    assert set(codes(read(rows.replace(",1.5,", ",1萬,").replace(",1.5\n", ",1萬\n")))) == {
        "scaled_unit",
        "number_ambiguous",
    }


def test_units_that_only_look_like_multiples() -> None:
    for unit in ("千人率", "百分比", "萬分比", "人"):
        assert scale_of(unit) == (1, unit)
    assert scale_of("百萬元") == (1_000_000, "元")


def test_units_that_are_alike_are_pointed_out() -> None:
    table = read("指標,期間,數值,單位\n8.6.2,2021-03,12,人\n")
    assert [(f.code, f.severity) for f in table.findings] == [("unit_differs", "warning")]
    assert figures(table) == {(3, "2021-03"): "12"}


def test_a_total_that_does_not_add_up_is_a_warning() -> None:
    rows = [["110年"], ["項目", *MONTHS[:2], "合計"], ["場次", 1, 2, 4]]
    table = read(xlsx(rows))
    assert [(f.code, f.severity, f.row, f.column) for f in table.findings] == [
        ("total_differs", "warning", 2, 3)
    ]
    for total in (3, 2, 1.5):
        assert codes(read(xlsx([*rows[:2], ["場次", 1, 2, total]]))) == []


def test_a_share_of_one_in_a_percent_series_is_pointed_out_and_not_rescaled() -> None:
    table = read(xlsx([["指標", "數列", "期間", "數值"], ["8.6.1", "訓後就業率", "2021-03", 0.88]]))
    assert codes(table) == ["percent_as_fraction"]
    assert figures(table) == {(2, "2021-03"): "0.88"}


def test_a_number_as_period_that_may_be_january_or_october() -> None:
    table = read(xlsx([["指標", "期間", "數值"], ["1.4.1", 110.1, 5]]))
    assert [(f.code, f.params["readings"]) for f in table.findings] == [
        ("period_ambiguous", "2021-01 / 2021-10")
    ]
    table = read(xlsx([["指標", "月份", "數值"], ["1.4.1", 110.1, 5]]))
    assert (codes(table), figures(table)) == (["period_ambiguous"], {})
    table = read(xlsx([["指標", 110.1, 110.11, 110.12], ["1.4.1", 5, 6, 7]]))
    assert (codes(table), figures(table)) == (["sheet_left_out"], {})
    table = read(xlsx([["指標", "期間", "數值"], ["1.4.1", 110.2, 5]]))
    assert figures(table) == {(4, "2021-02"): "5"}


@pytest.mark.parametrize("text", ["168①", "168¹", "1²", "Ⅳ"])
def test_marks_of_footnotes_are_no_digits(text: str) -> None:
    assert codes(read(f"指標,期間,數值\n1.4.1,2021-03,{text}\n")) == ["number_unreadable"]


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ("110年\n項目,1月,2月\n場次,1,234,5\n", "row_length", (2, 0)),
        ("110年\n項目,1月,,2月,\n,目標,實績,目標,實績\n場次,9,1,9,2\n", "heading_words", (2, 1)),
        ("110年\n項目,11月,12月,1月\n場次,1,2,3\n", "months_order", (1, 1)),
        ("製表日期：111年1月10日\n項目,1月,2月\n場次,1,2\n", "no_year", (1, 1)),
        (f"指標,期間,數值,備註\n1.4.1,2021-03,5,{'長' * 301}\n", "note_too_long", (1, 3)),
        ("110年\n項目,1月,2月,去年同期\n場次,1,2,3\n", "column_unknown", (1, 3)),
        ("110年 單位：人、千元\n項目,1月,2月\n場次,1,2\n", "unit_unclear", (2, 0)),
    ],
)
def test_what_would_be_misread_in_silence_is_refused(
    rows: str, code: str, place: tuple[int, int]
) -> None:
    found = [f for f in read(rows).findings if f.severity == "error"]
    assert [(f.code, f.row, f.column) for f in found] == [(code, *place)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("110年\n項目,1月,2月,備註\n場次,1,2,颱風停辦\n", "column_left_out"),
        ("110年 單位：元\n項目,1月,2月\n場次,1,2\n", "unit_differs"),
    ],
)
def test_what_is_not_read_is_named(rows: str, code: str) -> None:
    table = read(rows)
    assert [(f.code, f.severity) for f in table.findings] == [(code, "warning")]
    assert len(table.readings) == 2


def test_a_sheet_that_is_not_read_is_named() -> None:
    table = read_table(
        Book(
            "xlsx",
            "",
            (
                Sheet("一", [["110年"], ["項目", "1月", "2月"], ["場次", 1, 2]]),
                Sheet("二", [["項目", "a", "b"], ["場次", 3, 4]]),
            ),
        ),
        KNOWN,
    )
    assert [(f.sheet, f.code, f.severity) for f in table.findings] == [
        ("二", "sheet_left_out", "error")
    ]


def test_a_figure_merged_over_a_quarter_is_no_figure_of_its_first_month() -> None:
    rows: Rows = [["110年"], ["項目", *MONTHS[:4]], ["場次", 300, None, None, 4]]
    table = read(xlsx(rows, merged=["B3:D3"]))
    assert (codes(table), figures(table)) == (["merged_months"], {(4, "2021-04"): "4"})


def test_a_file_in_which_nothing_fits_is_given_up() -> None:
    rows = "".join(f"沒有的項目{row},2021-03,5\n" for row in range(6000))
    found = codes(read("指標,期間,數值\n" + rows))
    assert (len(found), found[-1]) == (5001, "too_many_errors")
