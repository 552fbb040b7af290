"""The tables of a page as a spreadsheet: what a reader sees, filtered as it is, numbers as numbers.

A page is asked for again with ``?download=ods`` and its tables are read from the page itself, so
that a download can say nothing else than the page, and shows nobody more than the page would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculation.numerals import NumberError, parse_measure, whole
from reports.tables.sheets import COVERED, Cell, Document, Row, Sheet, marked
from reports.tables.writers import TYPES, WRITERS

PARAMETER = "download"
UNSEEN = frozenset({"visually-hidden"})
ASIDE = frozenset({"note", "unit", "mark", "sentence"})
VOID = frozenset({"br", "img", "input", "hr", "wbr", "path", "rect", "circle", "polyline", "meta"})
WIDEST_MM, NARROWEST_MM = 80, 20
MOST_NAME = 31


@dataclass(slots=True)
class _Box:
    """One cell as it is read."""

    is_number: bool
    rows: int = 1
    columns: int = 1
    text: str = ""
    aside: str = ""

    def cell(self) -> Cell:
        text, aside = _clean(self.text), _clean(self.aside)
        if self.is_number and (number := _number(text, self.rows)) is not None:
            return number
        return Cell("\n".join(part for part in (text, aside) if part), self.rows)


@dataclass(slots=True)
class _Table:
    name: str
    head: list[str] = field(default_factory=list)
    rows: list[list[_Box]] = field(default_factory=list)


def _clean(text: str) -> str:
    return "\n".join(
        part for line in text.split("\n") if (part := re.sub(r"\s+", " ", line).strip())
    )


def _number(text: str, rows: int) -> Cell | None:
    """A number with its unit as its format; None for what is none."""
    try:
        measure = parse_measure(text)
    except NumberError:
        return None
    if measure.value is None or len(measure.unit) > 12:
        return None
    exponent = measure.value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if measure.unit == "%":
        return Cell(measure.value / Decimal(100), rows, decimals, percent=True)
    return Cell(measure.value, rows, decimals, unit=measure.unit)


class _Reader(HTMLParser):
    """Reads the tables of a page of ours; headings name those without a caption."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._heading = ""
        self._place = ""
        self._box: _Box | None = None
        self._options: list[tuple[bool, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = frozenset((given.get("class") or "").split())
        if tag == "table":
            self.tables.append(_Table(_clean(self._heading)))
        elif tag in ("h1", "h2", "h3") and not self._inside("table"):
            self._heading = ""
        elif tag in ("thead", "tbody", "caption"):
            self._place = tag
            if tag == "caption":
                self.tables[-1].name = ""
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            self._box = _Box(
                tag == "td" and "num" in classes,
                _span(given.get("rowspan")),
                _span(given.get("colspan")),
            )
            self.tables[-1].rows[-1].append(self._box)
        elif self._box is not None:
            self._start_inside(self._box, tag, given)
        if tag not in VOID:
            self._open.append((tag, classes))

    def _start_inside(self, box: _Box, tag: str, given: dict[str, str | None]) -> None:
        if tag in ("br", "p", "li"):
            box.text += "\n"
        elif tag == "input" and given.get("type") in (None, "text"):
            box.text += given.get("value") or ""
        elif tag == "option":
            self._options.append(("selected" in given, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(one == tag for one, _classes in self._open):
            if self._open.pop()[0] == tag:
                break
        if tag == "select":
            self._take_what_is_chosen()
        elif tag in ("td", "th"):
            self._box = None
        elif tag == "thead" and self.tables:
            table = self.tables[-1]
            if table.rows:
                table.head = [str(box.cell().value) for box in table.rows[-1]]
                table.rows.clear()
            self._place = ""
        elif tag == "caption":
            self._place = ""

    def _take_what_is_chosen(self) -> None:
        """Of a select a reader sees the option that is chosen, or else the first."""
        shown = [text for chosen, text in self._options if chosen]
        shown += [text for _chosen, text in self._options[:1]]
        if self._box is not None and shown:
            self._box.text += f" {shown[0]} "
        self._options.clear()

    def _inside(self, tag: str) -> bool:
        return any(one == tag for one, _classes in self._open)

    def handle_data(self, data: str) -> None:
        if any(classes & UNSEEN for tag, classes in self._open if tag != "caption"):
            return
        if self._open and self._open[-1][0] in ("script", "style"):
            return
        if self._options and self._inside("option"):
            chosen, text = self._options[-1]
            self._options[-1] = chosen, text + data
        elif self._place == "caption":
            self.tables[-1].name += data
        elif self._box is not None:
            at = [one for one, _classes in self._open]
            inner = self._open[max(at.index("table"), 0) :]
            aside = any(
                classes & ASIDE for tag, classes in inner if tag not in ("td", "th", "table")
            )
            if aside:
                self._box.aside += data
            else:
                self._box.text += data
        elif any(tag in ("h1", "h2", "h3") for tag, _classes in self._open):
            self._heading += data


def _span(text: str | None) -> int:
    return whole(text or "") or 1


def tables_of(page: str) -> list[Sheet]:
    """The tables of a page in order, those without rows left out."""
    reader = _Reader()
    reader.feed(page)
    names: set[str] = set()
    return [_sheet(table, names) for table in reader.tables if table.rows and table.head]


def _sheet(table: _Table, names: set[str]) -> Sheet:
    width = len(table.head)
    rows: list[Row] = []
    open_spans = [0] * width
    for boxes in table.rows:
        row: list[Cell | None] = []
        waiting = iter(boxes)
        while len(row) < width:
            at = len(row)
            if open_spans[at]:
                open_spans[at] -= 1
                row.append(COVERED)
                continue
            box = next(waiting, None)
            row.append(Cell("") if box is None else box.cell())
            open_spans[at] = 0 if box is None else box.rows - 1
            row += [Cell("")] * min((box.columns if box else 1) - 1, width - len(row))
        rows.append(row)
    title = _clean(table.name) or _("Table")
    return Sheet(
        name=_unique(title, names),
        title=title,
        headings=table.head,
        widths=[_width(table.head[at], rows, at) for at in range(width)],
        rows=rows,
    )


def _unique(title: str, names: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\'\s]+", " ", title).strip()[:MOST_NAME] or "1"
    name, number = plain, 1
    while name.lower() in names:
        number += 1
        ending = f" {number}"
        name = plain[: MOST_NAME - len(ending)] + ending
    names.add(name.lower())
    return name


def _width(heading: str, rows: list[Row], at: int) -> int:
    longest = max([len(heading), *(_length(row[at]) for row in rows)])
    return min(max(longest * 4, NARROWEST_MM), WIDEST_MM)


def _length(cell: Cell | None) -> int:
    return max(len(line) for line in str(cell.value).split("\n")) if cell is not COVERED else 0


def table_downloads(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer ``?download=ods`` with the tables of the page in place of the page."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        format = request.GET.get(PARAMETER, "")
        if request.method != "GET" or format not in WRITERS:
            return response
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code != 200 or not html or not isinstance(response, HttpResponse):
            return response
        page = response.content.decode()
        sheets = tables_of(page)
        if not sheets:
            return response
        title = _title(page)
        language = "en" if get_language() == "en" else "zh-TW"
        document = Document(title, language, sheets)
        if settings.SAMPLE:
            document = marked(document, _("Sample data"))
        made = HttpResponse(WRITERS[format](document), content_type=TYPES[format])
        made.headers["Content-Disposition"] = (
            content_disposition_header(True, f"{title[:60]}.{format}") or ""
        )
        made.headers["Cache-Control"] = response.headers.get("Cache-Control", "private")
        return made

    return answer


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    whole = _clean(found[1]) if found else ""
    return whole.partition(" · ")[0].replace("/", "-") or "table"
