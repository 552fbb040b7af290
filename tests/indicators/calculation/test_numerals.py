"""Numbers as the ministry writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.numerals import (
    NumberError,
    NumberStyle,
    Rounding,
    format_number,
    has_room,
    parse_measure,
    parse_number,
    plain,
    round_figure,
    whole,
)

NUMBERS = st.decimals(
    min_value=-(10**11) + 1, max_value=10**11 - 1, places=4, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("152 萬 9,647 人", "1529647", "人"),
        ("152萬0,647人", "1520647", "人"),
        ("152萬0647人", "1520647", "人"),
        ("1萬7,168人次", "17168", "人次"),
        ("6.6萬人", "66000", "人"),
        ("100 萬人", "1000000", "人"),
        ("1億2,000萬", "120000000", ""),
        ("10,000人", "10000", "人"),
        ("４４，６５８", "44658", ""),
        ("四百零三", "403", ""),
        ("一千二百萬", "12000000", ""),
        ("十五", "15", ""),
        ("二〇二一", "2021", ""),
        ("十二點五", "12.5", ""),
        ("百分之八十八點八", "88.8", "%"),
        ("百分之百", "100", "%"),
        ("千分之三", "3", "‰"),
        ("八成", "80", "%"),
        ("八成五", "85", "%"),
        ("58.7%", "58.7", "%"),
        ("0.023", "0.023", ""),
        ("618場次", "618", "場次"),
        ("-5", "-5", ""),
        ("−5", "-5", ""),
        ("－5", "-5", ""),
        ("0", "0", ""),
        ("8萬人", "80000", "人"),
    ],
)
def test_reads(text: str, value: str, unit: str) -> None:
    measure = parse_measure(text)
    assert (measure.value, measure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["", " ", "-", "－", "—", "…", "...", "N/A"])
def test_a_missing_number_is_not_zero(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,23", "ambiguous"),
        ("12,34,567", "ambiguous"),
        ("1.234,5", "ambiguous"),
        ("1萬12,000", "ambiguous"),
        ("6.6萬5", "ambiguous"),
        ("1萬7", "ambiguous"),
        ("1萬05", "ambiguous"),
        ("1" * 31, "precision"),
        ("12三", "unreadable"),
        ("5-", "ambiguous"),
        ("一萬七", "ambiguous"),
        ("一百五", "ambiguous"),
        ("一百零兩", "unreadable"),
        ("一萬點五", "unreadable"),
        ("一點", "unreadable"),
        ("點五", "unreadable"),
        ("12 34", "ambiguous"),
        ("1.234567891", "precision"),
        ("1234567890123456", "precision"),
        ("123456789.12345678", "precision"),
        ("NaN", "unreadable"),
        ("Infinity", "unreadable"),
        ("1e5", "unreadable"),
        ("1E+1000000", "unreadable"),
        ("=1+1", "unreadable"),
        ("△5", "ambiguous"),
        ("12\x00", "unreadable"),
        ("\u202e12", "unreadable"),
        ("人", "unreadable"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.code == code


@given(NUMBERS, st.sampled_from(NumberStyle))
def test_what_is_written_is_read_again(value: Decimal, style: NumberStyle) -> None:
    assert parse_number(format_number(value, style=style)) == value


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        value = parse_number(text)
    except NumberError:
        return
    assert value is None or value.is_finite()


@pytest.mark.parametrize(
    ("value", "grouped", "wan"),
    [
        ("17168", "17,168", "1萬7,168"),
        ("65477", "65,477", "6萬5,477"),
        ("1000000", "1,000,000", "100萬"),
        ("123456789", "123,456,789", "1億2,345萬6,789"),
        ("618", "618", "618"),
        ("0.023", "0.023", "0.023"),
        ("-17168.5", "-17,168.5", "-1萬7,168.5"),
        ("10005", "10,005", "10,005"),
        ("100005000", "100,005,000", "100,005,000"),
        ("1000000000.0001", "1,000,000,000.0001", "1,000,000,000.0001"),
    ],
)
def test_writes(value: str, grouped: str, wan: str) -> None:
    assert format_number(Decimal(value)) == grouped
    assert format_number(Decimal(value), style=NumberStyle.WAN) == wan


@pytest.mark.parametrize(
    ("value", "half_up", "truncate"),
    [("60.8787", "60.9", "60.8"), ("0.05", "0.1", "0.0"), ("-0.05", "-0.1", "0.0")],
)
def test_rounding_is_declared(value: str, half_up: str, truncate: str) -> None:
    assert round_figure(Decimal(value), 1) == Decimal(half_up)
    assert round_figure(Decimal(value), 1, Rounding.TRUNCATE) == Decimal(truncate)


@pytest.mark.parametrize(
    ("value", "text"), [("400.0000", "400"), ("0.0230", "0.023"), ("1E+3", "1000"), ("0E-4", "0")]
)
def test_exact_numbers_have_no_exponent_and_no_zeros_behind(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("text", "units", "value"),
    [
        ("12件", ["件"], "12"),
        ("ＮＴ＄1,200", ["NT$"], "1200"),
        ("1,200 NT$", ["NT$"], "1200"),
        ("5", ["萬元"], "5"),
        ("5萬元", ["元"], "50000"),
        ("三十", ["百人"], "ambiguous"),
        ("3萬", ["百人"], "ambiguous"),
        ("5萬", ["萬元"], "ambiguous"),
        ("12件", ["人"], "unit"),
    ],
)
def test_a_number_is_read_in_the_units_of_its_series(
    text: str, units: list[str], value: str
) -> None:
    try:
        found = str(parse_number(text, units))
    except NumberError as error:
        found = error.code
    assert found == value


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("999999999999999", True),
        ("1000000000000000", False),
        ("0.12345678", True),
        ("0.123456789", False),
        ("9999999.12345678", True),
        ("99999999.12345678", False),
        ("NaN", False),
        ("-Infinity", False),
    ],
)
def test_fifteen_digits_are_kept_eight_of_them_decimals(value: str, fits: bool) -> None:
    assert has_room(Decimal(value)) == fits


def test_a_whole_number_of_a_form_has_nine_digits_at_most() -> None:
    assert whole("999999999") == 999_999_999
    assert [whole(text) for text in ("1000000000", "", "-1", "1.0", "１", "x")] == [None] * 6


def test_a_number_is_written_with_the_decimals_of_its_series() -> None:
    assert format_number(Decimal("17168.25"), decimals=1) == "17,168.3"
    cut = format_number(Decimal("17168.25"), decimals=1, rounding=Rounding.TRUNCATE)
    assert cut == "17,168.2"
    assert format_number(Decimal(17168), decimals=2, style=NumberStyle.WAN) == "1萬7,168.00"
