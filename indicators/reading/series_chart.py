"""The chart of one judged series: its figures, its target, the path to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.calculation.periods import Month
from indicators.calculation.rules import Rule, value_of
from indicators.models import Observation, Series
from indicators.reading import charts
from indicators.reading.display import Display
from indicators.reading.standings import SeriesStanding


def series_chart(
    one: SeriesStanding,
    every: Sequence[Series],
    observations: Mapping[int, Sequence[Observation]],
    display: Display,
) -> dict[str, Any] | None:
    """The chart in Plotly's schema, or None where there is nothing to draw."""
    series = one.series
    drawn = next((part for part in every if part.pk == series.source_id), series)
    points = [
        charts.Point(
            row.period,
            row.value,
            f"{display.period(row.period)}: {display.exact(row.value, drawn.unit)}",
        )
        for row in observations[drawn.pk]
        if row.value is not None
    ]
    if not points:
        return None
    target, path = _lines(one, drawn, display)
    return charts.figure(
        charts.Chart(
            Rule(series.rule), drawn.unit, drawn.name, points, target, path, display.year_number
        )
    )


def _lines(
    one: SeriesStanding, drawn: Series, display: Display
) -> tuple[charts.Line | None, charts.Line | None]:
    """The target over its window, and the path to it where a base is known."""
    milestone, reading, series = one.milestone, one.reading, one.series
    if milestone is None:
        return None, None
    window = milestone.window
    level, base, base_month = milestone.aim, None, window.first - 1
    if series.rule == Rule.GROWTH.value:
        base = reading.denominator if reading else None
        if base is None:
            return None, None
        level = base * (100 + milestone.aim) / 100
    elif series.rule == Rule.SUM.value:
        base = Decimal(0)
    elif one.yearly and milestone.base_month:
        base = value_of(
            Rule(series.rule),
            one.yearly.base_numerator,
            one.yearly.base_denominator,
            series.scale,
        )
        base_month = Month.of(milestone.base_month)
    text = _("Target %(value)s") % {"value": display.exact(level, drawn.unit)}
    target = charts.Line(_("Target"), window.first, level, window.last, level, text)
    if base is None:
        return target, None
    way = _("Expected path")
    return target, charts.Line(way, base_month + 1, base, window.last, level, way)
