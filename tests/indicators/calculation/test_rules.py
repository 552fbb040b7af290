"""How months become years and windows."""

from decimal import Decimal
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.periods import Month, Period, parse_period
from indicators.calculation.rules import (
    Component,
    Coverage,
    Figure,
    Missing,
    Rolled,
    Rule,
    falls,
    roll_up,
    value_of,
)
from indicators.calculation.tiling import tile

YEAR = Period.year(2020)
WINDOW = Period.years(2017, 2020)


def figures(**known: str) -> list[Figure]:
    """``figures(m2020_01="5", y2020="60")``: m for a month, y for a year or a run of years."""
    found = []
    for name, value in known.items():
        digits = name[1:].replace("_", "-" if name[0] == "m" else "–")
        found.append(Figure(parse_period(digits), Decimal(value)))
    return found


def months(*values: int, year: int = 2020) -> list[Figure]:
    return [Figure(Period.month(year, i), Decimal(v)) for i, v in enumerate(values, start=1)]


def value(rule: Rule, rolled: Rolled, scale: int = 1) -> Decimal | None:
    return value_of(rule, rolled.numerator, rolled.denominator, scale)


AMOUNTS = st.decimals(0, 10**6, places=2)


@st.composite
def cuttings(draw: st.DrawFn) -> tuple[list[Figure], list[Figure]]:
    """Three years of months, and the same amounts cut into other pieces."""
    amounts = draw(st.lists(AMOUNTS, min_size=36, max_size=36))
    start = Month(2018, 1)
    fine = [Figure(Period(start + i, start + i), amount) for i, amount in enumerate(amounts)]
    cuts = sorted({0, 36, *draw(st.lists(st.integers(1, 35), max_size=6))})
    coarse = [
        Figure(Period(start + a, start + (b - 1)), sum(amounts[a:b], Decimal(0)))
        for a, b in pairwise(cuts)
    ]
    return fine, coarse


@given(cuttings(), st.data())
def test_any_tiling_gives_the_same_total(
    pair: tuple[list[Figure], list[Figure]], data: st.DataObject
) -> None:
    fine, coarse = pair
    period = Period.years(2018, 2020)
    total = sum((figure.value for figure in fine), Decimal(0))
    assert roll_up(Rule.SUM, period, coarse).numerator == total
    mixed = data.draw(st.permutations(fine + coarse))
    rolled = roll_up(Rule.SUM, period, mixed)
    assert (rolled.coverage, rolled.numerator) == (Coverage.COMPLETE, total)
    assert len(rolled.pieces) == 36


@given(cuttings(), st.integers(0, 5), st.data())
def test_a_contradiction_in_any_piece_is_a_conflict(
    pair: tuple[list[Figure], list[Figure]], which: int, data: st.DataObject
) -> None:
    fine, coarse = pair
    wrong = coarse[which % len(coarse)]
    coarse[which % len(coarse)] = Figure(wrong.period, wrong.value + 1)
    rolled = roll_up(Rule.SUM, Period.years(2018, 2020), data.draw(st.permutations(fine + coarse)))
    assert rolled.coverage == Coverage.CONFLICT
    assert rolled.numerator is None
    assert len(set(rolled.alternatives)) == 2


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8), AMOUNTS), max_size=7), st.data())
def test_the_order_of_figures_never_matters(
    raw: list[tuple[int, int, Decimal]], data: st.DataObject
) -> None:
    start = Month(2019, 1)
    known = [Figure(Period(start + a, start + (a + n)), v) for a, n, v in raw]
    period = Period(start, start + 23)
    other = data.draw(st.permutations(known))
    for rule in (Rule.SUM, Rule.LAST, Rule.MEAN):
        assert roll_up(rule, period, known) == roll_up(rule, period, other)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 5), AMOUNTS), max_size=6))
def test_the_most_months_are_covered(raw: list[tuple[int, int, Decimal]]) -> None:
    start = Month(2019, 1)
    known = [Figure(Period(start + a, start + (a + n)), v) for a, n, v in raw if a + n <= 11]
    best = 0
    for order in permutations(known):
        taken: list[Figure] = []
        for figure in order:
            if not any(figure.period.overlaps(other.period) for other in taken):
                taken.append(figure)
        best = max(best, sum(figure.period.months for figure in taken))
    assert tile(known, Period.year(2019)).months == best


