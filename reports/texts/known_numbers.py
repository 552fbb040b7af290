"""The numbers that the data hold, to compare with those that somebody typed into a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from indicators.calculation.numerals import NumberError, parse_number
from indicators.calculation.periods import Period
from indicators.calculation.reconciliation import Difference, compare
from indicators.calculation.spelt import NUMERALS
from indicators.models import Activity, Milestone, Observation, Series
from indicators.models.figures import WHOLE
from indicators.reading.standings import SeriesStanding
from reports.texts.references import Kind, Reference

NEAR = Decimal("0.2")
"""A typed number this close to a figure of the section, and equal to none, is taken for it."""
MOST_FIGURES = 20_000
NUMERAL_MARKS = "".join(sorted(mark for mark in NUMERALS if not mark.isascii()))
TELLING = 100
"""Smaller counts agree with something by chance."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the data with its unit, and the reference that writes it."""

    value: Decimal
    unit: str
    code: str
    reference: str


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number with a unit as it stands in a text."""

    text: str
    value: Decimal
    decimals: int
    unit: str
    start: int


def known_numbers(found: Iterable[SeriesStanding], typed: Iterable[Decimal]) -> list[Known]:
    """Figures, targets, standings and counts of work; of the figures those near a typed number."""
    known = [_of_observation(row) for row in _observations(set(typed))]
    for milestone in Milestone.public().select_related("series__indicator"):
        known.append(_of(milestone.series, milestone.window, milestone.aim, Kind.TARGET))
    for one in found:
        if one.assessment.actual is not None:
            known.append(_of(one.series, one.period, one.assessment.actual, Kind.VALUE))
        if one.assessment.achievement is not None:
            known.append(
                _of(one.series, one.period, one.assessment.achievement, Kind.ACHIEVEMENT, "%")
            )
    for activity in Activity.objects.all():
        reference = Reference("", activity.name_zh, None, Kind.ACTIVITY).written()
        known.append(Known(activity.value, activity.unit_zh, "", reference))
    return known


def _observations(typed: Iterable[Decimal]) -> Iterable[Observation]:
    near = Q()
    for value in typed:
        ends = sorted((value / (1 + NEAR), value / (1 - NEAR)))
        near |= Q(approved_value__range=(ends[0] - 1, ends[1] + 1))
    rows = Observation.objects.filter(near, breakdown=WHOLE, approved_value__isnull=False)
    return rows.select_related("series__indicator").order_by("first_month")[:MOST_FIGURES]


def _of_observation(row: Observation) -> Known:
    assert row.approved_value is not None
    return _of(row.series, row.period, row.approved_value, Kind.VALUE)


def _of(series: Series, period: Period, value: Decimal, kind: Kind, unit: str = "") -> Known:
    code = series.indicator.code
    written = Reference(code, series.name_zh, period, kind).written()
    return Known(value, unit or series.unit_zh, code, written)


def typed_numbers(text: str, units: Sequence[str]) -> Iterator[TypedNumber]:
    """Numbers that one of the units follows; years, codes and ordinals have none."""
    for match in _pattern(tuple(units)).finditer(text):
        number = unicodedata.normalize("NFKC", match["number"]).rstrip(",.")
        try:
            value = parse_number(number)
        except NumberError:
            continue
        if value is not None:
            unit = unicodedata.normalize("NFKC", match["unit"])
            decimals = len(number.partition(".")[2]) if number.isascii() else 0
            yield TypedNumber(match.group(), value, decimals, unit, match.start())


def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({*units, "％"}, key=len, reverse=True)
    # A run of numerals is taken whole: of 零點零二三 the end alone would be another number.
    return re.compile(
        rf"(?<![{NUMERAL_MARKS}])(?P<number>\d[\d,，.．]*(?:\s?[億萬]\s?[\d,，]*)*"
        rf"|[{NUMERAL_MARKS}]{{2,}})"
        rf"\s?(?P<unit>{'|'.join(re.escape(unit) for unit in words)})"
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the data say of a typed number: matches, unit, contradicts or unknown."""

    kind: str
    known: Known | None = None


def judge(typed: TypedNumber, known: Sequence[Known], codes: frozenset[str]) -> Verdict:
    """Compare a typed number with the data; ``codes`` are the indicators that the text is about."""
    equal = [one for one in known if _equal(typed, one)]
    near_first = sorted(equal, key=lambda one: one.code not in codes)
    for one in near_first:
        if one.unit == typed.unit:
            return Verdict("matches", one)
    for one in near_first:
        if typed.value >= TELLING and one.code in codes:
            return Verdict("unit", one)
    for one in known:
        if one.code in codes and one.unit == typed.unit and _near(typed.value, one.value):
            return Verdict("contradicts", one)
    return Verdict("unknown")


def _equal(typed: TypedNumber, one: Known) -> bool:
    return compare(typed.value, one.value, typed.decimals).kind != Difference.DIFFERS


def _near(typed: Decimal, value: Decimal) -> bool:
    return value != 0 and abs(typed - value) <= abs(value) * NEAR
