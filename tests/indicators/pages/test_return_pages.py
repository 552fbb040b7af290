"""Returns on their pages, in letters, and by agency and month."""

from __future__ import annotations

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Agency, Role, User
from indicators import clock
from indicators.calculation.periods import Month, parse_period
from indicators.models import Reminder, Return, Series
from indicators.pages.indicator_page import indicator_page
from indicators.reading.display import Display
from indicators.reading.standings import NOBODYS
from indicators.returns import acts
from indicators.returns.my_work import work_of
from indicators.returns.reminders import send_reminders
from tests.builders import (
    make_calendar,
    make_user,
    put,
    signed_in,
)
from tests.indicators.pages.a_month import DAY, a_cell, post_cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_in_april")]


def test_reminders_are_written_once_a_day_in_the_persons_language(
    agency: Agency, series: Series
) -> None:
    make_calendar(agency, "2021-02")
    _client, officer = signed_in(Role.ENTRY_OFFICER, agency=agency, email="o@example.org")
    _client, reviewer = signed_in(Role.REVIEWER, agency=agency, email="r@example.org")
    _client, without = signed_in(Role.ENTRY_OFFICER, agency=agency)
    officer.language = "en"
    officer.save()
    put(series, "2021-02", "5", without)
    one = acts.find_return(agency, Month(2021, 2))
    assert one is not None
    acts.submit(one, actor=without, seen_revision=one.revision)
    assert send_reminders(DAY) == 2
    to_officer, to_reviewer = sorted(mail.outbox, key=lambda letter: letter.to[0])
    assert to_officer.subject == "1 return waits for you"
    assert "Overdue:" in to_officer.body
    assert "2021-04-12" in to_officer.body
    assert "/en/returns/wda/2021/3/" in to_officer.body
    assert to_reviewer.subject == "有 2 張填報單等您處理"
    call_command("send_reminders")
    assert len(mail.outbox) == 2
    assert send_reminders(DAY + timedelta(days=1)) == 2
    assert Reminder.objects.count() == 4
    assert reviewer.reminders.count() == 2


