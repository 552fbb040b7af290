"""How much of the code the suite runs, line and branch, room by room, and the least it must be.

``make test`` leaves one file of measurements for each engine in FOLDER. ``python -m
tests.coverage`` puts them together, prints the share of every room, and fails where a floor is not
reached, with the lines and branches that no test took.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache" / "coverage"
ENGINES = ("sqlite", "postgresql")
EVERYTHING = "all code"
FLOORS: Mapping[str, float] = {
    EVERYTHING: 93,
    "indicators/calculation": 100,
    "indicators/entry": 98,
    "indicators/returns": 98,
}
"""The least share, in per cent, of a folder and of all code together."""


def rooms(measured: Coverage) -> list[str]:
    """The folders of the measured files: the apps, and the rooms of the two large ones."""
    paths = [
        Path(name).relative_to(ROOT).parts[:-1] for name in measured.get_data().measured_files()
    ]
    return sorted({"/".join(parts[:2]) for parts in paths})


def share(measured: Coverage, room: str) -> tuple[float, str]:
    """Per cent of the lines and branches of a folder that ran, and a table of those that did not.

    An app with rooms counts what stands beside them; EVERYTHING is all that was measured.
    """
    table = io.StringIO()
    depth = "**" if "/" in room else "*"
    include = None if room == EVERYTHING else [str(ROOT / room / depth)]
    return measured.report(
        include=include, file=table, show_missing=True, skip_covered=True
    ), table.getvalue()


def judge(files: Sequence[Path], floors: Mapping[str, float] = FLOORS) -> list[str]:
    """Print the share of every room; returns what is missing of the rooms below their floor."""
    measured = Coverage(data_file=None)
    measured.combine([str(path) for path in files], keep=True)
    short = []
    for room in [*rooms(measured), EVERYTHING]:
        reached, missing = share(measured, room)
        floor = floors.get(room)
        print(f"{room:24} {reached:6.2f} %" + (f"  (at least {floor} %)" if floor else ""))
        if floor is not None and reached < floor:
            short.append(f"{room}: {reached:.2f} % of at least {floor} %\n{missing}")
    measured.get_data().close(force=True)
    return short


if __name__ == "__main__":
    sys.exit("\n".join(judge([FOLDER / engine for engine in ENGINES])) or 0)
