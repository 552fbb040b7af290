"""The roll-up: from observations to yearly values, in the transaction of the change itself.

A page reads one row a series and year; this module alone writes those rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from indicators.calculation.forecasting import seasonal_share
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Component, Coverage, Figure, Rolled, Rule, roll_up
from indicators.models import Milestone, Observation, Series, YearlyValue
from indicators.models.figures import WHOLE, Basis

SERIES_AT_ONCE = 200
SHARE_STEP = Decimal("1e-12")
DERIVED = (
    "numerator",
    "denominator",
    "coverage",
    "months",
    "last_month",
    "missing",
    "window_numerator",
    "window_denominator",
    "window_coverage",
    "window_months",
    "window_last_month",
    "window_missing",
    "base_numerator",
    "base_denominator",
    "seasonal_share",
    "agency_id",
)

type Key = tuple[int, int, str]
"""Series id, year, basis."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A yearly value that was not what the observations come to. None: no such row."""

    series: str
    year: int
    field: str
    stored: Any
    computed: Any

    def __str__(self) -> str:
        return f"{self.series} {self.year} {self.field}: {self.stored} stored, {self.computed} due"


def lock(series_ids: Iterable[int]) -> None:
    """Hold the series, and those made of them, until the transaction ends.

    Two batches that touch the same series then follow each other, so that the second rolls up what
    the first has written. Always in the order of the keys: two batches cannot wait for each other.
    SQLite needs none of it: its transactions follow each other from their first statement on.
    """
    ids = _with_dependents(set(series_ids))
    list(Series.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def refresh(series_ids: Collection[int], years: Collection[int] | None = None) -> None:
    """Bring the yearly values of the series, and of those made of them, in step.

    ``years``: the years whose figures changed; others are worked out anew only where their window
    can reach back, which is where they have a target.
    """
    with transaction.atomic():
        _synchronise(_with_dependents(set(series_ids)), None if years is None else set(years))


def rebuild(series_ids: Collection[int] | None = None) -> list[Difference]:
    """Work everything out anew and return what differed; it is mended afterwards."""
    if series_ids is None:
        ids = list(Series.objects.order_by("pk").values_list("pk", flat=True))
    else:
        ids = sorted(_with_dependents(set(series_ids)))
    differences: list[Difference] = []
    for start in range(0, len(ids), SERIES_AT_ONCE):
        some = ids[start : start + SERIES_AT_ONCE]
        with transaction.atomic():
            lock(some)
            differences += _synchronise(set(some))
    return differences


def _with_dependents(ids: set[int]) -> set[int]:
    made_of = Q(numerator__in=ids) | Q(denominator__in=ids) | Q(source__in=ids)
    return ids | set(Series.objects.filter(made_of).values_list("pk", flat=True))


def _synchronise(ids: set[int], years: set[int] | None = None) -> list[Difference]:
    series = list(Series.objects.filter(pk__in=ids).select_related("indicator"))
    known = figures_of(series)
    milestones: dict[int, dict[int, Milestone]] = defaultdict(dict)
    for milestone in Milestone.current().filter(series__in=ids):
        milestones[milestone.series_id][milestone.year] = milestone
    rules = dict(Series.objects.filter(pk__in=known.approved.every).values_list("pk", "rule"))
    due: dict[Key, YearlyValue] = {}
    for one in series:
        some = None if years is None or one.rule == Rule.GROWTH.value else years
        if some is not None:
            some = some | set(milestones[one.pk])
        for row in _both(one, known, rules, milestones[one.pk], some):
            due[one.pk, row.year, row.basis] = row
    stored = {
        (row.series_id, row.year, row.basis): row
        for row in YearlyValue.objects.filter(series__in=ids, breakdown=WHOLE)
        if years is None
        or row.year in years
        or row.year in milestones[row.series_id]
        or (row.series_id, row.year, row.basis) in due
    }
    names = {one.pk: str(one) for one in series}
    return _write(due, stored, names)


@dataclass(slots=True)
class Figures:
    """Figures by series, and those that lie within one year, which is all that most years need."""

    every: dict[int, list[Figure]]
    of_year: dict[tuple[int, int], list[Figure]]

    def add(self, pk: int, figure: Figure | None) -> None:
        """Take in a figure; None for one that was withdrawn."""
        if figure is None:
            return
        self.every[pk].append(figure)
        if figure.period.first.year == figure.period.last.year:
            self.of_year[pk, figure.period.first.year].append(figure)


@dataclass(slots=True)
class Known:
    """The figures of the series and of their parts; whose make the two differ, by series."""

    approved: Figures
    working: Figures
    differing: dict[int, set[int | None]]


def figures_of(series: Sequence[Series]) -> Known:
    """The approved and the working figures of some series and of those they are made of."""
    ids = {
        pk
        for one in series
        for pk in (one.pk, one.numerator_id, one.denominator_id, one.source_id)
        if pk is not None
    }
    known = Known(
        Figures({pk: [] for pk in ids}, defaultdict(list)),
        Figures({pk: [] for pk in ids}, defaultdict(list)),
        defaultdict(set),
    )
    rows = Observation.objects.filter(series__in=ids, breakdown=WHOLE).values_list(
        "series_id", "first_month", "last_month", "value", "approved_value", "agency_id"
    )
    periods: dict[tuple[date, date], Period] = {}
    for pk, first, last, value, approved, agency in rows.iterator(chunk_size=5000):
        period = periods.get((first, last))
        if period is None:
            period = periods[first, last] = Period(Month.of(first), Month.of(last))
        figure = None if value is None else Figure(period, value)
        known.working.add(pk, figure)
        if value == approved:
            known.approved.add(pk, figure)
        else:
            known.differing[pk].add(agency)
            known.approved.add(pk, None if approved is None else Figure(period, approved))
    return known


def _both(
    series: Series,
    known: Known,
    rules: Mapping[int, str],
    milestones: Mapping[int, Milestone],
    years: Collection[int] | None,
) -> Iterable[YearlyValue]:
    """The rows of the approved figures, and those of the working ones that say something else."""
    approved = {row.year: row for row in _rows(series, known.approved, rules, milestones, years)}
    yield from approved.values()
    parts = (series.pk, series.numerator_id, series.denominator_id, series.source_id)
    agencies = {agency for pk in parts if pk for agency in known.differing.get(pk, ())}
    if not agencies:
        return
    for row in _rows(series, known.working, rules, milestones, years):
        beside = approved.get(row.year)
        if beside is None or any(getattr(row, f) != getattr(beside, f) for f in DERIVED):
            row.basis = Basis.WORKING
            row.agency_id = next(iter(agencies)) if len(agencies) == 1 else None
            yield row


PLAIN_RULES = frozenset({Rule.SUM.value, Rule.LAST.value, Rule.MEAN.value})


def _rows(
    series: Series,
    known: Figures,
    rules: Mapping[int, str],
    milestones: Mapping[int, Milestone],
    only: Collection[int] | None,
) -> Iterable[YearlyValue]:
    figures = known.every
    years = {
        year
        for pk in (series.pk, series.numerator_id, series.denominator_id, series.source_id)
        for figure in figures.get(pk or 0, ())
        for year in (figure.period.first.year, figure.period.last.year)
    }
    for year in sorted(years | set(milestones)):
        if only is not None and year not in only:
            continue
        milestone = milestones.get(year)
        if series.rule in PLAIN_RULES:
            within = known.of_year.get((series.pk, year), [])
            rolled = roll_up(Rule(series.rule), Period.year(year), within)
        else:
            rolled = roll(series, Period.year(year), figures, rules)
        if milestone is None and rolled.coverage == Coverage.NONE:
            continue
        row = YearlyValue(
            series_id=series.pk,
            year=year,
            numerator=rolled.numerator,
            denominator=rolled.denominator,
            coverage=rolled.coverage.value,
            months=rolled.months,
            last_month=_day(rolled.last_month),
            missing=rolled.missing.value,
        )
        if milestone is not None:
            _add_window(row, series, milestone, figures, rules)
        yield row


def _add_window(
    row: YearlyValue,
    series: Series,
    milestone: Milestone,
    figures: Mapping[int, Sequence[Figure]],
    rules: Mapping[int, str],
) -> None:
    window = roll(series, milestone.window, figures, rules)
    row.window_numerator = window.numerator
    row.window_denominator = window.denominator
    row.window_coverage = window.coverage.value
    row.window_months = window.months
    row.window_last_month = _day(window.last_month)
    row.window_missing = window.missing.value
    if milestone.base_month is not None:
        base = _base(series, Month.of(milestone.base_month), figures, rules)
        row.base_numerator, row.base_denominator = base.numerator, base.denominator
    if series.rule == Rule.SUM.value and window.last_month is not None:
        share = seasonal_share(figures[series.pk], window.last_month.month)
        row.seasonal_share = None if share is None else share.quantize(SHARE_STEP)


def roll(
    series: Series,
    period: Period,
    figures: Mapping[int, Sequence[Figure]],
    rules: Mapping[int, str],
) -> Rolled:
    """What a series comes to over any period; ``figures`` and ``rules`` by series, parts too."""

    def part(pk: int | None) -> Component | None:
        return None if pk is None else Component(Rule(rules[pk]), tuple(figures[pk]))

    return roll_up(
        Rule(series.rule),
        period,
        figures[series.pk],
        numerator=part(series.numerator_id),
        denominator=part(series.denominator_id),
        source=part(series.source_id),
        base_year=series.base_year,
    )


def _base(
    series: Series,
    month: Month,
    figures: Mapping[int, Sequence[Figure]],
    rules: Mapping[int, str],
) -> Rolled:
    """The level that the path starts from: the month's own, or that of the year it closes."""
    of_month = roll(series, Period(month, month), figures, rules)
    if of_month.coverage == Coverage.COMPLETE:
        return of_month
    return roll(series, Period(month - 11, month), figures, rules)


def _write(
    due: Mapping[Key, YearlyValue], stored: Mapping[Key, YearlyValue], names: Mapping[int, str]
) -> list[Difference]:
    differences: list[Difference] = []
    changed: list[YearlyValue] = []
    for key, row in due.items():
        old = stored.get(key)
        if old is None:
            differences.append(Difference(names[key[0]], key[1], "row", None, "row"))
            changed.append(row)
            continue
        found = [
            Difference(names[key[0]], key[1], field, getattr(old, field), getattr(row, field))
            for field in DERIVED
            if getattr(old, field) != getattr(row, field)
        ]
        if found:
            differences += found
            changed.append(row)
    gone = [row for key, row in stored.items() if key not in due]
    differences += [Difference(names[row.series_id], row.year, "row", "row", None) for row in gone]
    YearlyValue.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["series", "year", "breakdown", "basis"],
        update_fields=DERIVED,
    )
    if gone:
        YearlyValue.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return differences


def _day(month: Month | None) -> Any:
    return None if month is None else month.first_day
