"""What bringing in 100,000 figures costs, against readers and databases by themselves.

``python -m benchmarks.imports`` makes a long CSV and a long XLSX of 100,000 rows and prints, for
each step, rows a second, the peak memory of the process, and a ratio to the quickest way we know:

- *reading*: the file in its limited process, against the quickest reader on PyPI
  (python-calamine; for CSV the standard library's ``csv``) in a bare process of its own. Both start
  an interpreter.
- *understanding*: cells to figures, which no reader does; given for what it costs.
- *saving*: the figures in the table of figures and in the record of changes, through the database's
  own bulk load: ``COPY`` (PostgreSQL) or one ``executemany`` (SQLite) into two tables of the same
  columns and keys, its input ready made. 1 would be as quick as that.
- *the door*: all of it: rights, checks, conflicts, saving, yearly values, in one transaction.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.databases import postgresql

SERIES, MONTHS = 560, 180
ROUNDS = 3
READERS = {
    "csv": "import csv, sys; print(sum(1 for row in csv.reader(open(sys.argv[1], newline=''))))",
    "xlsx": "import sys; from python_calamine import CalamineWorkbook as W;"
    " print(len(W.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()))",
}
OURS = (
    "import sys; sys.path.insert(0, '.');"
    " from indicators.spreadsheets.limits import read_limited;"
    " print(len(read_limited(open(sys.argv[1], 'rb').read()).sheets[0].rows))"
)


def main() -> None:
    """Make the files, measure on both databases, print one table."""
    rows = SERIES * MONTHS
    print(f"Bringing in {rows:,} rows: medians of {ROUNDS} rounds.")
    print(f"{'step':<34}{'rows/s':>10}{'ms':>8}{'MB':>6}{'peer ms':>9}{'ratio':>7}")
    with tempfile.TemporaryDirectory(prefix="indicators-bench-") as directory:
        files = make_files(Path(directory))
        for kind, path in files.items():
            ours, peer = _interleaved(partial(_run, OURS, path), partial(_run, READERS[kind], path))
            show(f"reading {kind}", rows, ours, _child_megabytes(OURS, path), peer)
        sys.stdout.flush()
        _measure_elsewhere(f"sqlite:///{Path(directory) / 'bench.sqlite3'}", files)
        with postgresql() as url:
            _measure_elsewhere(url, files)


def show(step: str, rows: int, seconds: float, megabytes: float, peer: float | None) -> None:
    """Print one line; ``peer``: seconds of the quickest way we know."""
    beside = f"{peer * 1000:>9.0f}{peer / seconds:>7.2f}" if peer else ""
    print(f"{step:<34}{rows / seconds:>10,.0f}{seconds * 1000:>8.0f}{megabytes:>6.0f}{beside}")


def make_files(directory: Path) -> dict[str, Path]:
    """A long table as CSV and XLSX: code, series, period, value."""
    from openpyxl import Workbook

    found = {"csv": directory / "long.csv", "xlsx": directory / "long.xlsx"}
    book = Workbook(write_only=True)
    sheet = book.create_sheet("figures")
    with found["csv"].open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        for row in _rows():
            writer.writerow(row)
            sheet.append(row)
    book.save(found["xlsx"])
    return found


def _rows() -> Any:
    yield ["指標", "數列", "期間", "數值"]
    for one in range(SERIES):
        for month in range(MONTHS):
            yield [
                f"1.1.{one // 10 + 1}",
                f"數列{one % 10 + 1}",
                f"{2007 + month // 12}-{month % 12 + 1:02}",
                one * 7 + month * 13,
            ]


def _run(program: str, path: Path) -> None:
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True)


def _child_megabytes(program: str, path: Path) -> float:
    code = (
        program
        + "; import resource;"
        + (" print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1]) / 1024


def _interleaved(*actions: Callable[[], object]) -> list[float]:
    """The median seconds of each, taken in turns so that a slow moment strikes all."""
    times: list[list[float]] = [[] for _action in actions]
    for _round in range(ROUNDS):
        for at, action in enumerate(actions):
            start = time.perf_counter()
            action()
            times[at].append(time.perf_counter() - start)
    return [median(some) for some in times]


def _measure_elsewhere(database_url: str, files: dict[str, Path]) -> None:
    """Measure in a process of its own: settings name one database a process."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    command = [sys.executable, "-m", "benchmarks.imports", "--measure", str(files["csv"])]
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def measure(path: Path) -> None:
    """Import into the database of ``DATABASE_URL`` and print a line a step."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _measure(path, connection.vendor, connection)


def _measure(path: Path, vendor: str, connection: Any) -> None:
    from django.db import transaction

    from indicators.entry import bulk
    from indicators.entry.door import save_figures
    from indicators.entry.entries import Entry
    from indicators.imports.reportable import known, reported_series
    from indicators.models import EntryBatch, Observation
    from indicators.models.figures import Via
    from indicators.spreadsheets.figures import read_table
    from indicators.spreadsheets.limits import read_limited

    _add_series()
    series = {one.pk: one for one in reported_series(None)}
    book = read_limited(path.read_bytes())
    names = known(series.values())
    start = time.perf_counter()
    table = read_table(book, names)
    understood = time.perf_counter() - start
    assert not table.findings, table.findings[:3]
    entries = [Entry(series[r.key], r.period, r.value, note=None) for r in table.readings]
    count = len(entries)
    show(f"{vendor}: understanding", count, understood, _megabytes(), None)
    rows = [
        bulk.Row(
            entry.series.pk,
            entry.period.first.first_day,
            entry.period.last.first_day,
            entry.value,
            "reported",
            "",
            "",
            None,
            0,
            None,
            "",
            agency_id=None,
            approve=True,
        )
        for entry in entries
    ]
    batch = EntryBatch.objects.create(via=Via.COMMAND, reason="bench", key="b", payload_hash="b")

    given: dict[str, Any] = {name: _peer_rows(name, batch.pk, rows) for name in TABLES}
    if vendor == "postgresql":
        given = {
            name: "".join("\t".join(map(str, row)) + "\n" for row in some)
            for name, some in given.items()
        }

    def save() -> None:
        bulk.write(batch.pk, rows)

    def load() -> None:
        with connection.cursor() as cursor:
            for name, some in given.items():
                _bulk_load(cursor, vendor, name, some)

    def rolled_back(action: Callable[[], object]) -> Callable[[], float]:
        def run() -> float:
            with transaction.atomic():
                start = time.perf_counter()
                action()
                seconds = time.perf_counter() - start
                transaction.set_rollback(True)
            return seconds

        return run

    _make_peers(connection, vendor)
    saving, loading = _timed(rolled_back(save), rolled_back(load))
    show(f"{vendor}: saving", count, saving, _megabytes(), loading)
    start = time.perf_counter()
    outcome = save_figures(entries, actor=None, via=Via.COMMAND, reason="bench")
    door = time.perf_counter() - start
    assert (outcome.new, Observation.objects.count()) == (count, count)
    show(f"{vendor}: the door", count, door, _megabytes(), loading)
    start = time.perf_counter()
    again = save_figures(entries, actor=None, via=Via.COMMAND, reason="bench")
    assert again.same == count
    show(f"{vendor}: the same file again", count, time.perf_counter() - start, _megabytes(), None)
    sys.stdout.flush()


def _timed(*actions: Callable[[], float]) -> list[float]:
    times: list[list[float]] = [[] for _action in actions]
    for _round in range(ROUNDS):
        for at, action in enumerate(actions):
            times[at].append(action())
    return [median(some) for some in times]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _add_series() -> None:
    from indicators.models import Goal, Indicator, Series, Target

    goal = Goal.objects.create(code="1", name_zh="目標", colour="#AA0000")
    target = Target.objects.create(goal=goal, code="1.1")
    for at in range(SERIES // 10):
        indicator = Indicator.objects.create(
            target=target, code=f"1.1.{at + 1}", name_zh=f"指標{at}", name_en=f"Indicator {at}"
        )
        Series.objects.bulk_create(
            Series(
                indicator=indicator,
                position=position,
                name_zh=f"數列{position}",
                unit_zh="人",
                rule="sum",
            )
            for position in range(1, 11)
        )


TABLES = {
    "observation": "series_id, first_month, last_month, breakdown, value, origin, note, evidence,"
    " revision, approved_value, approved_revision",
    "revision": "batch_id, kind, series_id, first_month, last_month, breakdown, revision,"
    " new_value, old_note, new_note, evidence, needs_approval",
}


def _make_peers(connection: Any, vendor: str) -> None:
    """Tables with the columns and keys of ours, and none of our triggers."""
    with connection.cursor() as cursor:
        for name in TABLES:
            if vendor == "postgresql":
                cursor.execute(f"CREATE TABLE peer_{name} (LIKE indicators_{name} INCLUDING ALL)")
                continue
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index')"
                " AND sql IS NOT NULL ORDER BY type DESC",
                [f"indicators_{name}"],
            )
            for (sql,) in cursor.fetchall():
                cursor.execute(
                    sql.replace("indicators_", "peer_").replace('INDEX "', 'INDEX "peer_')
                )


def _peer_rows(name: str, batch_id: int, rows: list[Any]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for row in rows:
        value = f"{row.value:f}"
        first, last = row.first_month.isoformat(), row.last_month.isoformat()
        if name == "observation":
            found.append((row.series_id, first, last, 0, value, row.origin, "", "", 1, value, 1))
        else:
            found.append(
                (batch_id, "figure", row.series_id, first, last, 0, 1, value, "", "", "", False)
            )
    return found


def _bulk_load(cursor: Any, vendor: str, name: str, given: Any) -> None:
    columns = TABLES[name]
    if vendor == "postgresql":
        cursor.copy_expert(f"COPY peer_{name} ({columns}) FROM STDIN", io.StringIO(given))
        return
    marks = ", ".join(["%s"] * (columns.count(",") + 1))
    cursor.executemany(f"INSERT INTO peer_{name} ({columns}) VALUES ({marks})", given)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main()
