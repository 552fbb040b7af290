"""Live figures as they stand in a text: ``{{1.4.2|2017年至2020年|成長 2016年}}``.

Between the braces stand the indicator's code with the name of the series where there are several,
the period, and what is asked of it; a reference to a count of work names the activity. Pure: what a
reference comes to is worked out in live_figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from indicators.calculation.periods import Period, PeriodError, format_period, parse_period

PATTERN = re.compile(r"\{\{(?P<body>[^{}\n]*)\}\}")
_HALF = re.compile(r"\{\{|\}\}")
ACTIVITY_WORDS = frozenset({"活動", "activity"})


class Kind(StrEnum):
    """What is asked of a series in a period; the values are the words in the text."""

    VALUE = "值"
    NUMBER = "數字"
    TARGET = "目標"
    GROWTH = "成長"
    DIFFERENCE = "增減"
    ACHIEVEMENT = "達成率"
    STANDING = "狀態"
    PERIOD = "期間"
    ACTIVITY = "活動"


ENGLISH = {kind.name.lower(): kind for kind in Kind}
COMPARED = frozenset({Kind.GROWTH, Kind.DIFFERENCE})


class BrokenReference(ValueError):
    """A reference that cannot be read; ``code`` is parts, period, kind, base or brace."""

    def __init__(self, raw: str, code: str) -> None:
        super().__init__(f"{raw}: {code}")
        self.raw = raw
        self.code = code


@dataclass(frozen=True, slots=True)
class Reference:
    """One live figure. ``name`` is that of the series, empty where the indicator has one.

    ``base`` is the period that a growth or a difference is measured from; None for the same months
    a year earlier. Of an activity only ``name`` is set.
    """

    code: str
    name: str
    period: Period | None
    kind: Kind
    base: Period | None = None

    def written(self) -> str:
        """The reference as it stands in a text."""
        if self.kind == Kind.ACTIVITY or self.period is None:
            return f"{{{{{Kind.ACTIVITY.value}|{self.name}}}}}"
        parts = [f"{self.code} {self.name}".strip(), format_period(self.period)]
        if self.kind != Kind.VALUE:
            base = f" {format_period(self.base)}" if self.base else ""
            parts.append(f"{self.kind.value}{base}")
        return f"{{{{{'|'.join(parts)}}}}}"

    def moved(self, move: Callable[[Period], Period]) -> Reference:
        """The same question about other periods."""
        if self.period is None:
            return self
        return replace(
            self, period=move(self.period), base=None if self.base is None else move(self.base)
        )


def read_reference(raw: str) -> Reference:
    """Read a reference with its braces.

    Raises:
        BrokenReference: it is not made as references are.
    """
    found = PATTERN.fullmatch(raw)
    if not found:
        raise BrokenReference(raw, "brace")
    parts = [part.strip() for part in found["body"].replace("｜", "|").split("|")]
    if len(parts) < 2 or len(parts) > 3 or not all(parts[:2]):
        raise BrokenReference(raw, "parts")
    if parts[0].lower() in ACTIVITY_WORDS:
        if len(parts) > 2:
            raise BrokenReference(raw, "parts")
        return Reference("", parts[1], None, Kind.ACTIVITY)
    code, _space, name = parts[0].partition(" ")
    kind, base = _kind(raw, parts[2] if len(parts) > 2 else "")
    return Reference(code, name.strip(), _period(raw, parts[1], "period"), kind, base)


def _period(raw: str, text: str, code: str) -> Period:
    try:
        return parse_period(text)
    except PeriodError as error:
        raise BrokenReference(raw, code) from error


def _kind(raw: str, text: str) -> tuple[Kind, Period | None]:
    if not text:
        return Kind.VALUE, None
    word, _space, base = text.partition(" ")
    kind = ENGLISH.get(word.lower())
    if kind is None:
        try:
            kind = Kind(word)
        except ValueError:
            raise BrokenReference(raw, "kind") from None
    if kind == Kind.ACTIVITY:
        raise BrokenReference(raw, "kind")
    if base and kind not in COMPARED:
        raise BrokenReference(raw, "base")
    return kind, _period(raw, base.strip(), "base") if base else None


def references(text: str) -> Iterator[Reference]:
    """Every reference of a text that can be read, in order."""
    for found in PATTERN.finditer(text):
        try:
            yield read_reference(found.group())
        except BrokenReference:
            continue


def stray_braces(text: str) -> Iterator[int]:
    """Where a pair of braces stands that belongs to no reference."""
    blank = PATTERN.sub(lambda found: " " * len(found.group()), text)
    for found in _HALF.finditer(blank):
        yield found.start()


def with_references(text: str, change: Callable[[Reference], Reference]) -> str:
    """The text with each reference that can be read replaced by another."""

    def changed(found: re.Match[str]) -> str:
        try:
            return change(read_reference(found.group())).written()
        except BrokenReference:
            return found.group()

    return PATTERN.sub(changed, text)
