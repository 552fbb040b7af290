"""Tables as files: OpenDocument and Office Open XML with everything a printed table needs, and CSV.

Text is written as text, so that none of it becomes a formula; numbers are numbers with a format.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from odf import config, dc, meta, number, office, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.calculation.numerals import plain
from indicators.spreadsheets.formulas import as_text
from reports.tables.archives import EARLIEST, declare_namespaces, settled
from reports.tables.sheets import (
    COVERED,
    FONT,
    HEAD_COLOUR,
    LINE_COLOUR,
    Cell,
    Document,
    Sheet,
    flat,
    heights,
)

POINTS_A_MM = 72 / 25.4
_LINE = Side(style="thin", color=LINE_COLOUR)
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
PLAIN_FONT = Font(name=FONT)
WRAPPED = Alignment(wrap_text=True, vertical="top")
RIGHT = Alignment(vertical="top", horizontal="right")


def write_csv(document: Document) -> bytes:
    """Every cell filled, sheet after sheet, in UTF-8 with the mark that spreadsheets look for."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for at, sheet in enumerate(document.sheets):
        if at:
            writer.writerow([])
        writer.writerow([as_text(heading) for heading in sheet.headings])
        for row in flat(sheet):
            writer.writerow(
                [plain(value) if isinstance(value, Decimal) else as_text(value) for value in row]
            )
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(document: Document) -> bytes:
    """Office Open XML: A4 across, headings that stay and repeat, merged cells."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    book.properties.title = document.title
    book.properties.language = document.language
    book.properties.creator = ""
    for sheet in document.sheets:
        _fill_xlsx(book.create_sheet(sheet.name), sheet)
    book.properties.created = datetime.combine(EARLIEST, time())
    out = BytesIO()
    book.save(out)
    return settled(out.getvalue(), None)


def _fill_xlsx(target: Worksheet, sheet: Sheet) -> None:
    columns = len(sheet.headings)
    target["A1"] = sheet.title
    target["A1"].font = Font(name=FONT, bold=True, size=14)
    target.merge_cells(start_row=1, end_row=1, start_column=1, end_column=columns)
    for column, heading in enumerate(sheet.headings, 1):
        head = target.cell(2, column, heading)
        head.font = Font(name=FONT, bold=True)
        head.fill = PatternFill("solid", fgColor=HEAD_COLOUR)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        head.border = BOX
        target.column_dimensions[get_column_letter(column)].width = sheet.widths[column - 1] / 2
    for at, row in enumerate(sheet.rows, sheet.first_row):
        for column, cell in enumerate(row, 1):
            shown = target.cell(at, column)
            assert isinstance(shown, XlsxCell)
            shown.border = BOX
            if cell is not COVERED:
                _fill_xlsx_cell(shown, cell, at)
    for at, row in enumerate(sheet.rows, sheet.first_row):
        for column, cell in enumerate(row, 1):
            if cell is not COVERED and cell.rows > 1:
                target.merge_cells(
                    start_row=at, end_row=at + cell.rows - 1, start_column=column, end_column=column
                )
    for at, note in enumerate(sheet.notes, sheet.first_row + len(sheet.rows) + 1):
        target.cell(at, 1, str(as_text(note)))
    for at, height in enumerate(heights(sheet), sheet.first_row):
        target.row_dimensions[at].height = height * POINTS_A_MM
    target.freeze_panes = target.cell(sheet.first_row, 1)
    target.print_title_rows = "1:2"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = target.PAPERSIZE_A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.oddFooter.center.text = "&P / &N"


def _fill_xlsx_cell(shown: XlsxCell, cell: Cell, at: int) -> None:
    shown.font, shown.alignment = PLAIN_FONT, WRAPPED
    if isinstance(cell.value, str):
        shown.value, shown.data_type = cell.value, "s"
        return
    shown.value = f"={cell.formula}" if cell.formula else cell.value
    shown.number_format = _pattern(cell)
    shown.alignment = RIGHT


def _pattern(cell: Cell) -> str:
    decimals = f".{'0' * cell.decimals}" if cell.decimals else ""
    unit = f'"{cell.unit.replace(chr(34), "")}"' if cell.unit else ""
    return f"0{decimals}%" if cell.percent else f"#,##0{decimals}{unit}"


def write_ods(document: Document) -> bytes:
    """OpenDocument: the same, as the government's standard has it."""
    declare_namespaces()
    file = OpenDocumentSpreadsheet()
    file.meta.addElement(dc.Title(text=document.title))
    file.meta.addElement(dc.Language(text=document.language))
    file.meta.addElement(meta.InitialCreator(text=""))
    styles = _Styles(file, document.language)
    for sheet in document.sheets:
        file.spreadsheet.addElement(_ods_table(sheet, styles))
    _freeze(file, document)
    out = BytesIO()
    file.write(out)
    return settled(out.getvalue(), None)


