"""Workbooks disguised in every way at once: what comes in is what is seen, or there is an error."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import read_book
from tests.indicators.spreadsheets.a_file import ods_of
from tests.indicators.spreadsheets.a_table import KNOWN

FIRST_ROW = 2
LABELS = {"1.4.1 場次": 4, "8.6.1 訓後就業率": 2, "4.3.3 人數": 5, "8.6.2 人次": 3}
RAISED = InlineFont(vertAlign="superscript")


@dataclass(frozen=True)
class Disguise:
    """A cell as it is kept, as it is shown, and the figure that a person sees, if it is one."""

    held: object
    code: str = "General"
    shown: str = ""
    kind: str = "float"
    seen: Decimal | None = None
    raised: str = ""


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def number(value: Decimal, code: str, shown: str, seen: Decimal | None) -> Disguise:
    kind = "percentage" if code.endswith("%") else "float"
    return Disguise(float(value), code, shown, kind, seen)


DISGUISES: tuple[Callable[[int], Disguise], ...] = (
    lambda n: number(Decimal(n), "General", str(n), Decimal(n)),
    lambda n: number(Decimal(n), "#,##0", f"{n:,}", Decimal(n)),
    lambda n: number(Decimal(n) / 1000, "0.0%", f"{n / 10:.1f}%", Decimal(n) / 10),
    lambda n: number(Decimal(n), '0"人"', f"{n}人", Decimal(n)),
    lambda n: number(Decimal(n), "#,##0,", f"{n / 1000:.0f}", Decimal(n) if n < 1 else None),
    lambda n: number(Decimal(n), ";;;", "", None),
    lambda n: number(Decimal(n), 'yyyy"年"', "1950年", None),
    lambda n: Disguise(str(n), seen=Decimal(n)),
    lambda n: Disguise(f"{n:,}", seen=Decimal(n)),
    lambda n: Disguise(f"\u200b{n}\u00a0", seen=Decimal(n)),
    lambda n: Disguise(str(n), raised="1"),
    lambda n: Disguise(str(n), raised="註"),
    lambda n: Disguise(f"{n}多"),
    lambda n: Disguise(f"={n}+0"),
    lambda n: Disguise("#REF!"),
    lambda _n: Disguise(True),
    lambda _n: Disguise("－"),
)
cells = st.builds(lambda make, n: make(n), st.sampled_from(DISGUISES), st.integers(0, 99_999))
rows = st.lists(st.lists(cells, min_size=4, max_size=4), min_size=len(LABELS), max_size=len(LABELS))
hidden_rows = st.sets(st.integers(FIRST_ROW, FIRST_ROW + len(LABELS) - 1), max_size=1)
hidden_columns = st.sets(st.integers(1, 4), max_size=1)
merged = st.none() | st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 1))
quick = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def as_xlsx(
    table: Sequence[Sequence[Disguise]],
    unseen: tuple[set[int], set[int]],
    over: tuple[int, int, int] | None,
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["民國109年"])
    sheet.append(["指標", *(f"{at}月" for at in range(1, 5))])
    for at, (label, line) in enumerate(zip(LABELS, table, strict=True), FIRST_ROW + 1):
        sheet.cell(at, 1, label)
        for column, one in enumerate(line, 2):
            text = CellRichText(one.held, TextBlock(RAISED, one.raised)) if one.raised else one.held
            cell = sheet.cell(at, column, text)
            cell.number_format = one.code
            if one.held == "#REF!":
                cell.data_type = "e"
    for at in unseen[0]:
        sheet.row_dimensions[at + 1].hidden = True
    for column in unseen[1]:
        sheet.column_dimensions["ABCDE"[column]].hidden = True
    if over:
        top, left, down = over
        first, last = FIRST_ROW + 1 + top, min(FIRST_ROW + 1 + top + down, FIRST_ROW + len(LABELS))
        sheet.merge_cells(start_row=first, end_row=last, start_column=left + 1, end_column=left + 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(table: Sequence[Sequence[Disguise]], unseen: tuple[set[int], set[int]]) -> bytes:
    def text(value: str) -> str:
        return (
            "<table:table-cell office:value-type='string'>"
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    def cell(one: Disguise) -> str:
        held = str(one.held)
        if isinstance(one.held, bool):
            return (
                "<table:table-cell office:value-type='boolean' office:boolean-value='true'>"
                "<text:p>TRUE</text:p></table:table-cell>"
            )
        if isinstance(one.held, float):
            return (
                f"<table:table-cell office:value-type='{one.kind}' office:value='{one.held!r}'>"
                f"<text:p>{one.shown}</text:p></table:table-cell>"
            )
        if held.startswith("="):
            return f"<table:table-cell table:formula='of:{held}'/>"
        raised = f"<text:span text:style-name='T1'>{one.raised}</text:span>" if one.raised else ""
        return text(escape(held) + raised)

    def line(at: int, cells: list[str]) -> str:
        hidden = " table:visibility='collapse'" if at in unseen[0] else ""
        return f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>"

    columns = "".join(
        f"<table:table-column{" table:visibility='collapse'" if at in unseen[1] else ''}/>"
        for at in range(5)
    )
    body = line(0, [text("民國109年")])
    body += line(1, [text("指標"), *(text(f"{at}月") for at in range(1, 5))])
    for at, (label, some) in enumerate(zip(LABELS, table, strict=True), FIRST_ROW):
        body += line(at, [text(label), *map(cell, some)])
    style = (
        "<style:style style:name='T1' style:family='text'>"
        "<style:text-properties style:text-position='super 58%'/></style:style>"
    )
    return ods_of(f"<table:table table:name='表'>{columns}{body}</table:table>", style)


def check(
    content: bytes,
    table: Sequence[Sequence[Disguise]],
    unseen: tuple[set[int], set[int]],
    over: set[tuple[int, int]],
) -> None:
    found = read_table(read_book(content), KNOWN)
    right = {
        (at, column): one.seen
        for at, line in enumerate(table, FIRST_ROW)
        for column, one in enumerate(line, 1)
        if one.seen is not None
        and at not in unseen[0]
        and column not in unseen[1]
        and (at, column) not in over
    }
    keys = list(LABELS.values())
    for reading in found.readings:
        assert reading.key == keys[reading.row - FIRST_ROW]
        assert reading.period.iso() == f"2020-{reading.column:02}"
        assert right.get((reading.row, reading.column)) == reading.value
    taken = {(reading.row, reading.column) for reading in found.readings}
    refused = {finding.row for finding in found.findings if finding.severity == "error"}
    assert {row for row, _column in right.keys() - taken} <= refused


@given(rows, hidden_rows, hidden_columns, merged)
@quick
def test_a_disguised_workbook(
    table: list[list[Disguise]],
    rows_unseen: set[int],
    columns_unseen: set[int],
    over: tuple[int, int, int] | None,
) -> None:
    covered = set()
    if over:
        top, left, down = over
        last = min(top + down, len(LABELS) - 1)
        covered = {
            (FIRST_ROW + at, column) for at in range(top, last + 1) for column in (left, left + 1)
        }
    unseen = rows_unseen, columns_unseen
    check(as_xlsx(table, unseen, over), table, unseen, covered)


@given(rows, hidden_rows, hidden_columns)
@quick
def test_a_disguised_opendocument_table(
    table: list[list[Disguise]], rows_unseen: set[int], columns_unseen: set[int]
) -> None:
    check(as_ods(table, (rows_unseen, columns_unseen)), table, (rows_unseen, columns_unseen), set())
