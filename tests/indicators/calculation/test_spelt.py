"""Spelt numbers held against cn2an, and mutated ones against a second reader of our own.

``python -m tests.indicators.calculation.test_spelt 60000`` runs the second by hand.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from decimal import Decimal

import cn2an
import pytest

from indicators.calculation.numerals import (
    NumberError,
    NumberStyle,
    format_number,
    has_room,
    parse_number,
)
from tests.indicators.calculation.a_numeral import read, spellings

BOUNDARIES = sorted(
    {
        power * digit + step
        for power in (10**4, 10**5, 10**6, 10**7, 10**8, 10**9, 10**11, 10**12, 10**14)
        for digit in (1, 2, 9)
        for step in (-1001, -1000, -10, -1, 0, 1, 10, 15, 100, 110, 1000, 1010, 5000, 9999)
    }
)
UNITS = ("%", "‰")
TAILS = ("零五", "五千", "三百", "")
ALPHABET = "0123456789,.一二三四五六七八九十百千萬億兆零〇兩點廿卅壹貳參拾佰仟成分之負-+人餘多 約"


def ours(text: str) -> Decimal | None:
    """What is read, or None for a refusal."""
    try:
        return parse_number(text, UNITS)
    except NumberError:
        return None


def test_every_spelt_form_up_to_99999_is_read_as_cn2an_writes_it() -> None:
    wrong = []
    for number in range(100_000):
        forms = {cn2an.an2cn(number, "low"), cn2an.an2cn(number, "up")}
        wrong += [(form, number) for form in forms if ours(form) != number]
    assert wrong == []


@pytest.mark.parametrize("number", BOUNDARIES)
def test_every_boundary_of_a_mark_is_read_or_refused_never_misread(number: int) -> None:
    for form in (cn2an.an2cn(number, "low"), cn2an.an2cn(number, "up")):
        # 一百萬億 and the like are written in one mark after the other: refused.
        assert ours(form) in (number, None)
        assert ours(form) == number or number >= 10**8
    for style in NumberStyle:
        assert ours(format_number(Decimal(number), style=style)) == number


def test_every_other_spelling_below_10000_is_read() -> None:
    wrong = [
        (form, number)
        for number in range(1, 10_000)
        for form in spellings(number)
        if ours(form) != number
    ]
    assert wrong == []


def test_cn2an_reads_what_we_read() -> None:
    """Where cn2an guesses (一百五) we refuse; what both read they read the same."""
    for number in range(0, 100_000, 37):
        form = cn2an.an2cn(number)
        assert cn2an.cn2an(form, "smart") == ours(form) == number


def written(number: int, chance: random.Random) -> str:
    """A number in one of the ways in which people write one."""
    below = number % 10_000
    ways = [
        str(number),
        f"{number:,}",
        format_number(Decimal(number), style=NumberStyle.WAN),
        cn2an.an2cn(number, chance.choice(("low", "up"))),
        chance.choice(sorted(spellings(below))) if below else "零",
        f"{chance.choice(sorted(spellings(below or 1)))}萬{chance.choice(TAILS)}",
        f"{cn2an.an2cn(below)}點{cn2an.an2cn(chance.randrange(10))}",
        f"百分之{cn2an.an2cn(number % 101)}",
        f"{chance.choice('一二三九')}成{chance.choice('一五')}",
        f"{below / 10}萬",
        f"-{below}",
    ]
    return str(chance.choice(ways))


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(text) + 1)
        cut = chance.randrange(2)
        text = text[:at] + chance.choice((*ALPHABET, "")) + text[at + cut :]
    return text


def read_differently(count: int, seed: int) -> Iterator[tuple[str, Decimal, Decimal | None]]:
    """Mutated writings that we read and the second reader reads otherwise, or not at all."""
    chance = random.Random(seed)
    for _ in range(count):
        text = mutated(written(chance.randrange(10 ** chance.randrange(1, 14)), chance), chance)
        value = ours(text)
        if value is not None and (other := read(text.rstrip("%‰ "))) != value:
            yield text, value, other


@pytest.mark.parametrize("seed", range(4))
def test_mutated_numerals_are_never_read_differently(seed: int) -> None:
    assert list(read_differently(1000, seed)) == []


def test_what_the_second_reader_reads_is_seldom_refused() -> None:
    chance = random.Random(7)
    texts = [written(chance.randrange(10 ** chance.randrange(1, 14)), chance) for _ in range(2000)]
    refused = [
        text
        for text in texts
        if ours(text) is None and (value := read(text)) is not None and has_room(value)
    ]
    assert refused == []


if __name__ == "__main__":
    found = list(read_differently(int(sys.argv[1]), 11))
    sys.stdout.write(f"{sys.argv[1]} mutated numerals, {len(found)} read differently\n")
    sys.stdout.writelines(f"{text!r}: {value} / {other}\n" for text, value, other in found[:50])
    sys.exit(bool(found))
