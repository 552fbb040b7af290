"""Where figures can be tiled in more than one way: which is taken, and what is a conflict."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from indicators.calculation.periods import parse_period
from indicators.calculation.tiling import Coverage, Figure, Tiling, tile

HALF = parse_period("2020-01/2020-06")


def figure(period: str, value: int) -> Figure:
    return Figure(parse_period(period), Decimal(value))


def tiled(figures: list[Figure], period: str = "2020-01/2020-06") -> Tiling:
    """The tiling, which is the same in whatever order the figures come."""
    found = [tile(order, parse_period(period)) for order in permutations(figures)]
    assert all(one == found[0] for one in found)
    return found[0]


def pieces(tiling: Tiling) -> list[str]:
    return [piece.period.iso() for piece in tiling.pieces]


def test_of_two_ways_with_as_many_pieces_the_one_with_the_shorter_first_piece_is_taken() -> None:
    early = [figure("2020-01/2020-02", 2), figure("2020-03/2020-06", 4)]
    late = [figure("2020-01/2020-04", 4), figure("2020-05/2020-06", 2)]
    found = tiled(early + late)
    assert pieces(found) == ["2020-01/2020-02", "2020-03/2020-06"]
    assert found.coverage == Coverage.COMPLETE


def test_of_two_figures_that_leave_a_gap_the_later_one_is_taken() -> None:
    found = tiled([figure("2020-01/2020-02", 5), figure("2020-02/2020-03", 7)])
    assert pieces(found) == ["2020-02/2020-03"]
    assert (found.coverage, found.months) == (Coverage.PARTIAL, 2)


def test_more_months_go_before_more_pieces() -> None:
    found = tiled([figure("2020-01", 1), figure("2020-02", 1), figure("2020-02/2020-06", 5)])
    assert pieces(found) == ["2020-01", "2020-02/2020-06"]
    assert pieces(tiled([figure("2020-01", 1), figure("2020-01/2020-06", 6)])) == [HALF.iso()]


def test_of_two_values_for_one_period_the_lower_is_the_piece_and_both_are_said() -> None:
    for values in ((3, 4), (4, 3)):
        found = tiled([figure("2020-01/2020-06", value) for value in values])
        assert [piece.value for piece in found.pieces] == [3]
        assert (found.coverage, found.alternatives) == (Coverage.CONFLICT, (3, 4))
        month = tiled([figure("2020-01", value) for value in values])
        assert [piece.value for piece in month.pieces] == [3]
        assert (month.coverage, month.alternatives) == (Coverage.CONFLICT, (3, 4))


@pytest.mark.parametrize(("total", "coverage"), [(6, "complete"), (7, "conflict")])
def test_two_ways_that_part_and_meet_again_are_compared(total: int, coverage: str) -> None:
    known = [figure("2020-01/2020-02", 2), figure("2020-03/2020-06", 4)]
    known += [figure("2020-01/2020-04", 4), figure("2020-05/2020-06", total - 4)]
    found = tiled(known)
    assert found.coverage == coverage
    assert set(found.alternatives) == (set() if total == 6 else {6, 7})


def test_a_figure_that_belongs_to_no_complete_way_contradicts_nothing() -> None:
    known = [figure("2020-01/2020-03", 3), figure("2020-04/2020-06", 3)]
    assert tiled([*known, figure("2020-02/2020-03", 99)]).coverage == Coverage.COMPLETE
    assert tiled([*known, figure("2020-04/2020-05", 99)]).coverage == Coverage.COMPLETE
    stray = [
        figure("2020-02", 99),
        figure("2020-03", 99),
        figure("2020-04", 9),
        figure("2020-05", 9),
    ]
    assert tiled([*known, *stray[:2]]).coverage == Coverage.COMPLETE
    assert tiled([*known, *stray[2:]]).coverage == Coverage.COMPLETE


def test_runs_are_judged_each_for_itself() -> None:
    known = [figure("2020-01/2020-02", 2), figure("2020-04", 1), figure("2020-05", 1)]
    found = tiled([*known, figure("2020-04/2020-05", 3)])
    assert [run.iso() for run in found.covered] == ["2020-01/2020-02", "2020-04/2020-05"]
    assert (found.coverage, found.alternatives) == (Coverage.CONFLICT, (2, 3))


def test_a_mean_weighs_a_figure_with_its_months() -> None:
    known = [figure("2020-01", 10), figure("2020-02", 10), figure("2020-01/2020-02", 10)]
    period = parse_period("2020-01/2020-02")
    assert tile(known, period, by_months=True).coverage == Coverage.COMPLETE
    assert tile(known, period).alternatives == (20, 10)
