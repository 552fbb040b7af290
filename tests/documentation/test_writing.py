"""docs/figures.md: how numbers, periods and references are read and written, form by form."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import pytest
from django.utils import translation

from indicators.calculation import periods, spelt
from indicators.calculation.numerals import (
    MISSING,
    NumberError,
    NumberStyle,
    Rounding,
    format_number,
    parse_number,
)
from indicators.calculation.periods import (
    Era,
    PeriodError,
    format_period,
    parse_period,
)
from reports.texts.live_figures import LiveFigures
from reports.texts.references import ENGLISH, BrokenReference, Kind, read_reference
from tests.documentation.documents import ROOT, bare
from tests.documentation.examples import NOTHING, Row, all_of, number, rows
from tests.published import load_published_review


def test_the_words_of_the_kinds() -> None:
    said = {row["in English"]: row["kind"] for row in rows("kind", "in English", "says")}
    assert said == {english: kind.value for english, kind in ENGLISH.items()}
    assert set(said.values()) == all_of(Kind)


@pytest.mark.django_db
def test_references_of_the_published_review() -> None:
    load_published_review()
    said = {bare(row["reference"]): row["reads"] for row in rows("reference", "reads")}
    asked = {raw: read_reference(raw) for raw in said}
    with translation.override("zh-hant"):
        live = LiveFigures(asked.values())
        assert {raw: live.of(one).text or NOTHING for raw, one in asked.items()} == said
    assert {one.kind for one in asked.values()} == set(Kind)


def test_what_is_no_reference() -> None:
    for row in rows("no reference", "refused as"):
        with pytest.raises(BrokenReference) as refused:
            read_reference(bare(row["no reference"]))
        assert refused.value.code == row["refused as"]


def units(row: Row) -> list[str]:
    return [row["of a series in"]] if row["of a series in"] else []


@pytest.mark.parametrize("row", rows("number", "of a series in", "reads"), ids=str)
def test_how_a_number_is_read(row: Row) -> None:
    assert parse_number(bare(row["number"]), units(row)) == number(row["reads"])


@pytest.mark.parametrize(
    "row", rows("no number", "of a series in", "refused as", "offered"), ids=str
)
def test_what_is_no_number(row: Row) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(bare(row["no number"]), units(row))
    assert refused.value.code == row["refused as"]
    assert " · ".join(refused.value.readings) == row["offered"]


@pytest.mark.parametrize("row", rows("period", "reads"), ids=str)
def test_how_a_period_is_read(row: Row) -> None:
    assert parse_period(bare(row["period"])).iso() == row["reads"]


@pytest.mark.parametrize("row", rows("no period", "refused as", "offered"), ids=str)
def test_what_is_no_period(row: Row) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_period(bare(row["no period"]))
    assert refused.value.code == row["refused as"]
    assert " · ".join(refused.value.readings) == row["offered"]


def codes(module: str, error: str) -> set[str]:
    """The codes with which a module raises an error."""
    tree = ast.parse((ROOT / "indicators/calculation" / module).read_text())
    return {
        str(node.args[1].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == error
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_way_to_be_refused_has_an_example() -> None:
    said = {
        row["refused as"] for row in rows("no number", "of a series in", "refused as", "offered")
    }
    assert said == codes("numerals.py", "NumberError") | codes("spelt.py", "NumberError")
    said = {row["refused as"] for row in rows("no period", "refused as", "offered")}
    assert said == codes("periods.py", "PeriodError")


def test_every_form_of_a_period_and_every_kind_of_digit_has_an_example() -> None:
    written = [bare(row["period"]) for row in rows("period", "reads")]
    written += [bare(row["no period"]) for row in rows("no period", "refused as", "offered")]
    written = [re.sub(r"\s+", "", one) for one in written]
    forms = {name: one for name, one in vars(periods).items() if isinstance(one, re.Pattern)}
    assert len(forms) > 8
    assert [
        name for name, form in forms.items() if not any(form.match(one) for one in written)
    ] == []
    assert {len(one) for one in written if one.isdigit()} == set(range(2, 9))
    numbers = "".join(row["number"] for row in rows("number", "of a series in", "reads"))
    numbers += "".join(
        row["no number"] for row in rows("no number", "of a series in", "refused as", "offered")
    )
    assert {*spelt.MYRIADS, *spelt.PLACES} <= set(numbers)


def test_marks_of_a_missing_number_are_marks() -> None:
    said = {
        bare(row["number"])
        for row in rows("number", "of a series in", "reads")
        if row["reads"] == NOTHING
    }
    assert said <= MISSING


def test_how_a_number_is_written() -> None:
    examples = rows("number", "decimals", "rounding", "style", "written")
    for row in examples:
        written = format_number(
            Decimal(row["number"]),
            decimals=int(row["decimals"]),
            rounding=Rounding(row["rounding"]),
            style=NumberStyle(row["style"]),
        )
        assert written == row["written"]
    assert {row["style"] for row in examples} == all_of(NumberStyle)
    assert {row["rounding"] for row in examples} == all_of(Rounding)


def test_how_a_period_is_written() -> None:
    examples = rows("period", "calendar", "language", "written")
    for row in examples:
        period = parse_period(row["period"])
        written = format_period(period, era=Era(row["calendar"]), language=row["language"])
        assert written == row["written"]
    assert {row["calendar"] for row in examples} == all_of(Era)
