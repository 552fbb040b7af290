"""Figures in doubt: the soft checks over what is stored, for a month or for cells of a grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Agency
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Figure
from indicators.entry.checks import Doubt, doubts
from indicators.entry.entries import Entry, Examined
from indicators.models import Observation, Revision, Series
from indicators.models.figures import WHOLE
from indicators.models.series import answered_by

MOST_DOUBTED = 2000


@dataclass(frozen=True, slots=True)
class FigureInDoubt:
    """A stored figure of one month, what the checks say of it, and the note that explains it."""

    series: Series
    month: Month
    text: str
    note: str


def figures_in_doubt(agency: Agency, month: Month) -> list[FigureInDoubt]:
    """The doubtful figures of an agency's month, in the order of the codes."""
    reported = Observation.objects.filter(
        series=OuterRef("pk"), agency=agency, last_month=month.first_day, breakdown=WHOLE
    )
    series = Series.objects.filter(answered_by([agency.pk])).filter(Exists(reported))
    return doubts_about(series.select_related("indicator"), [month])


def unexplained(found: Iterable[FigureInDoubt]) -> list[FigureInDoubt]:
    """Those without a reason; a note that was written for an earlier value is none for this."""
    return [one for one in found if not one.note.strip() or _note_is_older(one)]


def _note_is_older(one: FigureInDoubt) -> bool:
    first = one.month.first_day
    changes = Revision.objects.filter(
        kind=Revision.Kind.FIGURE, series=one.series, first_month=first, last_month=first
    ).order_by("-revision")
    for change in changes.filter(breakdown=WHOLE):
        if change.old_note != change.new_note:
            return False
        if change.old_value != change.new_value:
            return True
    return False


def doubts_about(series: Iterable[Series], months: Collection[Month]) -> list[FigureInDoubt]:
    """The doubtful figures of some series in some months; one query."""
    by_id = {one.pk: one for one in series}
    figures, notes = _stored(by_id)
    return [
        FigureInDoubt(by_id[pk], month, _said(found), notes[pk, month])
        for pk in by_id
        for month in months
        if (pk, month) in notes and (found := doubts(by_id[pk], month, figures[pk]))
    ]


def doubts_proposed(entries: Sequence[Entry]) -> dict[int, str]:
    """What the checks would say of entries once they were saved, by their place; one query."""
    by_id = {entry.series.pk: entry.series for entry in entries}
    figures, _notes = _stored(by_id)
    proposed = {(entry.series.pk, entry.period): entry.value for entry in entries}
    after = {
        pk: [f for f in of_series if (pk, f.period) not in proposed]
        for pk, of_series in figures.items()
    }
    for (pk, period), value in proposed.items():
        if value is not None:
            after.setdefault(pk, []).append(Figure(period, value))
    return {
        at: _said(found)
        for at, entry in enumerate(entries)
        if entry.period.is_month
        and entry.value is not None
        and (found := doubts(entry.series, entry.period.first, after[entry.series.pk]))
    }


def doubts_of(entries: Sequence[Entry], examined: Examined) -> dict[int, str]:
    """Soft checks on what would change; past a few thousand cells the submission does them."""
    places = [at for at, differs in enumerate(examined.differs) if differs]
    if not places or len(places) > MOST_DOUBTED:
        return {}
    found = doubts_proposed([entries[at] for at in places])
    return {places[at]: text for at, text in found.items()}


def _said(found: Iterable[Doubt]) -> str:
    return " ".join(str(doubt.message) for doubt in found)


def _stored(
    series: Collection[int],
) -> tuple[dict[int, list[Figure]], dict[tuple[int, Month], str]]:
    figures: dict[int, list[Figure]] = defaultdict(list)
    notes: dict[tuple[int, Month], str] = {}
    rows = Observation.objects.filter(
        series__in=series, breakdown=WHOLE, value__isnull=False
    ).values_list("series_id", "first_month", "last_month", "value", "note")
    for pk, first, last, value, note in rows.iterator(chunk_size=5000):
        assert value is not None
        period = Period(Month.of(first), Month.of(last))
        figures[pk].append(Figure(period, value))
        if period.is_month:
            notes[pk, period.first] = note
    return figures, notes
