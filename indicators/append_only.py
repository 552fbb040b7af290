"""Triggers that keep the record of changes as it was written, on either engine.

Installed after every ``migrate`` rather than by one migration: SQLite's schema changes rebuild a
table, and its triggers are gone with the old one. Inserts carry no trigger, so loading costs none.
"""

from __future__ import annotations

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

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"{self.table}_guards_{self.event.lower()}"


GUARDS = (
    Guard("indicators_revision", "UPDATE", "The record of changes is append-only."),
    Guard("indicators_revision", "DELETE", "The record of changes is append-only."),
    Guard("indicators_entrybatch", "UPDATE", "The record of entries is append-only."),
    Guard("indicators_entrybatch", "DELETE", "The record of entries is append-only."),
    Guard("indicators_milestone", "UPDATE", "A milestone is revised, never written over."),
    Guard("indicators_milestone", "DELETE", "A milestone is revised, never deleted."),
    Guard("indicators_observation", "DELETE", "A figure is withdrawn, never deleted."),
    Guard(
        "indicators_observation",
        "UPDATE",
        "A figure changes by its next revision only.",
        "NEW.revision <> OLD.revision + 1",
    ),
)

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(using: str, **_kwargs: Any) -> None:
    """Create the triggers that are missing; a receiver of ``post_migrate``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    guards = [guard for guard in GUARDS if guard.table in tables]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and guards:
            cursor.execute(POSTGRESQL_FUNCTION)
        for guard in guards:
            for statement in _statements(guard, connection.vendor):
                cursor.execute(statement)


def _statements(guard: Guard, vendor: str) -> list[str]:
    when = f"WHEN ({guard.when})" if guard.when else ""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        ]
    return [
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW {when} EXECUTE FUNCTION indicators_refuse('{guard.message}')"
    ]
