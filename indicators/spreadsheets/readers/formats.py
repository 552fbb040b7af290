"""Number formats: what a person sees of a number that a workbook holds.

A figure stays as exact as it is held; a unit, a per cent sign or a word that the format writes
beside it is seen, so it becomes part of the cell. A format that shows another magnitude than is
held, without the word that says so, is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from indicators.spreadsheets.books import Cell, Place

SCALED, HIDDEN, ERROR = "scaled_format", "hidden_by_format", "error_value"
# What Excel keeps by number alone, as far as it shows more or less than the number; in Taiwan.
BUILT_IN = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, *range(27, 32), 36, 50, 51, 54, 57, 58), "yyyy/m/d"),
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "yyyy/m/d h:mm",
}
TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | (?P<padding>[_*].?) | \[(?P<bracket>[^\]]*)\]?
    | (?P<general>General|G/通用格式|Standard) | (?P<exponent>E[+-]) | (?P<noon>am/pm|a/p|上午/下午)
    | (?P<digit>[0#?]) | (?P<letter>y+|e+|m+|d+|h+|s+|g+|a{3,4}) | (?P<mark>[.,%@/;])
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(r"^\s*(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*$")
ELAPSED = re.compile(r"^(?:h+|m+|s+)$", re.IGNORECASE)
CURRENCY = re.compile(r"NT\$|NTD|TWD|新[台臺]幣|(?<![A-Z])[$＄]")
# The sign of a negative number as formats write it; the number brings its own.
SIGN = re.compile(r"[-+−－▲△▼▽\s]+")
NOUGHT = frozenset({"-", "－", "—", "–", "−"})
WORDS = {"兆": 12, "億": 8, "百萬": 6, "萬": 4, "千": 3, "仟": 3}
FULLEST = 2_958_465
"""The 31st of December 9999, the last day that Excel knows."""

COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda value, other: value < other,
    ">": lambda value, other: value > other,
    "<=": lambda value, other: value <= other,
    ">=": lambda value, other: value >= other,
    "=": lambda value, other: value == other,
    "<>": lambda value, other: value != other,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a format.

    ``before`` and ``after`` are what is written around the number; ``words`` stand in its place
    where ``digits`` is False. ``down``: by how many powers of ten less is shown than is held; None
    where that cannot be told. ``date``: which of y, e (a year of the Republic), m and d it shows.
    """

    condition: tuple[str, Decimal] | None
    digits: bool
    before: str = ""
    after: str = ""
    percents: int = 0
    down: int | None = 0
    date: str = ""
    words: str = ""
    text: bool = False
    blank: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a number is shown just as it is held."""
        beside = self.before or self.after or self.percents or self.down != 0 or self.date
        return (self.digits or self.text) and not (beside or self.blank)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees: the cell, or the fault, and the text of a date without its year."""

    cell: Cell
    fault: str = ""
    shown: str = ""


@lru_cache(maxsize=1024)
def parsed(code: str) -> tuple[Section, ...]:
    """The sections of a format; none where it shows all numbers just as they are held."""
    sections: list[Section] = []
    tokens: list[tuple[str, str]] = []
    for match in TOKEN.finditer(code + ";"):
        kind = match.lastgroup or ""
        if (kind, match[kind]) == ("mark", ";"):
            sections.append(_section(tokens))
            tokens = []
        elif kind != "padding":
            tokens.append((kind, match[kind]))
    found = tuple(sections[:4])
    plain = all(
        section.is_plain or (at == 2 and section.words.strip() in NOUGHT)
        for at, section in enumerate(found)
    )
    return () if plain or not code.strip() else found


def _section(tokens: Sequence[tuple[str, str]]) -> Section:
    condition = next(
        (
            (found[1], Decimal(found[2]))
            for kind, token in tokens
            if kind == "bracket" and (found := CONDITION.match(token))
        ),
        None,
    )
    digits = [at for at, (kind, _token) in enumerate(tokens) if kind in ("digit", "general")]
    letters = [token[0].lower() for kind, token in tokens if kind == "letter"]
    if any(kind == "bracket" and ELAPSED.match(token) for kind, token in tokens):
        return Section(condition, digits=True)
    if letters and not any(kind == "general" for kind, _token in tokens):
        return Section(condition, digits=True, date="".join(_date_letters(letters)))
    if not digits:
        text = ("mark", "@") in tokens
        at = tokens.index(("mark", "@")) if text else 0
        before, after = _written(tokens[:at]), _written(tokens[at + 1 :])
        return Section(
            condition,
            digits=False,
            before=before.strip(),
            after=after.strip() if text else "",
            words=_written(tokens),
            text=text,
        )
    first, last = digits[0], digits[-1]
    before, after = bare(_written(tokens[:first]), _written(tokens[last + 1 :]))
    return Section(
        condition,
        digits=True,
        before=before,
        after=after,
        percents=tokens.count(("mark", "%")),
        down=_down(tokens[first : last + 1], tokens[last + 1 :]),
        blank=all(tokens[at] == ("digit", "#") for at in digits) and ("mark", ".") not in tokens,
    )


