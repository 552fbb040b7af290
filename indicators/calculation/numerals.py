"""Numbers as the ministry writes them, read and written.

``1萬7,168人次``, ``6.6萬人``, ``４４，６５８``, ``四百零三``, ``百分之八十八``, ``－`` for a
missing one. A text is understood whole, with the unit of its series, or refused with what it could
mean. All is Decimal; rounding happens on display alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from indicators.calculation.spelt import (
    DIGITS,
    MYRIADS,
    NUMERALS,
    PLACES,
    NumberError,
    plain,
    value_of_numeral,
)

__all__ = [
    "DIGITS",
    "MISSING",
    "MOST_DECIMALS",
    "MOST_DIGITS",
    "MYRIADS",
    "Measure",
    "NumberError",
    "NumberStyle",
    "Rounding",
    "format_number",
    "has_room",
    "parse_measure",
    "parse_number",
    "plain",
    "round_figure",
    "whole",
]

MOST_DIGITS = 15
"""Significant digits of a figure, wherever its point stands; SQLite keeps no more exactly."""
MOST_DECIMALS = 8

MISSING = frozenset({"", "-", "－", "—", "–", "―", "…", "...", "……", "⋯", "⋯⋯", "n/a", "na"})
NO_TEXT = frozenset({"Cc", "Cf", "No", "Nl"})
MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "負": "-", "负": "-"})
SHARES = {"百": "%", "千": "‰"}

_MARKS = "".join(sorted(NUMERALS - set("0123456789,.")))
_BY_ITSELF = re.compile(r"\s*([萬億兆万亿])\s*")
_SIGN = re.compile(r"^([-+])\s*")
_NUMERAL = re.compile(rf"^(?:[0-9,.]|[{_MARKS}](?!分))+")
_SHARE = re.compile(rf"^([{''.join(SHARES)}])分之(?P<number>百|[0-9,.{_MARKS}]+)$")
_TENTHS = re.compile(r"^([一二兩三四五六七八九1-9])成([一二三四五六七八九1-9])?$")
_GOES_ON = re.compile(rf"^(?:[{_MARKS}成半餘余多幾來許又](?!分)|分之|[-+~'’:/*^]|e[\d+-])")
_EXPONENT = re.compile(r"^\d+(?:\.\d+)?[eE][-+]?\d{1,2}$")
_EITHER_SIGN = re.compile(r"^(?:[△▲▽▼]\s*(?P<marked>.+)|\((?P<in_brackets>.+)\)|(?P<before>.+)-)$")


class Rounding(StrEnum):
    """How a figure is cut to its decimals."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


class NumberStyle(StrEnum):
    """17,168 or 1萬7,168."""

    GROUPED = "grouped"
    WAN = "wan"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with the unit that was written behind it; None for a missing number."""

    value: Decimal | None
    unit: str


def whole(text: str) -> int | None:
    """A whole number of a form or an address, nine digits at most; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def parse_number(text: str, units: Collection[str] = ()) -> Decimal | None:
    """Read a number that stands alone or with one of the units; None for a mark of a missing one.

    Raises:
        NumberError: it is not understood whole, or in two ways, has another unit, or is longer
            than can be kept.
    """
    measure = parse_measure(text, units)
    if measure.unit and _folded(measure.unit) not in {_folded(unit) for unit in units}:
        assert measure.value is not None
        raise NumberError(text, "unit", (plain(measure.value),), unit=measure.unit)
    return measure.value


def parse_measure(text: str, units: Collection[str] = ()) -> Measure:
    """Read a number and the unit behind it, which the caller judges.

    ``units``: what the number may be counted in. Only such a unit may hold numerals of its own (a
    rate per 百萬工時) or stand before the number (NT$).

    Raises:
        NumberError: it cannot be read, or in two ways, or is longer than can be kept.
    """
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= MOST_DIGITS:
        return Measure(Decimal(stripped), "")
    # ① and ² are marks of footnotes; made plain they would become digits of the number.
    if any(unicodedata.category(mark) in NO_TEXT and mark != "〇" for mark in stripped):
        raise NumberError(text, "unreadable")
    if stripped.lower() in MISSING:
        return Measure(None, "")
    normal = unicodedata.normalize("NFKC", stripped.translate(MINUS)).translate(MINUS)
    normal = _BY_ITSELF.sub(r"\1", normal)
    try:
        return _measure(normal, tuple(units))
    except NumberError as error:
        readings = error.readings or _offered(normal, error.code)
        raise NumberError(text, error.code, readings) from None


def _measure(normal: str, units: tuple[str, ...]) -> Measure:
    if either := _EITHER_SIGN.match(normal):
        inner = _measure(next(group for group in either.groups() if group), units).value
        assert inner is not None
        raise NumberError(normal, "ambiguous", (plain(-inner), plain(inner)))
    sign = _SIGN.match(normal)
    body = normal[sign.end() :] if sign else normal
    negative = sign is not None and sign[1] == "-"
    try:
        value, unit = _share(body) or _counted(body, units)
        require_room(body, value)
    except NumberError as error:
        readings = tuple(f"-{one}" for one in error.readings) if negative else error.readings
        raise NumberError(normal, error.code, readings) from None
    return Measure(-value if negative and value else value, unit)


def _share(body: str) -> tuple[Decimal, str] | None:
    """百分之八十八 and 八成八, which bring their unit along."""
    if match := _SHARE.match(body):
        number = match["number"]
        return Decimal(100) if number == "百" else value_of_numeral(number), SHARES[match[1]]
    if match := _TENTHS.match(body):
        tens, ones = (value_of_numeral(mark) if mark else Decimal(0) for mark in match.groups())
        return 10 * tens + ones, "%"
    return None


