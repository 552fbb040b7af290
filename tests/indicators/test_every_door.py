"""Every way of writing a figure comes to the same answer at every door."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from accounts.models import Role
from indicators import clock
from indicators.calculation.numerals import NumberError, parse_number
from indicators.models import Milestone, Observation, Series
from tests.builders import make_agency, make_calendar, make_indicator, make_series, signed_in
from tests.indicators.admin.test_reference import confirm, upload
from tests.indicators.pages.a_month import DAY, a_cell, post_cells
from tests.indicators.writings import COUNT, PER_MILLE, RATE, SHARE, WRITINGS, Writing

pytestmark = pytest.mark.django_db

FIELDS: dict[str, dict[str, Any]] = {
    COUNT: {"rule": "sum", "unit_en": "person-times", "may_be_negative": True},
    SHARE: {"rule": "ratio", "scale": 100},
    PER_MILLE: {"rule": "ratio", "scale": 1000},
    RATE: {"rule": "ratio", "scale": 1_000_000},
}
type Written = list[tuple[Writing, Series]]


@pytest.fixture
def april() -> Iterator[None]:
    with clock.fixed(DAY):
        yield


@pytest.fixture
def written(april: None) -> Written:
    """A series for each writing."""
    agency = make_agency()
    make_calendar(agency, "2021-01")
    indicator = make_indicator(agency=agency)
    return [
        (one, make_series(indicator, name_zh=f"甲{at}乙", unit_zh=one.unit, **FIELDS[one.unit]))
        for at, one in enumerate(WRITINGS, 1)
    ]


@pytest.fixture
def officer(written: Written) -> Client:
    return signed_in(Role.ENTRY_OFFICER, agency=make_agency())[0]


def good(written: Written) -> dict[int, Decimal]:
    return {series.pk: one.value for one, series in written if one.value is not None}


def bad(written: Written) -> set[int]:
    return {series.pk for one, series in written if one.refused}


def stored() -> dict[int, Decimal | None]:
    return dict(Observation.objects.values_list("series", "value"))


@pytest.mark.parametrize("one", WRITINGS, ids=lambda one: one.text)
def test_the_reading_itself(one: Writing) -> None:
    units = (one.unit, FIELDS[one.unit].get("unit_en", ""))
    if one.refused:
        with pytest.raises(NumberError):
            parse_number(one.text, units)
    else:
        assert parse_number(one.text, units) == one.value


def test_the_grid(officer: Client, written: Written) -> None:
    answer = post_cells(officer, [a_cell(series, one.text) for one, series in written])
    assert {problem["series"] for problem in answer.json()["problems"]} == bad(written)
    assert not stored()
    cells = [a_cell(series, one.text) for one, series in written if not one.refused]
    assert post_cells(officer, cells).status_code == 200
    assert stored() == good(written)


def test_the_form_of_a_month(officer: Client, written: Written) -> None:
    def sent(*, refused: bool) -> Any:
        data = {f"value-{series.pk}": one.text for one, series in written if one.refused == refused}
        key = {"key": uuid.uuid4().hex, "reason": "monthly"}
        return officer.post("/en/entry/wda/2021/3/", data | key, follow=True)

    lines = sent(refused=True).context["form"].lines
    assert {line.row.series.pk for line in lines if line.error} == bad(written)
    assert not stored()
    sent(refused=False)
    assert stored() == good(written)


def table(*lines: list[str]) -> bytes:
    """A text file with every cell in quotation marks."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    return out.getvalue().encode()


def rows(written: Written) -> list[list[str]]:
    return [[f"1.4.1 {series.name_zh}", "2021-03", one.text] for one, series in written]


def test_the_paste(officer: Client, written: Written) -> None:
    block = [["數列", "3月"], *([f"1.4.1 {series.name_zh}", one.text] for one, series in written)]
    sent = {"rows": block, "series": written[0][1].pk, "month": "2021-03", "sure": False}
    answer = officer.post(
        "/en/entry/wda/2021/paste/", json.dumps(sent), content_type="application/json"
    )
    cells = answer.json()["cells"]
    assert {cell["series"] for cell in cells if cell["problem"]} == bad(written)
    read = {cell["series"]: Decimal(cell["text"]) for cell in cells if not cell["problem"]}
    assert read == good(written)


def test_the_command(written: Written, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(table(["指標", "期間", "數值"], *rows(written)))
    with pytest.raises(CommandError):
        call_command("import_figures", str(path), "--json", "--dry-run")
    answer = json.loads(capsys.readouterr().out)
    at_fault = {written[error["row"] - 2][1].pk for error in answer["errors"]}
    assert at_fault == bad(written)
    taken = [(one, series) for one, series in written if not one.refused]
    path.write_bytes(table(["指標", "期間", "數值"], *rows(taken)))
    call_command("import_figures", str(path))
    assert stored() == good(written)


def test_the_administration(written: Written) -> None:
    request = RequestFactory().get("/")
    request.user = signed_in(Role.ENTRY_OFFICER, agency=make_agency())[1]
    form = admin.site._registry[Observation].get_form(request)
    for one, series in written:
        data = {"series": series.pk, "period": "2021-03", "value": one.text, "reason": "monthly"}
        filled = form(data | {"key": uuid.uuid4().hex})
        assert ("value" in filled.errors) == one.refused, one
        if not one.refused:
            assert filled.cleaned_data["value"] == one.value, one


def test_the_import_of_targets(client: Client, written: Written) -> None:
    planner, _user = signed_in(Role.PLANNER)
    head = ["indicator", "series", "year", "value", "window", "base_month", "note"]

    def targets(*, refused: bool) -> bytes:
        return table(
            head,
            *(
                ["1.4.1", series.name_zh, "2021", one.text, "2021", "", ""]
                for one, series in written
                if one.refused == refused and (refused or one.value is not None)
            ),
        )

    page = upload(planner, "indicators_milestone", "csv", targets(refused=True))
    result = page.context["result"]  # type: ignore[attr-defined]
    refused = {row.number for row in result.invalid_rows} | {
        number for number, _errors in result.row_errors()
    }
    assert len(refused) == len(bad(written))
    preview = upload(planner, "indicators_milestone", "csv", targets(refused=False))
    assert not preview.context["result"].has_validation_errors()  # type: ignore[attr-defined]
    assert confirm(planner, "indicators_milestone", preview).status_code == 302
    assert dict(Milestone.objects.values_list("series", "value")) == good(written)
