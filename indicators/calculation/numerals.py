"""Numbers as the ministry writes them, read and written.

``1萬7,168人次``, ``6.6萬人``, ``４４，６５８``, ``四百零三``, ``－`` for a missing one. A text
that can be read in two ways is refused. All is Decimal; rounding happens on display alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

MOST_DIGITS = 15
MOST_DECIMALS = 4

MISSING = frozenset({"", "-", "－", "—", "–", "―", "…", "...", "……", "⋯", "⋯⋯", "n/a", "na"})
NO_TEXT = frozenset({"Cc", "Cf", "No", "Nl"})
MINUS = str.maketrans({"−": "-", "－": "-", "–": "-"})
DIGITS = {mark: number for number, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "兩": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
SPOKEN = frozenset("百千萬億兆")
MYRIADS = {"兆": 10**12, "億": 10**8, "萬": 10**4}
_CHINESE = re.compile(rf"^[{''.join(DIGITS)}{''.join(PLACES)}{''.join(MYRIADS)}]+$")
_GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
_PLAIN = re.compile(r"^\d+(\.\d+)?$")
_MEASURE = re.compile(
    rf"^(?P<sign>[-+])?(?P<number>[\d.,億萬兆]+|[{''.join(DIGITS)}{''.join(PLACES)}億萬兆]+)"
    r"(?P<unit>[^\d.,]*)$"
)
# An exponent, a sign behind, or more figures (5千人 counts in thousands) are no part of a unit.
_NO_UNIT = re.compile(rf"^(?:[eE]|[-+]|[{''.join(DIGITS)}]|(?!百分)[{''.join(PLACES)}])")


class Rounding(StrEnum):
    """How a figure is cut to its decimals."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


class NumberStyle(StrEnum):
    """17,168 or 1萬7,168."""

    GROUPED = "grouped"
    WAN = "wan"


class NumberError(ValueError):
    """A text that is no number; ``code`` is unreadable, ambiguous or precision."""

    def __init__(self, text: str, code: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(f"{text!r}: {code}" + (f" ({' / '.join(readings)})" if readings else ""))
        self.text = text
        self.code = code
        self.readings = readings


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with the unit that was written behind it; None for a missing number."""

    value: Decimal | None
    unit: str


def whole(text: str) -> int | None:
    """A whole number of a form or an address, nine digits at most; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def parse_number(text: str) -> Decimal | None:
    """Read a number, whatever unit stands behind it; None for a mark of a missing one.

    Raises:
        NumberError: it cannot be read, or in two ways, or is finer than can be kept.
    """
    return parse_measure(text).value


def parse_measure(text: str) -> Measure:
    """Read a number and its unit.

    Raises:
        NumberError: it cannot be read, or in two ways, or is finer than can be kept.
    """
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= MOST_DIGITS - MOST_DECIMALS:
        return Measure(Decimal(stripped), "")
    # ① and ² are marks of footnotes; made plain they would become digits of the number.
    if any(unicodedata.category(mark) in NO_TEXT and mark != "〇" for mark in stripped):
        raise NumberError(text, "unreadable")
    if stripped.lower() in MISSING:
        return Measure(None, "")
    normal = unicodedata.normalize("NFKC", stripped.translate(MINUS)).translate(MINUS)
    if re.search(r"\d\s+\d", normal):
        raise NumberError(text, "ambiguous")
    match = _MEASURE.match(re.sub(r"\s+", "", normal))
    if not match or _NO_UNIT.match(match["unit"]):
        raise NumberError(text, "unreadable")
    number = match["number"]
    value = _chinese(text, number) if _CHINESE.match(number) else _arabic(text, number)
    _require_room(text, value)
    return Measure(-value if match["sign"] == "-" and value else value, match["unit"])


def _require_room(text: str, value: Decimal) -> None:
    _sign, digits, exponent = value.normalize().as_tuple()
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    whole = value.adjusted() + 1
    if decimals > MOST_DECIMALS or whole > MOST_DIGITS - MOST_DECIMALS or len(digits) > MOST_DIGITS:
        raise NumberError(text, "precision")


def _arabic(text: str, number: str) -> Decimal:
    """Figures with 億 and 萬 among them: each part counts what stands before its mark."""
    total = Decimal(0)
    rest = number
    below_a_mark = False
    for mark, worth in MYRIADS.items():
        if rest.count(mark) > 1:
            raise NumberError(text, "unreadable")
        if mark in rest:
            head, rest = rest.split(mark)
            total += _part(text, head, below_a_mark) * worth
            below_a_mark = True
            if "." in head and rest:
                raise NumberError(text, "ambiguous")
    if rest:
        if below_a_mark and len(rest) == 1:
            # 1萬7: spoken it is 17,000, spelt out it would be 10,007.
            raise NumberError(text, "ambiguous")
        total += _part(text, rest, below_a_mark)
    elif not below_a_mark:
        raise NumberError(text, "unreadable")
    return total


def _part(text: str, digits: str, below_a_mark: bool) -> Decimal:
    """One run of figures; a mark before it (萬, 億) leaves room for 9,999 and no more."""
    if _GROUPED.match(digits) or _PLAIN.match(digits):
        value = Decimal(digits.replace(",", ""))
        if below_a_mark and value >= 10_000:
            raise NumberError(text, "ambiguous")
        return value
    raise NumberError(text, "ambiguous" if re.search(r"\d", digits) else "unreadable")


def _chinese(text: str, number: str) -> Decimal:
    if not any(mark in PLACES or mark in MYRIADS for mark in number):
        return Decimal("".join(str(DIGITS[mark]) for mark in number))
    if len(number) > 1 and number[-1] in DIGITS and number[-2] in SPOKEN:
        # 一百五: spoken it is 150, spelt out it would be 105, which is 一百零五.
        raise NumberError(text, "ambiguous")
    total = section = 0
    digit: int | None = None
    place = 10_000
    for mark in number:
        if mark in DIGITS:
            if digit:
                raise NumberError(text, "unreadable")
            digit = DIGITS[mark]
        elif mark in PLACES:
            if PLACES[mark] >= place:
                raise NumberError(text, "unreadable")
            place = PLACES[mark]
            section += (1 if digit is None else digit) * place
            digit = None
        else:
            total += (section + (digit or 0)) * MYRIADS[mark]
            section, digit, place = 0, None, 10_000
    return Decimal(total + section + (digit or 0))


def round_figure(value: Decimal, decimals: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Cut a figure to its decimals, half up (away from zero at the half) or by truncation."""
    mode = ROUND_HALF_UP if rounding == Rounding.HALF_UP else ROUND_DOWN
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=mode)


def plain(value: Decimal) -> str:
    """The exact number in ASCII, without exponent, grouping or zeros behind: ``0.023``, ``400``."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


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
    if 0 < rest < 10 and not tail:
        return f"{whole:,}"  # 1萬7 would be heard as 17,000
    whole = rest
    if whole or tail:
        parts.append(f"{whole:,}{tail}")
    return "".join(parts)
