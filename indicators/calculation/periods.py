"""Periods: runs of whole months, and the ways in which the ministry writes them.

Months are Gregorian in storage. Years of the Republic (ROC, 民國; 110 is 2021) are how people read
and write them: the two differ by 1911. A text that can be read in two ways is refused together
with the readings, never guessed.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ROC_OFFSET = 1911
FIRST_YEAR, LAST_YEAR = 1912, 2200
MONTH_NAMES = tuple(calendar.month_abbr)[1:]


class Era(StrEnum):
    """Whose years are written."""

    GREGORIAN = "ce"
    ROC = "roc"


class PeriodError(ValueError):
    """A text or a pair of months that is no period.

    ``code`` is unreadable, ambiguous, month, year, day or reversed; ``readings`` holds the ISO
    forms that an ambiguous text could have.
    """

    def __init__(self, text: str, code: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(f"{text!r}: {code}" + (f" ({' / '.join(readings)})" if readings else ""))
        self.text = text
        self.code = code
        self.readings = readings


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One month of the Gregorian calendar. Raises PeriodError outside 1–12."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise PeriodError(f"{self.year}-{self.month}", "month")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Month:
        """The month that has this ``ordinal``."""
        return cls(ordinal // 12, ordinal % 12 + 1)

    @property
    def ordinal(self) -> int:
        """Months since January of the year 0, to count with."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        """The date under which the month is stored."""
        return date(self.year, self.month, 1)

    def __add__(self, months: int) -> Month:
        return Month.from_ordinal(self.ordinal + months)

    def __sub__(self, months: int) -> Month:
        return Month.from_ordinal(self.ordinal - months)

    def until(self, other: Month) -> int:
        """How many months later the other one is; negative when it is earlier."""
        return other.ordinal - self.ordinal

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A run of whole months, both ends counted. Raises PeriodError when its ends are reversed."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError(f"{self.first}/{self.last}", "reversed")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A single month."""
        return cls(Month(year, month), Month(year, month))

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year."""
        return cls(Month(year, 1), Month(year, 12))

    @classmethod
    def years(cls, first: int, last: int) -> Period:
        """A run of calendar years."""
        return cls(Month(first, 1), Month(last, 12))

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.first.until(self.last) + 1

    @property
    def is_month(self) -> bool:
        """Whether it is a single month."""
        return self.first == self.last

    @property
    def is_years(self) -> bool:
        """Whether it is made of whole calendar years."""
        return self.first.month == 1 and self.last.month == 12

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year."""
        return self.is_years and self.first.year == self.last.year

    def contains(self, other: Period) -> bool:
        """Whether every month of the other one lies inside."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a month."""
        return self.first <= other.last and other.first <= self.last

    def each_month(self) -> Iterator[Month]:
        """Its months in order."""
        for ordinal in range(self.first.ordinal, self.last.ordinal + 1):
            yield Month.from_ordinal(ordinal)

    def iso(self) -> str:
        """``2021-03``, or ``2017-01/2020-12`` for more than one month."""
        return str(self.first) if self.is_month else f"{self.first}/{self.last}"


