"""Units as tables write them: the series' own, one like it, or a multiple such as 萬人次."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from indicators.spreadsheets.known import Known, normal

SCALES = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "萬": 10_000,
    "十萬": 100_000,
    "百萬": 1_000_000,
    "千萬": 10_000_000,
    "億": 100_000_000,
    "拾": 10,
    "佰": 100,
    "仟": 1000,
    "thousand": 1000,
    "million": 1_000_000,
}
# 百分比 counts no hundreds, and a rate per 千人 no thousands.
NO_SCALE = re.compile(r"^(?:[百千萬]分|[千萬]人率|萬事達)")
SEVERAL = re.compile(r"[、,，/及和]")
BASES = frozenset(
    {"", "人", "人次", "人數", "名", "元", "件", "場", "場次", "戶", "家", "次", "位"}
)
SCALED = re.compile(
    rf"^({'|'.join(sorted(SCALES, key=len, reverse=True))})(?:s\b)?\s*(?:of\b)?\s*", re.IGNORECASE
)
# Units that offices write for one another; the difference is pointed out, not refused.
ALIKE = (frozenset({"人", "人次", "名"}), frozenset({"場次", "場"}), frozenset({"件", "件數"}))


def scale_of(unit: str) -> tuple[int, str]:
    """What a unit counts in, and the single unit: (10000, "人次") of 萬人次, (1, "人") of 人."""
    plain = unicodedata.normalize("NFKC", unit).strip()
    match = None if NO_SCALE.match(plain) else SCALED.match(plain)
    if match is None:
        return 1, plain
    return SCALES[match[1].lower()], plain[match.end() :]


def is_scaled(unit: str) -> bool:
    """Whether a unit, or one of several, counts in multiples."""
    return any(scale_of(part)[0] > 1 for part in SEVERAL.split(unit))


@cache
def units_of(known: Known) -> frozenset[str]:
    """The ways in which a series' unit may be written."""
    return frozenset(normal(name) for name in (known.unit, *known.unit_names))


def is_alike(unit: str, known: Known) -> bool:
    """Whether offices write one unit for the other, as 人 for 人次."""
    return any(known.unit in group and unit in group for group in ALIKE)
