"""All figures, a row each or months beside each other, streamed: memory does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext as _

from accounts.models import Agency
from indicators.calculation.periods import Month, Period
from indicators.models import Observation
from indicators.models.definitions import public_series
from indicators.models.figures import WHOLE
from reports.tables.streamed import Rows, Value

CHUNK_ROWS = 5000


def figures(agency: Agency | None = None, *, provisional: bool = False) -> QuerySet[Observation]:
    """The figures to write: approved ones, or with ``provisional`` the latest of all."""
    rows = Observation.objects.filter(public_series("series__"), breakdown=WHOLE)
    if agency is not None:
        rows = rows.filter(series__indicator__agency=agency)
    shown = F("value") if provisional else F("approved_value")
    # What is written beside a figure belongs to its latest revision.
    note = Case(When(revision=F("approved_revision"), then=F("note")))
    rows = rows.annotate(shown=shown, shown_note=F("note") if provisional else note)
    rows = rows.filter(shown__isnull=False)
    return rows.order_by(
        "series__indicator__sort_key", "series__position", "first_month", "last_month"
    )


FIELDS = (
    "series__indicator__code",
    "series__name_zh",
    "series__unit_zh",
    "first_month",
    "last_month",
    "shown",
    "shown_note",
)


def long(rows: QuerySet[Observation]) -> tuple[list[str], Rows]:
    """A row a figure, under headings that the import reads again."""
    head = [_("Indicator"), _("Series"), _("Unit"), _("Period"), _("Value"), _("Note")]

    def written() -> Iterator[list[Value]]:
        found = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK_ROWS)
        for code, name, unit, first, last, value, note in found:
            yield [code, name, unit, _iso(first, last), value, note or None]

    return head, written()


@lru_cache(maxsize=4096)
def _iso(first: date, last: date) -> str:
    """A period as the import reads it; each comes once for every series."""
    return Period(Month.of(first), Month.of(last)).iso()


def wide(rows: QuerySet[Observation]) -> tuple[list[str], Rows]:
    """A row a series and year, a column a month; figures of several months are left out."""
    head = [_("Indicator"), _("Series"), _("Unit"), _("Year")]
    head += [f"{month}月" for month in range(1, 13)]

    def written() -> Iterator[list[Value]]:
        found = (
            rows.filter(first_month=F("last_month"))
            .values_list(*FIELDS)
            .iterator(chunk_size=CHUNK_ROWS)
        )
        for (code, name, unit, year), some in groupby(
            found, key=lambda row: (row[0], row[1], row[2], row[3].year)
        ):
            months: list[Value] = [None] * 12
            for row in some:
                months[row[3].month - 1] = row[5]
            yield [code, name, unit, year, *months]

    return head, written()


SHAPES: Mapping[str, Callable[[QuerySet[Observation]], tuple[list[str], Rows]]] = {
    "long": long,
    "wide": wide,
}
