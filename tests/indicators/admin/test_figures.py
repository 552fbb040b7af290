"""Figures in the administration: the same door, the same checks, nothing typed is lost."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, Role
from indicators.models import Observation, Revision, Series, YearlyValue
from tests.builders import enter, make_agency, make_indicator, make_series, make_user
from tests.published import load_published_review

pytestmark = pytest.mark.django_db

ADD = "admin:indicators_observation_add"
CHANGE = "admin:indicators_observation_change"
LIST = "admin:indicators_observation_changelist"


@pytest.fixture
def agency() -> Agency:
    return make_agency()


@pytest.fixture
def series(agency: Agency) -> Series:
    return make_series(make_indicator(agency=agency))


@pytest.fixture
def officer(client: Client, agency: Agency) -> Client:
    client.force_login(make_user(Role.ENTRY_OFFICER, agency=agency))
    return client


def correct(client: Client, figure: Observation, **typed: Any) -> HttpResponse:
    data = {
        "period": figure.period.iso(),
        "value": "15",
        "note": "",
        "reason": "counted again",
        "seen_revision": figure.revision,
        "key": uuid.uuid4().hex,
    }
    return client.post(reverse(CHANGE, args=[figure.pk]), data | typed)  # type: ignore[return-value]


def errors(response: HttpResponse) -> str:
    form = response.context["adminform"].form  # type: ignore[attr-defined]
    return " ".join(str(e) for found in form.errors.values() for e in found)


def test_a_figure_is_corrected_with_its_reason(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    assert correct(officer, Observation.objects.get(), value="1萬7,168").status_code == 302
    assert Observation.objects.get().value == 17168
    assert YearlyValue.objects.get().numerator == 17168
    assert Revision.objects.latest("id").batch.reason == "counted again"


def test_a_figure_is_added_as_the_ministry_writes_it(officer: Client, series: Series) -> None:
    data = {
        "series": series.pk,
        "period": "110年3月",
        "value": "１２",
        "reason": "monthly",
        "key": uuid.uuid4().hex,
    }
    assert officer.post(reverse(ADD), data).status_code == 302
    figure = Observation.objects.get()
    assert (figure.period.iso(), figure.value) == ("2021-03", 12)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": "1,23"}, "1,23"),
        ({"value": "-3"}, "-3"),
        ({"value": "1.234567891"}, "1.234567891"),
        ({"value": "零點零二三人"}, "場次"),
        ({"value": "120餘場次"}, "120"),
        ({"value": "twelve"}, "twelve"),
        ({"period": "12/01"}, "2012-01"),
        ({"period": "110年13月"}, "110年13月"),
        ({"period": "2199-01"}, "2199-01"),
        ({"reason": ""}, ""),
        ({"reason": "   "}, ""),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    officer: Client, series: Series, typed: dict[str, str], said: str
) -> None:
    data = {
        "series": series.pk,
        "period": "2021-03",
        "value": "12",
        "reason": "monthly",
        "key": uuid.uuid4().hex,
    } | typed
    response = officer.post(reverse(ADD), data)
    assert response.status_code == 200
    assert said in errors(response)  # type: ignore[arg-type]
    assert not Observation.objects.exists()
    form = response.context["adminform"].form
    assert form["value"].value() == data["value"]


def test_the_second_of_two_people_sees_both_values(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    seen = Observation.objects.get()
    enter(series, {"2021-03": "13"})
    response = correct(officer, seen, value="14")
    assert response.status_code == 200
    assert "13" in errors(response)
    assert "14" in errors(response)
    assert Observation.objects.get().value == 13
    form = response.context["adminform"].form  # type: ignore[attr-defined]
    typed = {name: form[name].value() or "" for name in form.fields}
    url = reverse(CHANGE, args=[seen.pk])
    assert officer.post(url, typed).status_code == 302
    assert Observation.objects.get().value == 14


def test_a_double_click_saves_once(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    figure = Observation.objects.get()
    key = uuid.uuid4().hex
    for _click in range(2):
        assert correct(officer, figure, key=key).status_code == 302
    assert Observation.objects.get().revision == 2


def test_adding_a_figure_that_exists_does_not_write_over_it(
    officer: Client, series: Series
) -> None:
    enter(series, {"2021-03": "12"})
    data = {
        "series": series.pk,
        "period": "2021-03",
        "value": "99",
        "reason": "monthly",
        "key": uuid.uuid4().hex,
    }
    response = officer.post(reverse(ADD), data)
    assert response.status_code == 200
    assert "12" in errors(response)  # type: ignore[arg-type]
    assert Observation.objects.get().value == 12


def test_a_withdrawn_figure_can_be_added_again(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    enter(series, {"2021-03": None})
    data = {
        "series": series.pk,
        "period": "2021-03",
        "value": "15",
        "reason": "found again",
        "key": uuid.uuid4().hex,
    }
    assert officer.post(reverse(ADD), data).status_code == 302
    assert Observation.objects.get().value == 15


def test_an_emptied_value_withdraws_the_figure(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    correct(officer, Observation.objects.get(), value="", reason="entered for the wrong month")
    assert Observation.objects.get().value is None
    assert not YearlyValue.objects.exists()


def test_another_agencys_figure_is_looked_at_and_not_changed(
    officer: Client, series: Series
) -> None:
    foreign = make_series(make_indicator("8.7.1", agency=make_agency("osha")))
    enter(foreign, {"2021-03": "12"})
    figure = Observation.objects.get()
    assert correct(officer, figure).status_code == 403
    add = {
        "series": foreign.pk,
        "period": "2021-04",
        "value": "1",
        "reason": "x",
        "key": uuid.uuid4().hex,
    }
    assert officer.post(reverse(ADD), add).status_code == 200
    assert list(Observation.objects.values_list("value", flat=True)) == [12]


def test_no_figure_is_deleted(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12"})
    figure = Observation.objects.get()
    url = reverse("admin:indicators_observation_delete", args=[figure.pk])
    assert officer.post(url, {"post": "yes"}).status_code == 403
    assert officer.post(
        reverse(LIST), {"action": "delete_selected", "_selected_action": figure.pk}
    ).status_code in (200, 302, 403)
    assert Observation.objects.exists()


def test_a_manager_has_no_work_here(client: Client, series: Series) -> None:
    client.force_login(make_user(Role.MANAGER))
    assert client.get(reverse(LIST), follow=True).status_code == 403


def test_state_owner_and_revision_are_not_taken_from_the_form(
    officer: Client, series: Series
) -> None:
    enter(series, {"2021-03": "12"})
    other = make_series(series.indicator)
    correct(
        officer,
        Observation.objects.get(),
        series=other.pk,
        revision=99,
        origin="published",
        breakdown=7,
    )
    figure = Observation.objects.get()
    assert (figure.series, figure.revision, figure.origin, figure.breakdown) == (
        series,
        2,
        "reported",
        0,
    )


@pytest.mark.parametrize("size", [3, 30])
def test_the_list_costs_the_same_whatever_its_length(
    officer: Client, series: Series, size: int, django_assert_max_num_queries: Any
) -> None:
    enter(series, {f"20{10 + i // 12}-{i % 12 + 1:02}": str(Decimal(i)) for i in range(size)})
    with django_assert_max_num_queries(16):
        assert officer.get(reverse(LIST)).status_code == 200


def test_the_history_of_a_figure_is_its_record_of_changes(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12", "2021-04": "777"})
    enter(series, {"2021-03": "13"}, reason="counted again")
    figure = Observation.objects.get(value=13)
    url = reverse("admin:indicators_observation_history", args=[figure.pk])
    page = officer.get(url, follow=True).content.decode()
    assert "counted again" in page
    assert "777" not in page


TABLES = [
    f"{app}_{model}"
    for app, models in {
        "indicators": (
            "goal",
            "target",
            "indicator",
            "series",
            "milestone",
            "activity",
            "observation",
            "yearlyvalue",
            "revision",
            "entrybatch",
        ),
        "stakeholders": ("stakeholdergroup", "channel"),
        "reports": ("edition", "section", "publication"),
    }.items()
    for model in models
]


@pytest.mark.parametrize("table", TABLES)
def test_no_list_asks_the_database_row_by_row(
    client: Client, table: str, django_assert_max_num_queries: Any
) -> None:
    load_published_review()
    client.force_login(make_user(Role.PLANNER))
    with django_assert_max_num_queries(16):
        assert client.get(reverse(f"admin:{table}_changelist")).status_code == 200


def test_the_list_is_searched_and_filtered(officer: Client, series: Series) -> None:
    enter(series, {"2021-03": "12345"})
    found = officer.get(reverse(LIST), {"q": "1.4.1"}).content.decode()
    assert "12345" in found
    nothing = officer.get(reverse(LIST), {"q": "no such thing"}).content.decode()
    assert "12345" not in nothing