class _Styles:
    """The styles of a document, each made when it is first asked for."""

    def __init__(self, file: OpenDocumentSpreadsheet, language: str) -> None:
        self._file = file
        self._made: dict[str, style.Style] = {}
        self._units: dict[str, int] = {}
        main, _mark, country = language.partition("-")
        default = style.DefaultStyle(family="table-cell")
        asian = {"languageasian": main, "countryasian": country or "none"}
        latin = {"language": "en", "country": "US"}
        spoken = asian if main == "zh" else latin
        default.addElement(
            style.TextProperties(
                fontname=FONT, fontnameasian=FONT, fontsize="10pt", fontsizeasian="10pt", **spoken
            )
        )
        file.styles.addElement(default)
        file.fontfacedecls.addElement(style.FontFace(name=FONT, fontfamily=f"'{FONT}'"))
        layout = style.PageLayout(name="A4")
        layout.addElement(
            style.PageLayoutProperties(
                pagewidth="297mm",
                pageheight="210mm",
                printorientation="landscape",
                margin="12mm",
            )
        )
        file.automaticstyles.addElement(layout)
        file.masterstyles.addElement(style.MasterPage(name="Default", pagelayoutname=layout))

    def column(self, millimetres: int) -> style.Style:
        def make(made: style.Style) -> None:
            made.addElement(style.TableColumnProperties(columnwidth=f"{millimetres}mm"))

        return self._get(f"column{millimetres}", "table-column", make)

    def row(self, millimetres: float) -> style.Style:
        def make(made: style.Style) -> None:
            made.addElement(
                style.TableRowProperties(
                    rowheight=f"{millimetres:.1f}mm", useoptimalrowheight="false"
                )
            )

        return self._get(f"row{millimetres:.1f}", "table-row", make)

    def sheet(self) -> style.Style:
        def make(made: style.Style) -> None:
            made.addElement(style.TableProperties(display="true", writingmode="lr-tb"))

        return self._get("sheet", "table", make, masterpagename="Default")

    def cell(self, kind: str, decimals: int = 0, unit: str = "") -> style.Style:
        """``title``, ``head``, ``text``, ``number`` or ``percent``."""
        place = self._units.setdefault(unit, len(self._units)) if unit else ""
        name = f"{kind}{decimals}{f'unit{place}' if unit else ''}"

        def make(made: style.Style) -> None:
            border = {} if kind == "title" else {"border": f"0.5pt solid #{LINE_COLOUR}"}
            if kind == "head":
                border["backgroundcolor"] = f"#{HEAD_COLOUR}"
            made.addElement(
                style.TableCellProperties(wrapoption="wrap", verticalalign="top", **border)
            )
            if kind in ("title", "head"):
                size = "14pt" if kind == "title" else "10pt"
                made.addElement(
                    style.TextProperties(
                        fontweight="bold", fontweightasian="bold", fontsize=size, fontsizeasian=size
                    )
                )

        made_already = name in self._made or kind not in ("number", "percent")
        data = None if made_already else self._format(kind, decimals, name, unit)
        more = {"datastylename": data} if data is not None else {}
        return self._get(name, "table-cell", make, **more)

    def _format(self, kind: str, decimals: int, style_name: str, unit: str) -> Any:
        name = f"{style_name}format"
        digits = number.Number(decimalplaces=str(decimals), minintegerdigits="1", grouping="true")
        if kind == "percent":
            made = number.PercentageStyle(name=name)
            made.addElement(digits)
            made.addElement(number.Text(text="%"))
        else:
            made = number.NumberStyle(name=name)
            made.addElement(digits)
            if unit:
                made.addElement(number.Text(text=unit))
        self._file.automaticstyles.addElement(made)
        return made

    def _get(
        self, name: str, family: str, make: Callable[[style.Style], None], **more: object
    ) -> style.Style:
        if name not in self._made:
            made = style.Style(name=name, family=family, **more)
            make(made)
            self._file.automaticstyles.addElement(made)
            self._made[name] = made
        return self._made[name]


