"""Triggers that keep the record of changes as it was written, on either engine.

Removed before a ``migrate`` that has something to do and installed after it: SQLite's schema
changes rebuild a table, which takes its triggers along and stumbles over those that look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connections
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_  # noqa: N812


@dataclass(frozen=True, slots=True)
class Guard:
    """What a table refuses: ``when`` is the SQL condition on the row, empty for always.

    ``looks`` is a condition that reads other rows; it is worked out where ``when`` holds.
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


APPEND_ONLY = N_("The record of changes is append-only.")
CLOSED_MONTH = N_("The return of this month is closed.")
NOT_APPROVED = N_("A figure counts only once its return is approved.")
STAYS_IN_ITS_RETURN = N_("A figure stays in the return under which it was reported.")
RECORDED = N_("A definition with data behind it changes by a recorded revision only.")
# An agency without a return for the month finds none, so its figures pass.
IN_A_RETURN = (
    "EXISTS (SELECT 1 FROM indicators_return r WHERE r.agency_id = {row}.agency_id"
    " AND r.month = {row}.last_month AND r.state {states})"
)
CLOSED = "IN ('submitted', 'approved')"
UNAPPROVED = "<> 'approved'"
OF_SERIES = (
    "EXISTS (SELECT 1 FROM indicators_observation o"
    " JOIN indicators_series s ON s.id = o.series_id WHERE s.{column} = OLD.id)"
)

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
        N_("A proposal is decided on once and never rewritten."),
        "OLD.state <> 'waiting' OR NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject"
        " OR NEW.reason <> OLD.reason OR NEW.proposed_by_id <> OLD.proposed_by_id"
        " OR CAST(NEW.change AS text) <> CAST(OLD.change AS text)",
    ),
    Guard("indicators_milestone", "UPDATE", N_("A milestone is revised, never written over.")),
    Guard("indicators_milestone", "DELETE", N_("A milestone is revised, never deleted.")),
    Guard("indicators_observation", "DELETE", N_("A figure is withdrawn, never deleted.")),
    # An approval leaves the figure and its revision as they are and sets what was approved. A
    # withdrawn figure is NULL: compared by = it would make the condition NULL, and the guard sleep.
    Guard(
        "indicators_observation",
        "UPDATE",
        N_("A figure changes by its next revision only."),
        "NEW.revision <> OLD.revision + 1 AND NOT (NEW.revision = OLD.revision"
        " AND NEW.value IS NOT DISTINCT FROM OLD.value AND NEW.note = OLD.note"
        " AND NEW.evidence = OLD.evidence AND NEW.origin = OLD.origin)",
    ),
    Guard(
        "indicators_observation",
        "UPDATE",
        N_("A figure stays with its series and its period."),
        "NEW.series_id <> OLD.series_id OR NEW.first_month <> OLD.first_month"
        " OR NEW.last_month <> OLD.last_month OR NEW.breakdown <> OLD.breakdown",
        "_of_another_place",
    ),
    Guard(
        "indicators_observation",
        "UPDATE",
        N_("What counts is the figure as it was approved."),
        "(NEW.approved_revision <> OLD.approved_revision"
        " OR NEW.approved_value IS DISTINCT FROM OLD.approved_value)"
        " AND (NEW.approved_revision <> NEW.revision"
        " OR NEW.approved_value IS DISTINCT FROM NEW.value)",
        "_of_what_counts",
    ),
    # An indicator goes over to another agency together with its transfer, which names the month.
    Guard("indicators_transfer", "UPDATE", APPEND_ONLY),
    Guard("indicators_transfer", "DELETE", APPEND_ONLY),
    Guard(
        "indicators_indicator",
        "UPDATE",
        N_("An indicator with figures goes to another agency by a transfer only."),
        "NEW.agency_id IS DISTINCT FROM OLD.agency_id",
        "_of_another_agency",
        f"{OF_SERIES.format(column='indicator_id')} AND NOT EXISTS ("
        "SELECT 1 FROM indicators_transfer t WHERE t.to_agency_id = NEW.agency_id AND t.id ="
        " (SELECT max(id) FROM indicators_transfer WHERE indicator_id = OLD.id))",
    ),
    Guard(
        "indicators_series",
        "UPDATE",
        N_("A series with figures stays with its indicator."),
        "NEW.indicator_id <> OLD.indicator_id",
        "_of_another_indicator",
        OF_SERIES.format(column="id"),
    ),
    Guard(
        "indicators_reportingcalendar",
        "UPDATE",
        N_("A reporting calendar stays with its agency."),
        "NEW.agency_id <> OLD.agency_id",
    ),
    Guard("indicators_reportingcalendar", "DELETE", N_("A reporting calendar is never deleted.")),
]
SQLITE_GUARDS = (
    Guard(
        "indicators_observation",
        "INSERT",
        CLOSED_MONTH,
        name_ends="_of_closed_month",
        looks=IN_A_RETURN.format(row="NEW", states=CLOSED),
    ),
    Guard(
        "indicators_observation",
        "INSERT",
        NOT_APPROVED,
        "NEW.approved_revision > 0",
        "_not_approved",
        IN_A_RETURN.format(row="NEW", states=UNAPPROVED),
    ),
    Guard(
        "indicators_observation",
        "UPDATE",
        CLOSED_MONTH,
        "NEW.revision <> OLD.revision",
        "_of_closed_month",
        IN_A_RETURN.format(row="OLD", states=CLOSED),
    ),
    Guard(
        "indicators_observation",
        "UPDATE",
        STAYS_IN_ITS_RETURN,
        "NEW.agency_id IS DISTINCT FROM OLD.agency_id",
        "_of_another_return",
        IN_A_RETURN.format(row="OLD", states=CLOSED),
    ),
    Guard(
        "indicators_observation",
        "UPDATE",
        NOT_APPROVED,
        "NEW.approved_revision <> OLD.approved_revision"
        " OR NEW.approved_value IS DISTINCT FROM OLD.approved_value",
        "_not_approved",
        IN_A_RETURN.format(row="NEW", states=UNAPPROVED),
    ),
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
                RECORDED,
                changed,
                "_of_definition",
                f"{unrecorded} AND {has_data}" if has_data else unrecorded,
            )
        )
    return found


