"""The characters of a number: figures, Chinese numerals, and both with 兆, 億 and 萬 among them.

``value_of_numeral`` understands a run of them whole or refuses it; it never leaves one out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext

DIGITS = {mark: number for number, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "兩": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"兆": 10**12, "億": 10**8, "萬": 10**4}
POINT = "點"
OLD_FORMS = str.maketrans(
    {"壹": "一", "貳": "二", "贰": "二", "弍": "二", "參": "三", "叁": "三", "叄": "三", "弎": "三"}
    | {"肆": "四", "伍": "五", "陸": "六", "陆": "六", "柒": "七", "捌": "八", "玖": "九"}
    | {"拾": "十", "佰": "百", "仟": "千", "廿": "二十", "卅": "三十", "卌": "四十"}
    | {"万": "萬", "亿": "億", "两": "兩", "点": POINT}
)
"""Forms of cheques and of older papers, and simplified ones."""
NUMERALS = (
    frozenset("0123456789,.")
    | {*DIGITS, *PLACES, *MYRIADS, POINT}
    | {chr(code) for code in OLD_FORMS}
)

MOST_FIGURES = 30

_ZEROS = "〇零"
_SINGLE = frozenset(DIGITS) - {"兩"}
_AS_SPELT = {ord(str(number)): mark for number, mark in enumerate("〇一二三四五六七八九")}
_GROUPED = re.compile(r"^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$")
_PLAIN = re.compile(r"^\d+(\.\d+)?$")
_BELOW_A_MARK = re.compile(r"^(?:0\d{3}|0,\d{3})(\.\d+)?$")
_FIGURES = re.compile(r"^[0-9.,]+$")
_COUNTED_PLACES = re.compile(r"^(?:[1-9][十百千])+$")
_APPROXIMATE = frozenset(("一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九", "三五"))


class NumberError(ValueError):
    """A text that is no number.

    ``code`` is unreadable, ambiguous, precision or unit (with ``unit`` as it was written);
    ``readings`` are plain numbers that could be meant.
    """

    def __init__(
        self, text: str, code: str, readings: tuple[str, ...] = (), *, unit: str = ""
    ) -> None:
        super().__init__(f"{text!r}: {code}" + (f" ({' / '.join(readings)})" if readings else ""))
        self.text = text
        self.code = code
        self.readings = readings
        self.unit = unit


def plain(value: Decimal) -> str:
    """The exact number in ASCII, without exponent, grouping or zeros behind: ``0.023``, ``400``."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_of_numeral(numeral: str) -> Decimal:
    """The number that a run of ``NUMERALS`` stands for.

    Raises:
        NumberError: it is no number, or could be several, which are its readings.
    """
    if _FIGURES.match(numeral):
        return _figures(numeral, below_a_mark=False)
    whole = numeral.translate(OLD_FORMS)
    sections = _sections(whole)
    if len(sections) == 1:
        return _section(whole)
    with localcontext(prec=4 * MOST_FIGURES):
        return _with_marks(whole, sections)


