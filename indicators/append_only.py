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
    """What a table refuses: ``when`` is the SQL condition, empty for always."""

    table: str
    event: str
    message: str
    when: str = ""
    name_ends: str = ""

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"{self.table}_guards_{self.event.lower()}{self.name_ends}"


APPEND_ONLY = "The record of changes is append-only."
CLOSED_MONTH = "The return of this month is closed."
OF_CLOSED_RETURN = """
    JOIN indicators_series s ON s.id = c.series_id
    JOIN indicators_indicator i ON i.id = s.indicator_id
    JOIN indicators_return r ON r.agency_id = i.agency_id AND r.month = c.last_month
    WHERE r.state IN ('submitted', 'approved')
"""

_guards = [
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
    # An approval leaves the figure and its revision as they are and sets what was approved.
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
# One look a statement, however many rows it writes.
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
            cursor.execute(_statement(guard, sqlite=sqlite))


def remove(using: str, plan: Sequence[Any] = (), **_kwargs: Any) -> None:
    """Drop the triggers where migrations are about to run; a receiver of ``pre_migrate``."""
    connection = connections[using]
    if not plan or "indicators_observation" not in connection.introspection.table_names():
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in (*_guards, *SQLITE_GUARDS):
            if guard.table in tables:
                on = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def _statement(guard: Guard, *, sqlite: bool) -> str:
    when = f"WHEN ({guard.when})" if guard.when else ""
    if sqlite:
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    return (
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW {when} EXECUTE FUNCTION indicators_refuse('{guard.message}')"
    )
