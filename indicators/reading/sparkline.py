"""A small line of the last months, as the points of an SVG polyline; no script, no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation.periods import Month

WIDTH, HEIGHT, MARGIN = 120, 28, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Runs of months without a gap, each as ``x,y x,y``; the last point apart."""

    runs: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    last: tuple[str, str] | None
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Mapping[Month, Decimal], until: Month, months: int) -> Sparkline | None:
    """The line of the ``months`` months that end with ``until``; None from fewer than two."""
    shown = {
        back: values[until - back] for back in reversed(range(months)) if until - back in values
    }
    if len(shown) < 2:
        return None
    low, high = min(shown.values()), max(shown.values())
    spread = high - low or Decimal(1)

    def place(back: int) -> tuple[str, str]:
        across = MARGIN + (WIDTH - 2 * MARGIN) * (months - 1 - back) / max(months - 1, 1)
        up = (HEIGHT - 2 * MARGIN) * float((shown[back] - low) / spread)
        return f"{across:.1f}", f"{HEIGHT - MARGIN - up:.1f}"

    runs: list[list[int]] = []
    for back in shown:
        if runs and runs[-1][-1] == back + 1:
            runs[-1].append(back)
        else:
            runs.append([back])
    return Sparkline(
        tuple(" ".join(",".join(place(back)) for back in run) for run in runs if len(run) > 1),
        tuple(place(run[0]) for run in runs if len(run) == 1),
        place(0) if 0 in shown else None,
    )
