"""How numbers, months and periods are written for a reader; every page writes them here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import get_language

from indicators.calculation.numerals import NumberStyle, Rounding, format_number, round_figure
from indicators.calculation.periods import ROC_OFFSET, Era, Month, Period, format_period
from indicators.models import Series

DASH = "—"


@dataclass(frozen=True)
class Display:
    """A reader's choices of calendar and number style, in the language of the moment."""

    era: Era = Era.GREGORIAN
    style: NumberStyle = NumberStyle.GROUPED

    @cached_property
    def language(self) -> str:
        """``zh-hant`` or ``en``."""
        return "en" if get_language() == "en" else "zh-hant"

    def period(self, period: Period) -> str:
        """A period, in Gregorian years where the Republic had none yet."""
        era = self.era if period.first.year > ROC_OFFSET else Era.GREGORIAN
        return format_period(period, era=era, language=self.language)

    def month(self, month: Month | None) -> str:
        """A single month; a dash for none."""
        return DASH if month is None else self.period(Period(month, month))

    def year(self, year: int) -> str:
        """A year by itself."""
        return self.period(Period.year(year))

    def year_number(self, year: int) -> str:
        """A year as a bare number, for the axis of a chart."""
        return str(year - ROC_OFFSET if self.era == Era.ROC and year > ROC_OFFSET else year)

    def number(self, value: Decimal | None, decimals: int | None = None) -> str:
        """A number without its unit, exact or with so many decimals; a dash for none."""
        if value is None:
            return DASH
        return format_number(value, decimals=decimals, style=self.style)

    def with_unit(self, number: str, unit: str) -> str:
        """A number and its unit, set as the language sets them."""
        if number == DASH or not unit:
            return number
        return f"{number}{unit}" if unit in "%‰" else f"{number} {unit}"

    def exact(self, value: Decimal | None, unit: str) -> str:
        """A number as it was given, with its unit."""
        return self.with_unit(self.number(value), unit)

    def figure(self, value: Decimal | None, series: Series, *, unit: bool = True) -> str:
        """A value of a series, rounded as the series declares."""
        if value is None:
            return DASH
        number = format_number(
            value,
            decimals=series.decimals,
            rounding=Rounding(series.rounding),
            style=self.style,
        )
        return self.with_unit(number, series.unit) if unit else number

    def gap(self, value: Decimal | None, series: Series) -> str:
        """A distance in the unit of a series; for percentages in percentage points."""
        if value is None:
            return DASH
        return self.with_unit(self.number(round_figure(value, series.decimals)), series.unit)

    def percentage(self, value: Decimal | None, decimals: int = 1) -> str:
        """A percentage that is not a figure of a series, such as an achievement."""
        return DASH if value is None else f"{format_number(value, decimals=decimals)}%"

    def share(self, value: Decimal | None) -> str:
        """A share of one, written as a percentage."""
        return DASH if value is None else self.percentage(value * 100)
