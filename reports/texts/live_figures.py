"""What references come to: the live figures of a text in the ministry's style, or what they lack.

All references of an edition are read together, so that a whole report costs as many queries as one
of its sentences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from indicators.calculation.numerals import NumberStyle, Rounding, format_number, plain
from indicators.calculation.periods import Period, format_period
from indicators.calculation.progress import Direction
from indicators.calculation.rules import SIGNIFICANT_DIGITS, Coverage, Rule
from indicators.models import Activity, Series
from indicators.reading.explanations import STANDING_NAMES
from indicators.reading.over_periods import Over, Readings
from indicators.reading.standings import SeriesStanding, standings
from reports.texts.references import Kind, Reference


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """A reference, the text that it writes, and what is wrong with it.

    ``value`` is exact and plain, empty where the text is not a number. ``problem`` is empty, or a
    sentence in the reader's language; ``text`` is then empty. ``provisional``: figures that nobody
    has approved yet would change it.
    """

    reference: Reference
    text: str
    value: str = ""
    problem: str = ""
    provisional: bool = False
    series: Series | None = None


class LiveFigures:
    """The live figures of some texts."""

    def __init__(self, wanted: Iterable[Reference]) -> None:
        kept = list(wanted)
        codes = {one.code for one in kept if one.code}
        self._by_code: dict[str, list[Series]] = defaultdict(list)
        rows = Series.public().filter(indicator__code__in=codes)
        for series in rows.select_related("indicator").order_by("position"):
            self._by_code[series.indicator.code].append(series)
        self._readings = Readings(one for some in self._by_code.values() for one in some)
        names = {one.name for one in kept if one.kind == Kind.ACTIVITY}
        self._activities = (
            {one.name_zh: one for one in Activity.objects.filter(name_zh__in=names)}
            if names
            else {}
        )
        self._standings: dict[int, dict[int, SeriesStanding]] = {}

    def of(self, reference: Reference) -> LiveFigure:
        """What a reference comes to."""
        if reference.kind == Kind.ACTIVITY:
            return self._activity(reference)
        series, problem = self.series_of(reference)
        if series is None or reference.period is None:
            return LiveFigure(reference, "", problem=problem)
        return _Asked(self, reference, series, reference.period).answer()

    def series_of(self, reference: Reference) -> tuple[Series | None, str]:
        """The series that a reference names, or what to write instead."""
        found = self._by_code.get(reference.code)
        if not found:
            return None, str(_("There is no indicator %(code)s.") % {"code": reference.code})
        if reference.name:
            for place, one in enumerate(found, 1):
                if reference.name in (one.name_zh, one.name_en, f"#{place}"):
                    return one, ""
        judged = [one for one in found if not one.is_component]
        if not reference.name and len(judged) == 1:
            return judged[0], ""
        text = {"code": reference.code, "names": "、".join(one.name_zh for one in found)}
        if reference.name:
            return None, str(_("Indicator %(code)s has no such series; it has: %(names)s.") % text)
        return None, str(_("Indicator %(code)s has several series: name one of %(names)s.") % text)

    def over(self, series: Series, period: Period) -> Over:
        """A series over a period, from the figures that were read."""
        return self._readings.over(series, period)

    def standing(self, series: Series, year: int) -> SeriesStanding | None:
        """Where a series stands in a year; each year is read once."""
        if year not in self._standings:
            self._standings[year] = {one.series.pk: one for one in standings(year)}
        return self._standings[year].get(series.pk)

    def _activity(self, reference: Reference) -> LiveFigure:
        found = self._activities.get(reference.name)
        if found is None:
            problem = str(_("There is no activity of this name."))
            return LiveFigure(reference, "", problem=problem)
        text = in_house_style(found.value, found.unit_zh)
        return LiveFigure(reference, text, plain(found.value))


def in_house_style(
    value: Decimal,
    unit: str,
    decimals: int | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> str:
    """A figure as the ministry prints it: ``1萬7,168人次``."""
    number = format_number(value, decimals=decimals, rounding=rounding, style=NumberStyle.WAN)
    return f"{number}{unit}"


def period_in_house_style(period: Period, series: Series) -> str:
    """``2017年至2020年``; of a level the moment that it was taken at: ``2021年11月底``."""
    if Rule(series.rule) == Rule.LAST:
        last = period.last
        return f"{last.year}年底" if last.month == 12 else f"{last.year}年{last.month}月底"
    return format_period(period)


@dataclass
class _Asked:
    """One question to one series."""

    figures: LiveFigures
    reference: Reference
    series: Series
    period: Period

    def answer(self) -> LiveFigure:
        kinds = {
            Kind.VALUE: self._value,
            Kind.NUMBER: self._value,
            Kind.PERIOD: self._period_text,
            Kind.GROWTH: self._compared,
            Kind.DIFFERENCE: self._compared,
            Kind.TARGET: self._target,
            Kind.ACHIEVEMENT: self._achievement,
            Kind.STANDING: self._standing_word,
        }
        return kinds[self.reference.kind]()

    @cached_property
    def _now(self) -> Over:
        return self.figures.over(self.series, self.period)

    def _text(self, text: str, value: Decimal | None = None) -> LiveFigure:
        return LiveFigure(
            self.reference,
            text,
            "" if value is None else plain(value),
            provisional=self._now.provisional,
            series=self.series,
        )

    def _problem(self, problem: object) -> LiveFigure:
        return LiveFigure(self.reference, "", problem=str(problem), series=self.series)

    def _lacking(self, over: Over, period: Period) -> LiveFigure:
        when = {"period": format_period(period), "months": over.months, "all": period.months}
        if over.provisional:
            return self._problem(
                _("The figures of %(period)s are not approved yet.") % when,
            )
        if over.coverage == Coverage.CONFLICT:
            return self._problem(_("The figures of %(period)s contradict each other.") % when)
        if over.coverage == Coverage.PARTIAL:
            return self._problem(
                ngettext_lazy(
                    "Of %(period)s only %(months)d month out of %(all)d has figures.",
                    "Of %(period)s only %(months)d months out of %(all)d have figures.",
                    over.months,
                )
                % when
            )
        return self._problem(_("There is no figure for %(period)s.") % when)

    def _value(self) -> LiveFigure:
        value = self._now.value
        if value is None:
            return self._lacking(self._now, self.period)
        unit = "" if self.reference.kind == Kind.NUMBER else self.series.unit_zh
        rounding = Rounding(self.series.rounding)
        return self._text(in_house_style(value, unit, self.series.decimals, rounding), value)

    def _period_text(self) -> LiveFigure:
        if self._now.value is None:
            return self._lacking(self._now, self.period)
        text = period_in_house_style(self.period, self.series)
        return LiveFigure(self.reference, text, series=self.series)

    def _compared(self) -> LiveFigure:
        base = self.reference.base or Period(self.period.first - 12, self.period.last - 12)
        then = self.figures.over(self.series, base)
        if self._now.value is None:
            return self._lacking(self._now, self.period)
        if then.value is None:
            return self._lacking(then, base)
        difference = self._now.value - then.value
        if self.reference.kind == Kind.DIFFERENCE:
            text = in_house_style(difference, self._unit_of_gap(), self.series.decimals)
            return self._text(text, difference)
        if not then.value:
            return self._problem(_("Growth cannot be worked out from zero."))
        with localcontext(prec=SIGNIFICANT_DIGITS):
            growth = difference * 100 / then.value
        return self._text(in_house_style(growth, "%", 1), growth)

    def _unit_of_gap(self) -> str:
        return "個百分點" if self.series.unit_zh == "%" else self.series.unit_zh

    @property
    def _stands(self) -> SeriesStanding | None:
        found = self.figures.standing(self.series, self.period.last.year)
        return found if found is not None and found.milestone is not None else None

    def _no_target(self) -> LiveFigure:
        year = {"year": self.period.last.year}
        return self._problem(_("There is no target for %(year)d.") % year)

    def _target(self) -> LiveFigure:
        stands = self._stands
        if stands is None or stands.assessment.target is None:
            return self._no_target()
        value = stands.assessment.target
        text = in_house_style(value, self.series.unit_zh)
        return LiveFigure(self.reference, text, plain(value), series=self.series)

    def _achievement(self) -> LiveFigure:
        stands = self._stands
        if stands is None:
            return self._no_target()
        found = stands.assessment
        value = (
            found.achievement if Direction(self.series.direction) == Direction.UP else found.margin
        )
        if value is None:
            return self._lacking(self.figures.over(self.series, stands.period), stands.period)
        return LiveFigure(
            self.reference,
            self._achieved(value),
            plain(value),
            provisional=stands.provisional,
            series=self.series,
        )

    def _achieved(self, value: Decimal) -> str:
        if Direction(self.series.direction) == Direction.UP:
            return in_house_style(value, "%", 2)
        side = "低於目標" if value >= 0 else "高於目標"
        return side + in_house_style(abs(value), self._unit_of_gap(), self.series.decimals)

    def _standing_word(self) -> LiveFigure:
        stands = self._stands
        if stands is None:
            return self._no_target()
        with translation.override("zh-hant"):  # the report is Chinese, whoever looks at it
            word = str(STANDING_NAMES[stands.assessment.standing])
        return LiveFigure(self.reference, word, provisional=stands.provisional, series=self.series)
