"""What the standings say: a witness of every change of a definition or a target."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from indicators.calculation.progress import Standing, worst
from indicators.entry.effects import Said
from indicators.models import Milestone
from indicators.reading.display import Display
from indicators.reading.explanations import STANDING_NAMES
from indicators.reading.standings import SeriesStanding, by_indicator, standings


def said_by_standings() -> Iterator[Said]:
    """Of every target year how many indicators meet it, and where each series with a target is."""
    display = Display()
    for year in sorted(set(Milestone.public().order_by().values_list("year", flat=True))):
        found = standings(year)
        groups = by_indicator(found)
        stand = [worst(one.assessment.standing for one in group) for group in groups.values()]
        yield Said(
            ("count", year),
            display.year(year),
            _("%(met)d of %(all)d indicators met")
            % {"met": stand.count(Standing.MET), "all": len(stand)},
        )
        for one in found:
            if one.milestone is None:
                continue
            place = f"{display.year(year)} · {one.series}"
            yield Said(("standing", year, one.series.pk), place, _stands(one, display))


def _stands(one: SeriesStanding, display: Display) -> str:
    found, series = one.assessment, one.series
    return _("%(standing)s (%(actual)s; target %(target)s)") % {
        "standing": STANDING_NAMES[found.standing],
        "actual": display.figure(found.actual, series),
        "target": display.exact(found.target, series.unit),
    }