def _ods_table(sheet: Sheet, styles: _Styles) -> table.Table:
    made = table.Table(name=sheet.name, stylename=styles.sheet())
    made.addElement(table.Title(text=sheet.title))
    made.addElement(table.Desc(text=", ".join(sheet.headings)))
    for width in sheet.widths:
        made.addElement(table.TableColumn(stylename=styles.column(width)))
    heads = table.TableHeaderRows()
    title = table.TableRow()
    columns = len(sheet.headings)
    title.addElement(_ods_text(sheet.title, styles.cell("title"), columns=columns))
    for _column in range(columns - 1):
        title.addElement(table.CoveredTableCell())
    heads.addElement(title)
    names = table.TableRow()
    for heading in sheet.headings:
        names.addElement(_ods_text(heading, styles.cell("head")))
    heads.addElement(names)
    made.addElement(heads)
    for (at, row), height in zip(
        enumerate(sheet.rows, sheet.first_row), heights(sheet), strict=True
    ):
        line = table.TableRow(stylename=styles.row(height))
        for cell in row:
            line.addElement(
                table.CoveredTableCell(stylename=styles.cell("text"))
                if cell is COVERED
                else _ods_cell(cell, styles, at)
            )
        made.addElement(line)
    for note in sheet.notes:
        line = table.TableRow()
        line.addElement(_ods_text(note, styles.cell("title")))
        made.addElement(line)
    return made


def _ods_text(value: str, stylename: style.Style, *, rows: int = 1, columns: int = 1) -> object:
    spans = {"numberrowsspanned": rows, "numbercolumnsspanned": columns}
    over = spans if rows > 1 or columns > 1 else {}
    made = table.TableCell(valuetype="string", stylename=stylename, **over)
    for paragraph in value.split("\n"):
        made.addElement(text.P(text=paragraph))
    return made


def _ods_cell(cell: Cell, styles: _Styles, at: int) -> object:
    if isinstance(cell.value, str):
        return _ods_text(cell.value, styles.cell("text"), rows=cell.rows)
    kind = "percent" if cell.percent else "number"
    stylename = styles.cell(kind, cell.decimals, cell.unit)
    if cell.value is None:
        return table.TableCell(stylename=stylename)
    more: Mapping[str, str] = (
        {"formula": f"of:={_ods_formula(cell.formula)}"} if cell.formula else {}
    )
    value = plain(cell.value) if isinstance(cell.value, Decimal) else str(cell.value)
    made = table.TableCell(
        valuetype="percentage" if cell.percent else "float",
        value=value,
        stylename=stylename,
        **more,
    )
    made.addElement(text.P(text=value))
    return made


REFERENCE = re.compile(r"([A-Z]+[0-9]+)(?::([A-Z]+[0-9]+))?")


def _ods_formula(formula: str) -> str:
    """``F3/E3`` as OpenFormula writes references: ``[.F3]/[.E3]``, and ``[.B3:.B9]``."""

    def written(found: re.Match[str]) -> str:
        return f"[.{found[1]}:.{found[2]}]" if found[2] else f"[.{found[1]}]"

    return REFERENCE.sub(written, formula)


def _freeze(file: OpenDocumentSpreadsheet, document: Document) -> None:
    """Title and headings stay while the rows below are scrolled."""
    views = config.ConfigItemMapNamed(name="Tables")
    for sheet in document.sheets:
        entry = config.ConfigItemMapEntry(name=sheet.name)
        for name, kind, value in (
            ("VerticalSplitMode", "short", "2"),
            ("VerticalSplitPosition", "int", str(sheet.first_row - 1)),
            ("ActiveSplitRange", "short", "2"),
            ("PositionBottom", "int", str(sheet.first_row - 1)),
        ):
            entry.addElement(config.ConfigItem(name=name, type=kind, text=value))
        views.addElement(entry)
    view = config.ConfigItemMapEntry()
    view.addElement(views)
    indexed = config.ConfigItemMapIndexed(name="Views")
    indexed.addElement(view)
    settings = config.ConfigItemSet(name="ooo:view-settings")
    settings.addElement(indexed)
    holder = office.Settings()
    holder.addElement(settings)
    file.settings.addElement(settings)


WRITERS: Mapping[str, Callable[[Document], bytes]] = {
    "ods": write_ods,
    "xlsx": write_xlsx,
    "csv": write_csv,
}
TYPES: Mapping[str, str] = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
