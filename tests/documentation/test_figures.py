"""docs/figures.md: every example is run, and every rule, standing and doubt has one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.utils import translation

from indicators.calculation.deadlines import due_date
from indicators.calculation.forecasting import forecast
from indicators.calculation.numerals import (
    plain,
)
from indicators.calculation.periods import (
    Month,
    Period,
    parse_period,
)
from indicators.calculation.plausibility import jump, looks_like_another_unit, missing_before
from indicators.calculation.progress import (
    WORST_FIRST,
    Aim,
    Direction,
    Reading,
    Reason,
    Standing,
    assess,
)
from indicators.calculation.reconciliation import Difference, compare
from indicators.calculation.rules import (
    Component,
    Coverage,
    Figure,
    Rolled,
    Rule,
    roll_up,
    value_of,
)
from indicators.reading.explanations import STANDING_NAMES
from tests.documentation.documents import DOCUMENTS, bare
from tests.documentation.examples import FIGURES, NOTHING, Row, all_of, known, number, rows

EQUATION = re.compile(r"([\d,.]+) − ([\d,.]+) = ([\d,.]+\d)")


def agrees(value: Decimal | None, written: str) -> bool:
    """Whether a value is the written one; ``…`` behind it leaves further digits open."""
    if written.endswith("…"):
        return value is not None and plain(value).startswith(written.removesuffix("…"))
    return value == number(written)


def month(text: str) -> Month:
    return parse_period(text).first


def figures(text: str) -> list[Figure]:
    """``2020-01 10 · 2020-02 20``: what stands before a figure is its period."""
    found = []
    for one in text.split(" · "):
        if one not in ("", NOTHING) and not one.startswith("from "):
            period, _space, value = one.rpartition(" ")
            found.append(Figure(parse_period(period), known(value)))
    return found


def rolled(row: Row, over: str) -> tuple[Rolled, Decimal]:
    """What the figures of a row come to over its period, and the scale of its ratio."""
    rule, text, scale = Rule(row["rule"]), row["figures"], Decimal(1)
    period = parse_period(row[over])
    if base := re.match(r"from (\d{4})", text):
        level = Component(Rule.LAST, figures(text))
        return roll_up(rule, period, [], source=level, base_year=int(base[1])), scale
    if "÷" in text:
        top, rest = text.split(" ÷ ")
        bottom, factor = rest.split(" × ")
        parts = [Component(Rule.SUM, figures(one)) for one in (top, bottom)]
        return roll_up(rule, period, [], numerator=parts[0], denominator=parts[1]), known(factor)
    return roll_up(rule, period, figures(text)), scale


ROLLED = rows("rule", "figures", "period", "comes to", "coverage", "months")


@pytest.mark.parametrize("row", ROLLED, ids=str)
def test_what_figures_come_to(row: Row) -> None:
    found, scale = rolled(row, "period")
    value = value_of(Rule(row["rule"]), found.numerator, found.denominator, scale)
    assert agrees(value, row["comes to"]), value
    assert (found.coverage, found.months) == (row["coverage"], int(row["months"]))


def test_every_rule_and_every_coverage_has_an_example() -> None:
    assert {row["rule"] for row in rows("rule", "value of the period", "kept as")} == all_of(Rule)
    assert {row["rule"] for row in ROLLED} == all_of(Rule)
    assert {row["coverage"] for row in ROLLED} == all_of(Coverage)


STANDINGS = rows(
    "rule", "better", "target", "window", "base", "figures", "month", "standing", "reason"
)


@pytest.mark.parametrize("row", STANDINGS, ids=str)
def test_how_a_series_stands(row: Row) -> None:
    found, scale = rolled(row, "window")
    target = number(row["target"])
    aim = None
    if target is not None:
        aim = Aim(target, parse_period(row["window"]), base=number(row["base"]))
    reading = Reading(
        Rule(row["rule"]),
        found.numerator,
        found.denominator,
        found.coverage,
        scale,
        found.months,
        found.last_month,
        found.missing,
    )
    stands = assess(
        aim, reading, direction=Direction(row["better"]), this_month=month(row["month"])
    )
    assert (stands.standing, stands.reason) == (row["standing"], row["reason"])


def test_every_standing_and_every_reason_has_an_example() -> None:
    assert {row["standing"] for row in STANDINGS} == all_of(Standing)
    assert {row["reason"] for row in STANDINGS} == all_of(Reason)


def test_the_order_and_the_names_of_the_standings() -> None:
    said = rows("standing, the worst first", "中文")
    assert [row["standing, the worst first"] for row in said] == list(WORST_FIRST)
    assert set(WORST_FIRST) == set(Standing)
    with translation.override("zh-hant"):
        names = {standing.value: str(name) for standing, name in STANDING_NAMES.items()}
    assert {row["standing, the worst first"]: row["中文"] for row in said} == names


def test_a_pace_at_its_threshold_and_just_below() -> None:
    """Half a year of a sum to which a pace of 1 means a million."""

    def standing(pace: Decimal) -> Standing:
        half = Reading(
            Rule.SUM,
            pace * 1_000_000,
            None,
            Coverage.PARTIAL,
            months=6,
            last_month=Month(2020, 6),
        )
        aim = Aim(Decimal(2_000_000), Period.year(2020))
        return assess(aim, half, direction=Direction.UP, this_month=Month(2020, 7)).standing

    *least, below = rows("pace", "on the way")
    thresholds = [(Decimal(row["pace"].removeprefix("≥ ")), row["on the way"]) for row in least]
    assert below["pace"] == f"< {thresholds[-1][0]}"
    under = [name for _pace, name in thresholds[1:]] + [below["on the way"]]
    for (pace, name), name_below in zip(thresholds, under, strict=True):
        assert standing(pace) == name
        assert standing(pace - Decimal("0.000001")) == name_below


@pytest.mark.parametrize(
    "row", rows("better", "target", "actual", "achievement", "margin"), ids=str
)
def test_achievement_and_margin(row: Row) -> None:
    window = Period.year(2020)
    reading = Reading(Rule.LAST, known(row["actual"]), None, Coverage.COMPLETE)
    found = assess(
        Aim(known(row["target"]), window),
        reading,
        direction=Direction(row["better"]),
        this_month=Month(2021, 1),
    )
    assert agrees(found.achievement, row["achievement"]), found.achievement
    assert agrees(found.margin, row["margin"]), found.margin


@pytest.mark.parametrize(
    "row", rows("rule", "monthly figures", "window", "forecast", "from", "to"), ids=str
)
def test_forecasts(row: Row) -> None:
    rule, flows, window = Rule(row["rule"]), figures(row["monthly figures"]), row["window"]
    now = flows[-1].value if rule == Rule.LAST else sum(one.value for one in flows)
    found = forecast(rule, flows, Decimal(now), flows[-1].period.last, parse_period(window))
    ends = (found.value, found.low, found.high) if found else (None, None, None)
    for value, column in zip(ends, ("forecast", "from", "to"), strict=True):
        assert agrees(value, row[column]), value


@pytest.mark.parametrize("row", rows("month", "due on day", "due"), ids=str)
def test_when_a_return_is_due(row: Row) -> None:
    due = due_date(month(row["month"]), int(row["due on day"]))
    assert due == date.fromisoformat(row["due"])


@pytest.mark.parametrize(
    "row",
    rows("the months before, `…` without a figure", "the month", "in doubt as"),
    ids=str,
)
def test_doubts(row: Row) -> None:
    before, now = row["the months before, `…` without a figure"].split(), Month(2021, 3)
    values = {now: known(row["the month"])}
    for back, text in enumerate(reversed(before), 1):
        if text != "…":
            values[now - back] = known(text)
    found = {
        "jump": jump(now, values),
        "unit": looks_like_another_unit(now, values),
        "gap": missing_before(now, values),
    }
    said = set() if row["in doubt as"] == NOTHING else {row["in doubt as"]}
    assert {name for name, one in found.items() if one is not None} == said


def test_printed_against_computed() -> None:
    examples = rows("printed", "the data", "is")
    for row in examples:
        decimals = len(row["printed"].partition(".")[2])
        found = compare(known(row["printed"]), known(row["the data"]), decimals)
        assert found.kind == row["is"], row
    assert {row["is"] for row in examples} == all_of(Difference)


@pytest.mark.parametrize("row", rows("what", "is", "kept in"), ids=str)
def test_what_the_method_fixes(row: Row) -> None:
    module, _dot, name = bare(row["kept in"]).rpartition(".")
    assert Decimal(str(getattr(import_module(module), name))) == Decimal(row["is"])


def test_the_sums_in_the_text_are_right() -> None:
    found = [[known(part) for part in one] for one in EQUATION.findall(DOCUMENTS[FIGURES])]
    assert len(found) > 1
    assert [one for one in found if one[0] - one[1] != one[2]] == []
