"""Printed figures against computed ones."""

from decimal import Decimal

import pytest

from indicators.calculation.reconciliation import compare


@pytest.mark.parametrize(
    ("printed", "computed", "decimals", "kind", "rounded"),
    [
        ("60.8", "60.87869", 1, "truncated", "60.9"),
        ("58.7", "58.7093", 1, "rounded", "58.7"),
        ("618", "618", 0, "equal", "618"),
        ("61", "60.8787", 0, "rounded", "61"),
        ("60.7", "60.8787", 1, "differs", "60.9"),
        ("0.023", "0.023", 3, "equal", "0.023"),
    ],
)
def test_the_difference_is_named(
    printed: str, computed: str, decimals: int, kind: str, rounded: str
) -> None:
    found = compare(Decimal(printed), Decimal(computed), decimals)
    assert (found.kind, found.computed) == (kind, Decimal(rounded))
