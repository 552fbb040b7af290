"""Texts and the references in them: nothing that is typed is lost, none of it becomes markup."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.periods import Month, Period
from reports.texts.known_numbers import Known, judge, typed_numbers
from reports.texts.prose import Live, Typed, read_prose
from reports.texts.references import (
    BrokenReference,
    Kind,
    Reference,
    read_reference,
    references,
    stray_braces,
    with_references,
)

months = st.builds(Month, st.integers(1950, 2100), st.integers(1, 12))
periods = st.tuples(months, months).map(lambda two: Period(min(two), max(two)))
names = st.text(
    st.characters(categories=("Lo", "Nd"), include_characters="（）、 "), max_size=12
).map(str.strip)


@st.composite
def some_references(draw: st.DrawFn) -> Reference:
    if draw(st.booleans()):
        return Reference("", draw(names.filter(bool)), None, Kind.ACTIVITY)
    kind = draw(st.sampled_from([kind for kind in Kind if kind != Kind.ACTIVITY]))
    base = draw(st.none() | periods) if kind in (Kind.GROWTH, Kind.DIFFERENCE) else None
    return Reference(
        draw(st.sampled_from(["1.4.1", "1.a.2"])), draw(names), draw(periods), kind, base
    )


@given(some_references())
def test_a_reference_is_read_as_it_was_written(reference: Reference) -> None:
    assert read_reference(reference.written()) == reference


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("{{1.4.1}}", "parts"),
        ("{{|2020年}}", "parts"),
        ("{{1.4.1|2020年|值|x}}", "parts"),
        ("{{1.4.1|去年}}", "period"),
        ("{{1.4.1|2020年|平均}}", "kind"),
        ("{{1.4.1|2020年|成長 明年}}", "base"),
        ("{{1.4.1|2020年|目標 2016年}}", "base"),
        ("{{活動|甲|值}}", "parts"),
        ("1.4.1|2020年", "brace"),
    ],
)
def test_what_is_no_reference_says_why(raw: str, code: str) -> None:
    with pytest.raises(BrokenReference) as refused:
        read_reference(raw)
    assert refused.value.code == code


def test_references_are_read_in_english_roc_years_and_full_width() -> None:
    assert read_reference("{{1.4.1 | 106年至109年 | growth 105年}}") == read_reference(
        "{{1.4.1｜2017–2020｜成長 2016}}"
    )
    assert read_reference("{{activity|甲}}") == read_reference("{{活動|甲}}")


@given(st.text())
def test_any_text_is_read_and_none_of_it_is_lost(text: str) -> None:
    shown = "".join(
        piece.text if isinstance(piece, Typed) else piece.raw
        for part in read_prose(text)
        for piece in part.inline
    )
    kept = [mark for mark in shown if not mark.isspace() and mark != "*"]
    typed = iter(mark for mark in text if not mark.isspace() and mark != "*")
    assert all(mark in typed for mark in kept), "what is shown was typed, in the same order"
    list(stray_braces(text))
    with_references(text, lambda reference: reference)


def test_the_parts_of_a_text() -> None:
    parts = read_prose(
        "本部**重點**如下，\n共{{1.4.1|2020年}}。\n\n- 一\n• 二\n1. 甲\n2、乙\n"
        "## 小結\nLine one\nline two"
    )
    assert [(part.kind, part.line) for part in parts] == [
        ("paragraph", 1),
        ("dot", 4),
        ("dot", 5),
        ("number", 6),
        ("number", 7),
        ("heading", 8),
        ("paragraph", 9),
    ]
    first = parts[0].inline
    assert [piece.strong for piece in first] == [False, True, False, False, False]
    live = first[3]
    assert isinstance(live, Live)
    assert live.raw == "{{1.4.1|2020年}}"
    assert parts[6].inline == (Typed("Line one line two"),)


def test_strong_words_hold_beside_chinese_marks_and_around_figures() -> None:
    (part,) = read_prose("**「{{1.4.1|2020年}}」**，5 ** 3")
    assert [piece.strong for piece in part.inline] == [True, True, True, False]


def test_markup_of_other_kinds_stays_text() -> None:
    (part,) = read_prose("<b>粗</b> [連結](javascript:1) #[eval] {% x %} {{ y }")
    assert part.inline == (Typed("<b>粗</b> [連結](javascript:1) #[eval] {% x %} {{ y }"),)
    assert list(stray_braces("{{ y } {{1.4.1|2020年}} }}")) == [0, 23]


def test_periods_are_moved_and_the_words_stay() -> None:
    text = "自{{1.4.1|2020年|期間}}起，{{壞的}}，{{活動|甲}}"
    moved = with_references(
        text, lambda one: one.moved(lambda p: Period(p.first + 12, p.last + 12))
    )
    assert moved == "自{{1.4.1|2021年|期間}}起，{{壞的}}，{{活動|甲}}"
    assert [one.kind for one in references(moved)] == [Kind.PERIOD, Kind.ACTIVITY]


UNITS = ["人", "人次", "場次", "%"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共1萬7,168人次", [("17168", "人次")]),
        ("６１８場次與 58.7％", [("618", "場次"), ("58.7", "%")]),
        ("2020年第3期，1.4.1 共3人", [("3", "人")]),
        ("四百零三人", [("403", "人")]),
        ("四百三十人、一人", [("430", "人")]),
        ("死亡率零點零二三%", [("0.023", "%")]),
        ("一萬七千一百六十八人次", [("17168", "人次")]),
    ],
)
def test_typed_numbers_are_those_with_a_unit(text: str, found: list[tuple[str, str]]) -> None:
    assert [(str(one.value), one.unit) for one in typed_numbers(text, UNITS)] == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("618場次", "matches"),
        ("628場次", "contradicts"),
        ("99場次", "unknown"),
        ("618人次", "unit"),
        ("58.7%", "matches"),
        ("58.8%", "contradicts"),
    ],
)
def test_a_typed_number_is_held_against_the_data(text: str, kind: str) -> None:
    known = [
        Known(Decimal(618), "場次", "1.4.1", "{{1.4.1|2020年}}"),
        Known(Decimal("58.7090134"), "%", "1.4.1", "{{1.3.1|2020年}}"),
    ]
    (typed,) = typed_numbers(text, UNITS)
    assert judge(typed, known, frozenset({"1.4.1"})).kind == kind
    if kind == "contradicts":
        assert judge(typed, known, frozenset({"8.7.1"})).kind == "unknown"
