"""Periods as people write them, in both calendars."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.periods import (
    Era,
    Month,
    Period,
    PeriodError,
    format_period,
    parse_period,
)

MONTHS = st.integers(1912 * 12, 2200 * 12 + 11).map(Month.from_ordinal)
PERIODS = st.tuples(MONTHS, MONTHS).map(lambda ends: Period(min(ends), max(ends)))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("110年11月", "2021-11"),
        ("民國110年1月至11月", "2021-01/2021-11"),
        ("110/01", "2021-01"),
        ("110.1", "2021-01"),
        ("110.10", "2021-10"),
        ("1101130", "2021-11"),
        ("20211130", "2021-11"),
        ("1130229", "2024-02"),
        ("1130201", "2024-02"),
        ("2021-01", "2021-01"),
        ("2021/3", "2021-03"),
        ("2021.03", "2021-03"),
        ("202103", "2021-03"),
        ("11003", "2021-03"),
        ("2021年1月至11月", "2021-01/2021-11"),
        ("110年1月-11月", "2021-01/2021-11"),
        ("2020年3月至2021年2月", "2020-03/2021-02"),
        ("106年至109年", "2017-01/2020-12"),
        ("2017年至2020年", "2017-01/2020-12"),
        ("2017–2020", "2017-01/2020-12"),
        ("2017-01/2020-12", "2017-01/2020-12"),
        ("截至2021年11月底", "2021-11"),
        ("截至110年11月底", "2021-11"),
        ("110", "2021-01/2021-12"),
        ("110年", "2021-01/2021-12"),
        ("民國110年度", "2021-01/2021-12"),
        ("99年", "2010-01/2010-12"),
        ("2021", "2021-01/2021-12"),
        ("１１０年３月", "2021-03"),
        (" 110 年 3 月 ", "2021-03"),
        ("Jan–Nov 2021", "2021-01/2021-11"),
        ("Mar 2021", "2021-03"),
        ("ROC 106–109", "2017-01/2020-12"),
        ("ROC 110", "2021-01/2021-12"),
    ],
)
def test_reads(text: str, iso: str) -> None:
    assert parse_period(text).iso() == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12/01", "ambiguous"),
        ("99", "ambiguous"),
        ("21-03", "ambiguous"),
        ("110年13月", "month"),
        ("2021-00", "month"),
        ("1101131", "day"),
        ("2020-12/2017-01", "reversed"),
        ("109年至106年", "reversed"),
        ("3021", "year"),
        ("0年3月", "year"),
        ("", "unreadable"),
        ("sometime", "unreadable"),
        ("Mar 110", "unreadable"),
        ("Jan–Nov 110", "unreadable"),
        ("Jan 2020–Nov 110", "unreadable"),
        ("202111301", "unreadable"),
        ("1100229", "day"),
        ("1130230", "day"),
        ("1130200", "day"),
        ("2021-03\x00", "unreadable"),
        ("2021-03-04-05", "unreadable"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(PeriodError) as caught:
        parse_period(text)
    assert caught.value.code == code
    assert caught.value.text == text


def test_an_ambiguous_text_is_offered_its_readings() -> None:
    with pytest.raises(PeriodError) as caught:
        parse_period("12/01")
    assert set(caught.value.readings) == {"1923-01", "2012-01", "2001-12"}
    with pytest.raises(PeriodError) as caught:
        parse_period("12/99")
    assert caught.value.readings == ("2099-12",)


@pytest.mark.parametrize(
    ("iso", "chinese", "roc", "english"),
    [
        ("2021-03", "2021年3月", "110年3月", "Mar 2021"),
        ("2021-01/2021-11", "2021年1月至11月", "110年1月至11月", "Jan–Nov 2021"),
        ("2020-03/2021-02", "2020年3月至2021年2月", "109年3月至110年2月", "Mar 2020–Feb 2021"),
        ("2021", "2021年", "110年", "2021"),
        ("2017-01/2020-12", "2017年至2020年", "106年至109年", "2017–2020"),
    ],
)
def test_writes(iso: str, chinese: str, roc: str, english: str) -> None:
    period = parse_period(iso)
    assert format_period(period) == chinese
    assert format_period(period, era=Era.ROC) == roc
    assert format_period(period, language="en") == english


@given(PERIODS, st.sampled_from(Era), st.sampled_from(["zh-hant", "en"]))
def test_what_is_written_is_read_again(period: Period, era: Era, language: str) -> None:
    assert parse_period(format_period(period, era=era, language=language)) == period


@given(PERIODS)
def test_the_iso_form_is_read_again(period: Period) -> None:
    assert parse_period(period.iso()) == period


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    with contextlib.suppress(PeriodError):
        parse_period(text)


@given(MONTHS, st.integers(-500, 500))
def test_counting_months(month: Month, step: int) -> None:
    moved = month + step
    assert month.until(moved) == step
    assert moved - step == month


def test_the_republic_had_no_years_before_1912() -> None:
    with pytest.raises(PeriodError):
        format_period(Period.year(1911), era=Era.ROC)


def test_a_day_lies_in_its_month() -> None:
    assert Month.of(date(2021, 11, 30)) == Month(2021, 11)


def test_periods_contain_and_overlap() -> None:
    window = Period.years(2017, 2020)
    assert window.contains(Period.year(2020))
    assert not window.contains(Period.year(2021))
    assert window.overlaps(Period(Month(2020, 12), Month(2021, 1)))
    assert window.months == 48
