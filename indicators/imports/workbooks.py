"""Workbooks: the template that an agency fills, and a brought file with comments in its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Agency
from indicators.calculation.periods import ROC_OFFSET, Month, Period
from indicators.models import FileImport, Observation, Series
from indicators.models.figures import WHOLE
from indicators.reading.display import Display
from indicators.spreadsheets.formulas import as_text
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.limits import read_limited

HEAD = PatternFill("solid", fgColor="E2EEF0")
THIN = Side(style="thin", color="8B8577")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FIRST_ROW = 4
SPARE_ROWS = 40


def template(agency: Agency, year: int, display: Display, *, shape: str = "wide") -> bytes:
    """An XLSX workbook with the agency's series and what is stored of the year.

    ``wide``: a row a series, a column a month; ``long``: a row a figure, with its note. Headings
    are protected, cells to fill are not. Brought back as it is, it changes nothing.
    """
    living = Series.entered_by(agency, Period.year(year))
    series = [one for one in living if one.numerator_id is None]
    stored = {
        (row.series_id, row.period): row
        for row in Observation.objects.filter(
            series__in=series,
            breakdown=WHOLE,
            first_month__gte=date(year, 1, 1),
            last_month__lte=date(year, 12, 1),
        )
    }
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = str(year)
    title = _("%(agency)s: monthly figures of %(year)d (ROC %(roc)d)") % {
        "agency": agency.name,
        "year": year,
        "roc": year - ROC_OFFSET,
    }
    if display.language != "en":
        title = f"{agency.name}{year - ROC_OFFSET}年度每月填報數（{year}年）"
    sheet["A1"] = str(as_text(title))
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = _(
        "Fill the cells that are not shaded. An empty cell reports nothing; nought is a figure."
    )
    months = [Month(year, number) for number in range(1, 13)]
    if shape == "long":
        _fill_long(sheet, series, months, stored)
    else:
        _fill_wide(sheet, series, months, stored)
    sheet.freeze_panes = sheet.cell(FIRST_ROW + 1, 4)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{FIRST_ROW}:{FIRST_ROW}"
    return _bytes(book)


type StoredFigures = Mapping[tuple[int, Period], Observation]


def _head(sheet: Worksheet, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(FIRST_ROW, column, text)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BOX
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _fill_wide(
    sheet: Worksheet, series: Sequence[Series], months: Sequence[Month], stored: StoredFigures
) -> None:
    _head(sheet, [_("Indicator"), _("Series"), _("Unit"), *(f"{m.month}月" for m in months)])
    validation = _numbers()
    sheet.add_data_validation(validation)
    for row, one in enumerate(series, FIRST_ROW + 1):
        _name(sheet, row, one)
        for column, month in enumerate(months, 4):
            cell = sheet.cell(row, column)
            _open(cell, validation)
            figure = stored.get((one.pk, Period(month, month)))
            if figure is None or figure.value is None:
                continue
            cell.value = figure.value
            cell.number_format = _format(figure.value)
            if figure.note:
                cell.comment = Comment(figure.note, _("Note"))
    for column, width in ((1, 10), (2, 34), (3, 8)):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _fill_long(
    sheet: Worksheet, series: Sequence[Series], months: Sequence[Month], stored: StoredFigures
) -> None:
    _head(
        sheet,
        [_("Indicator"), _("Series"), _("Unit"), _("Period"), _("Value"), _("Note")],
    )
    numbers = _numbers()
    sheet.add_data_validation(numbers)
    row = FIRST_ROW
    for one in series:
        for month in months:
            row += 1
            _name(sheet, row, one)
            sheet.cell(row, 4, str(month)).fill = HEAD
            figure = stored.get((one.pk, Period(month, month)))
            cell = sheet.cell(row, 5, figure.value if figure else None)
            _open(cell, numbers)
            if figure is not None and figure.value is not None:
                cell.number_format = _format(figure.value)
            note = sheet.cell(row, 6, str(as_text(figure.note)) if figure and figure.note else None)
            note.protection = Protection(locked=False)
    _spare_rows(sheet, series, row)
    for column, width in ((1, 10), (2, 34), (3, 8), (4, 12), (5, 14), (6, 40)):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _spare_rows(sheet: Worksheet, series: Sequence[Series], last: int) -> None:
    """Rows for other periods; code and series are chosen from lists."""
    for column, options in ((1, [s.indicator.code for s in series]), (2, [s.name for s in series])):
        text = ",".join(dict.fromkeys(option.replace(",", " ") for option in options))
        if len(text) > 250:  # the format's own limit for a list in the cell
            continue
        choice = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
        sheet.add_data_validation(choice)
        for row in range(last + 1, last + 1 + SPARE_ROWS):
            choice.add(sheet.cell(row, column))
    for row in range(last + 1, last + 1 + SPARE_ROWS):
        for column in range(1, 7):
            sheet.cell(row, column).protection = Protection(locked=False)


def _numbers() -> DataValidation:
    return DataValidation(
        type="decimal",
        operator="greaterThanOrEqual",
        formula1="0",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=_("Not a figure"),
        error=_("A figure is a number of nought or more; leave the cell empty for none."),
    )


def _name(sheet: Worksheet, row: int, series: Series) -> None:
    for column, text in enumerate((series.indicator.code, series.name, series.unit), 1):
        cell = sheet.cell(row, column, str(as_text(text)))
        cell.fill, cell.border, cell.data_type = HEAD, BOX, "s"


def _open(cell: object, validation: DataValidation) -> None:
    cell.protection = Protection(locked=False)  # type: ignore[attr-defined]
    cell.border = BOX  # type: ignore[attr-defined]
    validation.add(cell)


def _format(value: Decimal) -> str:
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def annotated(one: FileImport, comments: Mapping[tuple[str, int, int], str]) -> bytes:
    """The cells of a brought file with what is wrong as comments, as an XLSX workbook.

    Written anew from the cells' text, so that nothing hidden in the file travels along.
    """
    source = read_limited(bytes(one.content or b""), encoding=one.encoding)
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for sheet in source.sheets:
        target = book.create_sheet(sheet.name[:31] or "1")
        for row, texts in enumerate(sheet.rows, 1):
            for column, text in enumerate(texts, 1):
                if text != "":
                    cell = target.cell(row, column)
                    cell.value, cell.data_type = _clean(text_of(text)), "s"
        for (name, row, column), message in comments.items():
            if name == sheet.name:
                cell = target.cell(row + 1, column + 1)
                cell.comment = Comment(message, _("What is wrong"), height=120, width=320)
                cell.fill = PatternFill("solid", fgColor="FAE7E5")
    return _bytes(book)


def _clean(text: str) -> str:
    return "".join(mark for mark in text if mark >= " " or mark in "\t\n")


def _bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
