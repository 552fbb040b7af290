"""The page of one indicator: everything that is known of it, each number traceable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from accounts.permissions import EVERY
from indicators.calculation.periods import Month, Period
from indicators.calculation.progress import Standing, worst
from indicators.calculation.reconciliation import Comparison, Difference, compare
from indicators.models import (
    Indicator,
    Milestone,
    Observation,
    Return,
    Revision,
    Series,
)
from indicators.models.definitions import public_series
from indicators.models.figures import WHOLE, reported_by
from indicators.pages.definition_history import DefinitionRow, definition_rows, life_text, who
from indicators.reading.display import Display
from indicators.reading.explanations import STANDING_NAMES, sentence
from indicators.reading.reasoning import definition, inputs
from indicators.reading.series_chart import series_chart
from indicators.reading.standings import NOBODYS, Seen, SeriesStanding, shows_provisional, standings
from indicators.returns.timing import timing

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One observation: what it says, where it comes from, and its row for a correction."""

    pk: int
    period: str
    value: str
    origin: str
    note: str
    evidence: str
    revision: int
    provisional: bool
    corrected: bool
    late: bool


@dataclass(frozen=True, slots=True)
class PrintRow:
    """A figure as an edition printed it beside the one that the data give."""

    edition: str
    place: str
    kind: str
    period: str
    printed: str
    computed: str
    exact: str
    difference: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of one figure or target."""

    at: datetime
    who: str
    what: str
    period: str
    old: str
    new: str
    why: str
    revision: int


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The observations of one series, the judged one or a part of it."""

    name: str
    unit: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class SeriesPanel:
    """One judged series."""

    anchor: str
    name: str
    standing: Standing
    standing_name: str
    sentence: str
    provisional: str
    facts: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    chart: dict[str, Any] | None
    chart_id: str
    chart_data_id: str
    chart_label: str
    tables: tuple[FigureTable, ...]
    prints: tuple[PrintRow, ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """The whole page."""

    indicator: Indicator
    agency: str
    year: int
    year_text: str
    years: tuple[tuple[int, str], ...]
    unknown_year: str
    standing: Standing
    standing_name: str
    panels: tuple[SeriesPanel, ...]
    activities: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    groups: tuple[Any, ...]
    changes: tuple[ChangeRow, ...]
    life: str
    definitions: tuple[DefinitionRow, ...]


def indicator_page(
    indicator: Indicator,
    display: Display,
    *,
    year_text: str = "",
    names_people: bool = False,
    seen: Seen = NOBODYS,
    drafts: bool = False,
) -> IndicatorPage:
    """Read and set the page for a target year, by default the latest with a target.

    ``names_people``: whether the history names the people who made the changes. ``seen``: the
    agencies whose provisional figures the reader sees. ``drafts``: whether that goes for series
    that are drafts too.
    """
    years = _years(indicator)
    known = {str(year): year for year in years}
    year = known.get(year_text) or (years[0] if years else 0)
    every = list(
        indicator.series.filter(Q() if drafts else public_series()).select_related(
            "indicator", "source", "numerator", "denominator"
        )
    )
    observations = _observations(every, seen)
    marks = _marks(observations)
    found = standings(year, series=indicator.series.all(), seen=seen) if year else []
    return IndicatorPage(
        indicator=indicator,
        agency=indicator.agency.name if indicator.agency else "",
        year=year,
        year_text=display.year(year) if year else "",
        years=tuple((one, display.year(one)) for one in years),
        unknown_year=_unknown(year_text, known),
        standing=_standing(found),
        standing_name=str(STANDING_NAMES[_standing(found)]),
        panels=tuple(_panel(one, every, observations, marks, display) for one in found),
        activities=_activities(indicator, display),
        groups=tuple(indicator.stakeholder_groups.prefetch_related("channels")),
        changes=tuple(_changes(every, display, names_people, seen)),
        life=life_text(indicator, display),
        definitions=tuple(definition_rows(indicator, every, names_people)),
    )


def _years(indicator: Indicator) -> list[int]:
    """The years to choose from: those with targets first, then those with values."""
    targets = Milestone.public().filter(series__indicator=indicator).values_list("year", flat=True)
    values = indicator.series.filter(public_series()).values_list("yearly_values__year", flat=True)
    with_target = {year for year in targets if indicator.lives_in(Period.year(year))}
    others = {year for year in values if year and indicator.lives_in(Period.year(year))}
    return sorted(with_target, reverse=True) + sorted(others - with_target, reverse=True)


def _unknown(year_text: str, known: Mapping[str, int]) -> str:
    if not year_text or year_text in known:
        return ""
    return _("There is nothing for the year “%(year)s”; %(shown)s is shown instead.") % {
        "year": year_text[:20],
        "shown": next(iter(known), "—"),
    }


def _standing(found: Sequence[SeriesStanding]) -> Standing:
    return worst(one.assessment.standing for one in found) if found else Standing.NO_DATA


def _observations(every: Sequence[Series], seen: Seen) -> dict[int, list[Observation]]:
    """The figures of each series: the latest for those inside, for others the approved ones."""
    kept: dict[int, list[Observation]] = {one.pk: [] for one in every}
    rows = Observation.objects.filter(series__in=kept, breakdown=WHOLE)
    for row in rows.order_by("first_month", "-last_month"):
        if row.is_provisional and not shows_provisional(seen, row.agency_id):
            if not row.approved_revision:
                continue
            row.value, row.revision = row.approved_value, row.approved_revision
            row.note = row.evidence = ""
        kept[row.series_id].append(row)
    return kept


@dataclass(frozen=True, slots=True)
class _Marks:
    """The figures changed after an approval had closed their month, and months handed in late."""

    corrected: Collection[tuple[int, Period]]
    late: Collection[tuple[int, Month]]


def _marks(observations: Mapping[int, Sequence[Observation]]) -> _Marks:
    """By the returns they were reported under, and the revisions that the reader is shown."""
    shown = {
        (pk, row.first_month, row.last_month): (row.agency_id, row.revision)
        for pk, rows in observations.items()
        for row in rows
    }
    agencies = {agency for agency, _latest in shown.values() if agency is not None}
    returns = list(Return.objects.filter(agency__in=agencies))
    late = {(one.agency_id, one.period_month) for one in returns if timing(one) == "late"}
    reopened = {
        (one.agency_id, one.month): one.first_approved_at for one in returns if one.corrections
    }
    changes = Revision.objects.filter(
        series__in=observations,
        kind=Revision.Kind.FIGURE,
        last_month__in={month for _agency, month in reopened},
    ).values_list("series_id", "first_month", "last_month", "revision", "batch__at")
    corrected = set()
    for pk, first, last, revision, at in changes:
        agency, latest = shown.get((pk, first, last), (None, 0))
        approved = None if agency is None else reopened.get((agency, last))
        if approved is not None and at > approved and revision <= latest:
            corrected.add((pk, Period(Month.of(first), Month.of(last))))
    return _Marks(corrected, late)


def _panel(
    one: SeriesStanding,
    every: Sequence[Series],
    observations: Mapping[int, Sequence[Observation]],
    marks: _Marks,
    display: Display,
) -> SeriesPanel:
    series = one.series
    parts = [series.pk, series.numerator_id, series.denominator_id, series.source_id]
    tables = tuple(
        _table(part, observations[part.pk], marks, display)
        for part in every
        if part.pk in parts and observations[part.pk]
    )
    chart = series_chart(one, every, observations, display)
    return SeriesPanel(
        anchor=f"series-{series.position}",
        name=series.name,
        standing=one.assessment.standing,
        standing_name=str(STANDING_NAMES[one.assessment.standing]),
        sentence=sentence(one, display),
        provisional=_provisional(one, display),
        facts=definition(one, display),
        inputs=inputs(one, observations, display),
        chart=chart,
        chart_id=f"chart-{series.pk}",
        chart_data_id=f"chart-{series.pk}-data",
        chart_label=_("Chart of %(series)s; the table below it says the same.")
        % {"series": series.name},
        tables=tables,
        prints=tuple(
            print_rows(one, series.publications.select_related("section__edition"), display)
        ),
    )


def _provisional(one: SeriesStanding, display: Display) -> str:
    if not one.provisional:
        return ""
    return _(
        "Includes figures to %(month)s that are not approved yet; the public does not see them."
    ) % {"month": display.month(one.assessment.as_of)}


def _table(
    series: Series,
    rows: Sequence[Observation],
    marks: _Marks,
    display: Display,
) -> FigureTable:
    return FigureTable(
        series.name,
        series.unit,
        tuple(
            FigureRow(
                row.pk,
                display.period(row.period),
                display.exact(row.value, series.unit),
                row.get_origin_display(),
                row.note,
                row.evidence,
                row.revision,
                row.is_provisional,
                (row.series_id, row.period) in marks.corrected,
                (row.agency_id, row.period.last) in marks.late,
            )
            for row in rows
        ),
    )


DIFFERENCES = {
    Difference.EQUAL: lambda: _("equal"),
    Difference.ROUNDED: lambda: _("equal once rounded"),
    Difference.TRUNCATED: lambda: _("truncated"),
    Difference.DIFFERS: lambda: _("differs"),
}


WRONGLY_PRINTED = (Difference.TRUNCATED, Difference.DIFFERS)


def print_rows(
    one: SeriesStanding, publications: Iterable[Any], display: Display
) -> list[PrintRow]:
    """What editions printed for this window, set against target and actual of today.

    ``publications`` are those of the series, with their section and edition.
    """
    found, rows = one.assessment, []
    window = one.milestone.window if one.milestone else Period.year(one.year)
    for publication in publications:
        if publication.period != window:
            continue
        exact = found.target if publication.kind == "target" else found.actual
        compared: Comparison | None = None
        if exact is not None:
            compared = compare(publication.value, exact, publication.decimals)
        rows.append(
            PrintRow(
                edition=str(publication.section.edition.year),
                place=publication.section.title,
                kind=publication.get_kind_display(),
                period=display.period(publication.period),
                printed=publication.printed,
                computed="—" if compared is None else display.exact(compared.computed, ""),
                exact=display.number(exact),
                difference=DIFFERENCES[compared.kind]() if compared else _("no data"),
                differs=compared is None or compared.kind in WRONGLY_PRINTED,
            )
        )
    return rows


def _activities(
    indicator: Indicator, display: Display
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (group, tuple((row.name, display.exact(row.value, row.unit)) for row in rows))
        for group, rows in groupby(indicator.activities.all(), key=lambda row: row.group)
    )


def _changes(
    every: Sequence[Series], display: Display, names_people: bool, seen: Seen
) -> list[ChangeRow]:
    rows = Revision.objects.filter(series__in=[one.pk for one in every], breakdown=WHOLE)
    own = Value(True) if seen == EVERY else Exists(reported_by(seen))
    rows = rows.annotate(is_own=own)
    if seen != EVERY:
        # What was entered for approval is public only in the revision that was approved.
        approved = Observation.objects.filter(
            series=OuterRef("series"),
            first_month=OuterRef("first_month"),
            last_month=OuterRef("last_month"),
            approved_revision=OuterRef("revision"),
        )
        rows = rows.filter(Q(needs_approval=False) | Q(is_own=True) | Exists(approved))
    return [
        ChangeRow(
            at=row.batch.at,
            who=who(row.batch, names_people),
            what=f"{row.get_kind_display()} · {row.series.name}",
            period=display.period(row.period),
            old=display.exact(
                row.old_value if row.is_own or not row.needs_approval else None, row.series.unit
            ),
            new=display.exact(row.new_value, row.series.unit),
            why=row.batch.reason,
            revision=row.revision,
        )
        for row in rows.select_related("batch__actor", "series")[:MOST_CHANGES]
    ]