def test_a_year_inside_a_range_is_counted_once() -> None:
    known = figures(y2017_2020="129819", y2020="40968")
    assert roll_up(Rule.SUM, WINDOW, known).numerator == 129819
    assert roll_up(Rule.SUM, YEAR, known).numerator == 40968
    assert roll_up(Rule.SUM, Period.years(2017, 2019), known).coverage == Coverage.NONE


def test_a_gap_is_partial_and_says_how_much_is_there() -> None:
    rolled = roll_up(Rule.SUM, YEAR, months(*[10] * 11))
    assert (rolled.coverage, rolled.numerator, rolled.months) == (Coverage.PARTIAL, 110, 11)
    assert rolled.last_month == Month(2020, 11)


def test_zero_is_a_figure_and_missing_is_not_zero() -> None:
    with_zero = roll_up(Rule.SUM, YEAR, months(*[10] * 11, 0))
    without = roll_up(Rule.SUM, YEAR, months(*[10] * 11))
    assert with_zero.numerator == without.numerator
    assert (with_zero.coverage, without.coverage) == (Coverage.COMPLETE, Coverage.PARTIAL)


def test_equal_figures_for_one_period_are_one() -> None:
    rolled = roll_up(Rule.SUM, YEAR, figures(y2020="5") * 2)
    assert (rolled.coverage, rolled.numerator) == (Coverage.COMPLETE, 5)


def test_the_last_level_stands_for_the_period() -> None:
    rolled = roll_up(Rule.LAST, YEAR, months(5, 7, 6))
    assert (rolled.numerator, rolled.coverage, rolled.months) == (6, Coverage.PARTIAL, 3)
    closing = roll_up(Rule.LAST, WINDOW, figures(m2019_12="9", m2020_12="8"))
    assert (closing.numerator, closing.coverage) == (8, Coverage.COMPLETE)


def test_two_last_levels_that_differ_are_a_conflict() -> None:
    rolled = roll_up(Rule.LAST, YEAR, figures(m2020_12="8", y2020="9"))
    assert (rolled.coverage, rolled.alternatives) == (Coverage.CONFLICT, (8, 9))


def test_a_mean_is_weighted_by_months() -> None:
    known = [
        Figure(parse_period("2020-01/2020-09"), Decimal(10)),
        *months(*[0] * 9, 50, 50, 50)[9:],
    ]
    rolled = roll_up(Rule.MEAN, YEAR, known)
    assert value(Rule.MEAN, rolled) == 20


def test_a_ratio_is_of_the_parts_and_no_mean_of_monthly_rates() -> None:
    trained, employed = months(100, 300), months(90, 150)
    rolled = roll_up(
        Rule.RATIO,
        Period(Month(2020, 1), Month(2020, 2)),
        [],
        numerator=Component(Rule.SUM, employed),
        denominator=Component(Rule.SUM, trained),
    )
    assert value(Rule.RATIO, rolled, 100) == 60
    assert value(Rule.RATIO, rolled, 100) != (90 + 50) / Decimal(2)


def test_the_parts_of_a_ratio_speak_of_the_same_months() -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, months(1, 2, 3)),
        denominator=Component(Rule.SUM, months(1, 2)),
    )
    assert (rolled.numerator, rolled.missing) == (None, Missing.PARTS_DIFFER)


def test_a_ratio_without_figures_of_one_part_is_nothing() -> None:
    part = Component(Rule.SUM, figures(y2020="71"))
    for top, bottom in ((part, Component(Rule.SUM, [])), (Component(Rule.SUM, []), part)):
        rolled = roll_up(Rule.RATIO, YEAR, [], numerator=top, denominator=bottom)
        assert rolled.coverage == Coverage.NONE


def test_a_rate_per_thousand_of_a_mean() -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, figures(y2020="23")),
        denominator=Component(Rule.MEAN, months(*[900_000, 1_100_000] * 6)),
    )
    assert value(Rule.RATIO, rolled, 1000) == Decimal("0.023")


def test_a_rate_given_whole_stands_for_its_own_period_only() -> None:
    given_whole = figures(y2017_2020="88.81")
    whole = roll_up(Rule.RATIO, WINDOW, given_whole)
    assert value(Rule.RATIO, whole, 100) == Decimal("88.81")
    for other in (YEAR, Period.years(2016, 2020), Period.years(2017, 2021)):
        assert roll_up(Rule.RATIO, other, given_whole).coverage == Coverage.NONE
    yearly = figures(y2019="80", y2020="90")
    assert roll_up(Rule.RATIO, Period.years(2019, 2020), yearly).coverage == Coverage.NONE


