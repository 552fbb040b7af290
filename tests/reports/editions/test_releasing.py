"""Releases stay as they went out; the next edition begins with what the last one said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Role, User
from indicators.calculation.periods import Month, parse_period
from indicators.entry.checks import Refused
from indicators.entry.milestones import save_milestone
from indicators.models import Series
from indicators.models.figures import Via
from reports.editions import building, changes, releasing, rolling
from reports.models import Edition, Release, ReportFile, Section
from reports.tables.appendix import indicators_appendix
from reports.texts import writing
from reports.texts.compilation import Compilation
from reports.texts.findings import Level
from reports.texts.linting import lint
from tests.builders import enter, make_user, signed_in
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def review(settings: Settings) -> Iterator[None]:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    load_published_review()
    with translation.override("en"):
        yield


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.get(year=2021)


@pytest.fixture
def planner() -> User:
    return make_user(Role.PLANNER)


def test_only_planners_release_and_only_with_a_reason_if_something_stops_it(
    edition: Edition, planner: User
) -> None:
    with pytest.raises(Refused, match="Planners"):
        releasing.release(edition, actor=make_user(Role.REVIEWER))
    Section.objects.filter(key="outlook").update(text="均已達成。")
    with pytest.raises(Refused, match="1 findings stop"):
        releasing.release(edition, actor=planner, reason=" ")
    released = releasing.release(edition, actor=planner, reason="the minister decided so")
    assert released.reason == "the minister decided so"
    assert released.findings[0]["code"] == "claim"


def test_a_released_edition_gives_the_same_bytes_whatever_changes_afterwards(
    edition: Edition,
    planner: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    releasing.release(edition, actor=planner)
    edition = Edition.objects.get(pk=edition.pk)
    again = {
        format: building.WRITERS[format](releasing.report_of(edition))
        for format in building.WRITERS
    }
    with django_capture_on_commit_callbacks(execute=True):
        for format in building.WRITERS:
            building.ask_for(edition, format, actor=planner)
    enter(Series.objects.get(indicator__code="1.4.2"), {"2017-01/2020-12": "1"})
    Section.objects.filter(key="outlook").update(text="改了。")
    for format, content in again.items():
        assert building.build(edition, format) == content
        assert building.WRITERS[format](releasing.report_of(edition)) == content
        kept = ReportFile.objects.get(format=format, is_release=True)
        assert kept.sha256 == hashlib.sha256(content).hexdigest()
    appendix = releasing.appendix_of(edition, "indicators", 2020)
    with translation.override("zh-hant"):
        today = indicators_appendix(edition, 2020)
    assert "1萬7,168人次" in str(appendix)
    assert "1萬7,168人次" not in str(today)


def test_what_was_released_can_be_neither_changed_nor_deleted(
    edition: Edition, planner: User
) -> None:
    releasing.release(edition, actor=planner)
    ReportFile.objects.create(
        edition=edition, format="odt", is_release=True, state="ready", ready_at="2022-01-01T00:00Z"
    )
    for change in (
        lambda: Release.objects.update(reason="x"),
        lambda: Release.objects.all().delete(),
        lambda: ReportFile.objects.update(content=b"x"),
        lambda: ReportFile.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    section = Section.objects.get(key="outlook")
    for refused in (
        lambda: writing.save_text(section, "x", actor=planner, seen_revision=1),
        lambda: writing.approve_text(section, actor=planner, seen_revision=1),
        lambda: releasing.release(Edition.objects.get(), actor=planner),
    ):
        with pytest.raises(Refused, match="released"):
            refused()


def test_the_release_is_made_on_the_page_and_read_by_everybody(
    edition: Edition, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client, _planner = signed_in(Role.PLANNER)
    assert Client().get("/en/editions/2021/report/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/en/editions/2021/checks/")
    public = Client()
    page = public.get("/en/editions/2021/report/").content.decode()
    assert "618場次" in page
    assert "草稿" not in page
    got = public.get("/en/editions/2021/report.docx")
    assert got.status_code == 200
    assert got.content[:2] == b"PK"
    assert "stays as it is" in client.get("/en/editions/2021/checks/").content.decode()


def test_what_the_checks_said_stays_beside_the_release(edition: Edition, planner: User) -> None:
    Section.objects.filter(key="outlook").update(text="均已達成。")
    releasing.release(edition, actor=planner, reason="the minister decided so")
    client, _planner = signed_in(Role.PLANNER)
    assert "<b>均已達成</b> Not every" in client.get("/en/editions/2021/checks/").content.decode()


def test_what_earlier_releases_called_an_excerpt_is_shown(edition: Edition, planner: User) -> None:
    finding = {"level": "note", "excerpt": "8.7.1 千人率", "message": "This target was missed."}
    Release.objects.create(
        edition=edition,
        by=planner,
        method_version="1",
        report={},
        sheets={},
        figures={},
        findings=[finding],
    )
    client, _planner = signed_in(Role.PLANNER)
    page = client.get("/en/editions/2021/checks/").content.decode()
    assert "<b>8.7.1 千人率</b> This target was missed." in page


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    for format, begins in {
        "odt": b"PK",
        "docx": b"PK",
        "pdf": b"%PDF",
        "html": b"<!doctype",
    }.items():
        target = tmp_path / f"report.{format}"
        call_command("build_report", edition=2021, format=format, output=target, verbosity=0)
        assert target.read_bytes().startswith(begins)


def rolled(planner: User, **options: object) -> Edition:
    settings = {"year": 2022, "target_year": 2020, "until": Month(2022, 11)} | options
    return rolling.next_edition(Edition.objects.get(year=2021), actor=planner, **settings)  # type: ignore[arg-type]


def test_the_next_edition_rolls_its_periods_forward(planner: User) -> None:
    made = rolled(planner)
    text = made.sections.get(key="goal-1-founders-review").text
    assert "{{1.4.1|2022年1月至11月|期間}}" in text
    kept = made.sections.get(key="goal-1-founders-context").text
    assert "{{1.4.1|2017年至2020年}}" in kept, "the target year is the same"
    level = made.sections.get(key="goal-1-insurance-review").text
    assert "2022年11月|期間}}" in level


def test_windows_follow_the_new_target(planner: User) -> None:
    series = Series.objects.get(indicator__code="1.4.1")
    save_milestone(
        series=series,
        year=2025,
        value=Decimal(600),
        window=parse_period("2021-01/2025-12"),
        actor=None,
        via=Via.LOAD,
        reason="test",
    )
    made = rolled(planner, target_year=2025)
    text = made.sections.get(key="goal-1-founders-context").text
    assert "{{1.4.1|2021年至2025年}}" in text, "the window of the new target"
    assert "{{1.4.2|2022年至2025年}}" in text, "as long as the old one where there is no new target"
    assert "增減 2016年12月" in made.sections.get(key="goal-1-insurance-context").text
    assert [(one.place, one.before, one.after) for one in changes.target_changes(made)][2] == (
        "1.4.1",
        "400 sessions (2020)",
        "600 sessions (2025)",
    )


def test_what_has_to_be_looked_at_is_listed(planner: User) -> None:
    made = rolled(planner)
    found = lint(Compilation(made))
    unmet = [one for one in found if one.code == "reference" and one.level == Level.BLOCKING]
    assert "There is no figure for 2022年1月至11月." in {one.message for one in unmet}
    assert "1.4.1" in " ".join(one.text for one in unmet)
    carried = {one.section.key for one in found if one.code == "carried" and one.section}
    assert "outlook" in carried
    assert any("2020 年" in one.text for one in found if one.code == "year")
    section = made.sections.get(key="outlook")
    writing.save_text(section, "新的展望。", actor=planner, seen_revision=1)
    again = lint(Compilation(made))
    assert "outlook" not in {
        one.section.key for one in again if one.code == "carried" and one.section
    }


def test_the_change_list_tells_figures_texts_and_sections(planner: User) -> None:
    made = rolled(planner)
    series = Series.objects.get(indicator__code="1.4.1")
    enter(series, {"2022-01/2022-11": "140"})
    writing.save_text(
        made.sections.get(key="outlook"), "新的展望。", actor=planner, seen_revision=1
    )
    figures = {(one.subject, one.before, one.after) for one in changes.figure_changes(made)}
    assert ("{{1.4.1|2022年1月至11月}}", "127場次", "140場次") in figures
    (text,) = changes.text_changes(made)
    assert (text.after, text.subject) == ("新的展望。", "text")
    client, _person = signed_in(Role.PLANNER)
    assert "140場次" in client.get("/en/editions/2022/changes/").content.decode()
    assert client.get("/en/editions/2022/changes.ods").content[:2] == b"PK"


def test_the_next_edition_is_begun_on_the_page(planner: User) -> None:
    client = Client()
    client.force_login(planner)
    wrong = client.post("/en/editions/", {"year": "2022", "target_year": "2020", "until": "2022"})
    assert "Write the month as 2022-11." in wrong.content.decode()
    early = client.post(
        "/en/editions/", {"year": "2020", "target_year": "2020", "until": "2020-11"}
    )
    assert early.status_code == 409
    made = client.post("/en/editions/", {"year": "2022", "target_year": "2020", "until": "2022-11"})
    assert made.headers["Location"] == "/en/editions/2022/checks/"
    assert (
        "still the words of the edition before"
        in client.get("/en/editions/2022/checks/").content.decode()
    )
    officer, _person = signed_in(Role.ENTRY_OFFICER)
    assert "Begin the next edition" not in officer.get("/en/editions/").content.decode()
