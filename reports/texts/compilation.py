"""An edition read whole: its sections, their texts, and the live figures in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from indicators.reading.standings import SeriesStanding, standings
from reports.models import Edition, Section
from reports.texts.live_figures import LiveFigure, LiveFigures
from reports.texts.prose import Live, Part, read_prose
from reports.texts.references import Reference


@dataclass(frozen=True, slots=True)
class Placed:
    """A live figure where it stands."""

    section: Section
    line: int
    raw: str
    figure: LiveFigure | None
    error: str = ""


class Compilation:
    """An edition read whole: its sections, their texts and what its references come to.

    ``only``: of the texts that of one section alone; ``every`` holds all sections either way.
    """

    def __init__(self, edition: Edition, *, only: Section | None = None) -> None:
        self.edition = edition
        self.every = list(
            edition.sections.select_related("goal", "agency")
            .prefetch_related("indicators", "pictures")
            .order_by("position")
        )
        self.sections = [one for one in self.every if only is None or one.pk == only.pk]
        self.parts: Mapping[int, list[Part]] = {
            one.pk: read_prose(one.text) for one in self.sections
        }
        self.live = LiveFigures(self._references())
        self._known: dict[Reference, LiveFigure] = {}

    def _references(self) -> Iterator[Reference]:
        for section in self.sections:
            for _part, live in self.references_of(section):
                if live.reference is not None:
                    yield live.reference

    def references_of(self, section: Section) -> Iterator[tuple[Part, Live]]:
        """The references of a section in order, each with the part that it stands in."""
        for part in self.parts[section.pk]:
            for piece in part.inline:
                if isinstance(piece, Live):
                    yield part, piece

    def figure(self, reference: Reference) -> LiveFigure:
        """What a reference comes to; each is worked out once."""
        if reference not in self._known:
            self._known[reference] = self.live.of(reference)
        return self._known[reference]

    @cached_property
    def placed(self) -> list[Placed]:
        """Every live figure of the edition where it stands."""
        return [
            Placed(
                section,
                part.line,
                live.raw,
                None if live.reference is None else self.figure(live.reference),
                live.error,
            )
            for section in self.sections
            for part, live in self.references_of(section)
        ]

    @cached_property
    def standings(self) -> list[SeriesStanding]:
        """Where every judged series stands in the target year."""
        return standings(self.edition.target_year)

    def figures_of(self, section: Section) -> dict[str, str]:
        """The live figures of a section's text as they read now, by the reference as written."""
        return {
            live.raw: self.figure(live.reference).text
            for _part, live in self.references_of(section)
            if live.reference is not None
        }
