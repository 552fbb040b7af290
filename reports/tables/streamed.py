"""What streamed tables have in common: cells made a column at a time, archives a block at a time.

No member of an archive has a time of its own, so that the same rows give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.translation import get_language

from indicators.calculation.numerals import plain

type Value = str | int | Decimal | None
type Rows = Iterable[list[Value]]
type Member = tuple[str, Iterable[bytes]]
BLOCK_ROWS = 500
"""What is written at once; few enough to stay in the processor's own memory."""
MOST_SHEET_ROWS = 1_048_575
"""What a spreadsheet holds below its headings."""
MOST_MEMBER_BYTES = 2_000_000_000
"""Below the two gigabytes from which an archive needs a form that not every program reads."""
KEPT_TEXTS = 1 << 14
"""Codes, names, units and months come again and again: so many are kept as written."""
LEVEL = 1
"""Deflating more takes half as long again and saves a fifth at most."""
PIECE = 1 << 16
"""So many bytes of an archive are handed on together."""
NARROWEST, WIDEST = 8, 60

FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_END = re.compile("\r\n?")
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_A_NUMBER = {str, type(None)}


class Cells(dict[str | None, bytes]):
    """Texts as the cells of a format, each made when it first comes; None is the empty cell."""

    def __init__(
        self, text: Callable[[str], str], number: Callable[[str], str], empty: str
    ) -> None:
        super().__init__({None: empty.encode()})
        self._text = text
        self._number = number
        self._empty = empty.encode()

    def __missing__(self, text: str) -> bytes:
        if len(self) >= KEPT_TEXTS:
            self.clear()
            self[None] = self._empty
        made = self[text] = self._text(text).encode()
        return made

    def rows(self, block: Sequence[Sequence[Value]], between: bytes) -> Iterator[bytes]:
        """Rows as they are written; by columns, whose kind is sooner told than each cell's."""
        columns = [self._column(values) for values in zip(*block, strict=True)]
        return map(between.join, zip(*columns, strict=True))

    def _column(self, values: Sequence[Value]) -> Iterable[bytes]:
        if NOT_A_NUMBER.issuperset(map(type, values)):
            return map(self.__getitem__, values)  # type: ignore[arg-type]
        number = self._number
        return [
            self[one] if one is None or isinstance(one, str) else number(exact(one)).encode()
            for one in values
        ]


def exact(value: int | Decimal) -> str:
    """A number as ``plain`` writes it; nearly every figure needs no more than its own digits."""
    text = str(value)
    if "E" in text or text.startswith("-0"):
        return plain(Decimal(value))
    return text.rstrip("0").rstrip(".") if "." in text else text


def clean(text: str) -> str:
    """Without what XML cannot hold, with line ends as XML has them, marks of XML escaped."""
    if "\r" in text:
        text = LINE_END.sub("\n", text)
    text = FORBIDDEN.sub("", text).replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;")


def language() -> str:
    """The language of the moment, as files name it."""
    return "en" if get_language() == "en" else "zh-TW"


def widths(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> list[int]:
    """The width of each column in Latin letters, by what stands in the first rows."""
    found = [NARROWEST] * len(head)
    for row in chain([head], rows):
        for column, value in enumerate(row):
            text = "" if value is None else str(value)
            wide = sum(2 if mark >= "\u2e80" else 1 for mark in text) + 2
            found[column] = min(max(found[column], wide), WIDEST)
    return found


def blocks(rows: Iterator[list[Value]], most: int | None = None) -> Iterator[list[list[Value]]]:
    """Rows by so many as are written at once."""
    some = islice(rows, most)
    while block := list(islice(some, BLOCK_ROWS)):
        yield block


class Tables:
    """Rows shared out among tables, each as long as a spreadsheet and an archive bear.

    ``write`` makes a block of rows into what stands in the file.
    """

    def __init__(
        self, rows: Iterable[list[Value]], write: Callable[[list[list[Value]]], bytes]
    ) -> None:
        rows = iter(rows)
        self.first = list(islice(rows, 200))
        self._rows = chain(self.first, rows)
        self._write = write

    def more(self) -> bool:
        """Whether rows are left for a further table."""
        following = list(islice(self._rows, 1))
        self._rows = chain(following, self._rows)
        return bool(following)

    def table(self, most_bytes: int) -> Iterator[bytes]:
        """As many of the rows that are left as one table holds."""
        for block in blocks(self._rows, MOST_SHEET_ROWS):
            written = self._write(block)
            yield written
            most_bytes -= len(written)
            if most_bytes <= 0:
                return


class _Sink:
    """What an archive has written and nobody has taken yet; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._taken = 0
        self.waiting = 0

    def write(self, data: bytes) -> int:
        self._parts.append(data)
        self.waiting += len(data)
        return len(data)

    def tell(self) -> int:
        return self._taken + self.waiting

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        self._taken += self.waiting
        self.waiting = 0
        return taken


def archive(members: Iterable[Member], kind: str = "") -> Iterator[bytes]:
    """A ZIP archive of members, as it comes.

    ``kind``: written first and as it is, by which OpenDocument is known.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=LEVEL) as file:
        if kind:
            file.infolist().append(_write_kind(sink, kind))
        for name, contents in members:
            with file.open(name, "w") as member:
                for block in contents:
                    member.write(block)
                    if sink.waiting > PIECE:
                        yield sink.take()
    yield sink.take()


def _write_kind(sink: _Sink, kind: str) -> ZipInfo:
    """Its size must stand before it, which an archive that cannot go back does not know."""
    info, alone = ZipInfo("mimetype"), BytesIO()
    with ZipFile(alone, "w", ZIP_STORED) as file:
        file.writestr(info, kind)
        end = alone.tell()
    sink.write(alone.getvalue()[:end])
    return info


def document(text: str) -> list[bytes]:
    """A whole XML document as the only block of its member."""
    return [(XML + text).encode()]


def table_name(title: str, number: int) -> str:
    """The name of a table among those of one title."""
    return title if number == 1 else f"{title} {number}"
