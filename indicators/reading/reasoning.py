"""The reasoning: a series' definition, and what its standing was worked out from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.calculation.forecasting import forecast
from indicators.calculation.progress import METHOD_VERSION
from indicators.calculation.rules import Figure, Rule
from indicators.models import Observation
from indicators.reading.display import Display
from indicators.reading.explanations import achievement_text
from indicators.reading.standings import SeriesStanding


def definition(one: SeriesStanding, display: Display) -> tuple[tuple[str, str], ...]:
    """The definition of a series."""
    series = one.series
    facts = [
        (_("Unit"), series.unit),
        (_("Direction"), series.get_direction_display()),
        (_("How months become a year"), series.get_rule_display()),
    ]
    if series.base_year:
        facts.append((_("Base year"), display.year(series.base_year)))
    if one.milestone:
        facts += [
            (_("Target"), display.exact(one.milestone.value, series.unit)),
            (_("Window"), display.period(one.milestone.window)),
        ]
        if one.milestone.revision > 1:
            facts.append((_("Revision of the target"), str(one.milestone.revision)))
    return tuple((name, str(value)) for name, value in facts)


def inputs(
    one: SeriesStanding, observations: Mapping[int, Sequence[Observation]], display: Display
) -> tuple[tuple[str, str], ...]:
    """What the standing was worked out from, exactly as it went in."""
    found, reading, unit = one.assessment, one.reading, one.series.unit
    rows: list[tuple[str, str]] = []
    if reading and reading.denominator is not None:
        is_growth = reading.rule == Rule.GROWTH
        rows += [
            (_("Level") if is_growth else _("Numerator"), display.number(reading.numerator)),
            (
                _("Base level") if is_growth else _("Denominator"),
                display.number(reading.denominator),
            ),
        ]
    rows.append((_("Actual, unrounded"), display.exact(found.actual, unit)))
    rows.append((_("Target"), display.exact(found.target, unit)))
    if found.target is not None and found.actual is not None:
        rows.append((_("Achievement"), achievement_text(one, display)))
    if reading:
        covered = _("%(months)d of %(of_months)d months, to %(as_of)s") % {
            "months": reading.months,
            "of_months": one.period.months,
            "as_of": display.month(found.as_of),
        }
        rows.append((_("Months with figures"), covered))
    if found.pace is not None:
        rows += [
            (_("Way covered"), display.share(found.completion)),
            (_("Way that was due"), display.share(found.expected)),
            (_("Pace"), display.number(found.pace, 2)),
        ]
    if found.needed_per_month is not None and found.months_left:
        rows.append(
            (
                _("Still needed a month"),
                display.exact(found.needed_per_month.quantize(Decimal("0.01")), ""),
            )
        )
        rows += _forecast(one, observations, display)
    rows.append((_("Method version"), METHOD_VERSION))
    return tuple(rows)


def _forecast(
    one: SeriesStanding, observations: Mapping[int, Sequence[Observation]], display: Display
) -> list[tuple[str, str]]:
    found, series = one.assessment, one.series
    if found.actual is None or found.as_of is None:
        return []
    known = [
        Figure(row.period, row.value) for row in observations[series.pk] if row.value is not None
    ]
    ahead = forecast(Rule(series.rule), known, found.actual, found.as_of, one.period)
    if ahead is None:
        return [(_("Forecast"), _("Too few months with figures for one"))]
    return [
        (
            _("Forecast"),
            _("%(value)s, four times out of five between %(low)s and %(high)s")
            % {
                "value": display.figure(ahead.value, series),
                "low": display.figure(ahead.low, series),
                "high": display.figure(ahead.high, series),
            },
        )
    ]
