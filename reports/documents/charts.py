"""Charts as SVG, drawn from plain values: no browser, no network, the same bytes every time.

A row is one series: its name, a bar from zero to what was reached, and a line at the target. All
targets stand at the same place, so that people and percentages share one picture. Colours carry
nothing that the words beside the bar do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 170.0
ROW = 13.0
TOP = 7.0
NAME = 58.0
VALUES = 42.0
MOST = 1.6
"""Bars end at so many times the target; what is cut says so by its arrow."""
FONT = "Noto Sans TC, Noto Sans CJK TC, sans-serif"
INK, QUIET, LINE = "#1d2a2e", "#566268", "#8b8577"
REACHED, SHORT = "#0f6f7c", "#b3541e"


@dataclass(frozen=True, slots=True)
class Bar:
    """One series: ``share`` is actual ÷ target, ``is_met`` how it stands; texts as printed."""

    name: str
    actual: str
    target: str
    share: float
    is_met: bool
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG and its size in millimetres."""

    svg: bytes
    width: float
    height: float


def target_chart(bars: Sequence[Bar], labels: tuple[str, str]) -> Drawing:
    """Bars against their targets. ``labels``: the words for the target, and for lower is better."""
    height = TOP + ROW * len(bars) + 2
    unit = (WIDTH - NAME - VALUES) / MOST
    at_target = NAME + unit
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{height:g}mm"'
        f' viewBox="0 0 {WIDTH:g} {height:g}" font-family="{FONT}">',
        _text((at_target, 4.6), labels[0], 2.9, QUIET, "middle"),
    ]
    for at, bar in enumerate(bars):
        parts += _row(bar, TOP + ROW * at, unit, labels[1])
    parts.append(
        f'<path d="M{at_target:g} 5.6V{height - 2:g}" stroke="{INK}" stroke-width="0.5"'
        ' stroke-dasharray="1.4 0.9" fill="none"/>'
    )
    parts.append("</svg>")
    return Drawing("".join(parts).encode(), WIDTH, height)


def _row(bar: Bar, top: float, unit: float, lower: str) -> list[str]:
    length = round(unit * min(max(bar.share, 0), MOST), 2)
    middle = top + 5
    name, more = _two_lines(bar.name)
    parts = [
        _text((NAME - 2, middle + (0 if more else 1)), name, 3.1, INK, "end"),
        f'<rect x="{NAME:g}" y="{top + 1:g}" width="{length:g}" height="6.4" rx="0.8"'
        f' fill="{REACHED if bar.is_met else SHORT}"/>',
        _text((WIDTH - VALUES + 3.5, top + 4), bar.actual, 3.4, INK),
        _text((WIDTH - VALUES + 3.5, top + 8.2), bar.target, 2.8, QUIET),
        f'<path d="M{NAME:g} {top + ROW - 2.4:g}H{WIDTH:g}" stroke="{LINE}"'
        ' stroke-width="0.15" fill="none"/>',
    ]
    if more:
        parts.append(_text((NAME - 2, middle + 3.8), more, 3.1, INK, "end"))
    if bar.share > MOST:
        end = NAME + unit * MOST
        parts.append(f'<path d="M{end:g} {top + 1:g}l2.4 3.2l-2.4 3.2z" fill="{REACHED}"/>')
    if bar.lower_is_better:
        parts.append(_text((NAME + 1.5, top + 5.4), lower, 2.8, "#ffffff"))
    return parts


def _two_lines(name: str, most: int = 17) -> tuple[str, str]:
    if len(name) <= most:
        return name, ""
    rest = name[most:]
    return name[:most], rest if len(rest) <= most else f"{rest[: most - 1]}…"


def _text(
    at: tuple[float, float], text: str, size: float, colour: str, anchor: str = "start"
) -> str:
    return (
        f'<text x="{at[0]:g}" y="{at[1]:g}" font-size="{size:g}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )
