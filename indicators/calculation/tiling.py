"""Tilings: which figures together cover a period, and whether two ways of covering it agree.

Months, years and ranges may overlap (a year alone inside a range of years). Each month is counted
once; the finest pieces are taken; two complete ways that come to different totals are a conflict.

The month boundaries are the nodes of a graph and every figure is an edge from the start of its
period to its end. A way of covering is a path; that all paths agree is checked without walking
them: there must be a height for each node such that each edge climbs by exactly its own value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.calculation.periods import Period


class Coverage(StrEnum):
    """How much of a period the figures cover, and whether they agree."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Figure:
    """One known figure for one period. Zero is a figure; a missing one is not passed at all."""

    period: Period
    value: Decimal


@dataclass(frozen=True, slots=True)
class Tiling:
    """The pieces that cover a period.

    ``covered`` are the maximal runs of months without a gap. ``alternatives`` holds, for a
    conflict, totals that differ for the same run of months.
    """

    pieces: tuple[Figure, ...]
    covered: tuple[Period, ...]
    months: int
    coverage: Coverage
    alternatives: tuple[Decimal, ...] = ()


def tile(figures: Iterable[Figure], period: Period, *, by_months: bool = False) -> Tiling:
    """Cover a period with figures that lie wholly inside it.

    Takes the set that covers the most months and, among those, the one with the most pieces.
    ``by_months`` weighs each value with its months, as a mean needs it; otherwise values add up.
    """
    inside = sorted(
        {figure for figure in figures if period.contains(figure.period)},
        key=lambda figure: (figure.period, figure.value),
    )
    if not inside:
        return Tiling((), (), 0, Coverage.NONE)
    pieces = _finest(inside)
    covered = _runs(pieces)
    months = sum(run.months for run in covered)
    if len(pieces) < len(inside):
        for run in covered:
            if totals := _disagreement(inside, pieces, run, by_months):
                return Tiling(pieces, covered, months, Coverage.CONFLICT, totals)
    complete = months == period.months
    return Tiling(pieces, covered, months, Coverage.COMPLETE if complete else Coverage.PARTIAL)


def weight(figure: Figure, by_months: bool) -> Decimal:
    """What a figure adds to a total."""
    return figure.value * figure.period.months if by_months else figure.value


def _finest(inside: Sequence[Figure]) -> tuple[Figure, ...]:
    """Best chain of figures without overlap, by (months covered, pieces); ``inside`` is sorted."""
    if all(figure.period.is_month for figure in inside):
        return tuple({figure.period: figure for figure in reversed(inside)}.values())[::-1]
    starting: dict[int, list[Figure]] = defaultdict(list)
    for figure in inside:
        starting[figure.period.first.ordinal].append(figure)
    begin = inside[0].period.first.ordinal
    end = max(figure.period.last.ordinal for figure in inside) + 1
    # Ties: only a better offer replaces one. The shorter of two pieces that begin together is asked
    # first, and leaving a month out before either; so of equal chains the later figure stays, then
    # the shorter first piece, then (by the order of ``inside``) the lower value.
    best: dict[int, tuple[int, int]] = {end: (0, 0)}
    choice: dict[int, Figure | None] = {}
    for node in range(end - 1, begin - 1, -1):
        best[node], choice[node] = best[node + 1], None
        for figure in starting.get(node, ()):
            months, pieces = best[figure.period.last.ordinal + 1]
            offer = (months + figure.period.months, pieces + 1)
            if offer > best[node]:
                best[node], choice[node] = offer, figure
    chain = []
    node = begin
    while node < end:
        figure_here = choice[node]
        if figure_here is None:
            node += 1
        else:
            chain.append(figure_here)
            node = figure_here.period.last.ordinal + 1
    return tuple(chain)


def _runs(pieces: Sequence[Figure]) -> tuple[Period, ...]:
    runs: list[Period] = []
    for piece in pieces:
        if runs and runs[-1].last + 1 == piece.period.first:
            runs[-1] = Period(runs[-1].first, piece.period.last)
        else:
            runs.append(piece.period)
    return tuple(runs)


def _disagreement(
    inside: Sequence[Figure], pieces: Sequence[Figure], run: Period, by_months: bool
) -> tuple[Decimal, ...]:
    """Two totals of the run that differ, or nothing when every way of covering it agrees.

    Heights along the chosen pieces are the totals so far. Further nodes get theirs from the first
    edge that reaches them; any edge that climbs otherwise closes a way with another total.
    """
    start, end = run.first.ordinal, run.last.ordinal + 1
    edges = [figure for figure in inside if run.contains(figure.period)]
    forward = _reachable(edges, start, forwards=True)
    backward = _reachable(edges, end, forwards=False)
    height = {start: Decimal(0)}
    for piece in pieces:
        if run.contains(piece.period):
            first, after = piece.period.first.ordinal, piece.period.last.ordinal + 1
            height[after] = height[first] + weight(piece, by_months)
    for figure in edges:
        first, after = figure.period.first.ordinal, figure.period.last.ordinal + 1
        if first not in forward or after not in backward:
            continue
        climb = height[first] + weight(figure, by_months)
        if height.setdefault(after, climb) != climb:
            total = height[end]
            return (total, total + climb - height[after])
    return ()


def _reachable(edges: Sequence[Figure], start: int, *, forwards: bool) -> set[int]:
    found = {start}
    for figure in edges if forwards else sorted(edges, key=lambda f: f.period.last, reverse=True):
        first, after = figure.period.first.ordinal, figure.period.last.ordinal + 1
        if forwards and first in found:
            found.add(after)
        elif not forwards and after in found:
            found.add(first)
    return found
