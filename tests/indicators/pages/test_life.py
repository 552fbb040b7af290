"""Drafts are nowhere; what is retired stays in the years that it lived in; releases stay."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from indicators.calculation.periods import Period
from indicators.models import Indicator, Series
from indicators.reading.standings import standings
from reports.editions import releasing
from reports.models import Edition
from reports.tables.figures_export import figures
from tests.builders import (
    enter,
    make_agency,
    make_indicator,
    make_series,
    make_user,
    redefine,
    signed_in,
)
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


def test_a_draft_is_on_no_public_page_and_in_no_file(client: Client) -> None:
    load_published_review()
    indicator = Indicator.objects.get(code="8.7.1")
    redefine(indicator, is_draft=True)
    for address in (reverse("indicators:overview"), reverse("stakeholders:groups")):
        assert "8.7.1" not in client.get(address).content.decode()
    assert client.get(indicator.get_absolute_url()).status_code == 404
    assert not figures().filter(series__indicator=indicator).exists()
    assert not [one for one in standings(2020) if one.series.indicator_id == indicator.pk]
    planner, _person = signed_in(Role.PLANNER)
    assert planner.get(indicator.get_absolute_url()).status_code == 200


def test_a_draft_series_is_not_on_the_page_of_its_indicator(client: Client) -> None:
    series = make_series(name_zh="未公開數列", is_draft=True)
    make_series(series.indicator, name_zh="公開數列")
    enter(series, {"2021-03": "987654"})
    page = client.get(series.indicator.get_absolute_url()).content.decode()
    assert "未公開數列" not in page
    assert "987" not in page


def test_a_retired_indicator_stays_in_the_years_it_lived_in() -> None:
    load_published_review()
    redefine(Indicator.objects.get(code="8.7.1"), alive_until=date(2020, 12, 1))
    assert "8.7.1" in {one.series.indicator.code for one in standings(2020)}
    assert "8.7.1" not in {one.series.indicator.code for one in standings(2021)}


def test_only_what_lives_is_asked_of_an_agency() -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency), alive_from=date(2021, 4, 1))
    assert not Series.entered_by(agency, Period.month(2021, 3)).exists()
    assert Series.entered_by(agency, Period.month(2021, 4)).get() == series
    assert Series.entered_by(agency, Period.year(2021)).get() == series


def test_a_released_edition_keeps_what_it_said() -> None:
    load_published_review()
    edition = Edition.objects.get()
    releasing.release(edition, actor=make_user(Role.PLANNER), reason="如期發布")
    edition = Edition.objects.get()
    before = (releasing.report_of(edition), releasing.appendix_of(edition, "indicators", 2020))
    redefine(Series.objects.get(indicator__code="1.4.1"), direction="down", name_zh="別名")
    edition = Edition.objects.get()
    after = (releasing.report_of(edition), releasing.appendix_of(edition, "indicators", 2020))
    assert after == before
