"""Definitions in the administration: why they change, and a look at what that alters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from indicators.models import (
    Activity,
    DefinitionRevision,
    Goal,
    Indicator,
    Milestone,
    Series,
    Target,
)
from indicators.reading.standings import standings
from reports.models import Edition, Publication
from tests.builders import enter, make_indicator, make_series, redefine, signed_in
from tests.indicators.admin.test_reference import confirm, csv, export, upload
from tests.indicators.entry.test_door import set_target
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def planner() -> Client:
    return signed_in(Role.PLANNER)[0]


def address(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def typed(page: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What a browser would send of a form, with some fields typed over."""
    context = page.context["adminform"].form  # type: ignore[attr-defined]
    found = {name: context[name].value() for name in context.fields}
    formsets = page.context["inline_admin_formsets"]  # type: ignore[attr-defined]
    for one in formsets:
        management = one.formset.management_form
        found |= {management.add_prefix(n): management[n].value() for n in management.fields}
        for form in one.formset.forms:
            found |= {form.add_prefix(n): form[n].value() for n in form.fields}
    found |= changes
    return {
        name: value.pk if isinstance(value, Model) else value
        for name, value in found.items()
        if value is not None and value is not False
    }


def change(client: Client, row: Model, **changes: Any) -> HttpResponse:
    """Type over some fields of a row's form and press the button."""
    page: HttpResponse = client.get(address(row))  # type: ignore[assignment]
    return again(client, row, page, **changes)


def again(client: Client, row: Model, answer: HttpResponse, **changes: Any) -> HttpResponse:
    """Press the button of the form that came back."""
    return client.post(address(row), typed(answer, **changes))  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_definition_without_data_is_changed_by_one_form_and_one_button(planner: Client) -> None:
    series = make_series()
    assert change(planner, series, unit_zh="件").status_code == 302
    series.refresh_from_db()
    assert (series.unit_zh, series.revision) == ("件", 2)
    record = DefinitionRevision.objects.get()
    assert record.changes == {"unit_zh": ["場次", "件"]}


def test_one_with_data_behind_it_asks_why_and_keeps_who_what_and_why(planner: Client) -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    answer = change(planner, series, unit_zh="件")
    assert answer.status_code == 200
    assert "Say why" in said(answer)
    assert Series.objects.get().unit_zh == "場次"
    assert again(planner, series, answer, reason="統計單位更名").status_code == 302
    record = DefinitionRevision.objects.get()
    assert (record.batch.reason, record.batch.via) == ("統計單位更名", "admin")
    assert record.batch.actor is not None


def test_what_flips_is_shown_first_and_the_same_button_says_yes(planner: Client) -> None:
    load_published_review()
    series = Series.objects.get(indicator__code="1.4.1")
    with translation.override("en"):
        answer = change(planner, series, direction="down", reason="重新檢討")
        assert answer.status_code == 200
        assert "13 of 15 indicators met" in said(answer)
        assert Series.objects.get(pk=series.pk).direction == "up"
        assert again(planner, series, answer).status_code == 302
    assert Series.objects.get(pk=series.pk).direction == "down"


def test_agreement_to_one_change_is_none_to_another(planner: Client) -> None:
    load_published_review()
    series = Series.objects.get(indicator__code="1.4.1")
    answer = change(planner, series, direction="down", reason="重新檢討")
    answer = again(planner, series, answer, is_component="on")
    assert answer.status_code == 200
    assert Series.objects.get(pk=series.pk).direction == "up"


def test_live_figures_of_editions_that_move_are_named(planner: Client) -> None:
    load_published_review()
    activity = Activity.objects.order_by("position").first()
    assert activity is not None
    answer = change(planner, activity, value="999999", reason="更正")
    texts = [one.text for one in Edition.objects.get().sections.all()]
    is_quoted = any(activity.name_zh in text for text in texts)
    assert answer.status_code == (200 if is_quoted else 302)
    published = Publication.objects.filter(series__indicator__code="1.4.2").first()
    assert published is not None
    answer = change(planner, published, value="5", reason="誤植")
    assert answer.status_code == 200
    assert "2021 ·" in said(answer)


def test_a_renamed_series_says_which_live_figures_would_break(planner: Client) -> None:
    load_published_review()
    series = Series.objects.get(indicator__code="8.6.1", unit_zh="%")
    answer = change(planner, series, name_zh="別的名稱", reason="更名")
    assert answer.status_code == 200
    assert "8.6.1" in said(answer)