def _counted(body: str, units: tuple[str, ...]) -> tuple[Decimal, str]:
    number, unit = _without_unit(body, units)
    match = _NUMERAL.match(number)
    if match is None:
        raise NumberError(body, "unreadable")
    rest = number[match.end() :].strip()
    if rest and (unit or re.search(r"[0-9.,]", rest) or _GOES_ON.match(rest.casefold())):
        digits_apart = rest[0] in NUMERALS and not unit
        raise NumberError(body, "ambiguous" if digits_apart else "unreadable")
    if any(_clashes(one, match.group()) for one in units):
        raise NumberError(body, "ambiguous")
    return value_of_numeral(match.group()), unit or re.sub(r"\s+", "", rest)


def _without_unit(body: str, units: tuple[str, ...]) -> tuple[str, str]:
    """The number of a text and which of the units stood with it."""
    for unit, behind, before in _patterns(units):
        if (match := behind.search(body)) and match.start():
            return body[: match.start()], unit
        if before is not None and (match := before.match(body)):
            return body[match.end() :], unit
    return body, ""


@lru_cache(maxsize=1024)
def _patterns(
    units: tuple[str, ...],
) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    """The units, longest first, each as it ends a text, and a currency also as it begins one."""
    found = []
    for unit in sorted((unit for unit in units if unit.strip()), key=len, reverse=True):
        letters = r"\s*".join(re.escape(letter) for letter in _folded(unit))
        currency = any(unicodedata.category(letter) == "Sc" for letter in unit)
        behind = re.compile(rf"\s*{letters}$", re.IGNORECASE)
        before = re.compile(rf"^{letters}\s*", re.IGNORECASE) if currency else None
        found.append((unit, behind, before))
    return tuple(found)


def _clashes(unit: str, numeral: str) -> bool:
    """Whether 億 or 萬 of a number may be that of a unit in multiples: 5萬 for a series in 萬元."""
    first = unit.strip()[:1]
    if first in MYRIADS:
        return any(mark in numeral for mark in MYRIADS)
    return first in PLACES and any(mark in numeral for mark in (*PLACES, *MYRIADS))


def _folded(unit: str) -> str:
    """A unit as units are compared: one width, one case, no blanks."""
    folded = unicodedata.normalize("NFKC", unit).casefold().replace("臺", "台")
    return re.sub(r"\s+", "", folded)


def _offered(normal: str, code: str) -> tuple[str, ...]:
    """What a text may mean that was not understood: its one number."""
    if code == "precision" or re.search("分之|[/:]", normal):
        return ()
    if _EXPONENT.match(normal):
        value = Decimal(normal)
        return (plain(value),) if has_room(value) else ()
    runs = re.findall(rf"[-+]?[0-9,.{_MARKS}]+", normal)
    joined = re.sub(r"(?<=\d)[\s'’](?=\d)", "", normal)
    if joined != normal and re.fullmatch(r"[-+]?[0-9.]+", joined):
        runs = [joined]
    readings = []
    for run in runs[:2]:
        try:
            value = value_of_numeral(run.lstrip("-+"))
        except NumberError:
            return ()
        readings.append(plain(-value if run[0] == "-" else value))
    return tuple(readings)


def has_room(value: Decimal) -> bool:
    """Whether a figure can be kept: fifteen significant digits, eight of them decimals."""
    if not value.is_finite():
        return False
    _sign, digits, exponent = value.normalize().as_tuple()
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return (
        len(digits) <= MOST_DIGITS and decimals <= MOST_DECIMALS and value.adjusted() < MOST_DIGITS
    )


def require_room(text: str, value: Decimal) -> None:
    """Refuse what could not be kept as it is.

    Raises:
        NumberError: it has too many digits.
    """
    if not has_room(value):
        raise NumberError(text, "precision")


def round_figure(value: Decimal, decimals: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Cut a figure to its decimals, half up (away from zero at the half) or by truncation."""
    mode = ROUND_HALF_UP if rounding == Rounding.HALF_UP else ROUND_DOWN
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=mode)


def format_number(
    value: Decimal,
    *,
    decimals: int | None = None,
    rounding: Rounding = Rounding.HALF_UP,
    style: NumberStyle = NumberStyle.GROUPED,
) -> str:
    """Write a number: ``17,168``, or ``1萬7,168`` in the ministry's style.

    ``decimals`` None writes as many as the number has. ``parse_number`` reads the text again.
    """
    if decimals is not None:
        value = round_figure(value, decimals, rounding)
        text = f"{abs(value):f}"
    else:
        text = plain(abs(value))
    whole, _point, fraction = text.partition(".")
    tail = f".{fraction}" if fraction else ""
    sign = "-" if value < 0 else ""
    if style == NumberStyle.GROUPED or int(whole) < 10_000:
        return f"{sign}{int(whole):,}{tail}"
    return sign + _in_myriads(int(whole), tail)


def _in_myriads(whole: int, tail: str) -> str:
    parts = []
    rest = whole
    for mark, worth in MYRIADS.items():
        count, rest = divmod(rest, worth)
        if count:
            parts.append(f"{count:,}{mark}")
    if 0 < rest < 10 or ((rest or tail) and parts[-1][-1] != "萬"):
        return f"{whole:,}{tail}"  # 1萬7 would be heard as 17,000, 1億5,000 as 150,000,000
    if rest or tail:
        parts.append(f"{rest:,}{tail}")
    return "".join(parts)
