"""A database of an earlier commit comes forward with its figures, on the engine of the run."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
FORWARD = """
import django
django.setup()
from datetime import date
from decimal import Decimal
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from indicators import append_only

call_command("migrate", "indicators", "0004_second_person", verbosity=0)
call_command("migrate", "reports", "0002_report_texts", verbosity=0)
append_only.remove("default", [None])  # those of today speak of columns that are not there yet
past = MigrationExecutor(connection).loader.project_state(
    [("indicators", "0004_second_person"), ("reports", "0002_report_texts")]
).apps.get_model
goal = past("indicators", "Goal").objects.create(code="1", name_zh="g", colour="#AA0000")
target = past("indicators", "Target").objects.create(goal=goal, code="1.4")
indicator = past("indicators", "Indicator").objects.create(target=target, code="1.4.1", name_zh="i")
series = past("indicators", "Series").objects.create(
    indicator=indicator, name_zh="s", position=1, unit_zh="%", rule="ratio", scale=100, decimals=4
)
month = date(2021, 1, 1)
for number, value in enumerate(("99999999999.9999", "0.0001", None), 1):
    day = date(2021, number, 1)
    past("indicators", "Observation").objects.create(
        series=series, first_month=day, last_month=day, value=value and Decimal(value),
        approved_value=value and Decimal(value), origin="reported", approved_revision=1,
    )
past("indicators", "Milestone").objects.create(
    series=series, year=2021, value=Decimal("88.0001"), window_first=month, window_last=month
)
for year, value in ((2020, "1234.5"), (2021, "99999999999.9999")):
    past("indicators", "YearlyValue").objects.create(
        series=series, year=year, numerator=Decimal(value), denominator=Decimal(12),
        coverage="partial",
    )

call_command("migrate", verbosity=0)
from indicators.entry import yearly
from indicators.models import Milestone, Observation, Series, YearlyValue
values = [row.value for row in Observation.objects.order_by("first_month")]
assert values == [Decimal("99999999999.9999"), Decimal("0.0001"), None], values
assert Observation.objects.filter(approved_value=Decimal("0.0001")).count() == 1
assert Milestone.objects.get().value == Decimal("88.0001")
rows = list(YearlyValue.objects.order_by("year").values_list("numerator", "denominator"))
assert rows == [(Decimal("1234.5"), 12), (Decimal("99999999999.9999"), 12)], rows
one = Series.objects.get()
assert (one.scale, one.decimals, one.may_be_negative, one.may_exceed_whole) == (
    100, 4, False, False
)
yearly.rebuild()
assert yearly.rebuild() == []
print("forward")
"""


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database beside the one of the run."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'earlier.sqlite3'}"
        return
    import psycopg2

    name = f"earlier_{uuid.uuid4().hex[:8]}"
    address = os.environ["DATABASE_URL"]
    opened = psycopg2.connect(address.replace("postgres://", "postgresql://", 1))
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    base, question, options = address.partition("?")
    yield f"{base.rpartition('/')[0]}/{name}{question}{options}"
    with opened.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    opened.close()


def test_an_earlier_database_keeps_its_figures(earlier: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": earlier,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", FORWARD],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.strip() == "forward", done.stderr[-3000:]
