"""The same headings, paragraphs, lists, cells and pictures by bare libraries, with nothing else.

No styles, no contents, no captions with numbers, no merged cells, no alternative text and no tags:
what a peer leaves out makes it quicker, so a ratio below 1 is the price of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from io import BytesIO
from pathlib import Path

from reports.documents.tree import Heading, Listing, Paragraph, Picture, Report, Table, text_of
from reports.documents.words import cell_lines, clean
from reports.tables.sheets import COVERED

type Piece = tuple[str, object]


def pieces(report: Report) -> Iterator[Piece]:
    """(kind, content): text and headings as text, tables as rows of texts, pictures as they are."""
    for block in report.blocks:
        match block:
            case Heading(_level, text, _key):
                yield "heading", clean(text)
            case Paragraph(runs):
                yield "text", clean(text_of(runs))
            case Listing(items):
                for item in items:
                    yield "text", clean(text_of(item))
            case Table(caption, sheet, _key):
                yield "text", clean(caption)
                yield (
                    "table",
                    [list(sheet.headings)]
                    + [
                        ["" if cell is COVERED else "\n".join(cell_lines(cell)) for cell in row]
                        for row in sheet.rows
                    ],
                )
            case Picture():
                yield "picture", block


def odt_by_odfpy(given: list[Piece]) -> bytes:
    """Odfpy."""
    from odf import draw, table, text
    from odf.opendocument import OpenDocumentText

    file = OpenDocumentText()
    for kind, content in given:
        if kind == "heading":
            file.text.addElement(text.H(outlinelevel="1", text=content))
        elif kind == "text":
            file.text.addElement(text.P(text=content))
        elif isinstance(content, list):
            made = table.Table()
            for row in content:
                line = table.TableRow()
                for value in row:
                    cell = table.TableCell(valuetype="string")
                    cell.addElement(text.P(text=value))
                    line.addElement(cell)
                made.addElement(line)
            file.text.addElement(made)
        elif isinstance(content, Picture):
            href = file.addPicture(f"Pictures/{content.key}.svg", content.type, content.content)
            frame = draw.Frame(width=f"{content.width}mm", height=f"{content.height}mm")
            frame.addElement(draw.Image(href=href))
            line = text.P()
            line.addElement(frame)
            file.text.addElement(line)
    out = BytesIO()
    file.write(out)
    return out.getvalue()


def docx_by_python_docx(given: list[Piece]) -> bytes:
    """python-docx; the pictures are left out, for it takes no SVG."""
    import docx

    document = docx.Document()
    for kind, content in given:
        if kind == "heading":
            document.add_heading(str(content), 1)
        elif kind == "text":
            document.add_paragraph(str(content))
        elif isinstance(content, list):
            made = document.add_table(rows=len(content), cols=len(content[0]))
            for element, row in zip(made._tbl.tr_lst, content, strict=True):
                for cell, value in zip(element.tc_lst, row, strict=True):
                    cell.p_lst[0].add_r().text = value
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_by_reportlab(given: list[Piece]) -> bytes:
    """Reportlab with the same font; the pictures are left out, for it takes no SVG."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Flowable, LongTable, SimpleDocTemplate
    from reportlab.platypus import Paragraph as Flowing

    from reports.documents.fonts import font_paths

    regular = next(Path(font_paths()[0]).glob("*Regular*.ttf"))
    pdfmetrics.registerFont(TTFont("Noto", str(regular)))
    style = ParagraphStyle("text", fontName="Noto", fontSize=11, leading=17, wordWrap="CJK")
    flow: list[Flowable] = []
    for kind, content in given:
        if kind in ("heading", "text"):
            flow.append(Flowing(escape(str(content)), style))
        elif isinstance(content, list):
            rows = [[Flowing(escape(value), style) for value in row] for row in content]
            flow.append(LongTable(rows, repeatRows=1))
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(flow)
    return out.getvalue()


def html_by_hand(given: list[Piece]) -> bytes:
    """The standard library's ``escape`` and joining."""
    parts = []
    for kind, content in given:
        if kind == "heading":
            parts.append(f"<h2>{escape(str(content))}</h2>")
        elif kind == "text":
            parts.append(f"<p>{escape(str(content))}</p>")
        elif isinstance(content, list):
            rows = "".join(
                f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>"
                for row in content
            )
            parts.append(f"<table>{rows}</table>")
        elif isinstance(content, Picture):
            parts.append(content.content.decode())
    return "".join(parts).encode()


PEERS: Mapping[str, tuple[str, Callable[[list[Piece]], bytes]]] = {
    "odt": ("odfpy", odt_by_odfpy),
    "docx": ("python-docx", docx_by_python_docx),
    "pdf": ("reportlab", pdf_by_reportlab),
    "html": ("joined text", html_by_hand),
}
