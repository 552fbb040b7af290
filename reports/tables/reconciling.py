"""Reconciliation of an edition: each printed figure beside the computed one, and why they differ.

equal, rounded and truncated come from indicators.reconciliation. What differs may be explained: an
earlier revision of the figures said what was printed, or the two are apart by a power of ten.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from indicators.calculation.numerals import plain
from indicators.calculation.reconciliation import Comparison, Difference, compare
from indicators.models import Revision
from indicators.reading.over_periods import Readings
from indicators.reading.standings import SeriesStanding, standings
from reports.models import Edition, Publication

DIFFERENCES = {
    "equal": _("equal"),
    "rounded": _("equal once rounded"),
    "truncated": _("truncated"),
    "revision": _("revised since"),
    "unit": _("another unit"),
    "unexplained": _("unexplained"),
    "no_data": _("no data"),
}
POWERS = tuple(Decimal(10) ** power for power in (-8, -4, -3, -2, 2, 3, 4, 8))


def reconcile(edition: Edition) -> list[dict[str, str]]:
    """Every printed figure of an edition, in the order of the codes.

    ``difference`` is equal, rounded, truncated, revision, unit, unexplained or no_data; numbers are
    exact and plain.
    """
    rows = list(
        Publication.objects.filter(section__edition=edition).select_related(
            "section", "series__indicator"
        )
    )
    found = {
        (one.series.pk, one.year): one
        for year in sorted({row.last_month.year for row in rows})
        for one in standings(year)
    }
    earlier = _earlier_values({row.series_id for row in rows})
    readings = Readings({row.series_id: row.series for row in rows}.values())
    return [
        _row(
            row,
            _exact(row, found.get((row.series_id, row.last_month.year)), readings),
            earlier[row.series_id],
        )
        for row in rows
    ]


def _exact(row: Publication, one: SeriesStanding | None, readings: Readings) -> Decimal | None:
    """What the data give for a printed figure: of a window as it is judged, else of its months."""
    if one is not None and row.period == one.period:
        return one.assessment.target if row.kind == "target" else one.assessment.actual
    return None if row.kind == "target" else readings.over(row.series, row.period).value


def _earlier_values(series_ids: set[int]) -> dict[int, set[Decimal]]:
    kept: dict[int, set[Decimal]] = defaultdict(set)
    rows = Revision.objects.filter(series__in=series_ids, old_value__isnull=False)
    for pk, value in rows.values_list("series_id", "old_value"):
        if value is not None:
            kept[pk].add(value)
    return kept


def _row(row: Publication, exact: Decimal | None, earlier: set[Decimal]) -> dict[str, str]:
    compared = None if exact is None else compare(row.value, exact, row.decimals)
    return {
        "indicator": row.series.indicator.code,
        "series": row.series.name,
        "kind": row.kind,
        "period": row.period.iso(),
        "place": row.section.title,
        "printed": row.printed,
        "printed_value": plain(row.value),
        "computed": "" if compared is None else plain(compared.computed),
        "exact": "" if exact is None else plain(exact),
        "difference": _reason(row, compared, exact, earlier),
    }


def _reason(
    row: Publication, compared: Comparison | None, exact: Decimal | None, earlier: set[Decimal]
) -> str:
    if compared is None or exact is None:
        return "no_data"
    if compared.kind != Difference.DIFFERS:
        return compared.kind.value
    if any(compare(row.value, value, row.decimals).kind != Difference.DIFFERS for value in earlier):
        return "revision"
    if any(
        compare(row.value, exact * power, row.decimals).kind != Difference.DIFFERS
        for power in POWERS
    ):
        return "unit"
    return "unexplained"
