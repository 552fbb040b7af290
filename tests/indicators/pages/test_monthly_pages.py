"""The pages of the monthly work without a browser: rights, queries, reminders, completeness."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Agency, Role
from indicators.calculation.periods import parse_period
from indicators.entry.checks import Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import Observation, Series
from indicators.models.figures import Via
from tests.builders import (
    enter,
    make_agency,
    make_calendar,
    make_indicator,
    make_series,
    put,
    signed_in,
)
from tests.indicators.pages.a_month import a_cell, post_cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_in_april")]


ADDRESSES = (
    "/en/entry/",
    "/en/entry/wda/2021/",
    "/en/entry/wda/2021/3/",
    "/en/entry/wda/upload/",
    "/en/entry/wda/2021/template.xlsx",
    "/en/returns/",
    "/en/returns/wda/2021/3/",
    "/en/returns/hand-over/",
    "/en/imports/",
)


def test_who_sees_which_page(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    manager, _user = signed_in(Role.MANAGER, agency=agency)
    stranger, _user = signed_in(Role.ENTRY_OFFICER, agency=make_agency("osh"))
    nobody = Client()
    for address in ADDRESSES:
        assert officer.get(address).status_code in (200, 302), address
        assert nobody.get(address).status_code == 302, address
        if "wda" in address:
            assert stranger.get(address).status_code == 404, address
    assert manager.get("/en/entry/wda/2021/").status_code == 200
    assert manager.get("/en/entry/wda/upload/").status_code == 404
    assert manager.get("/en/returns/hand-over/").status_code == 404
    for client in (manager, stranger, nobody):
        assert post_cells(client, [a_cell(series, "5")]).status_code == 403
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/en/entry/wda/1800/",
        "/en/entry/wda/2021/13/",
        "/en/entry/wda/99999/3/",
        "/en/entry/wda/0/3/",
        "/en/returns/wda/99999999999999999999/3/",
    ],
)
def test_addresses_that_name_nothing(agency: Agency, series: Series, address: str) -> None:
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    assert officer.get(address).status_code == 404
    assert officer.get("/en/returns/wda/2021/3/").status_code == 404


@pytest.mark.parametrize("count", [3, 340])
def test_the_grid_costs_the_same_queries_whatever_its_length(
    agency: Agency, count: int, django_assert_num_queries: Any
) -> None:
    make_calendar(agency, "2021-01")
    indicator = make_indicator(agency=agency)
    rows = [make_series(indicator, position=at, name_zh=f"s{at}") for at in range(1, count + 1)]
    officer, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    save_figures(
        [Entry(one, parse_period("2021-03"), Decimal(7)) for one in rows],
        actor=user,
        via=Via.GRID,
        reason="monthly",
    )
    officer.get("/en/entry/wda/2021/")
    with django_assert_num_queries(13):
        answer = officer.get("/en/entry/wda/2021/?compare=pace")
    assert answer.content.count(b"data-total") == count


def test_cells_are_saved_read_and_answered(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    body = [a_cell(series, "1萬7,168場次", note="counted", evidence="https://example.org/a")]
    (cell,) = post_cells(officer, body).json()["saved"]
    assert cell == {
        "series": series.pk,
        "month": "2021-03",
        "value": "17168",
        "display": "17,168",
        "revision": 1,
        "state": "draft",
        "note": "counted",
        "evidence": "https://example.org/a",
        "warning": "",
    }
    answer = post_cells(officer, [a_cell(series, "5", revision=0)])
    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["value"], conflict["revision"]) == ("17168", 1)
    answer = post_cells(officer, [a_cell(series, "5 人", revision=1)])
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert "人" in problem["message"]
    assert (problem["code"], problem["place"]) == ("number_unit", "1.4.1 2021-03")
    assert problem["remedy"]
    answer = post_cells(officer, [a_cell(series, "5", revision=1, evidence="javascript:alert(1)")])
    assert answer.status_code == 422
    assert post_cells(officer, [a_cell(series, "", revision=1)]).json()["saved"][0]["value"] == ""


def test_the_same_request_sent_twice_happens_once(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    key = str(uuid.uuid4())
    for _attempt in range(2):
        answer = post_cells(officer, [a_cell(series, "5")], key=key)
        assert answer.json()["saved"][0]["revision"] == 1
    assert Observation.objects.get().revision == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"cells": 3, "key": "x"}',
        b'{"cells": [], "key": "not a key"}',
        b'{"cells": [{"series": 1}], "key": "7b0b8d2e-65a0-4dd4-a2d5-9d6bd2f1d0a1"}',
        b'{"cells": [null], "key": "7b0b8d2e-65a0-4dd4-a2d5-9d6bd2f1d0a1"}',
        b'{"cells": [{"series": 1e400, "month": "2021-03", "text": "1", "revision": 0}],'
        b' "key": "7b0b8d2e-65a0-4dd4-a2d5-9d6bd2f1d0a1"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"cells": [{"series": 1, "month": "2021-03", "text": "\\u0000", "note": "",'
        b' "evidence": "", "revision": 0}], "key": "7b0b8d2e-65a0-4dd4-a2d5-9d6bd2f1d0a1"}',
    ],
)
def test_what_is_no_request_of_the_grid_is_refused(
    agency: Agency, series: Series, body: bytes
) -> None:
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    answer = officer.post("/en/entry/wda/2021/save/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_series_of_another_agency_is_no_cell_of_this_grid(agency: Agency, series: Series) -> None:
    other = make_series(make_indicator("8.7.1", make_agency("osh")))
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    assert post_cells(officer, [a_cell(other, "5")]).status_code == 400


def test_provisional_figures_are_seen_inside_alone(agency: Agency, series: Series) -> None:
    enter(series, {"2021-01": "3"})
    make_calendar(agency, "2021-03")
    officer, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    stranger, _user = signed_in(Role.ENTRY_OFFICER, agency=make_agency("osh"))
    put(series, "2021-03", "7771777", user, note="secret of the office")
    page = "/en/indicators/1.4.1/?year=2021"
    inside = officer.get(page).content.decode()
    assert "7,771,777" in inside
    assert "provisional" in inside
    admin = f"/en/admin/indicators/{{}}/?q={series.indicator.code}"
    for reader in (Client(), stranger):
        text = reader.get(page).content.decode()
        assert "7,771,777" not in text
        assert "secret" not in text
        assert "provisional" not in text
    for table in ("observation", "revision", "yearlyvalue"):
        text = stranger.get(admin.format(table)).content.decode()
        assert "7771777" not in text, table


@pytest.mark.parametrize("year", ["²", "9" * 5000, "-1", "", "x"])
def test_a_year_that_is_none_is_passed_over(agency: Agency, series: Series, year: str) -> None:
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    assert officer.get("/en/returns/", {"year": year}).status_code == 200
    assert officer.get("/en/entry/", {"agency": "wda", "year": year}).status_code == 302


def test_a_line_of_the_plain_form_that_nobody_touched_overwrites_nothing(
    agency: Agency, series: Series
) -> None:
    make_calendar(agency, "2021-01")
    officer, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    other = make_series(make_indicator("1.4.2", agency), name_zh="人次")
    put(series, "2021-03", "5", user)
    text = officer.get("/en/entry/wda/2021/3/").content.decode()
    form = dict(re.findall(r'name="((?:was|seen|value|key)[^"]*)" value="([^"]*)"', text))
    put(series, "2021-03", "6", user)
    answer = officer.post("/en/entry/wda/2021/3/", form | {f"value-{other.pk}": "7"})
    assert answer.status_code == 302
    assert [row.value for row in Observation.objects.order_by("series")] == [6, 7]


def test_the_plain_form_names_the_stored_figure_that_it_emptied(
    agency: Agency, series: Series
) -> None:
    make_calendar(agency, "2021-01")
    officer, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    put(series, "2021-03", "1234", user)
    text = officer.get("/en/entry/wda/2021/3/").content.decode()
    form = dict(re.findall(r'name="((?:was|seen|value|key)[^"]*)" value="([^"]*)"', text))
    address = "/en/entry/wda/2021/3/"
    answer = officer.post(address, form | {f"value-{series.pk}": "－"}, follow=True)
    assert "1 stored figure was emptied: 1.4.1 場次 (1,234)" in answer.content.decode()


def test_the_plain_form_keeps_what_was_typed(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    officer, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    address, name = "/en/entry/wda/2021/3/", f"value-{series.pk}"
    answer = officer.post(address, {name: "many", "key": uuid.uuid4().hex})
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    put(series, "2021-03", "9", user)
    sent = {name: "8", f"seen-{series.pk}": "0", "key": uuid.uuid4().hex}
    answer = officer.post(address, sent)
    assert answer.status_code == 409
    assert "Stored now: 9" in " ".join(answer.content.decode().split())
    answer = officer.post(address, sent | {f"seen-{series.pk}": "1", "key": uuid.uuid4().hex})
    assert answer.status_code == 302
    assert Observation.objects.get().value == 8


def test_hard_checks_of_rates_and_their_parts(agency: Agency) -> None:
    indicator = make_indicator("8.6.1", agency)
    above = make_series(indicator, is_component=True, unit_zh="人", name_zh="就業")
    below = make_series(indicator, is_component=True, unit_zh="人", name_zh="結訓")
    make_series(indicator, rule="ratio", unit_zh="%", scale=100, numerator=above, denominator=below)
    whole = make_series(indicator, rule="ratio", unit_zh="%", scale=100, name_zh="率")
    enter(below, {"2021-01": "10"})
    for figures, message in (
        ((above, {"2021-01": "11"}), "more than"),
        ((whole, {"2021-01": "100.1"}), "more than everything"),
    ):
        with pytest.raises(Refused, match=message):
            enter(*figures)
    enter(above, {"2021-01": "10"})
    enter(whole, {"2021-01": "100"})
    with pytest.raises(Refused, match="more than"):
        enter(below, {"2021-01": "9"})


def test_a_rate_with_parts_is_not_typed_over(agency: Agency) -> None:
    indicator = make_indicator("8.6.1", agency)
    above = make_series(indicator, is_component=True, unit_zh="人", name_zh="就業")
    below = make_series(indicator, is_component=True, unit_zh="人", name_zh="結訓")
    rate = make_series(
        indicator, rule="ratio", unit_zh="%", scale=100, numerator=above, denominator=below
    )
    with pytest.raises(Refused, match="worked out"):
        enter(rate, {"2021-01": "88"})
    enter(rate, {"2017-01/2020-12": "88"})


PDF = b"%PDF-1.7\n%%EOF"


def test_a_document_is_kept_as_evidence_and_handed_out_to_its_agency_alone(
    agency: Agency, series: Series
) -> None:
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    stranger, _user = signed_in(Role.ENTRY_OFFICER, agency=make_agency("osh"))

    def send(client: Client, name: str, content: bytes) -> Any:
        return client.post("/en/entry/wda/evidence/", {"file": SimpleUploadedFile(name, content)})

    address = send(officer, "公文.pdf", PDF).json()["address"]
    assert send(officer, "again.pdf", PDF).json()["address"] == address
    path = address.removeprefix("http://testserver")
    answer = officer.get(path)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert answer["Content-Disposition"].startswith("attachment")
    assert stranger.get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert send(stranger, "a.pdf", PDF).status_code == 403
    for name, content in (
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.svg", b"<svg onload='alert(1)'/>"),
        ("a.pdf", b"MZ not a pdf"),
        ("a.zip", b"PK\x03\x04broken"),
        ("big.pdf", PDF + bytes(5_000_000)),
    ):
        assert send(officer, name, content).status_code == 422, name
    post_cells(officer, [a_cell(series, "5", evidence=address)])
    assert Observation.objects.get().evidence == address


def test_a_document_comes_with_the_plain_form(agency: Agency, series: Series) -> None:
    officer, _user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    answer = officer.post(
        "/en/entry/wda/2021/3/",
        {
            f"value-{series.pk}": "5",
            f"file-{series.pk}": SimpleUploadedFile("a.pdf", PDF),
            "reason": "monthly",
            "key": uuid.uuid4().hex,
        },
    )
    assert answer.status_code == 302
    figure = Observation.objects.get()
    assert officer.get(figure.evidence.removeprefix("http://testserver")).status_code == 200
