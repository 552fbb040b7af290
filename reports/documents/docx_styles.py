"""The page and the styles of a Word document: whoever edits it changes them in one place."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from reports.documents.tree import Report
from reports.documents.words import MARGIN_MM, TEXT_WIDTH_MM, clean
from reports.tables.archives import EARLIEST
from reports.tables.sheets import FONT

ACCENT, INK, QUIET = RGBColor(15, 111, 124), RGBColor(29, 42, 46), RGBColor(86, 98, 104)
HEADING_SIZES = (18, 15, 13, 11.5)


def set_page(document: Document) -> None:
    """A4 with the number of the page at its foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(line, "PAGE", "1")


def set_properties(document: Document, report: Report) -> None:
    """Title, language and day; no names, and fields that are worked out when it is opened."""
    core = document.core_properties
    core.title = clean(f"{report.title} {report.subtitle}")
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = ""
    core.language = "en" if report.language.startswith("en") else "zh-TW"
    core.created = core.modified = datetime.combine(report.day or EARLIEST, time())
    core.revision = 1
    settings = document.settings.element
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings.find(qn("w:compat")).addprevious(update)


def set_styles(document: Document, language: str) -> None:
    """Headings, text, captions, contents and tables."""
    _defaults(document, language)
    styles = document.styles
    for level, size in enumerate(HEADING_SIZES, 1):
        _style(
            document,
            f"Heading {level}",
            size,
            colour=ACCENT if level < 3 else INK,
            bold=True,
            above=16 if level < 3 else 10,
        )
    _style(document, "Title", 24, colour=ACCENT, bold=True, above=60)
    _style(document, "Subtitle", 14, colour=QUIET)
    _style(document, "Caption", 10, colour=INK, bold=True, above=6)
    for name in ("List Bullet", "List Number", "Body Text"):
        _style(document, name, 11)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    for level in (1, 2, 3):
        made = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        made.base_style = styles["Normal"]
        indent = Mm((level - 1) * 6)
        made.paragraph_format.left_indent = indent
        made.paragraph_format.space_after = Pt(2)
        made.paragraph_format.tab_stops.add_tab_stop(
            Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    styles["TOC Heading"].base_style = styles["Normal"]
    _style(document, "TOC Heading", 15, bold=True, above=20)
    for name in ("Table Text", "Table Head"):
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _style(document, name, 9, bold=name == "Table Head")
        made.paragraph_format.space_after = Pt(0)
        made.paragraph_format.line_spacing = 1.2


def _defaults(document: Document, language: str) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.5
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in [*run.findall(qn("w:rFonts")), *run.findall(qn("w:lang"))]:
        run.remove(old)
    run.insert(0, _fonts())
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-US")
    spoken.set(qn("w:eastAsia"), "en-US" if language.startswith("en") else "zh-TW")
    spoken.set(qn("w:bidi"), "ar-SA")
    run.append(spoken)
    for one in document.styles.element.iter(qn("w:rFonts")):
        _set_fonts(one)


def _fonts() -> Any:
    made = OxmlElement("w:rFonts")
    _set_fonts(made)
    return made


def _set_fonts(element: Any) -> None:
    """One font for both scripts; the fonts of a theme would go before it."""
    for name in list(element.attrib):
        del element.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        element.set(qn(f"w:{script}"), FONT)


def _style(
    document: Document,
    name: str,
    size: float,
    *,
    colour: RGBColor = INK,
    bold: bool = False,
    above: float = 0,
) -> None:
    made = document.styles[name]
    made.font.size = Pt(size)
    made.font.bold = bold
    made.font.italic = False
    made.font.color.rgb = colour
    if above:
        made.paragraph_format.space_before = Pt(above)


def add_field(line: Line, instruction: str, shown: str) -> None:
    """A field with what it shows until a program works it out."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = line.add_run(shown if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {instruction} "
            run._r.append(words)
