"""Whether a return came in time, and where it is found."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import clock
from indicators.models import Return


def timing(one: Return, today: date | None = None) -> str:
    """``in_time``, ``late``, ``due`` or ``overdue``: by the day of its first submission."""
    if one.first_submitted_at is not None:
        first = timezone.localtime(one.first_submitted_at).date()
        return "in_time" if first <= one.due else "late"
    return "due" if (today or clock.today()) <= one.due else "overdue"


TIMING_NAMES = {
    "in_time": lambda: _("in time"),
    "late": lambda: _("late"),
    "due": lambda: _("due"),
    "overdue": lambda: _("overdue"),
}


def return_address(one: Return) -> str:
    """The address of a return's page."""
    return reverse("indicators:return", args=(one.agency.code, one.month.year, one.month.month))