def test_a_letter_that_cannot_be_handed_over_keeps_nobody_elses_back(
    agency: Agency, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_calendar(agency, "2021-02")
    for name in ("a", "b", "c"):
        signed_in(Role.ENTRY_OFFICER, agency=agency, email=f"{name}@example.org")

    def refuse_b(subject: str, text: str, sender: str, to: list[str]) -> int:
        if to == ["b@example.org"]:
            raise SMTPRecipientsRefused({})
        return send_mail(subject, text, sender, to)

    monkeypatch.setattr("indicators.returns.reminders.send_mail", refuse_b)
    with pytest.raises(CommandError, match=r"b@example\.org"):
        call_command("send_reminders")
    assert [letter.to for letter in mail.outbox] == [["a@example.org"], ["c@example.org"]]
    monkeypatch.undo()
    call_command("send_reminders")
    assert len(mail.outbox) == 3


def test_months_that_nobody_began_are_handed_over_too(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-02")
    client, _officer = signed_in(Role.ENTRY_OFFICER, agency=agency)
    _client, successor = signed_in(Role.ENTRY_OFFICER, agency=agency)
    data = {"agency": agency.pk, "to": successor.pk, "note": "all yours"}
    assert client.post("/en/returns/hand-over/", data).status_code == 302
    assert {one.period_month.month for one in Return.objects.filter(officer=successor)} == {2, 3}


def test_my_work_puts_what_was_sent_back_first(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    _client, officer = signed_in(Role.ENTRY_OFFICER, agency=agency)
    _client, reviewer = signed_in(Role.REVIEWER, agency=agency)
    put(series, "2021-02", "5", officer)
    one = acts.find_return(agency, Month(2021, 2))
    assert one is not None
    one = acts.submit(one, actor=officer, seen_revision=one.revision)
    assert [item.month for item in work_of(reviewer, DAY).to_review] == [Month(2021, 2)]
    acts.send_back(one, actor=reviewer, seen_revision=one.revision, reason="look again")
    work = work_of(officer, DAY)
    assert [(item.kind, str(item.month), item.reason) for item in work.to_enter] == [
        ("returned", "2021-02", "look again"),
        ("overdue", "2021-01", ""),
        ("overdue", "2021-03", ""),
    ]
    assert not work_of(reviewer, DAY).to_review
    assert not work_of(make_user(Role.MANAGER, agency=agency), DAY)


def test_completeness_says_how_every_month_stands(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2020-12")
    officer_client, officer = signed_in(Role.ENTRY_OFFICER, agency=agency)
    _client, reviewer = signed_in(Role.REVIEWER, agency=agency)
    for month, day in (("2020-12", date(2021, 1, 8)), ("2021-01", date(2021, 2, 20))):
        with clock.fixed(day):
            put(series, month, "5", officer)
            one = acts.find_return(agency, parse_period(month).last)
            assert one is not None
            one = acts.submit(one, actor=officer, seen_revision=one.revision)
            acts.approve(one, actor=reviewer, seen_revision=one.revision)
    text = officer_client.get("/en/returns/?year=2021&download=csv").content.decode("utf-8-sig")
    rows = [line.split(",") for line in text.splitlines()]
    assert rows[0][:4] == ["Agency", "01", "02", "03"]
    assert rows[1][1:5] == ["late", "missing", "missing", "not due"]
    text = officer_client.get("/en/returns/?year=2020&download=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].split(",")[-3:] == ["closed", "in time", "1/1"]


def test_returns_are_approved_together_and_one_own_is_left(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    _client, officer = signed_in(Role.ENTRY_OFFICER, agency=agency)
    client, reviewer = signed_in(Role.REVIEWER, agency=agency)
    chosen = []
    for month, actor in (("2021-01", officer), ("2021-02", reviewer), ("2021-03", officer)):
        put(series, month, "5", actor)
        one = acts.find_return(agency, parse_period(month).last)
        assert one is not None
        one = acts.submit(one, actor=actor, seen_revision=one.revision)
        chosen.append(f"{one.pk}:{one.revision}")
    answer = client.post("/en/returns/", {"chosen": chosen})
    assert answer.status_code == 409
    assert "another reviewer" in answer.content.decode()
    assert list(Return.objects.order_by("month").values_list("state", flat=True)) == [
        "approved",
        "submitted",
        "approved",
    ]


def test_the_language_of_letters_is_kept(agency: Agency) -> None:
    client, user = signed_in(Role.ENTRY_OFFICER, agency=agency)
    assert client.post("/en/accounts/language/", {"language": "en"}).status_code == 302
    user.refresh_from_db()
    assert user.language == "en"
    client.post("/en/accounts/language/", {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"


def test_late_and_corrected_figures_are_marked(agency: Agency, series: Series) -> None:
    make_calendar(agency, "2021-01")
    _client, officer = signed_in(Role.ENTRY_OFFICER, agency=agency)
    _client, reviewer = signed_in(Role.REVIEWER, agency=agency)
    for month, day in (("2021-01", date(2021, 2, 5)), ("2021-02", date(2021, 4, 1))):
        with clock.fixed(day):
            put(series, month, "5", officer)
            approve(agency, parse_period(month).last, officer, reviewer)
    with clock.fixed(date(2021, 4, 2)):
        one = acts.find_return(agency, Month(2021, 1))
        assert one is not None
        acts.reopen(one, actor=reviewer, seen_revision=one.revision, reason="one was missing")
    Return.objects.update(first_approved_at=timezone.now())
    put(series, "2021-01", "6", officer)
    for seen, known in ((NOBODYS, ("5 場次", False)), (frozenset({agency.pk}), ("6 場次", True))):
        page = indicator_page(series.indicator, Display(), seen=seen)
        january = page.panels[0].tables[0].rows[0]
        assert (january.value, january.corrected) == known, "before the correction is approved"
    approve(agency, Month(2021, 1), officer, reviewer)
    page = indicator_page(series.indicator, Display())
    ((january, february),) = [table.rows for panel in page.panels for table in panel.tables]
    assert (january.value, january.corrected, january.late) == ("6 場次", True, False)
    assert (february.corrected, february.late) == (False, True)


def approve(agency: Agency, month: Month, officer: User, reviewer: User) -> None:
    one = acts.find_return(agency, month)
    assert one is not None
    one = acts.submit(one, actor=officer, seen_revision=one.revision)
    acts.approve(one, actor=reviewer, seen_revision=one.revision)


def test_a_month_before_the_first_return_is_opened_on_its_page(
    agency: Agency, series: Series
) -> None:
    reviewer, _person = signed_in(Role.REVIEWER, agency=agency)
    officer, _person = signed_in(Role.ENTRY_OFFICER, agency=agency)
    assert reviewer.get("/en/returns/wda/2021/3/").status_code == 404, "nobody keeps returns yet"
    make_calendar(agency, "2021-04")
    refused = post_cells(officer, [a_cell(series, "12")])
    assert "A reviewer or a planner can reopen it" in refused.content.decode()
    assert "Reopen" not in officer.get("/en/returns/wda/2021/3/").content.decode()
    assert officer.post("/en/returns/wda/2021/3/", {"reason": "I want to"}).status_code == 409
    assert "Say why" in reviewer.post("/en/returns/wda/2021/3/", {"reason": " "}).content.decode()
    reviewer.post("/en/returns/wda/2021/3/", {"reason": "counted again"})
    assert post_cells(officer, [a_cell(series, "12")]).status_code == 200
    assert "corrected once" in reviewer.get("/en/returns/wda/2021/3/").content.decode()
