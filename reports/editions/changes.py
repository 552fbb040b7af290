"""What changed from one edition to the next: figures, text and targets, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _

from indicators.calculation.numerals import plain
from indicators.models import Milestone, Series
from reports.models import Edition, Section
from reports.tables.sheets import Cell, Document, Row, Sheet
from reports.texts.compilation import Compilation
from reports.texts.references import PATTERN
from reports.texts.writing import is_released


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what it was and what it is; empty where there was nothing."""

    place: str
    subject: str
    before: str
    after: str


def figure_changes(edition: Edition) -> list[Change]:
    """The live figures that read otherwise than in the edition before, section by section."""
    previous = edition.previous
    if previous is None:
        return []
    before, after = _figures(previous), _figures(edition)
    titles = {one.key: one.title for one in edition.sections.all()}
    found = []
    for key in dict.fromkeys([*after, *before]):
        pairs = zip_longest(before.get(key, ()), after.get(key, ()), fillvalue=("", ""))
        for (old_raw, old), (new_raw, new) in pairs:
            if old != new or not new_raw or not old_raw:
                found.append(Change(titles.get(key, key), new_raw or old_raw, old, new))
    return found


def _figures(edition: Edition) -> dict[str, list[tuple[str, str]]]:
    """Section key → its live figures in order, as (reference, text); a release's as it was."""
    by_key: dict[str, list[tuple[str, str]]] = {}
    if is_released(edition):
        for place, (raw, text) in edition.release.figures.items():
            by_key.setdefault(place.rpartition(":")[0], []).append((raw, text))
        return by_key
    for one in Compilation(edition).placed:
        text = one.figure.text if one.figure else ""
        by_key.setdefault(one.section.key, []).append((one.raw, text))
    return by_key


def text_changes(edition: Edition) -> list[Change]:
    """The sections that came, went or read otherwise; the live figures are left out of it."""
    previous = edition.previous
    if previous is None:
        return []
    old = {one.key: one for one in previous.sections.all()}
    new = {one.key: one for one in edition.sections.all()}
    return [
        change
        for key in dict.fromkeys([*new, *old])
        for change in _compare(old.get(key), new.get(key))
    ]


def _compare(old: Section | None, new: Section | None) -> Iterator[Change]:
    title = (new or old).title  # type: ignore[union-attr]
    if new is None:
        yield Change(title, _("section left out"), _words(old), "")
    elif old is None:
        yield Change(title, _("new section"), "", _words(new))
    elif _words(old) != _words(new):
        yield Change(title, _("text"), _words(old), _words(new))


def _words(section: Section | None) -> str:
    return "" if section is None else PATTERN.sub("…", section.text).strip()


def target_changes(edition: Edition) -> list[Change]:
    """The targets of the two editions' target years, and where they differ or are new."""
    previous = edition.previous
    if previous is None:
        return []
    years = {previous.target_year, edition.target_year}
    values: dict[tuple[int, int], Milestone] = {
        (one.series_id, one.year): one for one in Milestone.current().filter(year__in=years)
    }
    found = []
    rows = Series.public().filter(is_component=False).select_related("indicator")
    for series in rows.order_by("indicator__sort_key", "position"):
        old = values.get((series.pk, previous.target_year))
        new = values.get((series.pk, edition.target_year))
        before, after = _target(old, series), _target(new, series)
        if before != after:
            found.append(Change(series.indicator.code, series.name, before, after))
    return found


def _target(one: Milestone | None, series: Series) -> str:
    return "" if one is None else f"{plain(one.aim)} {series.unit} ({one.year})"


def changes_document(edition: Edition) -> Document:
    """The change list as sheets: figures, text, targets."""
    parts = (
        (_("Figures"), figure_changes(edition), _("Reference")),
        (_("Text"), text_changes(edition), _("What")),
        (_("Targets"), target_changes(edition), _("Series")),
    )
    previous = edition.previous
    title = _("Changes from the edition of %(old)s to that of %(new)d") % {
        "old": previous.year if previous else "—",
        "new": edition.year,
    }
    return Document(
        title,
        "zh-TW",
        [
            Sheet(
                name=name,
                title=f"{title}: {name}",
                headings=[_("Section or indicator"), subject, _("Before"), _("Now")],
                widths=[50, 60, 80, 80],
                rows=[_row(one) for one in changes],
            )
            for name, changes, subject in parts
        ],
    )


def _row(change: Change) -> Row:
    return [Cell(change.place), Cell(change.subject), Cell(change.before), Cell(change.after)]
