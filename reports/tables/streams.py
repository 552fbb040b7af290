"""Tables of any length as CSV, XLSX and ODS, a piece at a time: memory does not grow with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from indicators.spreadsheets.formulas import as_text
from reports.tables.ods_stream import as_ods
from reports.tables.streamed import Cells, Rows, blocks
from reports.tables.xlsx_stream import as_xlsx

QUOTED = re.compile('[,"\r\n]')


def as_csv(head: list[str], rows: Rows) -> Iterator[bytes]:
    """UTF-8 with the mark that spreadsheets look for; text that looks like a formula is not one."""
    cells = Cells(_csv_text, str, "")
    yield ("\ufeff" + ",".join(map(_csv_text, head)) + "\r\n").encode()
    for block in blocks(iter(rows)):
        yield b"\r\n".join(cells.rows(block, b",")) + b"\r\n"


def _csv_text(text: str) -> str:
    shown = str(as_text(text))
    return '"' + shown.replace('"', '""') + '"' if QUOTED.search(shown) else shown


STREAMS: Mapping[str, Callable[[list[str], Rows], Iterator[bytes]]] = {
    "ods": as_ods,
    "xlsx": as_xlsx,
    "csv": as_csv,
}
