"""Standings: the published vectors, the closed window, the open one, and the awkward cases."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculation.periods import Month, Period
from indicators.calculation.progress import (
    Aim,
    Assessment,
    Direction,
    Reading,
    Reason,
    Standing,
    assess,
    worst,
)
from indicators.calculation.rules import Coverage, Missing, Rule

UP, DOWN = Direction.UP, Direction.DOWN
WINDOW = Period.years(2017, 2020)
LATER = Month(2026, 11)


def reading(
    numerator: str | None,
    denominator: str | None = None,
    *,
    rule: Rule = Rule.SUM,
    coverage: Coverage = Coverage.COMPLETE,
    last_month: Month | None = WINDOW.last,
    scale: int = 1,
    missing: Missing = Missing.NOTHING,
) -> Reading:
    return Reading(
        rule,
        None if numerator is None else Decimal(numerator),
        None if denominator is None else Decimal(denominator),
        coverage,
        Decimal(scale),
        48,
        last_month,
        missing,
    )


def stand(target: str, read: Reading, direction: Direction = UP) -> Assessment:
    return assess(Aim(Decimal(target), WINDOW), read, direction=direction, this_month=LATER)


def given_whole(rate: str) -> Reading:
    return reading(rate, rule=Rule.RATIO, scale=100)


GROWTH = Rule.GROWTH

VECTORS = [
    ("1.3.1", reading("1435614", "904556", rule=GROWTH), "35", UP, "met", "58.709", None),
    ("1.3.2", reading("362479", "225312", rule=GROWTH), "35", UP, "met", "60.878", None),
    ("1.4.1", reading("618"), "400", UP, "met", "618", "154.5"),
    ("1.4.2", reading("17168"), "11200", UP, "met", "17168", "153.28"),
    ("1.4.3", reading("2183"), "1600", UP, "met", "2183", "136.4375"),
    ("1.a.2", reading("65477"), "48000", UP, "met", "65477", "136.410"),
    ("4.3.3", reading("203827"), "176000", UP, "met", "203827", "115.810"),
    ("4.4.3 youth", reading("9642"), "3000", UP, "met", "9642", "321.4"),
    ("4.4.3 unemployed", reading("21895"), "10000", UP, "met", "21895", "218.95"),
    ("4.5.9", reading("115384"), "112000", UP, "met", "115384", "103.021"),
    ("8.6.1 trained", reading("129819"), "80000", UP, "met", "129819", "162.27"),
    ("8.6.1 rate", given_whole("88.81"), "84", UP, "met", "88.81", None),
    ("8.6.2", reading("689239"), "640000", UP, "met", "689239", "107.69"),
    ("8.7.1", given_whole("0.023"), "0.021", DOWN, "missed", "0.023", None),
    ("8.7.2", given_whole("2.526"), "2.7", DOWN, "met", "2.526", None),
    ("10.2.2 placed", reading("77972"), "66000", UP, "met", "77972", "118.13"),
    ("10.2.2 rate", given_whole("72"), "65", UP, "met", "72", None),
    ("10.3.1", reading("1600000", rule=Rule.LAST), "1000000", UP, "met", "1600000", "160"),
]


@pytest.mark.parametrize(
    ("read", "target", "direction", "standing", "actual", "achievement"),
    [vector[1:] for vector in VECTORS],
    ids=[str(vector[0]) for vector in VECTORS],
)
def test_the_published_review(  # noqa: PLR0917
    read: Reading,
    target: str,
    direction: Direction,
    standing: str,
    actual: str,
    achievement: str | None,
) -> None:
    found = stand(target, read, direction)
    assert found.standing == standing
    assert str(found.actual).startswith(actual)
    if direction == DOWN:
        assert found.achievement is None
    elif achievement:
        assert str(found.achievement).startswith(achievement)


def test_lower_is_better_is_shown_as_the_margin() -> None:
    assert stand("0.021", given_whole("0.023"), DOWN).margin == Decimal("-0.002")
    assert stand("2.7", given_whole("2.526"), DOWN).margin == Decimal("0.174")


@given(
    st.decimals(0, 10**6, places=4),
    st.decimals(Decimal("0.0001"), 10**6, places=4),
    st.decimals(0, 10**6, places=4),
    st.sampled_from(Direction),
    st.sampled_from([Rule.RATIO, Rule.MEAN, Rule.GROWTH]),
)
def test_a_closed_window_is_compared_exactly(
    numerator: Decimal, denominator: Decimal, target: Decimal, direction: Direction, rule: Rule
) -> None:
    scale = 100 if rule == Rule.RATIO else 1
    exact = Fraction(numerator) / Fraction(denominator) * scale
    if rule == Rule.GROWTH:
        exact = (exact - 1) * 100
    good = exact >= Fraction(target) if direction == UP else exact <= Fraction(target)
    read = reading(str(numerator), str(denominator), rule=rule, scale=scale)
    expected = Standing.MET if good else Standing.MISSED
    assert stand(str(target), read, direction).standing == expected


def test_a_third_is_not_33_and_a_bit() -> None:
    just_short = reading("1", "3", rule=Rule.RATIO, scale=100)
    assert stand("33.3333", just_short).standing == Standing.MET
    assert stand("33.3334", just_short).standing == Standing.MISSED


def test_a_target_of_zero() -> None:
    assert stand("0", reading("0"), DOWN).standing == Standing.MET
    assert stand("0", reading("1"), DOWN).standing == Standing.MISSED
    assert stand("0", reading("1"), UP).achievement is None


def test_a_closed_window_with_a_gap_is_no_data() -> None:
    found = stand("400", reading("618", coverage=Coverage.PARTIAL, last_month=Month(2020, 11)))
    assert (found.standing, found.reason) == (Standing.NO_DATA, Reason.WINDOW_INCOMPLETE)
    assert found.actual == 618


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (None, Reason.NO_FIGURES),
        (reading(None, coverage=Coverage.NONE, last_month=None), Reason.NO_FIGURES),
        (reading(None, coverage=Coverage.CONFLICT), Reason.CONFLICT),
        (reading(None, rule=GROWTH, missing=Missing.BASE), Reason.BASE_MISSING),
        (reading(None, rule=Rule.RATIO, missing=Missing.PARTS_DIFFER), Reason.PARTS_DIFFER),
        (reading(None, rule=Rule.RATIO, missing=Missing.ZERO_DENOMINATOR), Reason.ZERO_DENOMINATOR),
    ],
)
def test_what_cannot_be_judged_says_why(read: Reading | None, reason: Reason) -> None:
    found = assess(Aim(Decimal(1), WINDOW), read, direction=UP, this_month=LATER)
    assert (found.standing, found.reason) == (Standing.NO_DATA, reason)


def test_without_a_target_the_actual_is_still_said() -> None:
    found = assess(None, reading("127"), direction=UP, this_month=LATER)
    assert (found.standing, found.actual, found.target) == (Standing.NO_TARGET, 127, None)


def on_the_way(
    now: str,
    last_month: Month,
    *,
    target: str = "480",
    rule: Rule = Rule.SUM,
    direction: Direction = UP,
    denominator: str | None = None,
    base: str | None = None,
    base_month: Month | None = None,
    seasonal_share: str | None = None,
) -> Assessment:
    return assess(
        Aim(Decimal(target), WINDOW, None if base is None else Decimal(base), base_month),
        reading(now, denominator, rule=rule, coverage=Coverage.PARTIAL, last_month=last_month),
        direction=direction,
        this_month=Month(2018, 6),
        seasonal_share=None if seasonal_share is None else Decimal(seasonal_share),
    )


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("120", "on_track"),
        ("114", "on_track"),
        ("113.9999", "behind"),
        ("72", "behind"),
        ("71.9999", "far_behind"),
        ("0", "far_behind"),
        ("600", "on_track"),
    ],
)
def test_a_sum_is_set_against_the_elapsed_share(now: str, standing: str) -> None:
    found = on_the_way(now, Month(2017, 12))
    assert (found.standing, found.expected) == (standing, Decimal("0.25"))


def test_growth_from_a_base_below_zero_keeps_its_order() -> None:
    halved = reading("-50", "-100", rule=GROWTH)
    assert stand("-60", halved).standing == Standing.MET
    assert stand("-40", halved).standing == Standing.MISSED


def test_what_is_still_needed_a_month() -> None:
    found = on_the_way("120", Month(2017, 12))
    assert (found.months_left, found.needed_per_month) == (36, 10)


def test_the_season_of_earlier_years_is_taken_into_account() -> None:
    found = on_the_way("36", Month(2017, 6), seasonal_share="0.3")
    assert found.expected == Decimal("0.075")
    assert found.standing == Standing.ON_TRACK
    assert on_the_way("36", Month(2017, 6)).standing == Standing.BEHIND


@pytest.mark.parametrize(
    ("now", "standing"),
    [("3.0", "on_track"), ("3.5", "far_behind"), ("3.2", "behind"), ("4.1", "moving_away")],
)
def test_a_level_that_is_to_fall(now: str, standing: str) -> None:
    found = on_the_way(
        now,
        Month(2018, 12),
        target="2",
        rule=Rule.LAST,
        direction=DOWN,
        base="4",
        base_month=Month(2016, 12),
    )
    assert found.standing == standing


@given(
    st.decimals(1, 1000, places=2),
    st.decimals(1, 1000, places=2),
    st.decimals(1, 1000, places=2),
    st.integers(1, 40),
)
def test_a_mirrored_level_has_the_same_pace(
    base: Decimal, target: Decimal, now: Decimal, elapsed: int
) -> None:
    if base == target:
        return
    last_month = Month(2016, 12) + elapsed
    up = on_the_way(str(now), last_month, target=str(target), rule=Rule.LAST, base=str(base))
    down = on_the_way(
        str(-now),
        last_month,
        target=str(-target),
        rule=Rule.LAST,
        base=str(-base),
        direction=DOWN,
    )
    assert (up.pace, up.standing) == (down.pace, down.standing)


def test_a_level_without_a_base_has_no_path() -> None:
    found = on_the_way("3", Month(2018, 5), rule=Rule.LAST)
    assert (found.standing, found.reason) == (Standing.NO_DATA, Reason.BASE_MISSING)


@pytest.mark.parametrize(("now", "standing"), [("5", "on_track"), ("4.9", "moving_away")])
def test_a_target_equal_to_the_base_is_to_be_held(now: str, standing: str) -> None:
    found = on_the_way(now, Month(2018, 5), target="5", rule=Rule.LAST, base="5")
    assert (found.standing, found.reason) == (standing, Reason.HOLD)


def test_growth_goes_by_its_level() -> None:
    found = on_the_way("117.5", Month(2018, 12), target="35", rule=GROWTH, denominator="100")
    assert (found.completion, found.expected) == (Decimal("0.5"), Decimal("0.5"))
    assert found.standing == Standing.ON_TRACK


@pytest.mark.parametrize(
    ("used", "standing"),
    [("0", "on_track"), ("120", "on_track"), ("150", "behind"), ("240", "far_behind")],
)
def test_a_sum_that_is_to_stay_low_is_a_budget(used: str, standing: str) -> None:
    assert on_the_way(used, Month(2017, 12), direction=DOWN).standing == standing


def test_a_window_is_closed_by_its_last_month_of_figures() -> None:
    found = assess(
        Aim(Decimal(400), WINDOW), reading("399"), direction=UP, this_month=Month(2020, 12)
    )
    assert found.standing == Standing.MISSED


def test_an_indicator_stands_as_its_worst_series() -> None:
    assert worst([Standing.MET, Standing.MISSED, Standing.ON_TRACK]) == Standing.MISSED
    assert worst([Standing.MET, Standing.NO_DATA]) == Standing.NO_DATA
    assert worst([Standing.MET, Standing.NO_TARGET]) == Standing.MET
    assert worst([Standing.NO_TARGET]) == Standing.NO_TARGET
