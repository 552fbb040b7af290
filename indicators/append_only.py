"""Triggers that keep the record of changes as it was written, on either engine.

Removed before a ``migrate`` that has something to do and installed after it: SQLite's schema
changes rebuild a table, which takes its triggers along and stumbles over those that look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass(frozen=True, slots=True)
class Guard:
    """What a table refuses: ``when`` is the SQL condition, empty for always.

    ``looks``: a further condition that looks into other tables.
    """

    table: str
    event: str
    message: str
    when: str = ""
    name_ends: str = ""
    looks: str = ""

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"{self.table}_guards_{self.event.lower()}{self.name_ends}"


APPEND_ONLY = "The record of changes is append-only."
CLOSED_MONTH = "The return of this month is closed."
# ``c`` is what is written: one row of SELECT NEW… on SQLite, the statement's rows on PostgreSQL. An
# agency without a return for the month joins nothing, so its figures pass.
OF_CLOSED_RETURN = """
    JOIN indicators_series s ON s.id = c.series_id
    JOIN indicators_indicator i ON i.id = s.indicator_id
    JOIN indicators_return r ON r.agency_id = i.agency_id AND r.month = c.last_month
    WHERE r.state IN ('submitted', 'approved')
"""

_guards = [
    Guard("indicators_definitionrevision", "UPDATE", APPEND_ONLY),
    Guard("indicators_definitionrevision", "DELETE", APPEND_ONLY),
    Guard("indicators_revision", "UPDATE", APPEND_ONLY),
    Guard("indicators_revision", "DELETE", APPEND_ONLY),
    Guard("indicators_entrybatch", "UPDATE", APPEND_ONLY),
    Guard("indicators_entrybatch", "DELETE", APPEND_ONLY),
    Guard("indicators_returnevent", "UPDATE", APPEND_ONLY),
    Guard("indicators_returnevent", "DELETE", APPEND_ONLY),
    Guard("indicators_proposal", "DELETE", APPEND_ONLY),
    Guard(
        "indicators_proposal",
        "UPDATE",
        "A proposal is decided on once and never rewritten.",
        "OLD.state <> 'waiting' OR NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject"
        " OR NEW.reason <> OLD.reason OR NEW.proposed_by_id <> OLD.proposed_by_id"
        " OR CAST(NEW.change AS text) <> CAST(OLD.change AS text)",
    ),
    Guard("indicators_milestone", "UPDATE", "A milestone is revised, never written over."),
    Guard("indicators_milestone", "DELETE", "A milestone is revised, never deleted."),
    Guard("indicators_observation", "DELETE", "A figure is withdrawn, never deleted."),
    # An approval leaves the figure and its revision as they are and sets what was approved. A
    # withdrawn figure is NULL: compared by = it would make the condition NULL, and the guard sleep.
    Guard(
        "indicators_observation",
        "UPDATE",
        "A figure changes by its next revision only.",
        "NEW.revision <> OLD.revision + 1 AND NOT (NEW.revision = OLD.revision"
        " AND NEW.value IS NOT DISTINCT FROM OLD.value AND NEW.note = OLD.note"
        " AND NEW.evidence = OLD.evidence AND NEW.origin = OLD.origin)",
    ),
]
SQLITE_GUARDS = tuple(
    Guard(
        "indicators_observation",
        event,
        CLOSED_MONTH,
        f"{changed} EXISTS (SELECT 1 FROM (SELECT NEW.series_id AS series_id,"
        f" NEW.last_month AS last_month) c {OF_CLOSED_RETURN})",
        "_of_closed_month",
    )
    for event, changed in (("INSERT", ""), ("UPDATE", "NEW.revision <> OLD.revision AND"))
)

_data_of_series = """EXISTS (SELECT 1 FROM indicators_series s WHERE {of} AND (
    EXISTS (SELECT 1 FROM indicators_milestone m WHERE m.series_id = s.id)
    OR EXISTS (SELECT 1 FROM indicators_observation o WHERE o.series_id IN
        (s.id, s.numerator_id, s.denominator_id, s.source_id))))"""
_of_indicators = "s.indicator_id IN (SELECT i.id FROM indicators_indicator i WHERE {of})"
_of_targets = "i.target_id IN (SELECT t.id FROM indicators_target t WHERE t.goal_id = OLD.id)"
_definitions: dict[str, tuple[str, str]] = {
    "indicators_goal": (
        "goal",
        _data_of_series.format(of=_of_indicators.format(of=_of_targets)),
    ),
    "indicators_target": (
        "target",
        _data_of_series.format(of=_of_indicators.format(of="i.target_id = OLD.id")),
    ),
    "indicators_indicator": ("indicator", _data_of_series.format(of="s.indicator_id = OLD.id")),
    "indicators_series": ("series", _data_of_series.format(of="s.id = OLD.id")),
    "indicators_activity": ("activity", ""),
}
"""Table of definitions → what the record calls them, and whether data rest on one."""
# Who answers for an indicator is handed over by an act of its own.
_not_defining = {"id", "sort_key", "revision", "agency_id"}


def protect_definitions(table: str, subject: str) -> None:
    """Let definitions of another app be guarded too; called while the apps are made ready."""
    _definitions[table] = (subject, "")


def _definition_guards(connection: Any, tables: set[str]) -> list[Guard]:
    """A definition with data behind it changes by its next revision, which the record holds."""
    found = []
    for table, (subject, has_data) in _definitions.items():
        if table not in tables or "indicators_definitionrevision" not in tables:
            continue
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, table)
        columns = {column.name for column in described}
        if "revision" not in columns:
            continue
        changed = " OR ".join(
            f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in sorted(columns - _not_defining)
        )
        unrecorded = f"""(NEW.revision <> OLD.revision + 1 OR NOT EXISTS (
            SELECT 1 FROM indicators_definitionrevision d WHERE d.subject = '{subject}'
            AND d.object_id = NEW.id AND d.revision = NEW.revision))"""
        found.append(
            Guard(
                table,
                "UPDATE",
                "A definition with data behind it changes by a recorded revision only.",
                changed,
                "_of_definition",
                f"{unrecorded} AND {has_data}" if has_data else unrecorded,
            )
        )
    return found


POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION indicators_refuse_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM changed c {OF_CLOSED_RETURN}) THEN
    RAISE EXCEPTION '{CLOSED_MONTH}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION indicators_refuse_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT n.* FROM changed n JOIN earlier o ON o.id = n.id
      WHERE o.revision <> n.revision) c {OF_CLOSED_RETURN}) THEN
    RAISE EXCEPTION '{CLOSED_MONTH}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""
# One look a statement, however many rows it writes. An update whose revision stays is an approval,
# which writes to a month that is closed by then.
POSTGRESQL_CLOSED_MONTHS = (
    "CREATE OR REPLACE TRIGGER indicators_observation_guards_insert_of_closed_month"
    " AFTER INSERT ON indicators_observation REFERENCING NEW TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION indicators_refuse_added()",
    "CREATE OR REPLACE TRIGGER indicators_observation_guards_update_of_closed_month"
    " AFTER UPDATE ON indicators_observation REFERENCING OLD TABLE AS earlier NEW TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION indicators_refuse_changed()",
)


def protect(*guards: Guard) -> None:
    """Let tables of other apps be guarded too; called while the apps are made ready."""
    _guards.extend(guards)


def install(using: str, **_kwargs: Any) -> None:
    """Create the triggers; a receiver of ``post_migrate``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    sqlite = connection.vendor == "sqlite"
    guards = [guard for guard in _guards if guard.table in tables]
    guards += _definition_guards(connection, tables)
    if not guards:
        return
    has_returns = "indicators_return" in tables
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(POSTGRESQL_FUNCTIONS)
            for statement in POSTGRESQL_CLOSED_MONTHS if has_returns else ():
                cursor.execute(statement)
        elif has_returns:
            guards += SQLITE_GUARDS
        for guard in guards:
            if sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            elif guard.looks:
                cursor.execute(_function(guard))
            cursor.execute(_statement(guard, sqlite=sqlite))


def remove(using: str, plan: Sequence[Any] = (), **_kwargs: Any) -> None:
    """Drop the triggers where migrations are about to run; a receiver of ``pre_migrate``."""
    connection = connections[using]
    if not plan or "indicators_observation" not in connection.introspection.table_names():
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in (*_guards, *SQLITE_GUARDS, *_definition_guards(connection, tables)):
            if guard.table in tables:
                on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def _function(guard: Guard) -> str:
    """PostgreSQL lets no condition of a trigger look into other tables; a function may."""
    return f"""
CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {guard.looks} THEN
    RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$"""


def _statement(guard: Guard, *, sqlite: bool) -> str:
    conditions = [guard.when, guard.looks if sqlite else ""]
    condition = " AND ".join(f"({one})" for one in conditions if one)
    when = f"WHEN ({condition})" if condition else ""
    refuse = f"{guard.name}()" if guard.looks else f"indicators_refuse('{guard.message}')"
    if sqlite:
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    return (
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW {when} EXECUTE FUNCTION {refuse}"
    )
