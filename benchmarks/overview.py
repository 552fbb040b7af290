"""What the overview page costs, against what it could cost at least.

``python -m benchmarks.overview`` builds databases of its own, on SQLite and on a PostgreSQL started
for it, and prints medians. Times of this machine mean little elsewhere; the ratios do:

- *page ÷ ready-made*: the page against a view that answers with the same bytes, through the same
  middleware. 1 would be a page that costs nothing to make.
- *data ÷ least*: all queries of the page, run again by themselves, against one plain SELECT of the
  one derived row per series. 1 would be a page that reads nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.databases import postgresql

SIZES = (15, 340)
ROUNDS = 30
LEAST = "SELECT * FROM indicators_yearlyvalue WHERE year = %s"
COLUMNS = {
    "database": "<10",
    "indicators": ">10",
    "kB": ">6.0f",
    "queries": ">7",
    "page ms": ">7.1f",
    "ready-made ms": ">13.2f",
    "page ÷ ready-made": ">17.1f",
    "data ms": ">7.2f",
    "least ms": ">8.2f",
    "data ÷ least": ">12.1f",
}


def main() -> None:
    """Measure on both databases and print one table."""
    print(f"Overview page: medians of {ROUNDS} rounds, 180 months of figures an indicator.")
    print("  ".join(f"{name:{form.partition('.')[0]}}" for name, form in COLUMNS.items()))
    with tempfile.TemporaryDirectory(prefix="indicators-bench-") as directory:
        _measure_elsewhere(f"sqlite:///{Path(directory) / 'bench.sqlite3'}")
    with postgresql() as url:
        _measure_elsewhere(url)


def _measure_elsewhere(database_url: str) -> None:
    """Measure in a process of its own: settings name one database a process."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    command = [sys.executable, "-m", "benchmarks.overview", "--measure"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            row = json.loads(line)
            print("  ".join(f"{row[name]:{form}}" for name, form in COLUMNS.items()), flush=True)
    if process.returncode:
        sys.exit(process.returncode)


def measure() -> None:
    """Build the figures in the database of ``DATABASE_URL`` and print a JSON row per size."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.figures import add_indicators

    call_command("migrate", verbosity=0)
    for size in SIZES:
        add_indicators(size)
        print(json.dumps({"indicators": size} | _measurements()), flush=True)


def _measurements() -> dict[str, Any]:
    from django.db import connection
    from django.test import Client

    from benchmarks import urls
    from benchmarks.figures import TARGET_YEAR

    client = Client(SERVER_NAME="127.0.0.1")
    queries: list[tuple[str, Any]] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        queries.append((sql, params))
        return execute(sql, params, *rest)

    def get(path: str) -> bytes:
        response = client.get(path, secure=True)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.content

    def fetch(statements: list[tuple[str, Any]]) -> None:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    get("/")
    with connection.execute_wrapper(record):
        urls.ready_made_content = get("/")
    page, ready_made, data, least = _medians(
        lambda: get("/"),
        lambda: get(urls.READY_MADE),
        lambda: fetch(queries),
        lambda: fetch([(LEAST, [TARGET_YEAR])]),
    )
    return {
        "database": connection.vendor,
        "kB": len(urls.ready_made_content) / 1000,
        "queries": len(queries),
        "page ms": page,
        "ready-made ms": ready_made,
        "page ÷ ready-made": page / ready_made,
        "data ms": data,
        "least ms": least,
        "data ÷ least": data / least,
    }


def _medians(*actions: Callable[[], object]) -> list[float]:
    """Milliseconds of each; the rounds take turns, so that a busy moment meets all alike."""
    times: list[list[float]] = [[] for _action in actions]
    for _round in range(ROUNDS):
        for action, taken in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            taken.append((time.perf_counter() - start) * 1000)
    return [median(taken) for taken in times]


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["--measure"] else main()
