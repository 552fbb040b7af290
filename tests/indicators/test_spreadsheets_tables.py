"""Tables as offices keep them: long and wide, and what is said of a cell that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from indicators.numerals import plain
from indicators.spreadsheets.figures import Table, read_table
from indicators.spreadsheets.files import Book, Sheet, read_book, read_text
from indicators.spreadsheets.known import Known
from indicators.spreadsheets.layouts import find_layout, month_heading, years_in
from indicators.spreadsheets.units import scale_of
from tests.indicators.spreadsheet_files import Rows, csv, ods, xlsx

KNOWN = [
    Known(1, "8.6.1", ("培訓人數", "Persons trained"), 1, "人", ("人", "persons")),
    Known(2, "8.6.1", ("訓後就業率",), 2, "%"),
    Known(3, "8.6.2", ("人次", "公立就業服務機構協助推介青年就業"), 1, "人次"),
    Known(4, "1.4.1", ("場次", "工會會務輔導場次"), 1, "場次"),
    Known(5, "4.3.3", ("人數",), 1, "人"),
    Known(6, "4.5.9", ("人數",), 1, "人"),
]
MONTHS = [f"{month}月" for month in range(1, 13)]


def read(content: bytes | str, **options: Any) -> Table:
    book = read_text(content) if isinstance(content, str) else read_book(content)
    return read_table(book, KNOWN, **options)


def figures(table: Table) -> dict[tuple[int, str], str]:
    return {(r.key, r.period.iso()): plain(r.value) for r in table.readings}


def codes(table: Table) -> list[str]:
    return [finding.code for finding in table.findings]


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


@pytest.mark.parametrize("make", [xlsx, ods, csv])
def test_a_wide_table_under_a_title_with_the_year(make: Any) -> None:
    rows = [row for row in OFFICE if make is not csv or "1萬7,168" not in row]
    table = read(make(rows))
    assert codes(table) == []
    found = figures(table)
    assert found[1, "2021-01"] == "100"
    assert found[1, "2021-11"] == "1100"
    assert found[2, "2021-03"] == "88.5"
    assert (1, "2021-12") not in found
    if make is not csv:
        assert found[3, "2021-01"] == "17168"
    assert {why for _sheet, _row, why in table.ignored} >= {"subtotal", "footnote"}


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_table_as_libreoffice_saves_it(kind: str) -> None:
    content = (Path(__file__).parents[1] / "data" / f"office.{kind}").read_bytes()
    book = read_book(content)
    table = read_table(book, KNOWN)
    assert (book.kind, codes(table)) == (kind, [])
    assert figures(table) == figures(read(xlsx(OFFICE)))


def test_merged_names_hold_for_all_their_rows() -> None:
    rows = [
        ["110年"],
        ["指標", "項目", *MONTHS[:3]],
        ["8.6.1", "培訓人數", 1, 2, 3],
        [None, "訓後就業率", 80, 81, 82],
    ]
    table = read(xlsx(rows, merged=["A3:A4", "A1:E1"]))
    assert figures(table)[2, "2021-03"] == "82"


def test_a_row_without_a_code_is_never_taken_for_the_one_above() -> None:
    rows = [["110年"], ["指標", "項目", *MONTHS[:2]], ["1.4.1", "場次", 1, 2], ["", "其他", 3, 4]]
    assert codes(read(xlsx(rows))) == ["unknown_series"]
    rows[3] = ["9.9.1", "x", 3, 4]
    assert codes(read(xlsx(rows))) == ["unknown_series"]


def test_a_person_chooses_the_series_of_a_label() -> None:
    rows = [["110年"], ["項目", *MONTHS[:2]], ["輔導場", 1, 2], ["其他", 3, 4]]
    table = read(xlsx(rows), aliases={"輔導場": 4, "其他": -1})
    assert figures(table) == {(4, "2021-01"): "1", (4, "2021-02"): "2"}
    assert codes(table) == []


def read_named(label: str, known: list[Known]) -> Table:
    rows = [["110年"], ["指標", "項目", *MONTHS[:2]], ["1.3.1", label, 1, 2]]
    return read_table(read_book(xlsx(rows)), known)


def test_a_parenthesis_that_belongs_to_the_name() -> None:
    known = [
        Known(1, "1.3.1", ("請領人數（期末）",), 1, "人"),
        Known(2, "1.3.1", ("請領人數",), 2, "人"),
        Known(3, "8.6.2", ("人次",), 1, "人次"),
    ]
    for label, key in (("請領人數（期末）", 1), ("請領人數(人)", 2), ("請領人數", 2)):
        table = read_named(label, known)
        assert (codes(table), {r.key for r in table.readings}) == ([], {key}), label
    assert codes(read_named("請領人數(人次)", known)) == ["unit_differs"]
    assert codes(read_named("請領人數(千人)", known)) == ["scaled_unit"]


def test_years_above_the_months() -> None:
    rows = [
        ["項目", "109年", None, "110年", None],
        ["", "11月", "12月", "1月", "2月"],
        ["培訓人數", 1, 2, 3, 4],
    ]
    assert figures(read(xlsx(rows))) == {
        (1, "2020-11"): "1",
        (1, "2020-12"): "2",
        (1, "2021-01"): "3",
        (1, "2021-02"): "4",
    }


def test_a_long_table_with_english_or_chinese_headings() -> None:
    chinese = "指標代碼\t數列\t資料期\t數值\t備註\n8.6.1\t培訓人數\t110年11月\t1萬7,168人\t已核對\n"
    english = (
        "Indicator,Series,Year,Month,Value,Unit\n8.6.1,Persons trained,2021,11,17168,persons\n"
    )
    for text in (chinese, english):
        table = read(text)
        assert figures(table) == {(1, "2021-11"): "17168"}
        assert codes(table) == []
    assert read(chinese).readings[0].note == "已核對"


def test_a_number_by_position_and_an_indicator_by_name() -> None:
    table = read("指標,期間,數值\n8.6.1-1,2021-03,5\n工會會務輔導場次,2021-03,6\n")
    assert figures(table) == {(1, "2021-03"): "5", (4, "2021-03"): "6"}


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ("指標,期間,數值\n9.9.9,2021-03,5\n", "unknown_series", (1, 0)),
        ("數列,期間,數值\n人數,2021-03,5\n", "ambiguous_series", (1, 0)),
        ("指標,數列,期間,數值\n4.3.3,男性人數,2021-03,5\n", "unknown_series", (1, 1)),
        ("指標,數列,期間,數值\n8.6.2,女,2021-03,5\n", "unknown_series", (1, 1)),
        ("指標,期間,數值\n8.6.1,2021-03,5\n", "ambiguous_series", (1, 0)),
        ("指標,期間,數值\n1.4.1,12/01,5\n", "period_ambiguous", (1, 1)),
        ("指標,期間,數值\n1.4.1,2021-13,5\n", "period_month", (1, 1)),
        ("指標,期間,數值\n1.4.1,,5\n", "period_missing", (1, 1)),
        ("指標,期間,數值\n1.4.1,2021-03,abc\n", "number_unreadable", (1, 2)),
        ("指標;期間;數值\n1.4.1;2021-03;1,23\n", "number_ambiguous", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,1萬7\n", "number_ambiguous", (1, 2)),
        ("指標,期間,數值\n1.4.1,2021-03,1.23456\n", "number_precision", (1, 2)),
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


def test_a_year_in_every_row() -> None:
    table = read("112年編印\n年度,項目,1月,2月\n110,場次,1,2\n民國109年,場次,3,4\n")
    assert figures(table) == {
        (4, "2021-01"): "1",
        (4, "2021-02"): "2",
        (4, "2020-01"): "3",
        (4, "2020-02"): "4",
    }
    assert codes(table) == []


def test_units_that_are_alike_are_pointed_out() -> None:
    table = read("指標,期間,數值\n8.6.2,2021-03,12人\n")
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
    for rows in (
        [["指標", "月份", "數值"], ["1.4.1", 110.1, 5]],
        [["指標", 110.1, 110.11, 110.12], ["1.4.1", 5, 6, 7]],
    ):
        table = read(xlsx(rows))
        assert (codes(table), figures(table)) == (["period_ambiguous"], {})
    table = read(xlsx([["指標", "期間", "數值"], ["1.4.1", 110.2, 5]]))
    assert figures(table) == {(4, "2021-02"): "5"}


def test_a_year_that_the_caller_gives() -> None:
    assert figures(read("項目,1月,2月\n場次,1,2\n", year=2021)) == {
        (4, "2021-01"): "1",
        (4, "2021-02"): "2",
    }


@pytest.mark.parametrize(
    ("headings", "corrections", "expected"),
    [
        ("業務,統計月,件數", {"業務": "series", "統計月": "period", "件數": "value"}, 1),
        ("指標,期間,數值", {"數值": "ignore"}, 0),
    ],
)
def test_a_person_corrects_the_headings(
    headings: str, corrections: Mapping[str, str], expected: int
) -> None:
    table = read(f"{headings}\n場次,2021-03,5\n", corrections=corrections)
    assert len(table.readings) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1月", (None, 1)),
        ("１２月", (None, 12)),
        ("十二月", (None, 12)),
        ("十月", (None, 10)),
        ("一月份", (None, 1)),
        ("Sept", (None, 9)),
        ("January", (None, 1)),
        ("110年3月", (2021, 3)),
        ("110/03", (2021, 3)),
        ("2021-03", (2021, 3)),
        ("2021-03-01", (2021, 3)),
        ("Mar 2021", (2021, 3)),
        ("13月", None),
        ("合計", None),
        ("2021", None),
        ("12/01", None),
    ],
)
def test_months_as_headings(text: str, found: tuple[int | None, int] | None) -> None:
    assert month_heading(text) == found


def test_years_of_a_title() -> None:
    assert years_in("勞動部110年度（2021年）月報") == {2021}
    assert years_in("106年至109年") == {2017, 2020}
    assert years_in("第3期 5人 12月") == set()


def test_no_table_in_a_letter() -> None:
    (sheet,) = read_book(csv([["各位同仁"], ["請於10日前填報。"]])).sheets
    assert find_layout(sheet) is None


@pytest.mark.parametrize("text", ["168①", "168¹", "1²", "Ⅳ"])
def test_marks_of_footnotes_are_no_digits(text: str) -> None:
    assert codes(read(f"指標,期間,數值\n1.4.1,2021-03,{text}\n")) == ["number_unreadable"]


@pytest.mark.parametrize("heading", ["11月(p)", "11月*", "11月①", "11月（修正）"])
def test_marks_beside_a_month_do_not_hide_it(heading: str) -> None:
    assert figures(read(f"110年\n項目,10月,{heading}\n場次,1,2\n")) == {
        (4, "2021-10"): "1",
        (4, "2021-11"): "2",
    }


def test_a_table_of_one_month() -> None:
    assert figures(read("110年\n項目,元月\n場次,1\n")) == {(4, "2021-01"): "1"}


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ("110年\n項目,1月,2月\n場次,1,234,5\n", "beyond_headings", (2, 3)),
        ("110年\n項目,1月,,2月,\n,目標,實績,目標,實績\n場次,9,1,9,2\n", "split_months", (1, 1)),
        ("110年\n項目,11月,12月,1月\n場次,1,2,3\n", "months_order", (1, 1)),
        ("製表日期：111年1月10日\n項目,1月,2月\n場次,1,2\n", "no_year", (1, 1)),
        (f"指標,期間,數值,備註\n1.4.1,2021-03,5,{'長' * 301}\n", "note_too_long", (1, 3)),
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
        ("110年\n項目,1月,2月,去年同期\n場次,1,2,3\n", "column_left_out"),
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
        ("二", "sheet_left_out", "warning")
    ]


def test_a_figure_merged_over_a_quarter_is_no_figure_of_its_first_month() -> None:
    rows: Rows = [["110年"], ["項目", *MONTHS[:4]], ["場次", 300, None, None, 4]]
    table = read(xlsx(rows, merged=["B3:D3"]))
    assert (codes(table), figures(table)) == (["merged_months"], {(4, "2021-04"): "4"})


def test_a_second_table_below_has_its_own_months_and_its_own_year() -> None:
    below = "項目,7月,8月\n場次,7,8\n109年\n項目,1月,2月\n場次,3,4\n"
    assert figures(read(f"110年\n項目,1月,2月\n場次,1,2\n\n{below}")) == {
        (4, "2021-01"): "1",
        (4, "2021-02"): "2",
        (4, "2021-07"): "7",
        (4, "2021-08"): "8",
        (4, "2020-01"): "3",
        (4, "2020-02"): "4",
    }


def test_figures_that_could_be_periods_are_figures() -> None:
    assert figures(read("110年\n項目,1月,2月\n場次,11003,10905\n")) == {
        (4, "2021-01"): "11003",
        (4, "2021-02"): "10905",
    }


def test_the_number_of_a_column_is_no_year() -> None:
    rows = "110年\n,9,10,11\n項目,9月,10月,11月\n場次,1,2,3\n"
    assert set(figures(read(rows))) == {(4, f"2021-{month:02}") for month in (9, 10, 11)}


def test_a_file_in_which_nothing_fits_is_given_up() -> None:
    rows = "".join(f"沒有的項目{row},2021-03,5\n" for row in range(6000))
    found = codes(read("指標,期間,數值\n" + rows))
    assert (len(found), found[-1]) == (5001, "too_many_errors")
