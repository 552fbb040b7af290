"""Whole months in the database: a date column that may only hold the first of a month."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import F, Func, IntegerField
from django.db.models.lookups import Exact


class DatePart(Func):
    """A part of a date column as a whole number, in plain SQL of either engine.

    Django's own ``__day`` and ``__year`` call a Python function on SQLite, so that no other program
    could write to a table whose CHECK is built on them.
    """

    output_field = IntegerField()
    template = "CAST(EXTRACT(%(part)s FROM %(expressions)s) AS INTEGER)"
    STRFTIME: ClassVar = {"DAY": "%%%%d", "YEAR": "%%%%Y"}

    def __init__(self, column: str, part: str) -> None:
        super().__init__(F(column), part=part)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite has no EXTRACT."""
        template = (
            f"CAST(strftime('{self.STRFTIME[self.extra['part']]}', %(expressions)s) AS INTEGER)"
        )
        return super().as_sql(compiler, connection, template=template, **context)


def first_of_month(column: str) -> Exact:
    """A condition for a CHECK: the column holds the first day of a month."""
    return Exact(DatePart(column, "DAY"), 1)


def in_year(column: str, year_column: str) -> Exact:
    """A condition for a CHECK: the date lies in the year that another column names."""
    return Exact(DatePart(column, "YEAR"), F(year_column))
