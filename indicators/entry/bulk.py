"""Figures and their record written in bulk: one statement a step, however many rows.

A changed figure is written on condition that its revision is still the one that was read, on either
engine and whatever else writes the row.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True, slots=True)
class Row:
    """One figure to be written; ``pk`` None adds it. ``approve``: it counts without an approval."""

    series_id: int
    first_month: date
    last_month: date
    value: Decimal | None
    origin: str
    note: str
    evidence: str
    pk: int | None
    old_revision: int
    old_value: Decimal | None
    old_note: str
    approve: bool
    agency_id: int | None


def write(batch_id: int, rows: Sequence[Row]) -> list[int]:
    """Write figures and revisions; returns the places of those that another write came before.

    The caller's transaction must be rolled back where there are any.
    """
    if not rows:
        return []
    if connection.vendor == "postgresql":
        return _write_postgresql(batch_id, rows)
    return _write_sqlite(batch_id, rows)


type Value = str | int | bool | None

ADD = """
INSERT INTO indicators_observation (series_id, first_month, last_month, breakdown, value, origin,
    note, evidence, revision, approved_value, approved_revision, agency_id)
VALUES (%s, %s, %s, 0, %s, %s, %s, %s, 1, %s, %s, %s)
ON CONFLICT (series_id, first_month, last_month, breakdown) DO NOTHING
"""
CHANGE = """
UPDATE indicators_observation SET value = %s, origin = %s, note = %s, evidence = %s,
    revision = revision + 1,
    approved_value = CASE WHEN %s THEN %s ELSE approved_value END,
    approved_revision = CASE WHEN %s THEN revision + 1 ELSE approved_revision END
WHERE id = %s AND revision = %s
"""
RECORD = """
INSERT INTO indicators_revision (batch_id, kind, series_id, first_month, last_month, breakdown,
    revision, old_value, new_value, old_note, new_note, evidence, needs_approval)
VALUES (%s, 'figure', %s, %s, %s, 0, %s, %s, %s, %s, %s, %s, %s)
"""


def _write_sqlite(batch_id: int, rows: Sequence[Row]) -> list[int]:
    added = [row for row in rows if row.pk is None]
    beaten = []
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [_to_add(row) for row in added])
        if added and cursor.rowcount != len(added):
            beaten = [at for at, row in enumerate(rows) if row.pk is None]
        for at, row in enumerate(rows):
            if row.pk is not None:
                cursor.execute(CHANGE, _to_change(row))
                if not cursor.rowcount:
                    beaten.append(at)
        cursor.executemany(RECORD, [_to_record(batch_id, row) for row in rows])
    return beaten


def _number(value: Decimal | None) -> str | None:
    """SQLite keeps a decimal as a number once the column's affinity has read its text."""
    return None if value is None else f"{value:f}"


def _to_add(row: Row) -> tuple[Value, ...]:
    value = _number(row.value)
    return (
        row.series_id,
        row.first_month.isoformat(),
        row.last_month.isoformat(),
        value,
        row.origin,
        row.note,
        row.evidence,
        value if row.approve else None,
        int(row.approve),
        row.agency_id,
    )


def _to_change(row: Row) -> tuple[Value, ...]:
    value = _number(row.value)
    return (
        value,
        row.origin,
        row.note,
        row.evidence,
        row.approve,
        value,
        row.approve,
        row.pk,
        row.old_revision,
    )


def _to_record(batch_id: int, row: Row) -> tuple[Value, ...]:
    return (
        batch_id,
        row.series_id,
        row.first_month.isoformat(),
        row.last_month.isoformat(),
        row.old_revision + 1,
        _number(row.old_value),
        _number(row.value),
        row.old_note,
        row.note,
        row.evidence,
        not row.approve,
    )


