"""The figures that a writer can pick for a section, each as it would read now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Rule
from indicators.models import Activity, Milestone, Series
from reports.models import Edition
from reports.texts.live_figures import LiveFigures
from reports.texts.references import Kind, Reference

MOST_SERIES = 40
KIND_NAMES = {
    Kind.VALUE: lambda: _("value"),
    Kind.NUMBER: lambda: _("number without its unit"),
    Kind.TARGET: lambda: _("target"),
    Kind.GROWTH: lambda: _("growth over the base"),
    Kind.DIFFERENCE: lambda: _("difference from the base"),
    Kind.ACHIEVEMENT: lambda: _("achievement"),
    Kind.STANDING: lambda: _("standing"),
    Kind.PERIOD: lambda: _("the period in words"),
    Kind.ACTIVITY: lambda: _("count of work"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A reference to pick, what it is about, and how it reads."""

    subject: str
    kind: str
    reference: str
    text: str


def offers(edition: Edition, codes: Iterable[str], search: str = "") -> list[Offer]:
    """What can be picked for some indicators, or what a search finds among all of them."""
    rows = Series.public().select_related("indicator").order_by("indicator__sort_key", "position")
    work = Activity.objects.all()
    if search := search.strip():
        named = Q(indicator__name_zh__icontains=search) | Q(name_zh__icontains=search)
        rows = rows.filter(named | Q(indicator__code__startswith=search))
        work = work.filter(Q(name_zh__icontains=search) | Q(group_zh__icontains=search))
    else:
        rows = rows.filter(indicator__code__in=list(codes))
        work = work.filter(indicators__code__in=list(codes)).distinct()
    series = list(rows[:MOST_SERIES])
    windows = {
        one.series_id: one
        for one in Milestone.current().filter(series__in=series, year=edition.target_year)
    }
    asked = [
        (str(one), reference)
        for one in series
        for reference in _references(one, edition, windows.get(one.pk))
    ]
    asked += [
        (one.name_zh, Reference("", one.name_zh, None, Kind.ACTIVITY)) for one in work[:MOST_SERIES]
    ]
    live = LiveFigures(reference for _subject, reference in asked)
    found = []
    for subject, reference in asked:
        figure = live.of(reference)
        if figure.text:
            kind = KIND_NAMES[reference.kind]()
            found.append(Offer(subject, kind, reference.written(), figure.text))
    return found


def _references(
    series: Series, edition: Edition, milestone: Milestone | None
) -> Iterator[Reference]:
    code, name = series.indicator.code, series.name_zh
    level = Rule(series.rule) == Rule.LAST
    end = Month(edition.target_year, 12)
    window = milestone.window if milestone else Period.year(edition.target_year)
    period = Period(end, end) if level else window
    for kind in (Kind.VALUE, Kind.PERIOD):
        yield Reference(code, name, period, kind)
    if milestone is not None:
        for kind in (Kind.TARGET, Kind.ACHIEVEMENT, Kind.STANDING):
            yield Reference(code, name, period, kind)
    if level:
        base = Period(Month(edition.target_year - 4, 12), Month(edition.target_year - 4, 12))
        yield Reference(code, name, period, Kind.DIFFERENCE, base)
        yield Reference(code, name, period, Kind.GROWTH, base)
    if edition.until is not None:
        until = edition.until
        running = Period(until, until) if level else Period(Month(until.year, 1), until)
        for kind in (Kind.VALUE, Kind.PERIOD):
            yield Reference(code, name, running, kind)
    yield Reference(code, name, period, Kind.NUMBER)
