"""Characters as a person sees them: raised and lowered ones, and those that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
# Without width: soft hyphens, joiners, marks of direction, the mark of an encoding within a text.
UNSEEN_MARKS = "".join(
    map(
        chr,
        [
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2065),
            *range(0x2066, 0x206A),
            0xFEFF,
        ],
    )
)
BLANK_MARKS = "".join(map(chr, [0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F]))
UNSEEN, BLANKS = re.compile(f"[{UNSEEN_MARKS}]"), re.compile(f"[{BLANK_MARKS}]")
NOT_PLAIN = UNSEEN_MARKS + BLANK_MARKS

type Run = tuple[str, str]
"""A piece of a text and how it stands: raised, lowered, or "" on the line."""


def joined(runs: Sequence[Run]) -> str:
    """A text whose raised and lowered pieces can be told from the others.

    Figures become those of Unicode; anything else, as the r behind a revised figure, is put in
    parentheses. A text that is raised as a whole is written small, and no more.
    """
    if not any(text.strip() and not place for text, place in runs):
        return "".join(text for text, _place in runs)
    return "".join(_set_apart(text, place) for text, place in runs)


def _set_apart(text: str, place: str) -> str:
    if not place or not text.strip():
        return text
    small = text.translate(RAISED if place == "raised" else LOWERED)
    if not re.search(r"[\w+]", re.sub("[⁰¹²³⁴-⁹⁺⁻₀-₉₊₋]", "", small)):
        return small
    inside = text.strip().strip("()（）")
    return f"({inside})" if place == "raised" else text


def as_seen(text: str) -> str:
    """A text without the characters that nobody sees, its blanks plain ones."""
    if text.isascii():
        return text
    return BLANKS.sub(" ", UNSEEN.sub("", text))
