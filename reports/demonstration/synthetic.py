"""Synthetic months for the sample: they add up to what was published, and are nobody's figures."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from indicators.calculation.periods import Month, Period

SEASON = (6, 4, 9, 9, 10, 9, 8, 9, 10, 11, 9, 6)
"""How the months of a year weigh against each other: little around the lunar new year."""


def split(
    total: int, months: Sequence[Month], chance: random.Random, *, wobble: float = 0.15
) -> dict[Month, int]:
    """Whole numbers of nought and more, one a month, that come to the total exactly.

    Weighted by season with some wobble; what rounding leaves goes to the largest remainders.
    """
    weights = [
        SEASON[month.month - 1] * (1 + wobble * (2 * chance.random() - 1)) for month in months
    ]
    shares = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in shares]
    order = sorted(range(len(months)), key=lambda at: whole[at] - shares[at])
    for at in order[: total - sum(whole)]:
        whole[at] += 1
    return dict(zip(months, whole, strict=True))


def flows(
    totals: Mapping[Period, Decimal], months: Sequence[Month], chance: random.Random
) -> dict[Month, int]:
    """Months that come to every total at once; the totals lie apart or within each other.

    Months that no total covers stay without a figure.
    """
    found: dict[Month, int] = {}
    for period, total in sorted(totals.items(), key=lambda pair: pair[0].months):
        inside = [month for month in months if period.contains(Period(month, month))]
        free = [month for month in inside if month not in found]
        rest = int(total) - sum(found[month] for month in inside if month in found)
        if free:
            found |= split(rest, free, chance)
    return found


def levels(
    known: Mapping[Month, Decimal], months: Sequence[Month], chance: random.Random, *, rising: bool
) -> dict[Month, int]:
    """A level for each month that meets the known ones; between them a line with some wobble.

    ``rising``: a running total, which never falls.
    """
    marks = sorted(known)
    found: dict[Month, int] = {}
    for month in months:
        if month in known:
            found[month] = int(known[month])
            continue
        before = max((mark for mark in marks if mark < month), default=None)
        after = min((mark for mark in marks if mark > month), default=None)
        if before is None or after is None:
            continue
        share = before.until(month) / before.until(after)
        step = float(known[after] - known[before])
        # Less than half a month's step to either side, so that a rising line keeps rising.
        wobble = (chance.random() - 0.5) * 0.8 * step / before.until(after)
        found[month] = int(float(known[before]) + share * step + (wobble if rising else 2 * wobble))
    return found
