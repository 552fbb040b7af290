"""What a model refuses is told in words, in both languages, never by an error page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from indicators.models import Series
from tests.builders import make_indicator, make_series, make_user

OURS = ("accounts", "indicators", "stakeholders", "reports")
LANGUAGES = ("zh-hant", "en")


def constraints() -> Iterator[tuple[type[models.Model], Any]]:
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def refusal(field: models.Field, validator: Any, wrong: str) -> list[str]:
    try:
        value = wrong if isinstance(field, models.CharField) else field.to_python(wrong)
        validator(value)
    except ValidationError as error:
        return list(error.messages)
    except TypeError:
        pass  # a validator of another kind of value
    return []


def validators() -> Iterator[tuple[models.Field, Any]]:
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                for validator in getattr(field, "validators", ()):
                    yield field, validator  # type: ignore[misc]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_of_every_constraint_can_be_said(language: str) -> None:
    with translation.override(language):
        for model, constraint in constraints():
            said = constraint.get_violation_error_message()
            assert ValidationError(said).messages == [said], (model, constraint.name)
            assert "%%" not in said, (model, constraint.name)
            assert "%(" not in said, (model, constraint.name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wrong", ["%", "%s", "%(x)d", "100 %", "-1", "99999999999999999999"])
def test_the_message_of_every_validator_can_be_said(language: str, wrong: str) -> None:
    with translation.override(language):
        for field, validator in validators():
            said = refusal(field, validator, wrong)
            assert all(said), field


WRONG: dict[str, dict[str, Any]] = {
    "decimals": {"decimals": 9},
    "per cent by 1000": {"rule": "ratio", "unit_zh": "%", "scale": 1000},
    "no power of ten": {"rule": "ratio", "unit_zh": "件", "scale": 999},
    "no ratio": {"may_exceed_whole": "on"},
    "parts of a sum": {"scale": 10},
    "one part": {"rule": "ratio", "numerator": "part"},
    "growth of nothing": {"rule": "growth", "unit_zh": "%"},
    "a summed rate": {"unit_zh": "%"},
    "a running sum": {"is_running_total": "on"},
    "a part worked out": {"rule": "ratio", "numerator": "share", "denominator": "part"},
    "growth of a sum": {"rule": "growth", "unit_zh": "%", "source": "part", "base_year": 2016},
    "the name once more": {"name_zh": "占比 100% %s"},
    "the place once more": {"position": 1},
    "a base year long ago": {"base_year": 12},
    "no rule": {"rule": "%s"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("case", WRONG)
def test_a_series_that_cannot_be_is_answered_with_the_form(
    client: Client, language: str, case: str
) -> None:
    indicator = make_indicator()
    share = make_series(
        indicator, name_zh="占比 100% %s", rule="ratio", unit_zh="%", scale=100, decimals=2
    )
    part = make_series(indicator, name_zh="件數 50%")
    keys = {"share": share.pk, "part": part.pk}
    client.force_login(make_user(Role.PLANNER))
    data = {
        "indicator": indicator.pk,
        "position": 9,
        "name_zh": "新數列",
        "unit_zh": "人",
        "direction": "up",
        "rule": "sum",
        "scale": 1,
        "decimals": 0,
        "rounding": "half_up",
        "reason": "new",
        "milestones-TOTAL_FORMS": 0,
        "milestones-INITIAL_FORMS": 0,
    } | {name: keys.get(value, value) for name, value in WRONG[case].items()}
    with translation.override(language.strip("/") or "zh-hant"):
        address = reverse("admin:indicators_series_add")
    answer = client.post(address, data)
    assert answer.status_code == 200, answer.content[:500]
    assert answer.context["adminform"].form.errors
    assert Series.objects.count() == 2
