"""What the database accepts: periods, rules, units and targets that fit each other."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership, Role
from indicators.calculation.codes import natural_key
from indicators.models import Indicator, Milestone, Observation, Series
from tests.builders import make_indicator, make_series, make_user

pytestmark = pytest.mark.django_db


def refused(create: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create(**fields)


def test_codes_are_listed_in_natural_order() -> None:
    for code in ("10.2.2", "1.a.2", "1.10.1", "1.3.1", "1.3.10", "1.3.2", "8.7.1"):
        make_indicator(code)
    assert list(Indicator.objects.values_list("code", flat=True)) == [
        "1.3.1",
        "1.3.2",
        "1.3.10",
        "1.10.1",
        "1.a.2",
        "8.7.1",
        "10.2.2",
    ]


def test_the_sorting_text_does_not_depend_on_case() -> None:
    assert natural_key("1.A.2") == natural_key("1.a.2")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2021, 3, 2), date(2021, 3, 1)),
        (date(2021, 3, 1), date(2021, 3, 31)),
        (date(2021, 4, 1), date(2021, 3, 1)),
    ],
)
def test_a_figure_stands_for_whole_months_in_order(first: date, last: date) -> None:
    refused(
        Observation.objects.create,
        series=make_series(),
        first_month=first,
        last_month=last,
        value=1,
        origin="reported",
    )


def test_there_is_one_figure_a_series_and_period() -> None:
    fields = {
        "series": make_series(),
        "first_month": date(2021, 1, 1),
        "last_month": date(2021, 12, 1),
        "value": 1,
        "origin": "reported",
    }
    Observation.objects.create(**fields)
    refused(Observation.objects.create, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "sum", "unit_zh": "%"},
        {"rule": "ratio", "unit_zh": "%", "scale": 1000},
        {"rule": "ratio", "unit_zh": "‰", "scale": 100},
        {"rule": "sum", "unit_zh": "人", "scale": 100},
        {"rule": "growth", "unit_zh": "%"},
        {"rule": "sum", "unit_zh": "人", "base_year": 2016},
        {"rule": "sum", "unit_zh": "人", "is_running_total": True},
        {"rule": "mode", "unit_zh": "人"},
        {"rule": "sum", "unit_zh": "人", "direction": "side"},
        {"rule": "sum", "unit_zh": "人", "decimals": 9},
        {"rule": "ratio", "unit_zh": "次／百萬工時", "scale": 999},
        {"rule": "sum", "unit_zh": "人", "may_exceed_whole": True},
    ],
)
def test_rule_unit_and_scale_must_fit(fields: dict[str, Any]) -> None:
    indicator = make_indicator()
    refused(Series.objects.create, indicator=indicator, name_zh="數列", position=1, **fields)


def test_a_ratio_names_both_parts_or_none() -> None:
    indicator = make_indicator()
    part = make_series(indicator, is_component=True)
    refused(
        Series.objects.create,
        indicator=indicator,
        name_zh="率",
        position=9,
        rule="ratio",
        unit_zh="%",
        scale=100,
        numerator=part,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"window_first": date(2021, 1, 1), "window_last": date(2020, 12, 1)},
        {"window_first": date(2017, 1, 1), "window_last": date(2019, 12, 1)},
        {"window_first": date(2017, 1, 15), "window_last": date(2020, 12, 1)},
        {
            "window_first": date(2017, 1, 1),
            "window_last": date(2020, 12, 1),
            "base_month": date(2018, 12, 1),
        },
    ],
)
def test_a_target_has_a_window_that_ends_in_its_year(fields: dict[str, Any]) -> None:
    refused(Milestone.objects.create, series=make_series(), year=2020, value=1, **fields)


def test_a_role_is_given_once_also_for_the_whole_ministry() -> None:
    user = make_user(Role.PLANNER)
    refused(Membership.objects.create, user=user, role=Role.PLANNER)
