"""A heading that names a month, a quarter or a half year, and what it says beside it."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from indicators.calculation.numerals import DIGITS
from indicators.calculation.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    ROC_OFFSET,
    Month,
    Period,
    PeriodError,
    parse_period,
)
from indicators.spreadsheets.files import Cell

MOST_WORDS = 14
ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?$")
FIGURES_ALONE = re.compile(r"^[\d.,%+\-\s]*$")
ENGLISH = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = r"\d{1,2}|十[一二]?|[一二三四五六七八九元]"
_YEAR = r"(?:(?:中華民國|民國|西元|roc)?(?P<y>\d{2,4})(?:年度?|(?P<mark>[./-])))"
_TO = r"[-~–—至到]"
CHINESE = re.compile(
    rf"^{_YEAR}?(?:(?P<m>{_MONTH})月?{_TO}(?P<n>{_MONTH})月|(?P<one>{_MONTH})月|第?(?P<q>[1-4一二三四])季度?"
    r"|(?P<h>[上下])半年)(?:份|底|止|末)*"
)
NUMBERED = re.compile(
    r"^(?:(?P<y>\d{3,4})[/.-](?P<m>\d{1,2})(?!\d)|(?P<y2>\d{3,4})m(?P<m2>\d{2})(?!\d)"
    r"|(?:(?P<y3>\d{3,4})[/.-]?)?q(?P<q>[1-4])(?:[/.-]?(?P<y4>\d{4}))?(?!\d))"
)
_NAMES = "|".join(sorted(ENGLISH, key=len, reverse=True))
IN_ENGLISH = re.compile(
    rf"^(?P<m>{_NAMES})\.?(?:{_TO}(?P<n>{_NAMES})\.?)?(?:[-,/]?(?P<roc>roc)?(?P<y>\d{{2,4}}))?(?![a-z\d])"
)
FOOTNOTE_DIGITS = re.compile(r"[¹²³⁰⁴-⁹₀-₉①-⑳⑴-⒇❶-❿]+")
# A footnote's mark, or that a month is preliminary, revised or estimated.
MARKS = re.compile(
    r"(?:[*#†‡§]|[(\[]?(?:註\d*|[pre]|初步|初估|修正|暫定|初步統計|修正值)[)\]]?|[(\[]註?\d+[)\]])+$",
    re.IGNORECASE,
)
STATUS = {"p": "p", "初步": "p", "初估": "p", "暫定": "p", "r": "r", "修正": "r", "e": "e"}


@dataclass(frozen=True, slots=True)
class Span:
    """Months of one year that a heading names; ``year`` None where it names none."""

    year: int | None
    first: int
    last: int

    def of(self, year: int | None) -> Period | None:
        """Its period, in its own year or else in ``year``; None without either."""
        own = self.year or year
        return None if own is None else Period(Month(own, self.first), Month(own, self.last))


@dataclass(frozen=True, slots=True)
class Heading:
    """The months of a heading, the words that follow them, and a mark: p, r, e or ""."""

    span: Span
    words: str = ""
    mark: str = ""
    is_date: bool = False


def seen(text: str) -> str:
    """A text as a person sees it: without marks of no width, with plain blanks."""
    kept = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    return " ".join(kept.split())


def read_heading(cell: Cell) -> Heading | None:
    """The months that a heading begins with; None where it names none. A figure is no heading."""
    return None if isinstance(cell, (bool, int, float)) else _read(str(cell))


@lru_cache(maxsize=8192)
def _read(text: str) -> Heading | None:
    if match := ISO_DATE.match(text.strip()):
        return Heading(Span(int(match[1]), int(match[2]), int(match[2])), is_date=True)
    if len(text) > 60:
        return None
    marked = FOOTNOTE_DIGITS.sub("*", seen(text))
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", marked)).casefold()
    if FIGURES_ALONE.match(plain) and not re.match(r"^\d{3,4}-\d{1,2}$", plain):
        return None
    for pattern, span_of in ((CHINESE, _chinese), (NUMBERED, _numbered), (IN_ENGLISH, _english)):
        if (match := pattern.match(plain)) and (span := span_of(match)) is not None:
            rest = plain[match.end() :]
            mark = MARKS.search(rest)
            words = rest[: mark.start()] if mark else rest
            return (
                Heading(span, words, _status(mark[0]) if mark else "")
                if len(words) <= MOST_WORDS
                else None
            )
    return None


def _status(mark: str) -> str:
    return next((status for word, status in STATUS.items() if word in mark), "")


def _span(year: str | None, first: int, last: int, *, roc: bool = False) -> Span | None:
    number = None
    if year:
        number = int(year) + ROC_OFFSET if len(year) <= 3 or roc else int(year)
        if not int(year) or not FIRST_YEAR <= number <= LAST_YEAR:
            return None
    return Span(number, first, last) if 1 <= first <= last <= 12 else None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    ten, one = text.startswith("十"), text.removeprefix("十")
    return 1 if one == "元" else 10 * ten + DIGITS.get(one, 0)


def _quarter(text: str) -> tuple[int, int]:
    number = int(text) if text.isdigit() else DIGITS[text]
    return 3 * number - 2, 3 * number


def _chinese(match: re.Match[str]) -> Span | None:
    year = match["y"]
    if year and match["mark"] and len(year) < 3:
        return None  # 12/3月 may be a day
    if match["q"]:
        return _span(year, *_quarter(match["q"]))
    if match["h"]:
        return _span(year, *((1, 6) if match["h"] == "上" else (7, 12)))
    first = _month(match["m"] or match["one"])
    return _span(year, first, _month(match["n"]) if match["n"] else first)


def _numbered(match: re.Match[str]) -> Span | None:
    if match["q"]:
        return _span(match["y3"] or match["y4"], *_quarter(match["q"]))
    month = int(match["m"] or match["m2"])
    return _span(match["y"] or match["y2"], month, month)


def _english(match: re.Match[str]) -> Span | None:
    year = match["y"]
    if year and len(year) < 4 and not match["roc"]:
        return None  # Jan-21 may be a day
    first = ENGLISH[match["m"]]
    return _span(year, first, ENGLISH[match["n"]] if match["n"] else first, roc=bool(match["roc"]))


def january_or_october(text: str) -> tuple[str, ...]:
    """Both readings of 110.1, which is what a spreadsheet keeps of 110.10 as well."""
    if not re.fullmatch(r"\d{3,4}\.1", text):
        return ()
    try:
        return tuple(parse_period(f"{text}{zero}").iso() for zero in ("", "0"))
    except PeriodError:
        return ()
