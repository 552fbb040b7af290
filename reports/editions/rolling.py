"""The next edition from the last: windows and years roll forward, the words come along to be read.

A month that the last edition reported up to becomes the one that the next reports up to; a window
that ended with the old target year becomes the window of the new target; every other period moves
by as many years as lie between the editions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_plan
from indicators.calculation.periods import Month, Period
from indicators.models import Milestone
from reports.models import Edition, Section, SectionPicture, SectionText
from reports.texts.references import Kind, Reference, with_references
from reports.texts.writing import require

type Windows = Mapping[tuple[str, str], Period]
"""(code, series name) → the window of the new target."""


def next_edition(
    last: Edition, *, year: int, target_year: int, until: Month, actor: User
) -> Edition:
    """Make the next edition from another one.

    Raises:
        Refused: no right, a year that has an edition, or that does not follow the last one.
    """
    require(may_plan(actor), _("Planners begin an edition."))
    require(year > last.year, _("The next edition is of a later year."))
    require(until.year <= year, _("An edition cannot report on months after its own year."))
    require(target_year >= last.target_year, _("The target year cannot lie before the last one."))
    with transaction.atomic():
        require(
            not Edition.objects.filter(year=year).exists(),
            _("There is an edition of %(year)d already.") % {"year": year},
        )
        made = Edition.objects.create(
            year=year,
            title_zh=last.title_zh,
            title_en=last.title_en,
            target_year=target_year,
            figures_until=until.first_day,
            remark=last.remark,
            previous=last,
        )
        roll = _Roll(last, made, _windows(target_year))
        for section in last.sections.prefetch_related("indicators", "pictures"):
            _carry(section, made, roll)
        return made


def _carry(section: Section, edition: Edition, roll: _Roll) -> None:
    text = with_references(section.text, roll.reference)
    carried = Section.objects.create(
        edition=edition,
        key=section.key,
        position=section.position,
        kind=section.kind,
        level=section.level,
        agency=section.agency,
        goal=section.goal,
        is_required=section.is_required,
        title_zh=section.title_zh,
        title_en=section.title_en,
        text=text,
        revision=1 if text.strip() else 0,
    )
    carried.indicators.set(section.indicators.all())
    if text.strip():
        SectionText.objects.create(
            section=carried, number=1, text=text, origin=SectionText.Origin.CARRIED
        )
    for picture in section.pictures.all():
        SectionPicture.objects.create(
            section=carried,
            **{
                field: getattr(picture, field)
                for field in (
                    "position",
                    "caption",
                    "alternative",
                    "content",
                    "type",
                    "width",
                    "height",
                    "added_by",
                )
            },
        )


def _windows(target_year: int) -> Windows:
    return {
        (one.series.indicator.code, one.series.name_zh): one.window
        for one in Milestone.public().filter(year=target_year).select_related("series__indicator")
    }


class _Roll:
    """How the periods of one edition become those of the next."""

    def __init__(self, last: Edition, following: Edition, windows: Windows) -> None:
        self._years = following.year - last.year
        self._old_target, self._new_target = last.target_year, following.target_year
        self._old_until, self._new_until = last.until, following.until
        self._windows = windows

    def reference(self, reference: Reference) -> Reference:
        """The same question of the next edition; the base of a growth stays where it was."""
        period = reference.period
        if period is None:
            return reference
        moved = reference.moved(lambda one: self._period(one, reference))
        if reference.kind in (Kind.GROWTH, Kind.DIFFERENCE) and reference.base is not None:
            return replace(moved, base=reference.base)
        return moved

    def _period(self, period: Period, reference: Reference) -> Period:
        if self._old_until and self._new_until and period.last == self._old_until:
            start = self._new_until if period.is_month else Month(self._new_until.year, 1)
            return Period(start, self._new_until)
        if period.last == Month(self._old_target, 12):
            return self._of_target(period, reference)
        return Period(period.first + 12 * self._years, period.last + 12 * self._years)

    def _of_target(self, period: Period, reference: Reference) -> Period:
        shift = 12 * (self._new_target - self._old_target)
        if period.is_month:
            return Period(period.last + shift, period.last + shift)
        window = self._windows.get((reference.code, reference.name))
        if window is None and not reference.name:
            of_code = [
                one for (code, _name), one in self._windows.items() if code == reference.code
            ]
            window = of_code[0] if len(of_code) == 1 else None
        if window is not None:
            return window
        return Period(period.first + shift, period.last + shift)
