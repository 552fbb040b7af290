"""manage.py import_figures: its answer, its exit status, what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from indicators.spreadsheets.cells import cell_name
from tests.builders import make_agency, make_indicator, make_series
from tests.indicators.imports.test_importing import stored
from tests.indicators.spreadsheets.a_file import csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_answer_and_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_series(make_indicator(agency=make_agency()), name_zh="場次")
    path = tmp_path / "figures.csv"
    path.write_bytes(csv([["指標", "期間", "數值"], ["1.4.1", "110年3月", "17168"]]))
    call_command("import_figures", str(path), "--json", "--dry-run")
    assert json.loads(capsys.readouterr().out) == {
        "rows": 1,
        "new": 1,
        "changed": 0,
        "same": 0,
        "warnings": [],
        "errors": [],
        "figures": [
            {"indicator": "1.4.1", "series": "場次", "period": "2021-03", "value": "17168"}
        ],
    }
    assert stored() == {}
    call_command("import_figures", str(path), "--agency", "wda")
    assert "1 new" in capsys.readouterr().out
    assert stored() == {"2021-03": "17168"}
    path.write_bytes(csv([["指標", "期間", "數值"], ["1.4.1", "12/01", "5"]]))
    with pytest.raises(CommandError) as caught:
        call_command("import_figures", str(path), "--json")
    assert caught.value.returncode == 1
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert (error["row"], error["column"], error["text"]) == (2, "B", "12/01")
    path.write_bytes(b"%PDF")
    with pytest.raises(CommandError):
        call_command("import_figures", str(path))
    with pytest.raises(CommandError, match="no agency"):
        call_command("import_figures", str(path), "--agency", "none")


def test_cells_have_the_names_that_spreadsheets_give_them() -> None:
    assert [cell_name(0, at) for at in (0, 25, 26, 27, 701, 702)] == [
        "A1",
        "Z1",
        "AA1",
        "AB1",
        "ZZ1",
        "AAA1",
    ]
