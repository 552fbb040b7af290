"""What an indicator was defined as, and when: its life and the record of its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from indicators.calculation.periods import Month
from indicators.models import Defined, DefinitionRevision, EntryBatch, Indicator, Series
from indicators.reading.changes import ChangedField, changed_fields
from indicators.reading.display import Display

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One change of the indicator, of what it stands under, or of one of its series."""

    at: datetime
    who: str
    what: str
    fields: tuple[ChangedField, ...]
    why: str
    revision: int


def definition_rows(
    indicator: Indicator, series: Iterable[Series], names_people: bool
) -> Iterator[DefinitionRow]:
    """The record of an indicator's definition, the latest first."""
    of: list[Defined] = [indicator, indicator.target, indicator.target.goal, *series]
    for row in DefinitionRevision.of(*of)[:MOST_CHANGES]:
        yield DefinitionRow(
            row.batch.at,
            who(row.batch, names_people),
            row.name,
            tuple(changed_fields(row)),
            row.batch.reason,
            row.revision,
        )


def life_text(indicator: Indicator, display: Display) -> str:
    """What the life of an indicator comes to in words; empty for one in force since ever."""
    told = []
    if indicator.is_draft:
        told.append(_("Draft: nobody but the planners sees this page."))
    if indicator.alive_from:
        month = display.month(Month.of(indicator.alive_from))
        told.append(_("In force from %(month)s.") % {"month": month})
    if indicator.alive_until:
        month = display.month(Month.of(indicator.alive_until))
        told.append(_("In force until %(month)s.") % {"month": month})
    replacing = indicator.replaced_by
    if replacing is not None and not replacing.is_draft:
        told.append(_("Replaced by %(indicator)s.") % {"indicator": replacing})
    return " ".join(told)


def who(batch: EntryBatch, names_people: bool) -> str:
    """Who made a change, as the reader may know it."""
    if batch.actor is None:
        return str(batch.get_via_display())
    return str(batch.actor) if names_people else _("Staff of the ministry")
