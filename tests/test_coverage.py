"""What the floors of coverage do with measurements."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.coverage import EVERYTHING, ROOT, judge

MEASURED = ROOT / "indicators" / "calculation" / "codes.py"


@pytest.fixture
def measurement(tmp_path: Path) -> Path:
    """A measurement in which one module of ``indicators/calculation`` was imported and no more."""
    script = "import coverage, sys; c = coverage.Coverage(data_file=sys.argv[1], branch=True,"
    script += " include=[sys.argv[2]]); c.start(); import indicators.calculation.codes;"
    script += " c.stop(); c.save()"
    file = tmp_path / "measured"
    command = [sys.executable, "-c", script, str(file), str(MEASURED)]
    subprocess.run(command, cwd=ROOT, check=True)
    return file


def test_a_room_below_its_floor_is_named_with_what_no_test_took(
    measurement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (short,) = judge([measurement], {"indicators/calculation": 100, EVERYTHING: 0.01})
    assert short.startswith("indicators/calculation: ")
    assert "of at least 100 %" in short
    assert "indicators/calculation/codes.py" in short
    printed = capsys.readouterr().out
    assert "indicators/calculation" in printed
    assert "(at least 0.01 %)" in printed


def test_a_room_above_its_floor_passes(measurement: Path) -> None:
    assert judge([measurement], {"indicators/calculation": 0.1}) == []
