"""An agency with a series, in April 2021."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import Agency
from indicators import clock
from indicators.models import Series
from tests.builders import make_agency, make_indicator, make_series
from tests.indicators.pages.a_month import DAY


@pytest.fixture
def in_english_in_april() -> Iterator[None]:
    with translation.override("en"), clock.fixed(DAY):
        yield


@pytest.fixture
def agency() -> Agency:
    return make_agency()


@pytest.fixture
def series(agency: Agency) -> Series:
    return make_series(make_indicator(agency=agency), name_zh="場次")
