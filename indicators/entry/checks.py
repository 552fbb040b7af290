"""The checks that every figure passes on its way in, whatever the way; each has its own message.

A check looks at one batch against what is stored and names the entry, the field and the remedy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.calculation.faults import Fault
from indicators.calculation.numerals import MOST_DECIMALS, MOST_DIGITS, has_room, plain
from indicators.calculation.periods import Month, Period
from indicators.calculation.plausibility import jump, looks_like_another_unit, missing_before
from indicators.calculation.rules import Coverage, Figure, Rule, falls, roll_up
from indicators.models import Series
from indicators.models.series import PER_MILLE, PERCENT


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one entry of a batch.

    ``position`` counts from 0; ``field`` is ``value``, ``period`` or ``series``. ``misread`` is the
    fault of a text that came to no figure.
    """

    position: int
    field: str
    message: str | Promise
    misread: Fault | None = None

    def fault(self, *, place: str = "", text: str = "") -> Fault:
        """The problem in the one shape of what is wrong, in the reader's language."""
        found = self.misread or Fault(self.field, message=str(self.message))
        return replace(found, place=place, text=text or found.text)


class Refused(Exception):
    """Nothing was saved; ``problems`` says why, entry by entry."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem.message) for problem in problems))
        self.problems = tuple(problems)


class Conflict(Refused):
    """Somebody else changed one of the figures since this person looked."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One entry as the checks see it."""

    position: int
    series: Series
    period: Period
    value: Decimal | None
    evidence: str = ""


type Message = str | Promise

type Stored = Mapping[int, Mapping[Period, Decimal]]
"""Series id → the figures that it would hold once the batch is saved."""


def value_fits(_series: Series, value: Decimal) -> Iterator[Message]:
    """The column holds fifteen digits, eight of them decimals; more would be lost silently."""
    if not has_room(value):
        yield _(
            "%(value)s is too long: %(digits)d digits and %(decimals)d decimals at most. Round it."
        ) % {"value": f"{value:.30g}", "digits": MOST_DIGITS, "decimals": MOST_DECIMALS}


def value_can_be(series: Series, value: Decimal) -> Iterator[Message]:
    """Counts and rates are never negative; net changes and growth may be."""
    free = series.may_be_negative or series.rule == Rule.GROWTH.value
    if value < 0 and not free:
        yield _("%(value)s is negative; a figure in %(unit)s cannot be.") % {
            "value": plain(value),
            "unit": series.unit,
        }


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


def evidence_can_be_followed(claim: Claim) -> Iterator[Problem]:
    """Evidence is an address of the web, and nothing that a browser would run."""
    if not claim.evidence:
        return
    try:
        parts = urlsplit(claim.evidence)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(mark <= " " for mark in claim.evidence):
        yield Problem(
            claim.position,
            "evidence",
            _("“%(text)s” is no address of the web; it begins with https:// or http://.")
            % {"text": claim.evidence[:60]},
        )


def rate_is_in_range(series: Series, value: Decimal) -> Iterator[Message]:
    """A share given whole lies between nothing and all, unless it is no share of a whole."""
    is_share = series.rule == Rule.RATIO.value and series.unit_zh in (PERCENT, PER_MILLE)
    if is_share and not series.may_exceed_whole and value > series.scale:
        yield _("%(value)s%(unit)s is more than everything; a rate ends at %(most)s%(unit)s.") % {
            "value": plain(value),
            "unit": series.unit,
            "most": series.scale,
        }


def cannot_be(series: Series, value: Decimal | None) -> Iterator[Message]:
    """Why a series can have no such figure and no such target."""
    if value is None:
        return
    if not value.is_finite():
        yield _("This is not a number.")
    else:
        yield from value_fits(series, value)
        yield from value_can_be(series, value)
        yield from rate_is_in_range(series, value)


def can_be_a_figure(claim: Claim) -> Iterator[Problem]:
    """Digits, sign and range of the value itself."""
    for message in cannot_be(claim.series, claim.value):
        yield Problem(claim.position, "value", message)


def rate_is_not_typed_over(claim: Claim) -> Iterator[Problem]:
    """A month's rate follows from its parts where the series has parts."""
    series = claim.series
    if series.numerator_id is not None and claim.period.is_month and claim.value is not None:
        yield Problem(
            claim.position,
            "series",
            _("“%(series)s” is worked out; enter “%(numerator)s” and “%(denominator)s” instead.")
            % {
                "series": series,
                "numerator": series.numerator,
                "denominator": series.denominator,
            },
        )


