"""A report as OpenDocument Text, written natively: styles, contents, captions, tables, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from odf import dc, draw, meta, style, svg, table, text
from odf.opendocument import OpenDocumentText

from reports.documents.odt_styles import Styles
from reports.documents.tree import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Runs,
    Table,
    headings,
)
from reports.documents.words import (
    caption_parts,
    cell_lines,
    clean,
    contents_title,
    is_number,
    scaled,
)
from reports.tables.archives import declare_namespaces, settled
from reports.tables.sheets import COVERED, Cell

SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_WHITE = re.compile(r"(\t|\r\n?|\n|  +|^ | $)")


def write_odt(report: Report) -> bytes:
    """The report as an OpenDocument text that can be edited further."""
    declare_namespaces()
    file = OpenDocumentText()
    file.meta.addElement(dc.Title(text=clean(f"{report.title} {report.subtitle}")))
    file.meta.addElement(dc.Language(text="en" if report.language.startswith("en") else "zh-TW"))
    file.meta.addElement(meta.InitialCreator(text=""))
    if report.day:
        file.meta.addElement(dc.Date(text=f"{report.day.isoformat()}T00:00:00"))
    Styles(file, report.language).add()
    _Writing(file, report).write()
    out = BytesIO()
    file.write(out)
    return settled(out.getvalue(), report.day)


class _Writing:
    """One document being written."""

    def __init__(self, file: OpenDocumentText, report: Report) -> None:
        self._file = file
        self._report = report
        self._tables = 0
        self._frame = style.Style(name="Frame", family="graphic")
        self._frame.addElement(style.GraphicProperties(verticalpos="top", verticalrel="baseline"))
        file.automaticstyles.addElement(self._frame)

    def write(self) -> None:
        report = self._report
        self._declare_sequences()
        for stylename, said in (
            ("Title", report.title),
            ("Subtitle", report.subtitle),
            ("Subtitle", report.day.isoformat() if report.day else ""),
            ("Remark", report.remark),
        ):
            if said:
                self._file.text.addElement(_said(stylename, said))
        self._contents()
        for block in report.blocks:
            self._block(block)

    def _declare_sequences(self) -> None:
        declared = text.SequenceDecls()
        words = {
            caption_parts(block.caption)[0]
            for block in self._report.blocks
            if isinstance(block, Table | Picture)
        }
        for word in sorted(words - {""}):
            declared.addElement(text.SequenceDecl(name=word, displayoutlinelevel="0"))
        self._file.text.addElement(declared)

    def _contents(self) -> None:
        title = contents_title(self._report.language)
        whole = text.TableOfContent(name=title, protected="false")
        source = text.TableOfContentSource(outlinelevel="3", useindexmarks="false")
        source.addElement(text.IndexTitleTemplate(stylename="Contents_20_Heading", text=title))
        for level in (1, 2, 3):
            entry = text.TableOfContentEntryTemplate(
                outlinelevel=str(level), stylename=f"Contents_20_{level}"
            )
            entry.addElement(text.IndexEntryLinkStart())
            entry.addElement(text.IndexEntryText())
            entry.addElement(text.IndexEntryTabStop(type="right", leaderchar="."))
            entry.addElement(text.IndexEntryPageNumber())
            entry.addElement(text.IndexEntryLinkEnd())
            source.addElement(entry)
        whole.addElement(source)
        body = text.IndexBody()
        heading = text.IndexTitle(name=f"{title}_Head")
        heading.addElement(text.P(stylename="Contents_20_Heading", text=title))
        body.addElement(heading)
        for one in headings(self._report):
            body.addElement(self._entry(one))
        whole.addElement(body)
        self._file.text.addElement(whole)

    def _entry(self, one: Heading) -> text.P:
        """A line of the contents; the page is a reference, which any program works out itself."""
        line = text.P(stylename=f"Contents_20_{one.level}")
        link = text.A(
            type="simple",
            href=f"#{one.key}",
            stylename="Index_20_Link",
            visitedstylename="Index_20_Link",
        )
        _say(link, one.text)
        link.addElement(text.Tab())
        link.addElement(text.BookmarkRef(referenceformat="page", refname=one.key, text="…"))
        line.addElement(link)
        return line

    def _block(self, block: Block) -> None:
        writers: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: lambda one: self._file.text.addElement(_line("Text_20_body", one.runs)),
            Listing: self._listing,
            Table: self._table,
            Picture: self._picture,
        }
        writers[type(block)](block)

    def _heading(self, one: Heading) -> None:
        made = text.H(outlinelevel=str(one.level), stylename=f"Heading_20_{one.level}")
        made.addElement(text.BookmarkStart(name=one.key))
        _say(made, one.text)
        made.addElement(text.BookmarkEnd(name=one.key))
        self._file.text.addElement(made)

    def _listing(self, one: Listing) -> None:
        name = "List_20_Numbers" if one.numbered else "List_20_Dots"
        made = text.List(stylename=name, continuenumbering="false")
        for runs in one.items:
            item = text.ListItem()
            item.addElement(_line("List_20_Paragraph", runs))
            made.addElement(item)
        self._file.text.addElement(made)

    def _caption(self, caption: str, stylename: str) -> text.P:
        word, number, rest = caption_parts(clean(caption))
        made = text.P(stylename=stylename)
        if word:
            made.addText(f"{word} ")
            made.addElement(
                text.Sequence(
                    name=word,
                    formula=f"ooow:{word}+1",
                    numformat="1",
                    refname=f"ref{word}{number}",
                    text=number,
                )
            )
        _say(made, rest)
        return made

    def _table(self, one: Table) -> None:
        self._tables += 1
        sheet, name = one.sheet, f"Table{self._tables}"
        self._file.text.addElement(self._caption(one.caption, "Table_20_Caption"))
        made = table.Table(name=name, stylename="Table")
        for at, width in enumerate(scaled(list(sheet.widths))):
            column = style.Style(name=f"{name}.{at}", family="table-column")
            column.addElement(style.TableColumnProperties(columnwidth=f"{width:.2f}mm"))
            self._file.automaticstyles.addElement(column)
            made.addElement(table.TableColumn(stylename=column))
        heads = table.TableHeaderRows()
        row = table.TableRow(stylename="Row")
        for heading in sheet.headings:
            cell = table.TableCell(valuetype="string", stylename="HeadCell")
            for line in heading.split("\n"):
                cell.addElement(_said("Table_20_Heading", line))
            row.addElement(cell)
        heads.addElement(row)
        made.addElement(heads)
        for cells in sheet.rows:
            row = table.TableRow(stylename="Row")
            for one_cell in cells:
                row.addElement(_cell(one_cell))
            made.addElement(row)
        self._file.text.addElement(made)
        for note in sheet.notes:
            self._file.text.addElement(_said("Table_20_Contents", note))

    def _picture(self, one: Picture) -> None:
        href = self._file.addPicture(
            f"Pictures/{one.key}.{SUFFIXES[one.type]}", one.type, one.content
        )
        frame = draw.Frame(
            name=one.key,
            stylename=self._frame,
            anchortype="as-char",
            width=f"{one.width:g}mm",
            height=f"{one.height:g}mm",
        )
        frame.addElement(draw.Image(href=href, type="simple", show="embed", actuate="onLoad"))
        frame.addElement(svg.Title(text=clean(one.caption)))
        frame.addElement(svg.Desc(text=clean(one.alternative)))
        line = text.P(stylename="Picture")
        line.addElement(frame)
        self._file.text.addElement(line)
        self._file.text.addElement(self._caption(one.caption, "Caption"))


def _say(element: Any, words: str) -> None:
    """Add a text as it was typed: OpenDocument reads white space in a row as a single space."""
    for piece in _WHITE.split(clean(words)):
        if piece == "\t":
            element.addElement(text.Tab())
        elif piece.startswith(("\r", "\n")):
            element.addElement(text.LineBreak())
        elif piece and not piece.strip(" "):
            element.addElement(text.S(c=str(len(piece))))
        elif piece:
            element.addText(piece)


def _said(stylename: str, words: str) -> text.P:
    made = text.P(stylename=stylename)
    _say(made, words)
    return made


def _line(stylename: str, runs: Runs) -> text.P:
    made = text.P(stylename=stylename)
    for run in runs:
        if run.strong:
            strong = text.Span(stylename="Strong_20_Emphasis")
            _say(strong, run.text)
            made.addElement(strong)
        else:
            _say(made, run.text)
    return made


def _cell(cell: Cell | None) -> Any:
    if cell is COVERED:
        return table.CoveredTableCell(stylename="Cell")
    over = {"numberrowsspanned": cell.rows} if cell.rows > 1 else {}
    made = table.TableCell(valuetype="string", stylename="Cell", **over)
    stylename = "Table_20_Number" if is_number(cell) else "Table_20_Contents"
    for line in cell_lines(cell):
        made.addElement(_said(stylename, line))
    return made