_ROC_MARK = r"(?P<roc>民國|ROC|中華民國)?"
_JOIN = r"(?:至|到|~|–|—|－|-|/)"
_YEAR_RANGE = re.compile(rf"^(?P<a>\d{{4}}){_JOIN}(?P<b>\d{{4}})$")
_YEARS_ZH = re.compile(rf"^{_ROC_MARK}(?P<a>\d{{2,4}})年度?{_JOIN}(?P<b>\d{{2,4}})年度?$")
_YEARS_EN_ROC = re.compile(r"^ROC(?P<a>\d{1,3})[–-](?P<b>\d{1,3})$")
_MONTHS_ZH = re.compile(
    rf"^{_ROC_MARK}(?P<a>\d{{1,4}})年(?P<m>\d{{1,2}})月?{_JOIN}"
    r"(?:民國)?(?:(?P<b>\d{1,4})年)?(?P<n>\d{1,2})月底?止?$"
)
_MONTH_ZH = re.compile(
    rf"^(?:截至|至)?{_ROC_MARK}(?P<a>\d{{1,4}})年(?P<m>\d{{1,2}})月(?:底|份|止)?$"
)
_YEAR_ZH = re.compile(rf"^{_ROC_MARK}(?P<a>\d{{1,4}})年?度?底?$")
_MONTH_ISO = re.compile(r"^(?P<a>\d{4})[-/.](?P<m>\d{1,2})$")
_MONTH_ROC = re.compile(r"^(?P<a>\d{3})[-/.](?P<m>\d{1,2})$")
_MONTH_SHORT = re.compile(r"^(?P<a>\d{1,2})[-/.](?P<m>\d{1,2})$")
_RANGE_ISO = re.compile(r"^(?P<a>\d{4}-\d{2})[/–](?P<b>\d{4}-\d{2})$")
_NAMES = "|".join(MONTH_NAMES)
_MONTHS_EN = re.compile(
    rf"^(?P<m>{_NAMES})(?:(?P<rocA>ROC)?(?P<a>\d{{1,4}}))?"
    rf"(?:[–-](?P<n>{_NAMES})(?P<rocB>ROC)?(?P<b>\d{{1,4}}))?$",
    re.IGNORECASE,
)


def parse_period(text: str) -> Period:
    """Read a period as people write it: ``110年1月至11月``, ``2017–2020``, ``1101130``.

    "As of the end of a month" is that month, and so is a single day.

    Raises:
        PeriodError: it cannot be read, can be read in two ways, or names no real month.
    """
    if any(unicodedata.category(mark) in ("Cc", "Cf", "No") for mark in text.strip()):
        raise PeriodError(text, "unreadable")
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("～", "~")
    try:
        for reader in (_read_iso, _read_chinese, _read_english, _read_digits):
            found = reader(plain)
            if found is not None:
                return found
    except PeriodError as error:
        raise PeriodError(text, error.code, error.readings) from None
    raise PeriodError(text, "unreadable")


def _year(digits: str, *, roc: bool = False) -> int:
    """A Gregorian year; three digits and fewer, or a mark, make it one of the Republic."""
    number = int(digits)
    year = number + ROC_OFFSET if roc or len(digits) <= 3 else number
    if number == 0 or not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(digits, "year")
    return year


def _read_iso(text: str) -> Period | None:
    if match := _RANGE_ISO.match(text):
        ends = []
        for end in (match["a"], match["b"]):
            ends.append(Month(_year(end[:4]), int(end[5:])))
        return Period(*ends)
    if match := _MONTH_ISO.match(text):
        return Period.month(_year(match["a"]), int(match["m"]))
    if match := _MONTH_ROC.match(text):
        return Period.month(_year(match["a"]), int(match["m"]))
    if match := _YEAR_RANGE.match(text):
        return Period.years(_year(match["a"]), _year(match["b"]))
    if match := _MONTH_SHORT.match(text):
        raise PeriodError(text, "ambiguous", _readings_of_short(match["a"], match["m"]))
    return None


def _readings_of_short(a: str, b: str) -> tuple[str, ...]:
    """``12/01`` may be ROC year 12, the year 2012, or December 2001."""
    readings = []
    for year, month in ((int(a) + ROC_OFFSET, int(b)), (2000 + int(a), int(b))):
        if 1 <= month <= 12 and year >= FIRST_YEAR:
            readings.append(Period.month(year, month).iso())
    if 1 <= int(a) <= 12 and len(b) == 2:
        readings.append(Period.month(2000 + int(b), int(a)).iso())
    return tuple(readings)


def _read_chinese(text: str) -> Period | None:
    if match := _YEARS_ZH.match(text):
        roc = bool(match["roc"])
        return Period.years(_year(match["a"], roc=roc), _year(match["b"], roc=roc))
    if match := _MONTHS_ZH.match(text):
        roc = bool(match["roc"])
        year = _year(match["a"], roc=roc)
        last = _year(match["b"], roc=roc) if match["b"] else year
        return Period(Month(year, int(match["m"])), Month(last, int(match["n"])))
    if match := _MONTH_ZH.match(text):
        return Period.month(_year(match["a"], roc=bool(match["roc"])), int(match["m"]))
    if (match := _YEAR_ZH.match(text)) and (match["roc"] or match["a"] != text):
        return Period.year(_year(match["a"], roc=bool(match["roc"])))
    return None


