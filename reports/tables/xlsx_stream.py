"""Office Open XML as a stream: text in the cells themselves, so that nothing must be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from reports.tables.sheets import FONT
from reports.tables.streamed import (
    MOST_MEMBER_BYTES,
    Cells,
    Member,
    Rows,
    Tables,
    Value,
    archive,
    clean,
    document,
    language,
    table_name,
    widths,
)

ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{SPREADSHEET}"><fonts count="2">'
    f'<font><sz val="10"/><name val="{FONT}"/></font>'
    f'<font><b/><sz val="10"/><name val="{FONT}"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def as_xlsx(head: list[str], rows: Rows) -> Iterator[bytes]:
    """Office Open XML: numbers exact, a further sheet for each million of rows."""
    return archive(_members(clean(_("Figures")), language(), head, rows))


def _members(title: str, spoken: str, head: list[str], rows: Rows) -> Iterator[Member]:
    """The sheets before what lists them: how many there are is known at the end."""
    cells = Cells(_text, "<c><v>{}</v></c>".format, "<c/>")

    def write(block: list[list[Value]]) -> bytes:
        return b"<row>" + b"</row><row>".join(cells.rows(block, b"")) + b"</row>"

    yield (
        "_rels/.rels",
        document(
            _relations(
                ("officeDocument", OFFICE, "xl/workbook.xml"),
                ("metadata/core-properties", PACKAGE, "docProps/core.xml"),
            )
        ),
    )
    yield (
        "docProps/core.xml",
        document(
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:creator></dc:creator>"
            f"<dc:language>{spoken}</dc:language></cp:coreProperties>"
        ),
    )
    yield "xl/styles.xml", document(STYLES)
    tables, sheets = Tables(rows, write), 0
    headings = "".join(_text(one, 's="1" ') for one in head)
    while not sheets or tables.more():
        sheets += 1
        opened = _opening(widths(head, tables.first), sheets == 1) + f"<row>{headings}</row>"
        yield (
            f"xl/worksheets/sheet{sheets}.xml",
            chain(document(opened), tables.table(MOST_MEMBER_BYTES), [b"</sheetData></worksheet>"]),
        )
    yield from _lists([table_name(title, at) for at in range(1, sheets + 1)])


def _text(text: str, style: str = "") -> str:
    """A cell of text. What Excel would take for a coded character is coded itself."""
    shown = clean(ESCAPED.sub("_x005F_", text))
    space = ' xml:space="preserve"' if shown != shown.strip() or "\n" in shown else ""
    return f'<c {style}t="inlineStr"><is><t{space}>{shown}</t></is></c>'


def _opening(widths: Sequence[int], is_first: bool) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(widths, 1)
    )
    chosen = ' tabSelected="1"' if is_first else ""
    return (
        f'<worksheet xmlns="{SPREADSHEET}"><sheetViews><sheetView{chosen} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _lists(names: Sequence[str]) -> Iterator[Member]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    yield (
        "xl/workbook.xml",
        document(
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}/relationships">'
            f"<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets></workbook>"
        ),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        document(
            _relations(
                *(("worksheet", OFFICE, f"worksheets/sheet{at}.xml") for at in numbers),
                ("styles", OFFICE, "styles.xml"),
            )
        ),
    )
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles")]
    parts += [(f"xl/worksheets/sheet{at}.xml", "worksheet") for at in numbers]
    kinds = "".join(
        f'<Override PartName="/{part}" ContentType="{SHEET_KIND}.{kind}+xml"/>'
        for part, kind in parts
    )
    package = "application/vnd.openxmlformats-package"
    yield (
        "[Content_Types].xml",
        document(
            f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{package}.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/docProps/core.xml"'
            f' ContentType="{package}.core-properties+xml"/>{kinds}</Types>'
        ),
    )


def _relations(*found: tuple[str, str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{at}" Type="{base}/relationships/{kind}" Target="{target}"/>'
        for at, (kind, base, target) in enumerate(found, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'
