"""Tables as offices keep them: long and wide, and how they are understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from indicators.spreadsheets.figures import Table, read_table
from indicators.spreadsheets.files import read_book
from indicators.spreadsheets.known import Known
from indicators.spreadsheets.layout.headings import read_heading
from indicators.spreadsheets.layout.layouts import find_layout
from indicators.spreadsheets.layout.years import years_in
from tests.indicators.spreadsheets.a_file import csv, ods, xlsx
from tests.indicators.spreadsheets.a_table import KNOWN, MONTHS, OFFICE, codes, figures, read


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
    content = (Path(__file__).parents[2] / "data" / f"office.{kind}").read_bytes()
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


def test_a_year_in_every_row() -> None:
    table = read("112年編印\n年度,項目,1月,2月\n110,場次,1,2\n民國109年,場次,3,4\n")
    assert figures(table) == {
        (4, "2021-01"): "1",
        (4, "2021-02"): "2",
        (4, "2020-01"): "3",
        (4, "2020-02"): "4",
    }
    assert codes(table) == []


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
    heading = read_heading(text)
    assert (heading and (heading.span.year, heading.span.first)) == found


def test_years_of_a_title() -> None:
    assert years_in("勞動部110年度（2021年）月報") == {2021}
    assert years_in("106年至109年") == {2017, 2020}
    assert years_in("第3期 5人 12月") == set()


def test_no_table_in_a_letter() -> None:
    (sheet,) = read_book(csv([["各位同仁"], ["請於10日前填報。"]])).sheets
    assert find_layout(sheet) is None


@pytest.mark.parametrize("heading", ["11月(p)", "11月*", "11月①", "11月（修正）"])
def test_marks_beside_a_month_do_not_hide_it(heading: str) -> None:
    assert figures(read(f"110年\n項目,10月,{heading}\n場次,1,2\n")) == {
        (4, "2021-10"): "1",
        (4, "2021-11"): "2",
    }


def test_a_table_of_one_month() -> None:
    assert figures(read("110年\n項目,元月\n場次,1\n")) == {(4, "2021-01"): "1"}


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
