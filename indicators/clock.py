"""The day on which the system believes to be: today, or the fixed day of the sample data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

_fixed: ContextVar[date | None] = ContextVar("fixed_day", default=None)


def today() -> date:
    """The day in Taipei by which months open, fall due and lie in the future."""
    return _fixed.get() or settings.SAMPLE_TODAY or timezone.localdate()


def now() -> datetime:
    """The present moment; at noon of the day where that is fixed."""
    day = _fixed.get() or settings.SAMPLE_TODAY
    if day is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time(12)))


@contextmanager
def fixed(day: date) -> Iterator[None]:
    """Let it be a certain day, for building sample data month by month."""
    token = _fixed.set(day)
    try:
        yield
    finally:
        _fixed.reset(token)