STAGED = """
CREATE TEMPORARY TABLE staged (
    at integer, id bigint, series_id bigint, first_month date, last_month date,
    value numeric(23, 8), origin varchar, note varchar, evidence varchar, approve boolean,
    old_revision integer, old_value numeric(23, 8), old_note varchar,
    agency_id bigint
) ON COMMIT DROP
"""
STAGED_COLUMNS = (
    "at, id, series_id, first_month, last_month, value, origin, note, evidence, approve,"
    " old_revision, old_value, old_note, agency_id"
)
ADD_STAGED = """
INSERT INTO indicators_observation (series_id, first_month, last_month, breakdown, value, origin,
    note, evidence, revision, approved_value, approved_revision, agency_id)
SELECT series_id, first_month, last_month, 0, value, origin, note, evidence, 1,
    CASE WHEN approve THEN value END, approve::integer, agency_id
FROM staged WHERE id IS NULL
ON CONFLICT (series_id, first_month, last_month, breakdown) DO NOTHING
"""
CHANGE_STAGED = """
UPDATE indicators_observation o SET value = s.value, origin = s.origin, note = s.note,
    evidence = s.evidence, revision = o.revision + 1,
    approved_value = CASE WHEN s.approve THEN s.value ELSE o.approved_value END,
    approved_revision = CASE WHEN s.approve THEN o.revision + 1 ELSE o.approved_revision END
FROM staged s WHERE o.id = s.id AND o.revision = s.old_revision
"""
RECORD_STAGED = """
INSERT INTO indicators_revision (batch_id, kind, series_id, first_month, last_month, breakdown,
    revision, old_value, new_value, old_note, new_note, evidence, needs_approval)
SELECT %s, 'figure', series_id, first_month, last_month, 0,
    old_revision + 1, old_value, value, old_note, note, evidence, NOT approve FROM staged
"""
NOT_WRITTEN = """
SELECT s.at FROM staged s JOIN indicators_observation o
    ON o.series_id = s.series_id AND o.first_month = s.first_month
    AND o.last_month = s.last_month AND o.breakdown = 0
WHERE o.revision <> s.old_revision + 1 OR (s.id IS NOT NULL AND o.id <> s.id) ORDER BY s.at
"""


def _write_postgresql(batch_id: int, rows: Sequence[Row]) -> list[int]:
    added = sum(1 for row in rows if row.pk is None)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged")
        cursor.execute(STAGED)
        _stage(cursor, rows)
        written = 0
        if added:
            cursor.execute(ADD_STAGED)
            written += cursor.rowcount
        if added < len(rows):
            cursor.execute(CHANGE_STAGED)
            written += cursor.rowcount
        if written != len(rows):
            cursor.execute(NOT_WRITTEN)
            return [at for (at,) in cursor.fetchall()] or list(range(len(rows)))
        cursor.execute(RECORD_STAGED, [batch_id])
    return []


def _stage(cursor: object, rows: Sequence[Row]) -> None:
    text = io.StringIO("".join(_line(at, row) for at, row in enumerate(rows)))
    cursor.copy_expert(f"COPY staged ({STAGED_COLUMNS}) FROM STDIN", text)  # type: ignore[attr-defined]


def _line(at: int, row: Row) -> str:
    """A row as COPY's text format has it."""
    pk = "\\N" if row.pk is None else row.pk
    value = "\\N" if row.value is None else f"{row.value:f}"
    old_value = "\\N" if row.old_value is None else f"{row.old_value:f}"
    agency = "\\N" if row.agency_id is None else row.agency_id
    return (
        f"{at}\t{pk}\t{row.series_id}\t{row.first_month}\t{row.last_month}\t{value}"
        f"\t{row.origin}\t{_copied(row.note)}\t{_copied(row.evidence)}\t{row.approve}"
        f"\t{row.old_revision}\t{old_value}\t{_copied(row.old_note)}\t{agency}\n"
    )


def _copied(text: str) -> str:
    if text:
        for mark, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(mark, written)
    return text
