"""The reader's choices, kept in cookies, and what every template needs to offer them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indicators.calculation.numerals import NumberStyle
from indicators.calculation.periods import Era
from indicators.reading.display import Display

ERA, NUMERALS = "era", "numerals"
ONE_YEAR = 365 * 24 * 3600


class PreferencesForm(forms.Form):
    """Calendar and number style; a choice that is not sent stays as it is."""

    era = forms.ChoiceField(
        choices=[(Era.GREGORIAN.value, _("Gregorian years")), (Era.ROC.value, _("ROC years"))],
        required=False,
    )
    numerals = forms.ChoiceField(
        choices=[(NumberStyle.GROUPED.value, "17,168"), (NumberStyle.WAN.value, "1萬7,168")],
        required=False,
    )
    next = forms.CharField(required=False)


def display_for(request: HttpRequest) -> Display:
    """How this reader wants to read; a cookie that says nothing known counts for nothing."""
    return Display(
        _known(Era, request.COOKIES.get(ERA), Era.GREGORIAN),
        _known(NumberStyle, request.COOKIES.get(NUMERALS), NumberStyle.GROUPED),
    )


def remember(response: HttpResponse, form: PreferencesForm) -> None:
    """Keep the choices that were sent for a year."""
    for name in (ERA, NUMERALS):
        if value := form.cleaned_data[name]:
            response.set_cookie(
                name,
                value,
                max_age=ONE_YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the reader's choices and this page's address in the other language."""
    english = get_language() == "en"
    other = "zh-hant" if english else "en"
    return {
        "display": display_for(request),
        "other_language": other,
        "other_language_url": translate_url(request.get_full_path(), other),
        "html_language": "en" if english else "zh-Hant",
        "sample_day": settings.SAMPLE_TODAY,
    }


def _known[Choice: StrEnum](choices: type[Choice], text: str | None, otherwise: Choice) -> Choice:
    return choices(text) if text in set(choices) else otherwise