def part_within_whole(
    claims: Sequence[Claim], stored: Stored, shares: Iterable[Series]
) -> Iterator[Problem]:
    """Of a rate in % or ‰ the numerator is a part of the denominator and cannot exceed it."""
    places = {(claim.series.pk, claim.period): claim.position for claim in claims}
    for share in shares:
        above, below = share.numerator_id, share.denominator_id
        is_part = share.unit_zh in (PERCENT, PER_MILLE) and not share.may_exceed_whole
        if above is None or below is None or not is_part:
            continue
        for period, value in stored.get(above, {}).items():
            whole = stored.get(below, {}).get(period)
            at = places.get((above, period), places.get((below, period)))
            if whole is None or value <= whole or at is None:
                continue
            yield Problem(
                at,
                "value",
                _(
                    "%(period)s: “%(part)s” is %(value)s, more than “%(whole)s” with %(most)s, of"
                    " which it is a part."
                )
                % {
                    "period": period.iso(),
                    "part": share.numerator,
                    "value": plain(value),
                    "whole": share.denominator,
                    "most": plain(whole),
                },
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


def problems(
    claims: Sequence[Claim], stored: Stored, this_month: Month, shares: Iterable[Series] = ()
) -> list[Problem]:
    """Every problem of a batch, in the order of its entries.

    ``shares``: the ratios that have a series of the batch for a part.
    """
    found: list[Problem] = []
    for claim in claims:
        found += can_be_a_figure(claim)
        found += series_is_entered(claim)
        found += evidence_can_be_followed(claim)
        found += rate_is_not_typed_over(claim)
        found += period_is_over(claim, this_month)
    found += entered_once(claims)
    if not found:
        found += running_total_rises(claims, stored)
        found += part_within_whole(claims, stored, shares)
    return sorted(found, key=lambda problem: problem.position)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that may be right but is not as one expects: explain it in a note, or mend it."""

    check: str
    message: str | Promise


type Months = Mapping[Month, Decimal]


def in_usual_range(series: Series, month: Month, months: Months) -> Iterator[Doubt]:
    """A jump against the recent months and the same month of earlier years."""
    running = series.is_running_total
    if found := jump(month, months, running=running):
        against = (
            _("the same month of earlier years") if found.of_same_month else _("the recent months")
        )
        text = (
            _("It adds %(value)s; usual against %(against)s is about %(usual)s.")
            if running
            else _("%(value)s jumps; usual against %(against)s is about %(usual)s.")
        )
        value = months[month] - months[month - 1] if running else months[month]
        yield Doubt(
            "jump",
            text
            % {
                "value": plain(value),
                "against": against,
                "usual": plain(round(found.usual, series.decimals)),
            },
        )


def in_usual_unit(series: Series, month: Month, months: Months) -> Iterator[Doubt]:
    """About ten thousand times the usual, or a ten-thousandth: 萬 was given or left out."""
    usual = looks_like_another_unit(month, months)
    if usual is not None:
        yield Doubt(
            "unit",
            _("%(value)s looks 10,000 times off: about %(usual)s %(unit)s is usual (萬?).")
            % {
                "value": plain(months[month]),
                "usual": plain(round(usual, series.decimals)),
                "unit": series.unit,
            },
        )


def counted_in_whole(series: Series, month: Month, months: Months) -> Iterator[Doubt]:
    """Decimals in what is counted: 1.234 may be 1,234 of another country's spreadsheet."""
    value = months[month]
    counts = series.rule in (Rule.SUM.value, Rule.LAST.value) and series.decimals == 0
    if counts and value != value.to_integral_value():
        yield Doubt(
            "decimals",
            _("%(value)s %(unit)s: these are counted in whole numbers. Does the dot belong there?")
            % {"value": plain(value), "unit": series.unit},
        )


def without_a_gap(_series: Series, month: Month, months: Months) -> Iterator[Doubt]:
    """The month before has no figure although the series had begun."""
    before = missing_before(month, months)
    if before is not None:
        yield Doubt(
            "gap",
            _("%(before)s, the month before, has no figure.")
            % {"before": Period(before, before).iso()},
        )


def adds_up(series: Series, month: Month, figures: Sequence[Figure]) -> Iterator[Doubt]:
    """Months that come to something else than the figure given for all of them together."""
    if series.rule != Rule.SUM.value:
        return
    of_month = Period(month, month)
    for figure in figures:
        if figure.period.is_month or not figure.period.contains(of_month):
            continue
        rolled = roll_up(Rule.SUM, figure.period, figures)
        if rolled.coverage == Coverage.CONFLICT:
            yield Doubt(
                "parts",
                _("The figures of %(period)s contradict each other: %(totals)s.")
                % {
                    "period": figure.period.iso(),
                    "totals": " / ".join(plain(total) for total in rolled.alternatives),
                },
            )


def doubts(series: Series, month: Month, figures: Sequence[Figure]) -> list[Doubt]:
    """Every doubt about a month's figure, given all figures of its series."""
    months = {f.period.first: f.value for f in sorted(figures, key=_at) if f.period.is_month}
    if month not in months:
        return []
    found = list(in_usual_unit(series, month, months))
    if not found:
        found += in_usual_range(series, month, months)
    found += counted_in_whole(series, month, months)
    found += without_a_gap(series, month, months)
    found += adds_up(series, month, figures)
    return found


def _at(figure: Figure) -> Month:
    return figure.period.first
