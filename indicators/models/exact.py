"""Columns for figures: as many digits as a figure may have, and sums of figures to the last one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from indicators.calculation.numerals import MOST_DECIMALS, MOST_DIGITS


class FigureField(models.DecimalField):
    """One figure: fifteen significant digits, wherever its point stands.

    SQLite keeps a decimal as a binary number, of which exactly so many digits come back.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = MOST_DIGITS + MOST_DECIMALS
        kwargs["decimal_places"] = MOST_DECIMALS
        super().__init__(*args, **kwargs)


class ExactDecimalField(models.DecimalField):
    """What figures come to, exact at any length: text on SQLite, a free numeric on PostgreSQL.

    SQLite can neither order nor add such a column; the calculation does that, in Decimal.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = kwargs["decimal_places"] = None
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Digits are not limited, so none are asked for."""
        return list(models.Field.check(self, **kwargs))

    def get_internal_type(self) -> str:
        """Its own, so that no engine cuts it as it cuts other decimals."""
        return "ExactDecimalField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type on either engine."""
        return "text" if connection.vendor == "sqlite" else "numeric"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Every digit, for either engine."""
        if not isinstance(value, Decimal):
            return value
        return f"{value:f}" if connection.vendor == "sqlite" else value

    def from_db_value(self, value: Any, *_args: Any) -> Decimal | None:
        """The decimal again."""
        return None if value is None else Decimal(value)
