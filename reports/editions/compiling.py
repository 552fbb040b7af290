"""From an edition to its report: headings, the texts with their live figures, tables, charts.

The report is written in Chinese whatever language the reader's screen is in. A released edition is
not compiled again: reports.releasing keeps what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.conf import settings
from django.utils import translation

from indicators.calculation.progress import Direction, Standing
from indicators.reading.explanations import STANDING_NAMES
from indicators.reading.standings import SeriesStanding
from reports.documents.charts import Bar, target_chart
from reports.documents.tree import (
    UNKNOWN,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Run,
    Runs,
    Table,
)
from reports.models import Section, SectionPicture
from reports.tables.appendix import channels_sheet, goal_sheet, indicators_sheet
from reports.tables.sheets import Sheet
from reports.texts.compilation import Compilation
from reports.texts.live_figures import LiveFigure, LiveFigures, in_house_style
from reports.texts.prose import Inline, Live, Part, Typed, read_prose
from reports.texts.references import Reference

type Ask = Callable[[Reference], LiveFigure]

LANGUAGE = "zh-Hant-TW"
DRAFT = "草稿，尚未發布。"
SAMPLE = "示範資料：月資料為合成，請勿引用。"
MM_A_PIXEL = 25.4 / 150
TEXT_WIDTH = 170.0
COUNTS = frozenset({"場次", "人次", "人數", "件數", "千人率"})
"""Names of series that say how it is counted; the indicator's says what."""


def compile_report(compilation: Compilation, released_on: date | None = None) -> Report:
    """The report as it stands; without a day of release it says that it is a draft."""
    with translation.override("zh-hant"):
        return _Writing(compilation).report(released_on)


def compile_section(section: Section, text: str) -> tuple[Block, ...]:
    """One text of a section for its preview, pictures left out."""
    parts = read_prose(text)
    live = LiveFigures(
        piece.reference
        for part in parts
        for piece in part.inline
        if isinstance(piece, Live) and piece.reference is not None
    )
    return tuple(text_blocks(parts, section.key, live.of))


def text_blocks(parts: list[Part], key: str, figure: Ask) -> Iterator[Block]:
    """Paragraphs, lists and small headings of a text; ``figure`` works out a reference."""
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.kind == "paragraph":
            yield Paragraph(_runs(part.inline, figure))
        elif part.kind == "heading":
            heading = "".join(run.text for run in _runs(part.inline, figure))
            yield Heading(4, heading, f"{key}-line-{part.line}")
        else:
            end = at
            while end < len(parts) and parts[end].kind == part.kind:
                end += 1
            items = tuple(_runs(one.inline, figure) for one in parts[at:end])
            yield Listing(items, part.kind == "number")
            at = end - 1
        at += 1


def _runs(inline: Inline, figure: Ask) -> Runs:
    return tuple(_run(piece, figure) for piece in inline)


def _run(piece: Typed | Live, figure: Ask) -> Run:
    if isinstance(piece, Typed):
        return Run(piece.text, piece.strong)
    text = figure(piece.reference).text if piece.reference is not None else ""
    return Run(text or UNKNOWN, piece.strong, piece.raw)


class _Writing:
    """One report being put together, with the numbers of its tables and pictures."""

    def __init__(self, compilation: Compilation) -> None:
        self._from = compilation
        self._edition = compilation.edition
        self._tables = 0
        self._pictures = 0

    def report(self, released_on: date | None) -> Report:
        edition = self._edition
        remarks = [
            SAMPLE if settings.SAMPLE else "",
            "" if released_on else DRAFT,
            edition.remark,
        ]
        return Report(
            title=edition.title_zh,
            subtitle=f"{edition.year}年",
            language=LANGUAGE,
            day=released_on,
            remark="".join(remarks),
            blocks=tuple(block for one in self._from.sections for block in self._section(one)),
        )

    def _section(self, section: Section) -> Iterator[Block]:
        yield Heading(section.level, section.title_zh, section.key)
        yield from text_blocks(self._from.parts[section.pk], section.key, self._from.figure)
        if section.kind == Section.Kind.GOAL_TABLE and section.goal is not None:
            yield from self._goal(section)
        elif section.kind == Section.Kind.INDICATORS:
            year = self._edition.target_year
            yield self._table(
                f"{year}年追蹤指標目標值及實際值",
                indicators_sheet(self._edition, self._from.standings, year),
            )
        elif section.kind == Section.Kind.CHANNELS:
            yield self._table("利害關係人與溝通情形", channels_sheet())
        for picture in section.pictures.all():
            yield self._photograph(picture)

    def _table(self, caption: str, sheet: Sheet) -> Table:
        self._tables += 1
        return Table(f"表 {self._tables}　{caption}", sheet, f"table-{self._tables}")

    def _number_picture(self, caption: str) -> tuple[str, str]:
        self._pictures += 1
        return f"圖 {self._pictures}　{caption}", f"figure-{self._pictures}"

    def _goal(self, section: Section) -> Iterator[Block]:
        goal, year = section.goal, self._edition.target_year
        assert goal is not None
        found = [
            one for one in self._from.standings if one.series.indicator.target.goal_id == goal.pk
        ]
        if not found:
            return
        title = f"核心目標{goal.code}之指標、{year}年目標值及實際值"
        yield self._table(title, goal_sheet(self._edition, found, year, title))
        bars = [bar for one in found if (bar := _bar(one)) is not None]
        if bars:
            drawing = target_chart(bars, (f"{year}年目標值", "愈低愈好"))
            caption, key = self._number_picture(f"核心目標{goal.code}各指標{year}年實際值與目標值")
            shown = "；".join(f"{bar.name}實際{bar.actual}，{bar.target}" for bar in bars)
            yield Picture(
                caption,
                f"橫條圖，以目標值為準：{shown}。",
                drawing.svg,
                "image/svg+xml",
                drawing.width,
                drawing.height,
                key,
            )

    def _photograph(self, one: SectionPicture) -> Picture:
        caption, key = self._number_picture(one.caption)
        width = min(one.width * MM_A_PIXEL, TEXT_WIDTH)
        return Picture(
            caption,
            one.alternative,
            bytes(one.content),
            one.type,
            round(width, 1),
            round(width * one.height / one.width, 1),
            key,
        )


def _bar(one: SeriesStanding) -> Bar | None:
    found, series = one.assessment, one.series
    if not found.target or found.actual is None:
        return None
    unit = series.unit_zh
    name = series.name_zh if series.name_zh not in COUNTS else series.indicator.name_zh
    return Bar(
        f"{series.indicator.code} {name}",
        in_house_style(found.actual, unit, series.decimals),
        f"目標{in_house_style(found.target, unit)}，{STANDING_NAMES[found.standing]}",
        float(found.actual / found.target),
        found.standing == Standing.MET,
        series.direction == Direction.DOWN,
    )