def test_somebody_elses_change_meanwhile_is_not_written_over(planner: Client) -> None:
    series = make_series()
    page = planner.get(address(series))
    redefine(Series.objects.get(), unit_zh="人次")
    answer = again(planner, series, page, unit_zh="件")  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert Series.objects.get().unit_zh == "人次"


def test_what_was_printed_is_taken_away_with_a_reason_only(planner: Client) -> None:
    load_published_review()
    published = Publication.objects.first()
    assert published is not None
    where = reverse("admin:reports_publication_delete", args=[published.pk])
    answer = planner.post(where, {"post": "yes"})
    assert answer.status_code == 200
    assert Publication.objects.filter(pk=published.pk).exists()
    data = {"post": "yes", "reason": "重複", "seen": answer.context["seen"]}
    assert planner.post(where, data).status_code == 302
    assert not Publication.objects.filter(pk=published.pk).exists()
    assert DefinitionRevision.objects.first().batch.reason == "重複"  # type: ignore[union-attr]


def test_a_new_indicator_does_not_turn_the_published_count(planner: Client) -> None:
    load_published_review()
    with translation.override("en"):
        data = {
            "target": Target.objects.get(code="8.7").pk,
            "code": "8.7.9",
            "name_zh": "新指標",
            "reason": "",
            "series-TOTAL_FORMS": 0,
            "series-INITIAL_FORMS": 0,
        }
        assert planner.post(reverse("admin:indicators_indicator_add"), data).status_code == 302
        made = Indicator.objects.get(code="8.7.9")
        series = {
            "indicator": made.pk,
            "position": 1,
            "name_zh": "新數列",
            "unit_zh": "件",
            "rule": "sum",
            "direction": "up",
            "scale": 1,
            "decimals": 0,
            "rounding": "half_up",
            "milestones-TOTAL_FORMS": 0,
            "milestones-INITIAL_FORMS": 0,
        }
        where = reverse("admin:indicators_series_add")
        answer = planner.post(where, series)
        assert "14 of 15 indicators met → 14 of 16" in said(answer)  # type: ignore[arg-type]
        assert planner.post(where, series | {"alive_from": "2024-01-01"}).status_code == 302
    assert len({one.series.indicator.code for one in standings(2020)}) == 15
    assert len({one.series.indicator.code for one in standings(2024)}) == 16


def test_a_target_is_withdrawn_with_a_reason_and_its_history_stays(planner: Client) -> None:
    series = make_series(name_en="Courses")
    enter(series, {"2017-01/2020-12": "618"})
    set_target(series, "400")
    data = {"series": series.pk, "year": 2020, "value": "", "reason": "行政院核定停列"}
    where = reverse("admin:indicators_milestone_add")
    answer = planner.post(where, data)
    assert answer.status_code == 200
    assert Milestone.current().exists()
    data["seen"] = answer.context["adminform"].form["seen"].value()
    assert planner.post(where, data).status_code == 302
    assert not Milestone.current().exists()
    assert standings(2020)[0].assessment.standing.value == "no_target"
    assert Milestone.objects.count() == 2
    page = planner.get(series.indicator.get_absolute_url()).content.decode()
    assert "行政院核定停列" in page


def test_a_year_without_any_target_is_asked_back(planner: Client) -> None:
    series, other = make_series(), make_series(make_indicator("8.7.1"))
    set_target(series, "400")
    data = {
        "series": other.pk,
        "year": 2205,
        "value": "400",
        "window_first": "2021-01-01",
        "window_last": "2205-12-01",
        "reason": "新一期目標",
    }
    where = reverse("admin:indicators_milestone_add")
    answer = planner.post(where, data)
    assert answer.status_code == 200
    assert "2205" in answer.content.decode()
    assert Milestone.objects.count() == 1


def test_the_import_names_what_flips_and_keeps_the_reason(planner: Client) -> None:
    load_published_review()
    table = export(planner, "indicators_milestone", "csv").decode("utf-8-sig").splitlines()
    at = next(n for n, line in enumerate(table) if line.startswith("1.4.1,"))
    row = table[at].split(",")
    row[3] = "999999"
    with translation.override("en"):
        preview = upload(planner, "indicators_milestone", "csv", csv(table[0], ",".join(row)))
        assert "13 of 15 indicators met" in said(preview)
    assert confirm(planner, "indicators_milestone", preview).status_code == 302
    latest = Milestone.objects.get(series__indicator__code="1.4.1", revision=2)
    assert latest.value == 999999


