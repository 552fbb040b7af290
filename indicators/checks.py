"""The checks that every figure passes on its way in, whatever the way; each has its own message.

A check looks at one batch against what is stored and names the entry, the field and the remedy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Series
from indicators.numerals import plain
from indicators.periods import Month, Period
from indicators.rules import Figure, Rule, falls

MOST_DIGITS = 15
MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one entry of a batch.

    ``position`` counts from 0; ``field`` is ``value``, ``period`` or ``series``.
    """

    position: int
    field: str
    message: str | Promise


@dataclass(frozen=True, slots=True)
class Claim:
    """One entry as the checks see it."""

    position: int
    series: Series
    period: Period
    value: Decimal | None


type Stored = Mapping[int, Mapping[Period, Decimal]]
"""Series id → the figures that it would hold once the batch is saved."""


def value_fits(claim: Claim) -> Iterator[Problem]:
    """The column holds fifteen digits, four of them decimals; more would be lost silently."""
    value = claim.value
    if value is None:
        return
    if not value.is_finite():
        yield Problem(claim.position, "value", _("This is not a number."))
        return
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if decimals > MOST_DECIMALS:
        yield Problem(
            claim.position,
            "value",
            _("%(value)s has %(count)d decimals; give four at most.")
            % {"value": f"{value:f}", "count": decimals},
        )
    if abs(value) >= Decimal(10) ** (MOST_DIGITS - MOST_DECIMALS):
        yield Problem(
            claim.position,
            "value",
            _("%(value)s is too large to be kept; check the unit.") % {"value": f"{value:f}"},
        )


def value_can_be(claim: Claim) -> Iterator[Problem]:
    """Counts and rates are never negative; only growth may be, and growth is not entered."""
    if claim.value is not None and claim.value.is_finite() and claim.value < 0:
        yield Problem(
            claim.position,
            "value",
            _("%(value)s is negative; a figure in %(unit)s cannot be.")
            % {"value": plain(claim.value), "unit": claim.series.unit},
        )


def series_is_entered(claim: Claim) -> Iterator[Problem]:
    """Growth is worked out from its level; nobody types it."""
    if claim.series.rule == Rule.GROWTH.value:
        yield Problem(
            claim.position,
            "series",
            _("“%(series)s” is worked out; enter the level “%(source)s” instead.")
            % {"series": claim.series, "source": claim.series.source},
        )


def period_is_over(claim: Claim, this_month: Month) -> Iterator[Problem]:
    """A month that has not begun has no figure."""
    if claim.period.last > this_month:
        yield Problem(
            claim.position,
            "period",
            _("%(period)s lies in the future; the latest month is %(month)s.")
            % {"period": claim.period.iso(), "month": Period(this_month, this_month).iso()},
        )


def entered_once(claims: Sequence[Claim]) -> Iterator[Problem]:
    """The same series and period twice in a batch: which of the two would count?"""
    first: dict[tuple[int, Period], int] = {}
    for claim in claims:
        key = (claim.series.pk, claim.period)
        if key in first:
            yield Problem(
                claim.position,
                "period",
                _("%(series)s, %(period)s stands here twice (entries %(first)d and %(second)d).")
                % {
                    "series": claim.series,
                    "period": claim.period.iso(),
                    "first": first[key] + 1,
                    "second": claim.position + 1,
                },
            )
        first.setdefault(key, claim.position)


def running_total_rises(claims: Sequence[Claim], stored: Stored) -> Iterator[Problem]:
    """A running total counts on: a later figure below an earlier one is a slip in one of them."""
    of_series: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.series.is_running_total and claim.value is not None:
            of_series[claim.series.pk].append(claim)
    for pk, entered in of_series.items():
        position = {claim.period: claim.position for claim in entered}
        for earlier, later in falls([Figure(p, v) for p, v in stored[pk].items()]):
            at = position.get(later.period, position.get(earlier.period))
            if at is None:
                continue
            yield Problem(
                at,
                "value",
                _("A running total cannot fall: %(earlier)s has %(high)s, %(later)s has %(low)s.")
                % {
                    "earlier": earlier.period.iso(),
                    "high": plain(earlier.value),
                    "later": later.period.iso(),
                    "low": plain(later.value),
                },
            )


def problems(claims: Sequence[Claim], stored: Stored, this_month: Month) -> list[Problem]:
    """Every problem of a batch, in the order of its entries."""
    found: list[Problem] = []
    for claim in claims:
        found += value_fits(claim)
        found += value_can_be(claim)
        found += series_is_entered(claim)
        found += period_is_over(claim, this_month)
    found += entered_once(claims)
    if not found:
        found += running_total_rises(claims, stored)
    return sorted(found, key=lambda problem: problem.position)