def _date_letters(letters: Sequence[str]) -> Iterator[str]:
    """Year, month and day; an m beside hours or seconds is a minute."""
    for at, letter in enumerate(letters):
        before = letters[at - 1] if at else ""
        after = letters[at + 1] if at + 1 < len(letters) else ""
        if letter in "yed" or (letter == "m" and before != "h" and after != "s"):
            yield letter


def _written(tokens: Sequence[tuple[str, str]]) -> str:
    """What a run of tokens writes besides the number."""
    found = []
    for kind, token in tokens:
        if kind in ("quoted", "escaped", "other") or (kind, token) == ("mark", "%"):
            found.append(token)
        elif kind == "bracket" and token.startswith("$"):
            found.append(token[1:].split("-")[0])
    return "".join(found)


def bare(before: str, after: str) -> tuple[str, str]:
    """What stands around a number without its sign and the money of the country."""
    before, after = CURRENCY.sub("", before), CURRENCY.sub("", after)
    before, after = SIGN.sub("", before), after.strip()
    if before.endswith("(") and after.startswith(")"):
        before, after = before[:-1], after[1:]
    return before, "" if SIGN.fullmatch(after) else after


def _down(number: Sequence[tuple[str, str]], behind: Sequence[tuple[str, str]]) -> int | None:
    """How many powers of ten a number loses by commas behind it and by a point that is written."""
    marks = [
        "0" if kind in ("digit", "general") else token if kind == "mark" else f"'{token}"
        for kind, token in number
        if kind not in ("bracket", "exponent")
    ]
    if "/" in marks:  # a fraction
        return 0
    commas = len(re.findall(r",(?=,*(?:$|[^0,]))", "".join(marks)))
    for kind, token in behind:
        if (kind, token) != ("mark", ","):
            break
        commas += 1
    literal = [at for at, mark in enumerate(marks) if mark.startswith("'") and mark.strip("' ")]
    if not literal:
        return 3 * commas
    if len(literal) > 1 or marks[literal[0]] not in ("'.", "'．") or "." in marks[literal[0] :]:
        return None
    return 3 * commas + marks[literal[0] :].count("0")


def seen_number(held: float, sections: Sequence[Section], *, from_1904: bool = False) -> Seen:
    """What a person sees of a number under a format."""
    value = Decimal(f"{held:.15g}")
    section = _section_for(value, sections)
    if section.date:
        return _seen_date(held, section, from_1904=from_1904)
    if not section.digits:
        if section.text or (not value and section.words.strip() in NOUGHT):
            return Seen(held)
        return Seen(held, HIDDEN)
    if section.blank and abs(value) < Decimal("0.5"):
        return Seen(held, HIDDEN)
    if section.down is None or (section.down and section.percents):
        return Seen(held, SCALED)
    if section.down:
        word = next((word for word in WORDS if section.after.startswith(word)), "")
        if WORDS.get(word) != section.down:
            return Seen(held, SCALED)
    if not (section.before or section.after or section.percents):
        return Seen(held)
    shown = value.scaleb(2 * section.percents - section.down)
    return Seen(beside(shown, section.before, section.after))


def beside(value: Decimal, before: str, after: str) -> str:
    """A number in full between what is written around it."""
    return f"{'-' if value < 0 else ''}{before}{abs(value).normalize():f}{after}"


def unseen_noughts(rows: Sequence[Sequence[Cell]]) -> Iterator[Place]:
    """The noughts of a sheet that shows none of them."""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell == 0 and not isinstance(cell, bool):
                yield at, column


def seen_text(held: str, sections: Sequence[Section]) -> Seen:
    """What a person sees of a text under a format."""
    text = next((one for one in sections if one.text), None)
    if text is not None:
        return Seen(f"{text.before}{held}{text.after}")
    hidden = len(sections) == 4 and not sections[3].digits and not sections[3].words.strip()
    return Seen(held, HIDDEN if hidden and held.strip() else "")


def _section_for(value: Decimal, sections: Sequence[Section]) -> Section:
    """The section that a number falls into."""
    numeric = [section for section in sections[:3] if not section.text] or list(sections[:1])
    several = len(numeric) > 2
    usual = ((">" if several else ">=", Decimal(0)), ("<", Decimal(0)))
    for section, otherwise in zip(numeric[:-1], usual, strict=False):
        comparison, limit = section.condition or otherwise
        if COMPARE[comparison](value, limit):
            return section
    return numeric[-1]


def _seen_date(serial: float, section: Section, *, from_1904: bool) -> Seen:
    if not 0 <= serial <= FULLEST:
        return Seen(serial, ERROR)
    day = date_of(serial, from_1904=from_1904)
    year = next((letter for letter in section.date if letter in "ye"), "")
    if "m" in section.date:
        shown = f"{day.month}月" + (f"{day.day}日" if "d" in section.date else "")
        return Seen(day.isoformat(), shown="" if year else shown)
    if year:
        return Seen(f"{day.year - 1911 if year == 'e' else day.year}年")
    return Seen(f"{day.day}日" if "d" in section.date else day.isoformat())


def date_of(serial: float, *, from_1904: bool) -> date:
    """The day of a number of days; Excel takes 1900 for a leap year."""
    if from_1904:
        return date(1904, 1, 1) + timedelta(int(serial))
    return date(1899, 12, 31) + timedelta(int(serial) - (serial >= 60))
