"""What to say of a text that could not be read: which text, why, and how to mend it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculation.numerals import NumberError, parse_measure
from indicators.calculation.periods import PeriodError
from indicators.models import Series

NUMBER: dict[str, str | Promise] = {
    "unreadable": gettext_lazy("“%(text)s” is not a number. Write for example 17168 or 1萬7,168."),
    "ambiguous": gettext_lazy(
        "“%(text)s” can be read in more than one way. Write for example 17168."
    ),
    "precision": gettext_lazy(
        "“%(text)s” is too long to be kept: eleven digits and four decimals at most. Round it."
    ),
}


class Misread(ValueError):
    """A text that is no figure of its series; the message is for the person who wrote it."""


def number_message(error: NumberError) -> str:
    """Why a text is no number, in the reader's language."""
    return str(NUMBER[error.code]) % {"text": error.text[:40]}


def period_message(error: PeriodError) -> str:
    """Why a text is no period, with the readings that it could have."""
    text = error.text[:40]
    if error.readings:
        return _("“%(text)s” can be read as %(readings)s. Write the one that is meant.") % {
            "text": text,
            "readings": _(" or ").join(error.readings),
        }
    return _("“%(text)s” is not a period. Write for example 2021-03 or 110年3月.") % {"text": text}


def read_figure(text: str, series: Series) -> Decimal | None:
    """Read what somebody typed for a series; None for an empty text or a mark of a missing figure.

    Raises:
        Misread: it is no number, or has another unit than the series.
    """
    try:
        measure = parse_measure(text)
    except NumberError as error:
        raise Misread(number_message(error)) from error
    units = {series.unit_zh, series.unit_en.casefold()}
    if measure.unit and measure.unit.casefold() not in units:
        raise Misread(
            _("“%(text)s” is in %(written)s, the series is in %(unit)s. Give it in that unit.")
            % {"text": text[:40], "written": measure.unit, "unit": series.unit}
        )
    return measure.value
