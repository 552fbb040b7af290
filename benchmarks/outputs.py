"""What writing all figures costs, against the quickest writers on PyPI; and the appendices.

``python -m benchmarks.outputs`` puts 1,000,000 figures (``--figures``) into a database of its own
and prints rows a second, the peak memory of the process that wrote, and ratios:

- *writing*: cells made up as they are asked for, against the quickest writer that we know, given
  the same cells in a process of its own: the standard library's ``csv``; rustpy-xlsxwriter, which
  streams as we do; stream-write-ods (a tenth of the rows: its rate is the same). 2 would be twice
  as quick as that. A writer that wants all cells at once is no peer to a stream and is left out.
- *from the database*: the same with the query and all else that a download does. It must stay
  below 512 MB.
- *appendix*: a whole Appendix 1 with styles and merged cells, against the same cells written by
  openpyxl or odfpy with nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import PEERS

FIGURES = 1_000_000
MONTHS = 180
MOST_MEGABYTES = 512
ROUNDS = 3
SHARE_OF_PEER = {"ods": 10}
HEAD = ["Indicator", "Series", "Unit", "Period", "Value", "Note"]
LINE = "{:<30}{:>9,.0f}{:>8.3f}{:>6.0f}{:>11}{:>7}"


def main() -> None:
    """Measure, print a line a step, and say whether the memory stays within the limit.

    Exits with 1 when it does not.
    """
    options = _options()
    if options.step:
        print(json.dumps(STEPS[options.step](options)))
        return
    print(f"Writing {options.figures:,} figures: medians of {ROUNDS} rounds.")
    print(f"{'step':<30}{'rows/s':>9}{'s':>8}{'MB':>6}{'peer rows/s':>11}{'ratio':>7}")
    most = 0.0
    with tempfile.TemporaryDirectory(prefix="indicators-bench-") as directory:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(directory) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        _child("review", "", options.figures, directory)
        for name, ours, bare, rows in _child("appendices", "", options.figures, directory):
            beside = (f"{rows / bare:,.0f}", f"{bare / ours:.2f}")
            print(LINE.format(name, rows / ours, ours, 0, *beside))
        _child("fill", "", options.figures, directory)
        for form in PEERS:
            most = max(most, _measure(form, options.figures, directory))
    holds = most <= MOST_MEGABYTES
    print(
        f"At most {most:.0f} MB; the limit of {MOST_MEGABYTES} MB {'holds' if holds else 'FAILS'}."
    )
    if not holds:
        sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outputs")
    parser.add_argument("--figures", type=int, default=FIGURES)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--form", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _child(step: str, form: str, figures: int, directory: str) -> Any:
    """One step in a process of its own, so that its peak of memory is its own."""
    command = [sys.executable, "-m", "benchmarks.outputs", f"--step={step}"]
    command += [f"--figures={figures}", f"--directory={directory}"]
    if form:
        command.append(f"--form={form}")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(form: str, figures: int, directory: str) -> float:
    """Print the lines of one format; the most megabytes of our own processes."""
    fewer = figures // SHARE_OF_PEER.get(form, 1)
    given: dict[str, int] = {"writing": figures, "peer": fewer, "database": figures}
    rounds = [
        {step: _child(step, form, count, directory) for step, count in given.items()}
        for _round in range(ROUNDS)
    ]
    seconds = {step: median(one[step]["seconds"] for one in rounds) for step in given}
    memory = {step: max(one[step]["megabytes"] for one in rounds) for step in given}
    peer = fewer / seconds["peer"]
    for step, name in (("writing", "writing"), ("database", "from the database")):
        rate = figures / seconds[step]
        beside = (f"{peer:,.0f}", f"{rate / peer:.2f}") if step == "writing" else ("", "")
        print(
            LINE.format(f"{form}: {name}", rate, seconds[step], memory[step], *beside), flush=True
        )
    return float(max(memory["writing"], memory["database"]))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _taken(write: Callable[[], object]) -> dict[str, float]:
    start = time.perf_counter()
    write()
    return {"seconds": time.perf_counter() - start, "megabytes": _megabytes()}


def _cells(count: int) -> Iterator[list[Any]]:
    """As the figures come: codes, names, units and months that repeat, values that do not."""
    months = [f"{2007 + month // 12}-{month % 12 + 1:02}" for month in range(MONTHS)]
    for at in range(count):
        one, month = divmod(at, MONTHS)
        value = Decimal(at * 37 % 1_000_003).scaleb(-(one % 3))
        yield [f"1.1.{one // 10 + 1}", f"數列{one % 10 + 1}", "人", months[month], value, None]


def _django() -> None:
    import django

    django.setup()


def _save(chunks: Iterator[bytes], path: Path) -> None:
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)


def _write(options: argparse.Namespace) -> dict[str, float]:
    _django()
    from reports.tables.streams import STREAMS

    path = options.directory / f"writing.{options.form}"
    return _taken(lambda: _save(STREAMS[options.form](HEAD, _cells(options.figures)), path))


def _write_as_peer(options: argparse.Namespace) -> dict[str, float]:
    path = options.directory / f"peer.{options.form}"
    return _taken(lambda: PEERS[options.form](path, HEAD, _cells(options.figures)))


def _write_from_database(options: argparse.Namespace) -> dict[str, float]:
    _django()
    from reports.tables.figures_export import SHAPES, figures
    from reports.tables.streams import STREAMS

    path = options.directory / f"database.{options.form}"
    return _taken(lambda: _save(STREAMS[options.form](*SHAPES["long"](figures())), path))


def _load_review(_options: argparse.Namespace) -> None:
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_review", verbosity=0, stdout=StringIO())


def _fill(options: argparse.Namespace) -> None:
    """Figures beside those of the review, by the database's own way of taking many rows."""
    _django()
    from django.db import connection, transaction

    from indicators.models import Observation

    more = options.figures - Observation.objects.count()
    series = _add_series(-(-more // MONTHS))
    columns = "series_id, first_month, last_month, breakdown, value, origin, note, evidence,"
    columns += " revision, approved_value, approved_revision"
    marks = ", ".join(["%s"] * (columns.count(",") + 1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO indicators_observation ({columns}) VALUES ({marks})",
            list(_observations(series, more)),
        )
    assert Observation.objects.count() == options.figures


def _observations(series: list[int], count: int) -> Iterator[tuple[Any, ...]]:
    for at, (_code, _name, _unit, period, value, _note) in enumerate(_cells(count)):
        month, text = f"{period}-01", f"{value:f}"
        key = series[at // MONTHS]
        yield (key, month, month, 0, text, "reported", "", "", 1, text, 1)


def _add_series(count: int) -> list[int]:
    from indicators.calculation.codes import natural_key
    from indicators.models import Goal, Indicator, Series, Target

    goal = Goal.objects.create(code="99", name_zh="目標", colour="#AA0000")
    target = Target.objects.create(goal=goal, code="99.1")
    codes = [f"99.1.{at + 1}" for at in range(-(-count // 10))]
    indicators = Indicator.objects.bulk_create(
        Indicator(target=target, code=code, sort_key=natural_key(code), name_zh=f"指標 {code}")
        for code in codes
    )
    made = Series.objects.bulk_create(
        Series(
            indicator=indicators[at // 10],
            position=at % 10 + 1,
            name_zh=f"數列{at % 10 + 1}",
            unit_zh="人",
            rule="sum",
        )
        for at in range(count)
    )
    return [one.pk for one in made]


def _appendices(_options: argparse.Namespace) -> list[tuple[str, float, float, int]]:
    _django()
    from benchmarks.peers import bare_ods, bare_xlsx
    from reports.models import Edition
    from reports.tables.appendix import indicators_appendix
    from reports.tables.sheets import flat
    from reports.tables.writers import write_ods, write_xlsx

    edition = Edition.objects.latest("year")
    document = indicators_appendix(edition, edition.target_year)
    rows = [list(document.sheets[0].headings), *flat(document.sheets[0])]
    found = []
    for form, ours, bare in (("xlsx", write_xlsx, bare_xlsx), ("ods", write_ods, bare_ods)):
        times: list[tuple[float, float]] = []
        for _round in range(ROUNDS * 10):
            times.append(
                (
                    _taken(lambda ours=ours: ours(document))["seconds"],  # type: ignore[misc]
                    _taken(lambda bare=bare: bare(BytesIO(), rows))["seconds"],  # type: ignore[misc]
                )
            )
        middle = [median(some) for some in zip(*times, strict=True)]
        found.append((f"{form}: appendix", middle[0], middle[1], len(rows)))
    return found


STEPS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "review": _load_review,
    "fill": _fill,
    "writing": _write,
    "peer": _write_as_peer,
    "database": _write_from_database,
    "appendices": _appendices,
}


if __name__ == "__main__":
    main()