def _postgresql_look(message: str, rows: str, states: str) -> str:
    return (
        f"IF EXISTS (SELECT 1 FROM {rows} JOIN indicators_return r ON r.agency_id = c.agency_id"
        f" AND r.month = c.last_month WHERE r.state {states}) THEN RAISE EXCEPTION '{message}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    )


CHANGED_FROM = "(SELECT {row}.* FROM changed n JOIN earlier o ON o.id = n.id WHERE {differs}) c"
POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION indicators_refuse_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_postgresql_look(CLOSED_MONTH, "changed c", CLOSED)}
  {
    _postgresql_look(
        NOT_APPROVED, "(SELECT * FROM changed WHERE approved_revision > 0) c", UNAPPROVED
    )
}
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION indicators_refuse_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {
    _postgresql_look(
        CLOSED_MONTH, CHANGED_FROM.format(row="o", differs="o.revision <> n.revision"), CLOSED
    )
}
  {
    _postgresql_look(
        STAYS_IN_ITS_RETURN,
        CHANGED_FROM.format(row="o", differs="o.agency_id IS DISTINCT FROM n.agency_id"),
        CLOSED,
    )
}
  {
    _postgresql_look(
        NOT_APPROVED,
        CHANGED_FROM.format(
            row="n",
            differs="o.approved_revision <> n.approved_revision"
            " OR o.approved_value IS DISTINCT FROM n.approved_value",
        ),
        UNAPPROVED,
    )
}
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


def words_of(error: BaseException) -> str:
    """What a guard said, in the language of the reader; "" where no guard raised the error."""
    if not isinstance(error, DatabaseError):
        return ""
    messages = {RECORDED, *(guard.message for guard in (*_guards, *SQLITE_GUARDS))}
    return next((gettext(one) for one in messages if one in str(error)), "")


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
