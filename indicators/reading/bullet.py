"""The bullet bar: an actual value against its target, as geometry for a small drawing.

The scale of a bar is its own: it begins at zero and leaves a tenth beyond the larger of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation.progress import Direction

WIDTH = 100
HEADROOM = Decimal("1.1")


@dataclass(frozen=True, slots=True)
class Bullet:
    """Widths and places in hundredths of the bar.

    ``over_from`` and ``over_width`` mark the part of the actual beyond a limit that should not be
    exceeded; zero width where there is none.
    """

    actual: str
    target: str
    over_from: str
    over_width: str


def bullet(actual: Decimal | None, target: Decimal | None, direction: Direction) -> Bullet | None:
    """The bar of a series, or None where a value is missing or negative."""
    if actual is None or target is None or actual < 0 or target < 0 or not (actual or target):
        return None
    full = max(actual, target) * HEADROOM
    at_actual, at_target = actual * WIDTH / full, target * WIDTH / full
    over = max(at_actual - at_target, Decimal(0)) if direction == Direction.DOWN else Decimal(0)
    return Bullet(
        actual=f"{at_actual:.1f}",
        target=f"{at_target:.1f}",
        over_from=f"{at_target:.1f}",
        over_width=f"{over:.1f}",
    )