def test_parts_come_before_a_rate_given_whole() -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        figures(y2020="70"),
        numerator=Component(Rule.SUM, figures(y2020="71")),
        denominator=Component(Rule.SUM, figures(y2020="100")),
    )
    assert value(Rule.RATIO, rolled, 100) == 71


def test_a_ratio_over_nothing_has_no_value() -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, figures(y2020="0")),
        denominator=Component(Rule.SUM, figures(y2020="0")),
    )
    assert (rolled.numerator, rolled.missing) == (None, Missing.ZERO_DENOMINATOR)


@pytest.mark.parametrize("rule", [Rule.MEAN, Rule.RATIO, Rule.GROWTH])
def test_nothing_is_divided_by_nothing(rule: Rule) -> None:
    assert value_of(rule, Decimal(5), Decimal(0)) is None


def test_a_ratio_with_a_part_that_contradicts_itself_is_a_conflict() -> None:
    twice = [*months(*[10] * 12), *figures(y2020="121")]
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, months(*[5] * 12)),
        denominator=Component(Rule.SUM, twice),
    )
    assert (rolled.coverage, rolled.numerator) == (Coverage.CONFLICT, None)
    assert set(rolled.alternatives) == {120, 121}


@pytest.mark.parametrize(("level_months", "rate"), [((7, 8), Decimal(50)), ((7, 8, 8), None)])
def test_a_part_that_is_a_level_ends_with_the_other_part(
    level_months: tuple[int, ...], rate: Decimal | None
) -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, months(1, 3)),
        denominator=Component(Rule.LAST, months(*level_months)),
    )
    assert value(Rule.RATIO, rolled, 100) == rate
    assert rolled.missing == (Missing.NOTHING if rate else Missing.PARTS_DIFFER)


def test_a_ratio_covers_what_the_worse_part_covers() -> None:
    rolled = roll_up(
        Rule.RATIO,
        YEAR,
        [],
        numerator=Component(Rule.SUM, months(1, 2, 3)),
        denominator=Component(Rule.SUM, months(1, 2)),
    )
    assert (rolled.months, rolled.last_month) == (2, Month(2020, 2))


def growth(period: Period, **known: str) -> Rolled:
    return roll_up(
        Rule.GROWTH,
        period,
        [],
        source=Component(Rule.LAST, figures(**known)),
        base_year=2016,
    )


@pytest.mark.parametrize(
    ("base", "level", "begins"),
    [("904556", "1435614", "58.709"), ("225312", "362479", "60.878")],
)
def test_growth_over_the_base_year(base: str, level: str, begins: str) -> None:
    rolled = growth(WINDOW, m2016_12=base, m2020_12=level)
    assert str(value(Rule.GROWTH, rolled)).startswith(begins)


def test_growth_without_a_base_says_so() -> None:
    rolled = growth(WINDOW, m2020_12="1435614")
    assert (rolled.numerator, rolled.missing) == (None, Missing.BASE)


def test_growth_from_a_level_earlier_in_the_base_year_is_no_growth_over_its_end() -> None:
    assert growth(WINDOW, m2016_11="904556", m2020_12="1435614").missing == Missing.BASE


def test_growth_without_a_level_or_a_base_year_is_nothing() -> None:
    assert growth(WINDOW, m2016_12="904556").coverage == Coverage.NONE
    level = Component(Rule.LAST, figures(m2016_12="1", m2020_12="2"))
    assert roll_up(Rule.GROWTH, WINDOW, [], source=level).coverage == Coverage.NONE


def test_growth_from_or_to_levels_that_differ_is_a_conflict() -> None:
    to = growth(WINDOW, m2016_12="100", m2020_12="135", y2020="136")
    assert (to.coverage, to.numerator, to.alternatives) == (Coverage.CONFLICT, None, (135, 136))
    since = growth(WINDOW, m2016_12="100", y2016="101", m2020_12="135")
    assert (since.coverage, since.alternatives) == (Coverage.CONFLICT, (100, 101))


def test_falls_of_a_running_total() -> None:
    rising, falling = figures(m2020_01="5", m2020_03="5"), figures(m2020_02="7")
    assert falls(rising) == ()
    assert falls(rising + falling) == ((falling[0], rising[1]),)
