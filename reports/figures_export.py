"""All figures, a row each or months beside each other, streamed: memory does not grow with them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from io import StringIO
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from stream_write_ods import stream_write_ods

from accounts.models import Agency
from indicators.models import Observation
from indicators.models.figures import WHOLE
from indicators.numerals import plain
from indicators.periods import Month, Period
from indicators.reference import as_text

type Value = str | int | Decimal | None
type Rows = Iterable[list[Value]]
CHUNK_ROWS = 5000
MOST_SHEET_ROWS = 1_048_575


def figures(agency: Agency | None = None, *, provisional: bool = False) -> QuerySet[Observation]:
    """The figures to write: approved ones, or with ``provisional`` the latest of all."""
    rows = Observation.objects.filter(breakdown=WHOLE)
    if agency is not None:
        rows = rows.filter(series__indicator__agency=agency)
    shown = F("value") if provisional else F("approved_value")
    rows = rows.annotate(shown=shown).filter(shown__isnull=False)
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
    "note",
)


def long(rows: QuerySet[Observation]) -> tuple[list[str], Rows]:
    """A row a figure, under headings that the import reads again."""
    head = [_("Indicator"), _("Series"), _("Unit"), _("Period"), _("Value"), _("Note")]

    def written() -> Iterator[list[Value]]:
        found = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK_ROWS)
        for code, name, unit, first, last, value, note in found:
            period = Period(Month.of(first), Month.of(last))
            yield [code, name, unit, period.iso(), value, note or None]

    return head, written()


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


def as_csv(head: list[str], rows: Rows) -> Iterator[bytes]:
    """UTF-8 with the mark that spreadsheets look for; text that looks like a formula is not one."""
    out = StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(head)
    for at, row in enumerate(rows):
        writer.writerow([plain(one) if isinstance(one, Decimal) else as_text(one) for one in row])
        if at % CHUNK_ROWS == CHUNK_ROWS - 1:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def as_xlsx(head: list[str], rows: Rows) -> Iterator[bytes]:
    """Office Open XML, by way of a file without a name; a sheet for each million of rows."""
    book = Workbook(write_only=True)
    book.properties.creator = ""
    sheet = None
    for at, row in enumerate(rows):
        if at % MOST_SHEET_ROWS == 0:
            sheet = _new_sheet(book, head)
        assert sheet is not None
        sheet.append([_typed(sheet, one) for one in row])
    if sheet is None:
        _new_sheet(book, head)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(1 << 16):
            yield chunk


def _new_sheet(book: Workbook, head: list[str]) -> Any:
    sheet = book.create_sheet(_("Figures") if not book.sheetnames else None)
    sheet.freeze_panes = "A2"
    sheet.append(head)
    return sheet


def _typed(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


ENCODERS = (
    (str, ("string", None, None, str)),
    (int, ("float", "office:value", None, str)),
    (Decimal, ("float", "office:value", None, plain)),
    (type(None), (None, None, None, lambda _none: None)),
)


def as_ods(head: list[str], rows: Rows) -> Iterator[bytes]:
    """OpenDocument, row by row."""
    sheets = ((_("Figures"), head, (tuple(row) for row in rows)),)
    yield from stream_write_ods(sheets, encoders=ENCODERS)


STREAMS: Mapping[str, Callable[[list[str], Rows], Iterator[bytes]]] = {
    "ods": as_ods,
    "xlsx": as_xlsx,
    "csv": as_csv,
}
