"""What to say of a text that could not be read: which text, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculation.faults import Fault
from indicators.calculation.numerals import MOST_DECIMALS, MOST_DIGITS, NumberError, parse_number
from indicators.calculation.periods import PeriodError
from indicators.models import Series

NUMBER: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("“%(text)s” is not a number."),
    "ambiguous": gettext_lazy("“%(text)s” can be read in more than one way."),
    "precision": gettext_lazy(
        "“%(text)s” is too long to be kept: %(digits)d digits and %(decimals)d decimals at most."
    ),
    "unit": gettext_lazy("“%(text)s” is in %(written)s, the series is in %(unit)s."),
}
OFFERED: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("“%(text)s” is not understood whole: is it %(readings)s?"),
    "ambiguous": gettext_lazy("“%(text)s” can be read as %(readings)s."),
}
REMEDY: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("Write for example 17168 or 1萬7,168."),
    "ambiguous": gettext_lazy("Write for example 17168."),
    "precision": gettext_lazy("Round it."),
    "unit": gettext_lazy("Give it in that unit."),
}
WRITE_ONE = gettext_lazy("Write the number that is meant.")
MOST_SHOWN = 40


class Misread(ValueError):
    """A text that is no figure of its series; its fault is for the person who wrote it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(" ".join(filter(None, (fault.message, fault.remedy))))
        self.fault = fault


def number_fault(error: NumberError, unit: str = "") -> Fault:
    """Why a text is no number of a unit, in the reader's language."""
    offered = OFFERED.get(error.code) if error.readings else None
    said = str(offered or NUMBER[error.code]) % {
        "text": error.text[:MOST_SHOWN],
        "readings": _(" or ").join(error.readings),
        "digits": MOST_DIGITS,
        "decimals": MOST_DECIMALS,
        "written": error.unit[:MOST_SHOWN],
        "unit": unit or "—",
    }
    return Fault(
        code=f"number_{error.code}",
        text=error.text,
        readings=error.readings,
        message=said,
        remedy=str(WRITE_ONE if offered else REMEDY[error.code]),
    )


def period_message(error: PeriodError) -> str:
    """Why a text is no period, with the readings that it could have."""
    text = error.text[:40]
    if error.readings:
        return _("“%(text)s” can be read as %(readings)s. Write the one that is meant.") % {
            "text": text,
            "readings": _(" or ").join(error.readings),
        }
    return _("“%(text)s” is not a period. Write for example 2021-03 or 110年3月.") % {"text": text}


def read_number(text: str, units: Collection[str] = (), unit: str = "") -> Decimal | None:
    """Read what somebody typed; None for an empty text or a mark of a missing figure.

    ``units``: the ways in which the unit may be written; ``unit``: the one to name in the answer.

    Raises:
        Misread: it is no number, or has another unit.
    """
    try:
        return parse_number(text, units)
    except NumberError as error:
        raise Misread(number_fault(error, unit)) from error


def read_figure(text: str, series: Series) -> Decimal | None:
    """Read what somebody typed for a series; None for an empty text or a mark of a missing figure.

    Raises:
        Misread: it is no number, or has another unit than the series.
    """
    return read_number(text, series.units, series.unit)
