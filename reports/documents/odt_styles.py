"""The page and the styles of an OpenDocument text."""

from __future__ import annotations

from odf import style, text
from odf.opendocument import OpenDocumentText

from reports.documents.words import MARGIN_MM, TEXT_WIDTH_MM
from reports.tables.sheets import FONT, HEAD_COLOUR, LINE_COLOUR

ACCENT, INK, QUIET = "#0f6f7c", "#1d2a2e", "#566268"
HEADING_SIZES = (18, 15, 13, 11.5)


class Styles:
    """The styles of a report; whoever edits it changes them in one place."""

    def __init__(self, file: OpenDocumentText, language: str) -> None:
        self._file = file
        self._latin_only = language.startswith("en")

    def add(self) -> None:
        """Put them all into the document."""
        self._defaults()
        self._page()
        self._paragraphs()
        self._lists()
        self._table()

    def _defaults(self) -> None:
        self._file.fontfacedecls.addElement(style.FontFace(name=FONT, fontfamily=f"'{FONT}'"))
        default = style.DefaultStyle(family="paragraph")
        default.addElement(
            style.ParagraphProperties(
                lineheight="150%", marginbottom="2mm", orphans="2", widows="2"
            )
        )
        asian = {} if self._latin_only else {"languageasian": "zh", "countryasian": "TW"}
        default.addElement(
            style.TextProperties(
                fontname=FONT,
                fontnameasian=FONT,
                fontsize="11pt",
                fontsizeasian="11pt",
                language="en",
                country="US",
                **asian,
            )
        )
        self._file.styles.addElement(default)

    def _page(self) -> None:
        layout = style.PageLayout(name="A4")
        layout.addElement(
            style.PageLayoutProperties(
                pagewidth="210mm",
                pageheight="297mm",
                printorientation="portrait",
                margin=f"{MARGIN_MM:g}mm",
            )
        )
        foot = style.FooterStyle()
        foot.addElement(style.HeaderFooterProperties(minheight="8mm", margintop="4mm"))
        layout.addElement(foot)
        self._file.automaticstyles.addElement(layout)
        page = style.MasterPage(name="Standard", pagelayoutname=layout)
        footer = style.Footer()
        line = text.P(stylename=self._paragraph("Footer", align="center", size=9))
        line.addElement(text.PageNumber(selectpage="current"))
        footer.addElement(line)
        page.addElement(footer)
        self._file.masterstyles.addElement(page)

    def _paragraphs(self) -> None:
        self._paragraph("Standard")
        self._paragraph("Text_20_body", "Standard")
        self._paragraph("Title", "Standard", size=24, bold=True, colour=ACCENT, above=40)
        self._paragraph("Subtitle", "Standard", size=14, colour=QUIET)
        self._paragraph("Remark", "Standard", colour=QUIET)
        self._paragraph("Contents_20_Heading", "Standard", size=15, bold=True, above=10)
        for level in (1, 2, 3):
            self._contents(level)
        for level, size in enumerate(HEADING_SIZES, 1):
            self._paragraph(
                f"Heading_20_{level}",
                "Standard",
                size=size,
                bold=True,
                colour=ACCENT if level < 3 else INK,
                above=8 if level < 3 else 5,
                keep=True,
                more={"defaultoutlinelevel": str(level), "nextstylename": "Text_20_body"},
            )
        self._paragraph("Caption", "Standard", size=10, bold=True, above=3)
        self._paragraph("Table_20_Caption", "Caption", size=10, bold=True, keep=True, above=3)
        self._paragraph("Picture", "Standard", keep=True)
        self._paragraph("List_20_Paragraph", "Text_20_body")
        self._paragraph("Table_20_Contents", "Standard", size=9, tight=True)
        self._paragraph("Table_20_Heading", "Table_20_Contents", size=9, bold=True, tight=True)
        self._paragraph("Table_20_Number", "Table_20_Contents", size=9, align="end", tight=True)
        strong = style.Style(name="Strong_20_Emphasis", displayname="Strong", family="text")
        strong.addElement(style.TextProperties(fontweight="bold", fontweightasian="bold"))
        self._file.styles.addElement(strong)
        link = style.Style(name="Index_20_Link", displayname="Index Link", family="text")
        link.addElement(style.TextProperties(color=INK, textunderlinestyle="none"))
        self._file.styles.addElement(link)

    def _paragraph(
        self,
        name: str,
        parent: str = "",
        *,
        size: float = 0,
        bold: bool = False,
        colour: str = "",
        above: float = 0,
        align: str = "",
        keep: bool = False,
        tight: bool = False,
        more: dict[str, str] | None = None,
    ) -> style.Style:
        given = {"parentstylename": parent} if parent else {}
        made = style.Style(
            name=name,
            displayname=name.replace("_20_", " "),
            family="paragraph",
            **given,
            **(more or {}),
        )
        around = {"margintop": f"{above:g}mm"} if above else {}
        if align:
            around["textalign"] = align
        if keep:
            around["keepwithnext"] = "always"
        if tight:
            around |= {"lineheight": "120%", "marginbottom": "0mm"}
        made.addElement(style.ParagraphProperties(**around))
        letters = {"color": colour} if colour else {}
        if size:
            letters |= {"fontsize": f"{size:g}pt", "fontsizeasian": f"{size:g}pt"}
        if bold:
            letters |= {"fontweight": "bold", "fontweightasian": "bold"}
        made.addElement(style.TextProperties(**letters))
        self._file.styles.addElement(made)
        return made

    def _contents(self, level: int) -> None:
        made = style.Style(
            name=f"Contents_20_{level}",
            displayname=f"Contents {level}",
            family="paragraph",
            parentstylename="Standard",
        )
        around = style.ParagraphProperties(
            marginleft=f"{(level - 1) * 6}mm", marginbottom="0.5mm", lineheight="130%"
        )
        stops = style.TabStops()
        stops.addElement(
            style.TabStop(
                position=f"{TEXT_WIDTH_MM - (level - 1) * 6:g}mm",
                type="right",
                leaderstyle="dotted",
                leadertext=".",
            )
        )
        around.addElement(stops)
        made.addElement(around)
        self._file.styles.addElement(made)

    def _lists(self) -> None:
        dots = text.ListStyle(name="List_20_Dots")
        numbers = text.ListStyle(name="List_20_Numbers")
        dot = text.ListLevelStyleBullet(level="1", bulletchar="•")
        number = text.ListLevelStyleNumber(level="1", numformat="1", numsuffix=".")
        for owner, level in ((dots, dot), (numbers, number)):
            place = style.ListLevelProperties(listlevelpositionandspacemode="label-alignment")
            place.addElement(
                style.ListLevelLabelAlignment(
                    labelfollowedby="listtab",
                    listtabstopposition="8mm",
                    textindent="-6mm",
                    marginleft="8mm",
                )
            )
            level.addElement(place)
            owner.addElement(level)
            self._file.styles.addElement(owner)

    def _table(self) -> None:
        cells: dict[str, dict[str, str]] = {
            "Cell": {},
            "HeadCell": {"backgroundcolor": f"#{HEAD_COLOUR}"},
        }
        for name, more in cells.items():
            made = style.Style(name=name, family="table-cell")
            made.addElement(
                style.TableCellProperties(
                    border=f"0.5pt solid #{LINE_COLOUR}",
                    padding="1mm",
                    verticalalign="top",
                    **more,
                )
            )
            self._file.automaticstyles.addElement(made)
        row = style.Style(name="Row", family="table-row")
        row.addElement(style.TableRowProperties(keeptogether="always"))
        self._file.automaticstyles.addElement(row)
        whole = style.Style(name="Table", family="table")
        whole.addElement(
            style.TableProperties(
                width=f"{TEXT_WIDTH_MM:g}mm",
                align="left",
                marginbottom="4mm",
                bordermodel="collapsing",
            )
        )
        self._file.automaticstyles.addElement(whole)
