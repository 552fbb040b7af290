"""Whole months in the database: a date column that may only hold the first of a month."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField
from django.db.models.lookups import Exact


class DayOfMonth(Func):
    """The day of the month of a date column, in plain SQL of either engine.

    Django's own ``__day`` calls a Python function on SQLite, so that a CHECK built on it could be
    read by no other program.
    """

    output_field = IntegerField()
    template = "CAST(EXTRACT(DAY FROM %(expressions)s) AS INTEGER)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite has no EXTRACT."""
        return super().as_sql(
            compiler,
            connection,
            template="CAST(strftime('%%%%d', %(expressions)s) AS INTEGER)",
            **context,
        )


def first_of_month(column: str) -> Exact:
    """A condition for a CHECK: the column holds the first day of a month."""
    return Exact(DayOfMonth(F(column)), 1)
