"""A report as Office Open XML for word processors: real styles, contents, captions, tables."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from reports.documents.docx_styles import add_field, set_page, set_properties, set_styles
from reports.documents.pictures import png_of
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
from reports.tables.archives import settled
from reports.tables.sheets import COVERED, HEAD_COLOUR, LINE_COLOUR, Cell

SVG = "image/svg+xml"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def write_docx(report: Report) -> bytes:
    """The report as a document that Word and LibreOffice edit further."""
    document = docx.Document()
    set_page(document)
    set_styles(document, report.language)
    set_properties(document, report)
    _Writing(document, report).write()
    out = BytesIO()
    document.save(out)
    return settled(out.getvalue(), report.day)


class _Writing:
    """One document being written."""

    def __init__(self, document: Document, report: Report) -> None:
        self._document = document
        self._report = report
        self._bookmarks: dict[str, str] = {
            one.key: f"_Toc{number:06d}"
            for number, one in enumerate(
                (block for block in report.blocks if isinstance(block, Heading)), 1
            )
        }
        self._drawings = 0
        # The library looks a style up among all of them at every use; the names stay the same.
        self._ids = {one.name: one.style_id for one in document.styles}

    def _line(self, style: str, words: str = "") -> Line:
        line = self._document.add_paragraph()
        line._p.style = self._ids[style]
        if words:
            line.add_run(clean(words))
        return line

    def write(self) -> None:
        report = self._report
        for style, said in (
            ("Title", report.title),
            ("Subtitle", report.subtitle),
            ("Subtitle", report.day.isoformat() if report.day else ""),
            ("Body Text", report.remark),
        ):
            if said:
                self._line(style, said)
        self._contents()
        for block in report.blocks:
            self._block(block)

    def _contents(self) -> None:
        """A field that any program can work out anew, filled in already."""
        entries = list(headings(self._report))
        self._line("TOC Heading", contents_title(self._report.language))
        for at, one in enumerate(entries):
            line = self._line(f"toc {one.level}")
            if at == 0:
                self._mark(line, "begin")
                words = OxmlElement("w:instrText")
                words.set(qn("xml:space"), "preserve")
                words.text = r' TOC \o "1-3" \h \z \u '
                line.add_run()._r.append(words)
                self._mark(line, "separate")
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), self._bookmarks[one.key])
            link.set(qn("w:history"), "1")
            inner = Line(link, line._parent)
            before = len(line._p)
            line.add_run(clean(one.text))
            line.add_run("\t")
            add_field(line, rf"PAGEREF {self._bookmarks[one.key]} \h", "")
            for run in list(line._p)[before:]:
                link.append(run)
            line._p.append(inner._p)
            if at == len(entries) - 1:
                self._mark(line, "end")

    @staticmethod
    def _mark(line: Line, kind: str) -> None:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        line.add_run()._r.append(mark)

    def _block(self, block: Block) -> None:
        writers: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Listing: self._listing,
            Table: self._table,
            Picture: self._picture,
        }
        writers[type(block)](block)

    def _heading(self, one: Heading) -> None:
        line = self._line(f"Heading {one.level}")
        name = self._bookmarks[one.key]
        number = name.removeprefix("_Toc").lstrip("0")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        line._p.append(start)
        line.add_run(clean(one.text))
        line._p.append(end)

    def _paragraph(self, one: Paragraph) -> None:
        self._runs("Body Text", one.runs)

    def _runs(self, style: str, runs: Runs) -> Line:
        line = self._line(style)
        for run in runs:
            made = line.add_run(clean(run.text))
            if run.strong:
                made._r.style = self._ids["Strong"]
        return line

    def _listing(self, one: Listing) -> None:
        lines = [
            self._runs("List Number" if one.numbered else "List Bullet", item) for item in one.items
        ]
        if one.numbered:
            number = self._numbering_from_one()
            for line in lines:
                properties = line._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number

    def _numbering_from_one(self) -> int:
        """A numbering of its own for one list: the style's would count on from the last list."""
        numbering = self._document.part.numbering_part.element
        style = self._document.styles["List Number"].element
        of_style = style.pPr.numPr.numId.val
        abstract = next(one.abstractNumId.val for one in numbering.num_lst if one.numId == of_style)
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def _caption(self, caption: str) -> Line:
        word, number, rest = caption_parts(clean(caption))
        line = self._line("Caption")
        if word:
            line.add_run(f"{word} ")
            add_field(line, rf"SEQ {word} \* ARABIC", number)
        line.add_run(rest)
        return line

    def _table(self, one: Table) -> None:
        self._caption(one.caption).paragraph_format.keep_with_next = True
        sheet = one.sheet
        made = self._document.add_table(rows=0, cols=len(sheet.headings))
        made.autofit = False
        _frame(made._tbl.tblPr)
        widths = [Mm(width) for width in scaled(list(sheet.widths))]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        head = made.add_row()
        _never_split(head, header=True)
        for cell, heading in zip(head.cells, sheet.headings, strict=True):
            cell.paragraphs[0].text = clean(heading)
            cell.paragraphs[0]._p.style = self._ids["Table Head"]
            cell._tc.get_or_add_tcPr().append(_shading())
        for row in sheet.rows:
            self._row(made, row, widths)
        for cell, width in zip(head.cells, widths, strict=True):
            cell.width = width
        for note in sheet.notes:
            self._line("Table Text", note)
        self._line("Table Text")

    def _row(self, made: Any, row: Any, widths: list[Any]) -> None:
        line = made.add_row()
        _never_split(line)
        for element, one, width in zip(line._tr.tc_lst, row, widths, strict=True):
            properties = element.get_or_add_tcPr()
            properties.width = width
            if one is COVERED or one.rows > 1:
                merge = OxmlElement("w:vMerge")
                merge.set(qn("w:val"), "continue" if one is COVERED else "restart")
                properties.append(merge)
            if one is not COVERED:
                self._cell(element, one)

    def _cell(self, element: Any, one: Cell) -> None:
        first = Line(element.p_lst[0], self._document._body)
        for at, text in enumerate(cell_lines(one)):
            line = first if at == 0 else Line(element.add_p(), self._document._body)
            line._p.style = self._ids["Table Text"]
            line.add_run(text)
            if is_number(one):
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _picture(self, one: Picture) -> None:
        self._drawings += 1
        line = self._document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        vector = one.type == SVG
        shown = png_of(one.content, one.width) if vector else one.content
        shape = line.add_run().add_picture(BytesIO(shown), Mm(one.width), Mm(one.height))
        for side in "TBLR":
            # LibreOffice takes 3 mm where nothing is said, and pushes a wide picture off the text.
            shape._inline.set(f"dist{side}", "0")
        about = shape._inline.docPr
        about.set("id", str(self._drawings))
        about.set("name", one.key)
        about.set("title", clean(one.caption))
        about.set("descr", clean(one.alternative))
        if vector:
            self._add_vector(shape, one)
        self._caption(one.caption)

    def _add_vector(self, shape: Any, one: Picture) -> None:
        """The drawing itself beside its picture; programs that cannot draw it show the picture."""
        part = self._document.part
        name = PackURI(f"/word/media/{one.key}.svg")
        drawing = Part(name, SVG, one.content, part.package)
        relation = part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
        blip = shape._inline.graphic.graphicData.pic.blipFill.blip
        blip.append(
            parse_xml(
                f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{SVG_EXTENSION}">'
                f'<asvg:svgBlip xmlns:asvg="{SVG_NAMESPACE}" r:embed="{relation}"/>'
                "</a:ext></a:extLst>"
            )
        )


def _frame(properties: Any) -> None:
    """Lines and room within, in the order of the schema: Word may refuse a file in another."""
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(_indent())
    layout.addprevious(_borders())
    layout.addnext(_padding())


def _indent() -> Any:
    """The room at the left of a cell: by itself a table begins so much outside of the text."""
    return parse_xml(f'<w:tblInd {nsdecls("w")} w:w="108" w:type="dxa"/>')


def _borders() -> Any:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{LINE_COLOUR}"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>")


def _padding() -> Any:
    sides = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("top", "bottom"))
    return parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")


def _shading() -> Any:
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{HEAD_COLOUR}"/>')


def _never_split(row: Any, *, header: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