def _with_marks(whole: str, sections: Sequence[tuple[str, int]]) -> Decimal:
    total, above, is_cut = Decimal(0), 0, False
    for text, worth in sections:
        if worth == 1 and not text:
            break
        if is_cut:
            raise NumberError(whole, "ambiguous")  # 6.6萬5
        try:
            value = _section(text, above=above // worth, alone=False)
        except NumberError as error:
            raise NumberError(whole, error.code) from error
        if above and value >= 10_000:
            raise NumberError(whole, "ambiguous")
        if worth == 1 and text[0] not in _ZEROS and (len(text) == 1 or above > 10_000):
            # 一萬七 is spoken for 17,000, 一億五千 for 150,000,000.
            short = value * (above // 10 if len(text) == 1 else above // 10_000)
            raise NumberError(whole, "ambiguous", (plain(total + short), plain(total + value)))
        if not value and text[0] in _ZEROS:
            raise NumberError(whole, "unreadable")
        total, above = total + value * worth, worth
        is_cut = value != value.to_integral_value()
    return total


def _sections(whole: str) -> list[tuple[str, int]]:
    """What stands before each of 兆, 億 and 萬, and behind the last, with what each counts."""
    sections: list[tuple[str, int]] = []
    rest = whole
    for mark, worth in MYRIADS.items():
        if rest.count(mark) > 1:
            raise NumberError(whole, "unreadable")
        if mark in rest:
            head, rest = rest.split(mark)
            if not head or not MYRIADS.keys().isdisjoint(head):
                raise NumberError(whole, "unreadable")  # 萬 by itself counts nothing
            sections.append((head, worth))
    return [*sections, (rest, 1)]


def _section(text: str, *, above: int = 0, alone: bool = True) -> Decimal:
    """One run without 兆, 億 and 萬; ``above``: how many times more the mark before it counts."""
    if _FIGURES.match(text):
        return _figures(text, below_a_mark=above > 0)
    if _COUNTED_PLACES.match(text):
        text = text.translate(_AS_SPELT)
    if any(mark.isascii() for mark in text):
        raise NumberError(text, "unreadable")
    if POINT in text:
        return _pointed(text, below_a_mark=above > 0)
    if len(text) > 1 and text[0] not in _ZEROS and all(mark in DIGITS for mark in text):
        return _digit_by_digit(text, alone=alone)
    return Decimal(_placed(text, above))


def _figures(digits: str, *, below_a_mark: bool) -> Decimal:
    if len(digits) > MOST_FIGURES:
        raise NumberError(digits, "precision")
    if _GROUPED.match(digits) or _PLAIN.match(digits):
        led_by_zero = digits[0] == "0" and digits[1:2].isdigit()
        if not (below_a_mark and led_by_zero) or _BELOW_A_MARK.match(digits):
            return Decimal(digits.replace(",", ""))
    elif below_a_mark and _BELOW_A_MARK.match(digits):
        return Decimal(digits.replace(",", ""))
    raise NumberError(digits, *_misplaced(digits))


def _misplaced(digits: str) -> tuple[str, tuple[str, ...]]:
    """What figures with commas and points in unusual places could be."""
    figures = digits.replace(",", "").replace(".", "")
    if not figures:
        return "unreadable", ()
    readings = {plain(Decimal(figures))}
    if digits.count(".") <= 1:
        readings = {plain(Decimal(f"0{digits.replace(',', '')}"))}
    if digits.count(",") == 1 and digits.find(".") < digits.find(",") < len(digits) - 1:
        readings.add(plain(Decimal(f"0{digits.replace('.', '').replace(',', '.')}")))
    return "ambiguous", tuple(sorted(readings))


def _pointed(text: str, *, below_a_mark: bool) -> Decimal:
    """十二點五."""
    whole, _point, fraction = text.partition(POINT)
    if below_a_mark or not whole or not fraction or not set(fraction) <= _SINGLE:
        raise NumberError(text, "unreadable")
    above = _section(whole)
    digits = "".join(str(DIGITS[mark]) for mark in fraction)
    return _figures(f"{above:f}.{digits}", below_a_mark=False)


def _digit_by_digit(text: str, *, alone: bool) -> Decimal:
    """二〇二一; not before a 萬, where 二三萬 is a guess at a number."""
    if not alone or "兩" in text:
        raise NumberError(text, "unreadable")
    digits = "".join(str(DIGITS[mark]) for mark in text)
    if text in _APPROXIMATE:
        raise NumberError(text, "ambiguous", (digits, f"{digits[0]}~{digits[1]}"))
    return Decimal(digits)


def _placed(text: str, above: int) -> int:
    """四百零三: every digit but the last has its place, and 零 stands where places are left out."""
    total = 0
    place = 100_000 if above > 10_000 else 10_000
    digit, gap = "", False
    for at, mark in enumerate(text):
        if mark in PLACES:
            worth = PLACES[mark]
            out_of_order = worth >= place or (gap and worth * 10 >= place)
            if out_of_order or (digit == "兩" and worth == 10) or not (digit or worth == 10):
                raise NumberError(text, "unreadable")
            total += (DIGITS[digit] if digit else 1) * worth
            place, digit, gap = worth, "", False
        elif mark in _ZEROS and len(text) > 1:
            if gap or digit or not (above or at) or at == len(text) - 1:
                raise NumberError(text, "unreadable")
            gap = True
        elif digit:
            raise NumberError(text, "unreadable")
        else:
            digit = mark
    last = DIGITS[digit] if digit else 0
    if (digit == "兩" and (total or gap)) or (gap and place <= 10):
        raise NumberError(text, "unreadable")
    if last and total and place > 10 and not gap:
        # 一百五: spoken it is 150, spelt out it would be 105, which is 一百零五.
        raise NumberError(text, "ambiguous", (str(total + last * place // 10), str(total + last)))
    return total + last
