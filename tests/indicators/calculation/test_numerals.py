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
    parse_measure,
    parse_number,
    plain,
    round_figure,
)

NUMBERS = st.decimals(
    min_value=-(10**11) + 1, max_value=10**11 - 1, places=4, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("152 萬 9,647 人", "1529647", "人"),
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
        ("12三", "unreadable"),
        ("5-", "ambiguous"),
        ("一萬七", "ambiguous"),
        ("一百五", "ambiguous"),
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