def test_an_import_that_alters_more_by_now_than_was_shown_is_refused(planner: Client) -> None:
    load_published_review()
    table = export(planner, "indicators_milestone", "csv").decode("utf-8-sig").splitlines()
    row = next(line for line in table if line.startswith("1.4.1,")).split(",")
    row[3] = "999999"
    preview = upload(planner, "indicators_milestone", "csv", csv(table[0], ",".join(row)))
    enter(Series.objects.get(indicator__code="1.4.1"), {"2017-01/2020-12": "1000000"})
    answer = confirm(planner, "indicators_milestone", preview)
    assert answer.status_code == 200
    assert not Milestone.objects.filter(revision=2).exists()


def test_an_import_of_definitions_is_recorded_row_by_row(planner: Client) -> None:
    goal = Goal.objects.create(code="8", name_zh="舊名", colour="#A21942")
    preview = upload(
        planner, "indicators_goal", "csv", csv("code,name_zh,name_en,colour", "8,新名,,#A21942")
    )
    confirm(planner, "indicators_goal", preview)
    record = DefinitionRevision.of(goal).get()
    assert (record.batch.via, record.batch.reason) == ("file", "年度檢討")
    assert record.changes == {"name_zh": ["舊名", "新名"]}


@pytest.mark.parametrize("model", [Goal, Target, Indicator, Series, Activity, Publication])
def test_the_database_refuses_a_change_that_nobody_recorded(model: type[Model]) -> None:
    load_published_review()
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    field = "printed" if model is Publication else "name_zh"
    for revision in (1, 2):
        with pytest.raises(DatabaseError, match="recorded revision"), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field: "暗改", "revision": revision})


def test_the_record_of_definitions_cannot_be_altered() -> None:
    redefine(make_series(), name_zh="別名")
    kept = DefinitionRevision.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kept.update(name="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kept._raw_delete("default")


def confirm_all(client: Client) -> None:
    """Confirm as the other planner everything that waits."""
    where = reverse("indicators:proposals")
    shown = [one.key for one in client.get(where).context["waiting"]]
    assert client.post(where, {"chosen": shown, "act": "confirm"}).status_code == 302


def test_with_another_planner_a_definition_waits_and_is_recorded_with_both(
    planner: Client,
) -> None:
    other, person = signed_in(Role.PLANNER)
    load_published_review()
    series = Series.objects.get(indicator__code="1.4.1")
    answer = change(planner, series, direction="down", reason="重新檢討")
    answer = again(planner, series, answer)
    assert answer.status_code == 302, answer.context["errors"]  # type: ignore[attr-defined]
    assert Series.objects.get(pk=series.pk).direction == "up"
    page = other.get(reverse("indicators:proposals")).content.decode()
    assert "13 of 15 indicators met" in page
    confirm_all(other)
    series.refresh_from_db()
    assert (series.direction, series.revision) == ("down", 2)
    batch = DefinitionRevision.of(series)[0].batch
    assert (batch.eyes, batch.confirmed_by, batch.reason) == ("two", person, "重新檢討")
    assert batch.actor not in (None, person)


def test_what_nothing_rests_on_waits_for_nobody(planner: Client) -> None:
    signed_in(Role.PLANNER)
    series = make_series()
    assert change(planner, series, unit_zh="件").status_code == 302
    series.refresh_from_db()
    assert series.unit_zh == "件"


def test_a_target_waits_for_another_planner(planner: Client) -> None:
    other, _person = signed_in(Role.PLANNER)
    series = make_series()
    data = {
        "series": series.pk,
        "year": 2030,
        "value": "400",
        "window_first": "2021-01-01",
        "window_last": "2030-12-01",
        "reason": "新一期目標",
    }
    assert planner.post(reverse("admin:indicators_milestone_add"), data).status_code == 302
    assert not Milestone.objects.exists()
    confirm_all(other)
    assert Milestone.current().get().value == 400


def test_a_file_of_targets_waits_whole(planner: Client) -> None:
    other, _person = signed_in(Role.PLANNER)
    make_series()
    head = "indicator,series,year,value,window,base_month,note"
    rows = [f"1.4.1,數列 1,{year},400,2021/{year},," for year in (2025, 2030)]
    preview = upload(planner, "indicators_milestone", "csv", csv(head, *rows))
    assert confirm(planner, "indicators_milestone", preview).status_code == 302
    assert not Milestone.objects.exists()
    confirm_all(other)
    assert Milestone.current().count() == 2


def test_where_one_planner_is_alone_the_record_says_so(planner: Client) -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    change(planner, series, unit_zh="件", reason="更名")
    assert DefinitionRevision.objects.get().batch.eyes == "alone"
