"""A second reader of numbers, made otherwise than the one it is held against.

It knows no grammar. It writes down every way in which the numbers below 10,000 are spelt, and finds
a text among them; 兆, 億 and 萬 only join what was found. What it does not know it does not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import product

ONES = "零一二三四五六七八九"
NAMES = {3: "千", 2: "百", 1: "十", 0: ""}
PLAIN = str.maketrans(
    "〇壹貳贰弍參叁叄弎肆伍陸陆柒捌玖拾佰仟万亿两点負负０１２３４５６７８９，．－％‰",
    "零一二二二三三三三四五六六七八九十百千萬億兩點--0123456789,.-%‰",
)
WORTH = {"兆": 12, "億": 8, "萬": 4}
SHORT = {"零", *ONES[1:], "兩"}


def _digit(number: int, place: int) -> list[str]:
    """The ways to write one digit with its place."""
    one = ONES[number] + NAMES[place]
    ways = [one]
    if number == 2 and place in (2, 3):
        ways.append("兩" + NAMES[place])
    if number == 1 and place == 1:
        ways.append("十")
    if place == 1 and number in (2, 3, 4):
        ways.append("廿卅卌"[number - 2])
    return ways


def spellings(number: int) -> set[str]:
    """Every way to spell a number from 1 to 9,999 without leaving out a 零 that it needs."""
    digits = [(number // 10**place % 10, place) for place in (3, 2, 1, 0)]
    given = [(digit, place) for digit, place in digits if digit]
    pieces: list[list[str]] = []
    above = None
    for digit, place in given:
        ways = _digit(digit, place)
        if above is not None and above - place > 1:
            # Without its 零 a last digit could be a short form; a digit with its place could not.
            ways = [f"零{way}" for way in ways] + (ways if place else [])
        pieces.append(ways)
        above = place
    found = {"".join(way) for way in product(*pieces)}
    if number == 2:
        found.add("兩")
    counted = "".join(f"{digit}{NAMES[place]}" for digit, place in given)
    return found | ({counted} if given and given[-1][1] else set())


@cache
def known() -> dict[str, set[int]]:
    """Spelling → the numbers that it stands for."""
    found: dict[str, set[int]] = defaultdict(set)
    for number in range(1, 10_000):
        for way in spellings(number):
            found[way].add(number)
    return found


def read(text: str) -> Decimal | None:
    """The one number that a text without a unit stands for; None where that is not sure."""
    plain = re.sub(r"\s*([兆億萬])\s*", r"\1", text.strip().translate(PLAIN))
    sign = Decimal(-1 if plain.startswith("-") else 1)
    plain = plain.removeprefix("-").removeprefix("+").strip()
    if share := re.match("[百千]分之", plain):
        rest = plain[share.end() :]
        inner = Decimal(100) if rest == "百" else _number(rest)
        return None if inner is None else sign * inner
    if found := re.fullmatch(r"([1-9一二兩三四五六七八九])成([1-9一二三四五六七八九]?)", plain):
        tens, ones = (_one(mark) for mark in found.groups())
        return sign * (10 * tens + ones)
    value = _number(plain)
    return None if value is None else sign * value


def _one(mark: str) -> int:
    if mark == "兩":
        return 2
    return ONES.index(mark) if mark in ONES[1:] else int(mark or 0)


def _number(plain: str) -> Decimal | None:
    parts = re.split("([兆億萬])", plain)
    marks, texts = parts[1::2], parts[0::2]
    worths = [WORTH[mark] for mark in marks]
    if worths != sorted(set(worths), reverse=True):
        return None
    if not marks:
        return _alone(plain)
    total = Decimal(0)
    for at, (text, worth) in enumerate(zip(texts, [*worths, 0], strict=True)):
        if not text and at == len(texts) - 1:
            break
        skipped = at > 0 and worths[at - 1] - worth > 4
        value = _below_a_mark(text, skipped, last=worth == 0) if at else _first(text)
        if value is None or (value % 1 and any(texts[at + 1 :])):
            return None
        total += value.scaleb(worth)
    return total


def _figures(text: str) -> Decimal | None:
    if re.fullmatch(r"\d+(\.\d+)?|[1-9]\d{0,2}(,\d\d\d)+(\.\d+)?", text):
        return Decimal(text.replace(",", ""))
    return None


def _first(text: str) -> Decimal | None:
    if (value := _figures(text)) is not None:
        return value
    if "點" in text:
        return _pointed(text)
    numbers = known().get(text, set())
    return Decimal(min(numbers)) if len(numbers) == 1 else None


def _below_a_mark(text: str, skipped: bool, *, last: bool) -> Decimal | None:
    """What stands behind a mark: never more than 9,999, and nothing that could be a short form."""
    if text[0].isdigit():
        if last and (skipped or len(text) == 1):
            return None
        if text[0] == "0" and not re.fullmatch(r"0(\.\d+)?|0,?\d{3}(\.\d+)?", text):
            return None
        value = _figures(text.replace(",", "") if re.match(r"0,\d{3}", text) else text)
        if value is not None:
            return value if value < 10_000 else None
    zero = text.startswith("零")
    if last and not zero and (skipped or text in SHORT):
        return None
    numbers = known().get(text.removeprefix("零"), set())
    if len(numbers) != 1:
        return None
    number = min(numbers)
    if zero and number >= 1000 and not skipped:
        return None
    if zero and text == "零兩":
        return None
    return Decimal(number)


def _alone(text: str) -> Decimal | None:
    if (value := _figures(text)) is not None:
        return value
    if text == "零":
        return Decimal(0)
    if "點" in text:
        return _pointed(text)
    numbers = set(known().get(text, set()))
    if re.fullmatch(f"[{ONES[1:]}][{ONES}]+", text) and text not in {
        *(ONES[n] + ONES[n + 1] for n in range(1, 9)),
        "三五",
    }:
        numbers.add(int("".join(str(ONES.index(mark)) for mark in text)))
    return Decimal(min(numbers)) if len(numbers) == 1 else None


def _pointed(text: str) -> Decimal | None:
    whole, _point, fraction = text.partition("點")
    if not re.fullmatch(f"[{ONES}]+", fraction) or re.search("[0-9.,]", whole):
        return None
    value = _alone(whole)
    digits = "".join(str(ONES.index(mark)) for mark in fraction)
    return None if value is None else value + Decimal(f"0.{digits}")
