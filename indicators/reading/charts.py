"""Charts as plain data in Plotly's schema; the browser gives them their colours.

A figure is drawn as what it is: a flow is a bar as wide as its months and as high as its total, a
rate that was given whole is a line over its period, a level is a point at the end of its month. The
role of each trace stands in its ``meta``, from which the script takes colours that fit the reader's
colour scheme. Numbers become binary fractions here and only here: a screen has no more places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Rule

Trace = dict[str, Any]
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """One figure to draw, with the text that says it."""

    period: Period
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A target over its window, or a path from month to month, with its name and texts."""

    name: str
    start: Month
    start_value: Decimal
    end: Month
    end_value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. ``target`` lies over the window, ``path`` leads to its end.

    ``year_name`` writes a year in the reader's calendar.
    """

    rule: Rule
    unit: str
    name: str
    points: Sequence[Point]
    target: Line | None = None
    path: Line | None = None
    year_name: Callable[[int], str] = str


def figure(chart: Chart) -> dict[str, Any]:
    """The chart for ``Plotly.newPlot``: ``data`` and ``layout``."""
    traces = _values(chart)
    if chart.path:
        traces.append(_line(chart.path, "path"))
    if chart.target:
        traces.append(_line(chart.target, "target"))
    return {"data": traces, "layout": _layout(chart)}


def _values(chart: Chart) -> list[Trace]:
    if chart.rule == Rule.SUM:
        return [_bars(chart)]
    if chart.rule in (Rule.LAST, Rule.GROWTH):
        return [_levels(chart)]
    return [_spans(chart)]


def _bars(chart: Chart) -> Trace:
    """Bars as wide as their months; where one lies inside another, the shorter is drawn on top."""
    points = sorted(chart.points, key=lambda point: -point.period.months)
    return {
        "type": "bar",
        "name": chart.name,
        "meta": {"role": "value"},
        "x": [_middle(point.period) for point in points],
        "width": [_milliseconds(point.period) for point in points],
        "y": [float(point.value) for point in points],
        "text": [point.text for point in points],
        "textposition": "auto",
        "hovertext": [point.text for point in points],
        "hoverinfo": "text",
    }


def _levels(chart: Chart) -> Trace:
    points = sorted(chart.points, key=lambda point: point.period)
    return {
        "type": "scatter",
        "mode": "lines+markers+text" if len(points) <= 12 else "lines+markers",
        "name": chart.name,
        "meta": {"role": "value"},
        "x": [_after(point.period.last) for point in points],
        "y": [float(point.value) for point in points],
        "text": [point.text for point in points],
        "textposition": "top center",
        "hovertext": [point.text for point in points],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _spans(chart: Chart) -> Trace:
    """Lines over the periods, with a gap between one and the next."""
    x: list[str | None] = []
    y: list[float | None] = []
    text: list[str] = []
    for point in sorted(chart.points, key=lambda point: point.period):
        x += [point.period.first.first_day.isoformat(), _after(point.period.last), None]
        y += [float(point.value)] * 2 + [None]
        text += [point.text, "", ""]
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": chart.name,
        "meta": {"role": "value"},
        "x": x,
        "y": y,
        "text": text,
        "textposition": "top right",
        "hovertext": text,
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _line(line: Line, role: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": line.name,
        "meta": {"role": role},
        "x": [line.start.first_day.isoformat(), _after(line.end)],
        "y": [float(line.start_value), float(line.end_value)],
        "hovertext": [line.text, line.text],
        "hoverinfo": "text",
    }


def _layout(chart: Chart) -> dict[str, Any]:
    years = _years(chart)
    return {
        "xaxis": {
            "type": "date",
            "tickmode": "array",
            "tickvals": [date(year, 1, 1).isoformat() for year in years],
            "ticktext": [chart.year_name(year) for year in years],
            "showgrid": False,
        },
        "yaxis": {
            "rangemode": "tozero",
            "title": {"text": chart.unit, "standoff": 12},
            "automargin": True,
            "tickformat": ",",
        },
        "barmode": "overlay",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.18},
        "margin": {"l": 24, "r": 24, "t": 28, "b": 48},
        "hovermode": "closest",
        "dragmode": False,
    }


def _years(chart: Chart) -> range:
    """The years to name below the axis; every second, fifth … where there are many."""
    lines = [line for line in (chart.target, chart.path) if line]
    first = min([p.period.first.year for p in chart.points] + [line.start.year for line in lines])
    last = max([p.period.last.year for p in chart.points] + [line.end.year for line in lines]) + 1
    return range(first, last + 1, 1 + (last - first) // MOST_YEARS)


def _after(month: Month) -> str:
    """The first day after a month: where its last day ends."""
    return (month + 1).first_day.isoformat()


def _days(period: Period) -> tuple[date, date]:
    return period.first.first_day, (period.last + 1).first_day


def _middle(period: Period) -> str:
    first, after = _days(period)
    return (first + timedelta((after - first).days / 2)).isoformat()


def _milliseconds(period: Period) -> int:
    first, after = _days(period)
    return (after - first).days * 86_400_000