def _read_english(text: str) -> Period | None:
    if match := _YEARS_EN_ROC.match(text):
        return Period.years(_year(match["a"], roc=True), _year(match["b"], roc=True))
    match = _MONTHS_EN.match(text)
    if not match or not (match["a"] or match["b"]):
        return None
    names = [name.lower() for name in MONTH_NAMES]
    first = names.index(match["m"].lower()) + 1
    a, roc_a = match["a"] or match["b"], match["rocA"] if match["a"] else match["rocB"]
    if len(a) < 4 and not roc_a:
        raise PeriodError(text, "unreadable")
    year = _year(a, roc=bool(roc_a))
    if not match["n"]:
        return Period.month(year, first)
    last = names.index(match["n"].lower()) + 1
    if len(match["b"]) < 4 and not match["rocB"]:
        raise PeriodError(text, "unreadable")
    return Period(Month(year, first), Month(_year(match["b"], roc=bool(match["rocB"])), last))


def _read_digits(text: str) -> Period | None:
    """Figures alone: 110, 2021, 11003, 202103, 1101130, 20211130 by their number of digits."""
    if not (text.isascii() and text.isdigit()):
        return None
    match len(text):
        case 3 | 4:
            return Period.year(_year(text))
        case 5:
            return Period.month(_year(text[:3]), int(text[3:]))
        case 6:
            return Period.month(_year(text[:4]), int(text[4:]))
        case 7:
            return _month_of_day(_year(text[:3]), text[3:])
        case 8:
            return _month_of_day(_year(text[:4]), text[4:])
        case 1 | 2:
            readings = [year for year in (int(text) + ROC_OFFSET, 2000 + int(text)) if int(text)]
            raise PeriodError(text, "ambiguous", tuple(str(year) for year in readings))
    return None


def _month_of_day(year: int, month_and_day: str) -> Period:
    month = Month(year, int(month_and_day[:2]))
    if not 1 <= int(month_and_day[2:]) <= calendar.monthrange(year, month.month)[1]:
        raise PeriodError(month_and_day, "day")
    return Period(month, month)


def format_period(period: Period, *, era: Era = Era.GREGORIAN, language: str = "zh-hant") -> str:
    """Write a period in the reader's language and calendar; ``parse_period`` reads it again.

    ``2021年1月至11月``, ``106年至109年``; in English ``Jan–Nov 2021``, ``ROC 106–109``.

    Raises:
        PeriodError: the year lies before the Republic and ROC years were asked for.
    """
    if era == Era.ROC and period.first.year <= ROC_OFFSET:
        raise PeriodError(period.iso(), "year")
    return _in_english(period, era) if language == "en" else _in_chinese(period, era)


def _in_chinese(period: Period, era: Era) -> str:
    shift = ROC_OFFSET if era == Era.ROC else 0
    first, last = period.first, period.last
    a, b = first.year - shift, last.year - shift
    if period.is_year:
        return f"{a}年"
    if period.is_years:
        return f"{a}年至{b}年"
    if period.is_month:
        return f"{a}年{first.month}月"
    if a == b:
        return f"{a}年{first.month}月至{last.month}月"
    return f"{a}年{first.month}月至{b}年{last.month}月"


def _in_english(period: Period, era: Era) -> str:
    shift, mark = (ROC_OFFSET, "ROC ") if era == Era.ROC else (0, "")
    first, last = period.first, period.last
    a, b = f"{mark}{first.year - shift}", f"{mark}{last.year - shift}"
    if period.is_year:
        return a
    if period.is_years:
        return f"{a}–{last.year - shift}"
    start, end = MONTH_NAMES[first.month - 1], MONTH_NAMES[last.month - 1]
    if period.is_month:
        return f"{start} {a}"
    if a == b:
        return f"{start}–{end} {a}"
    return f"{start} {a}–{end} {b}"
