"""When a month's return opens and is due: days of the month after, working days of Taiwan."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from indicators.calculation.periods import Month


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("TW")


def is_working_day(day: date) -> bool:
    """Whether the offices are open: neither a weekend nor a public holiday of Taiwan."""
    return _holidays().is_working_day(day)


def opening_date(month: Month, day: int) -> date:
    """The day of the following month (1–28) from which a month's figures can be entered."""
    return (month + 1).first_day.replace(day=day)


def due_date(month: Month, day: int) -> date:
    """The day of the following month (1–28), or the next working day when the offices are shut."""
    due = (month + 1).first_day.replace(day=day)
    while not is_working_day(due):
        due += timedelta(days=1)
    return due
