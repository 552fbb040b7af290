"""The preview of a spreadsheet: what each cell would do, or what is wrong and the remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.entry.doubts import doubts_of
from indicators.entry.entries import Examined
from indicators.imports.importing import ReadFigure, examine, fingerprint
from indicators.imports.messages import finding_message
from indicators.models import FileImport
from indicators.reading.display import Display
from indicators.spreadsheets.cells import cell_name, column_name

KINDS = ("error", "warning", "changed", "new", "same")
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of the file; ``label`` is what the file itself calls its series."""

    place: str
    cell: str
    text: str
    label: str = ""
    understood: str = ""
    old: str = ""
    new: str = ""
    change: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All cells of a file by what they would do; each kind shows the first few hundred."""

    counts: Mapping[str, int]
    lines: Mapping[str, Sequence[Line]]
    fingerprint: str
    refused: bool
    figures: Sequence[ReadFigure] = field(default=())
    examined: Examined | None = None
    comments: Mapping[tuple[str, int, int], str] = field(default_factory=dict)


def preview(one: FileImport, display: Display) -> Preview:
    """Read and set the preview, against the figures as they stand at this moment."""
    figures, examined = examine(one)
    lines: dict[str, list[Line]] = defaultdict(list)
    counts = dict.fromkeys(KINDS, 0)
    comments: dict[tuple[str, int, int], str] = {}

    def add(kind: str, line: Line, place: tuple[str, int, int]) -> None:
        counts[kind] += 1
        if len(lines[kind]) < MOST_LINES:
            lines[kind].append(line)
        if line.message and place not in comments:
            comments[place] = line.message

    for finding in one.table.get("findings", []):
        sheet, row, column, text, _code, _params, severity = finding
        add(severity, _finding_line(finding, text), (sheet, row, column))
    wrong = {problem.position: str(problem.message) for problem in examined.problems}
    doubtful = doubts_of([figure.entry for figure in figures], examined)
    for at, figure in enumerate(figures):
        if at in wrong:
            add("error", _line(figure, examined, at, display, wrong[at]), figure.place)
            continue
        if at in doubtful:
            add("warning", _line(figure, examined, at, display, doubtful[at]), figure.place)
        kind = "same"
        if examined.differs[at]:
            kind = "changed" if examined.stored[at] else "new"
        add(kind, _line(figure, examined, at, display), figure.place)
    return Preview(
        counts,
        lines,
        fingerprint(examined),
        refused=counts["error"] > 0,
        figures=figures,
        examined=examined,
        comments=comments,
    )


def _finding_line(finding: Sequence[Any], text: str) -> Line:
    sheet, row, column, _text, code, params, _severity = finding
    return Line(
        place=_place(sheet, row, column),
        cell=cell_name(row, column),
        text=text,
        label=str(params.get("label") or ""),
        message=finding_message(code, params, text),
    )


def _place(sheet: str, row: int, column: int) -> str:
    return _("sheet “%(sheet)s”, row %(row)d, column %(column)s") % {
        "sheet": sheet,
        "row": row + 1,
        "column": column_name(column),
    }


def _line(
    figure: ReadFigure, examined: Examined, at: int, display: Display, message: str = ""
) -> Line:
    entry, old = figure.entry, examined.stored[at]
    before = old.value if old else None
    return Line(
        place=_place(figure.sheet, figure.row, figure.column),
        cell=cell_name(figure.row, figure.column),
        text=figure.text,
        label=figure.label,
        understood=f"{entry.series.indicator.code} {entry.series.name}"
        f" · {display.period(entry.period)}{_mark(figure)}",
        old=display.number(before),
        new=display.exact(entry.value, entry.series.unit),
        change=_change(before, entry.value, display),
        message=message,
    )


def _mark(figure: ReadFigure) -> str:
    """The mark beside the month: preliminary, revised or estimated."""
    return f" ({figure.mark})" if figure.mark else ""


def _change(old: Decimal | None, new: Decimal | None, display: Display) -> str:
    if old is None or new is None or not old:
        return ""
    share = (new - old) * 100 / old
    return f"{'+' if share > 0 else ''}{display.percentage(share)}"
