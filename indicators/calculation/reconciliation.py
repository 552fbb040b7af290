"""Reconciliation: a printed figure set against the one that the data give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.calculation.numerals import Rounding, round_figure


class Difference(StrEnum):
    """How a printed figure relates to the computed one."""

    EQUAL = "equal"
    ROUNDED = "rounded"
    TRUNCATED = "truncated"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A printed figure beside the computed one, both at the printed decimals, and the exact gap."""

    kind: Difference
    printed: Decimal
    computed: Decimal
    gap: Decimal


def compare(printed: Decimal, computed: Decimal, decimals: int) -> Comparison:
    """Say whether a figure printed with ``decimals`` is the computed one, and if not quite, why."""
    rounded = round_figure(computed, decimals)
    if printed == computed:
        kind = Difference.EQUAL
    elif printed == rounded:
        kind = Difference.ROUNDED
    elif printed == round_figure(computed, decimals, Rounding.TRUNCATE):
        kind = Difference.TRUNCATED
    else:
        kind = Difference.DIFFERS
    return Comparison(kind, printed, rounded, printed - computed)
