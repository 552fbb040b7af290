"""What number formats show, and what an OpenDocument file says was shown."""

from __future__ import annotations

from typing import Any

import pytest

from indicators.spreadsheets.readers.formats import parsed, seen_number
from indicators.spreadsheets.readers.ods import seen_of


@pytest.mark.parametrize(
    ("code", "held", "cell", "fault"),
    [
        ("0.0%", 0.587, "58.7%", ""),
        ("0%", 0.8881, "88.81%", ""),
        ("0.00%", 1.0302, "103.02%", ""),
        ('0.0"%"', 58.7, "58.7%", ""),
        ("#,##0,", 17168, 17168, "scaled_format"),
        ("0.0,,", 17168000, 17168000, "scaled_format"),
        ("0!.0", 587, 587, "scaled_format"),
        ('0!.0,"萬"', 66123, "6.6123萬", ""),
        ('0!.0,"千"', 66123, 66123, "scaled_format"),
        ('#"萬"0000', 17168, 17168, "scaled_format"),
        ('[>=10000]0!.0,"萬人";0"人"', 168, "168人", ""),
        ('[>=10000]0!.0,"萬人";0"人"', 17168, "1.7168萬人", ""),
        ('0"人次"', 5, "5人次", ""),
        ('"民國"0"年"', 110, "民國110年", ""),
        ('0"月"', 3, "3月", ""),
        ('"約"0', 5, "約5", ""),
        ('"US$"0', 5, "US$5", ""),
        (";;;", 5, 5, "hidden_by_format"),
        ("#,##0;-#,##0;", 0, 0, "hidden_by_format"),
        ("#,##0;-#,##0;", 7, 7, ""),
        ("#,###", 0, 0, "hidden_by_format"),
        ('0;0;"無"', 0, 0, "hidden_by_format"),
        ('m"月"', 44562, "2022-01-01", ""),
        ('[$-404]e"年"m"月"', 44562, "2022-01-01", ""),
        ('[$-404]e"年"', 44562, "111年", ""),
        ("yyyy", 44562, "2022年", ""),
        ("yyyy/m/d h:mm", 59, "1900-02-28", ""),
        ("yyyy/m/d", -5, -5, "error_value"),
    ],
)
def test_what_a_format_shows(code: str, held: float, cell: Any, fault: str) -> None:
    seen = seen_number(held, parsed(code))
    assert (seen.cell, seen.fault) == (cell, fault)


@pytest.mark.parametrize(
    "code",
    [
        *("General", "0", "0.00", "#,##0", "@", "0_ ", "0.00E+00", "# ?/?", "h:mm", "[h]:mm"),
        *("$#,##0", '"NT$"#,##0_);("NT$"#,##0)', "[$NT$-404]#,##0.00", "#,##0;[Red]#,##0"),
        *('_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-', '"▲"0;"△"0', "# ##0", "000"),
    ],
)
def test_formats_that_show_the_number_as_it_is_held(code: str) -> None:
    assert parsed(code) == ()


@pytest.mark.parametrize(
    ("held", "shown", "cell", "fault"),
    [
        (1.0302, "103.02%", "103.02%", ""),
        (0.5871, "58.7%", "58.71%", ""),
        (58.7, "58.7%", "58.7%", ""),
        (17168, "17", 17168, "scaled_format"),
        (17168, "17,168", 17168, ""),
        (17168, "1.7萬", "1.7168萬", ""),
        (15e9, "1.50E+10", 15e9, ""),
        (5, "5人", "5人", ""),
        (0, "-", 0, ""),
        (0, "", 0, "hidden_by_format"),
        (7, "…", 7, "hidden_by_format"),
        (-5, "(5)", -5, ""),
        (5, "###", 5, ""),
        (5, None, 5, ""),
    ],
)
def test_what_an_opendocument_cell_shows(
    held: float, shown: str | None, cell: Any, fault: str
) -> None:
    seen = seen_of(held, shown, is_percentage=False)
    assert (seen.cell, seen.fault) == (cell, fault)
