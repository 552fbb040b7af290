"""Writing sections: who may, what two people at once see, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from PIL import Image

from accounts.models import Role
from indicators.entry.checks import Conflict, Refused
from reports.models import Edition, Section, SectionDraft, SectionText
from reports.texts import writing
from tests.builders import make_agency, make_user, signed_in
from tests.published import load_published_review

pytestmark = pytest.mark.django_db
PLACE = "/en/editions/2021/sections/goal-10-disability-review/"


@pytest.fixture(autouse=True)
def review() -> Iterator[None]:
    load_published_review()
    with translation.override("en"):
        yield


@pytest.fixture
def section() -> Section:
    return Section.objects.get(key="goal-10-disability-review")


def test_a_section_is_written_by_the_agencies_of_its_indicators_and_by_planners(
    section: Section,
) -> None:
    wda = make_agency("wda")
    officer = make_user(Role.ENTRY_OFFICER, agency=wda)
    reviewer = make_user(Role.REVIEWER, agency=wda)
    stranger = make_user(Role.ENTRY_OFFICER, agency=make_agency("lsee"))
    planner = make_user(Role.PLANNER)
    writers = [
        one for one in (officer, reviewer, stranger, planner) if writing.may_write(one, section)
    ]
    assert writers == [officer, reviewer, planner]
    approvers = [
        one for one in (officer, reviewer, stranger, planner) if writing.may_approve(one, section)
    ]
    assert approvers == [reviewer, planner]
    with pytest.raises(Refused, match="another agency"):
        writing.save_text(section, "我的話。", actor=stranger, seen_revision=1)
    assert not SectionText.objects.filter(section=section, number=2).exists()


def test_of_two_people_who_save_the_second_is_told_and_loses_nothing(section: Section) -> None:
    first, second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    writing.save_text(section, "甲的話。", actor=first, seen_revision=1)
    with pytest.raises(Conflict, match=str(first)):
        writing.save_text(section, "乙的話。", actor=second, seen_revision=1)
    client = Client()
    client.force_login(second)
    page = client.post(PLACE, {"text": "乙的話。", "seen": "1"})
    assert page.status_code == 409
    shown = page.content.decode()
    assert "甲的話。" in shown
    assert "乙的話。" in shown
    client.post(PLACE, {"text": "甲與乙的話。", "seen": "2"})
    section.refresh_from_db()
    assert (section.text, section.revision) == ("甲與乙的話。", 3)


def test_an_equal_text_is_no_revision(section: Section) -> None:
    writing.save_text(
        section, f"{section.text}\r\n", actor=make_user(Role.PLANNER), seen_revision=1
    )
    section.refresh_from_db()
    assert section.revision == 1


def test_the_record_of_texts_cannot_be_changed(section: Section) -> None:
    for change in (
        lambda: SectionText.objects.filter(section=section).update(text="別的話"),
        lambda: SectionText.objects.filter(section=section).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_draft_is_kept_offered_again_and_gone_once_saved(section: Section) -> None:
    client, person = signed_in(Role.PLANNER)
    other, _colleague = signed_in(Role.PLANNER)
    kept = client.post(
        f"{PLACE}draft/", {"text": "寫到一半 {{1.4.1|2021年1月至11月}}", "seen": "1"}
    )
    assert "127場次" in kept.json()["preview"]
    assert kept.json()["at_work"] == ""
    assert "寫到一半" in client.get(PLACE).content.decode()
    seen_by_other = other.get(PLACE).content.decode()
    assert "寫到一半" not in seen_by_other
    assert f"{person} has this section in hand too." in seen_by_other
    assert f"in the hands of {person}" in other.get("/en/editions/2021/").content.decode()
    client.post(PLACE, {"text": "寫完了。", "seen": "1"})
    assert not SectionDraft.objects.exists()
    section.refresh_from_db()
    assert section.text == "寫完了。"
    assert not section.is_approved


def test_an_earlier_text_is_brought_back_as_the_next_one(section: Section) -> None:
    client, _person = signed_in(Role.PLANNER)
    before = section.text
    client.post(PLACE, {"text": "換掉。", "seen": "1", "reason": "shorter"})
    shown = client.get(f"{PLACE}history/").content.decode()
    assert "<ins>換掉" in shown
    assert "shorter" in shown
    client.post(f"{PLACE}history/", {"number": "1", "seen": "2"})
    section.refresh_from_db()
    assert (section.text, section.revision) == (before, 3)
    assert section.texts.get(number=3).reason == "Text 1 brought back"


def test_a_text_with_a_broken_figure_is_not_approved(section: Section) -> None:
    client, _person = signed_in(Role.PLANNER)
    client.post(PLACE, {"text": "共{{1.4.1|2021年}}。", "seen": "1"})
    page = client.post(PLACE, {"act": "approve", "seen": "2"})
    assert page.status_code == 409
    assert "has to be mended first: {{1.4.1|2021年}}" in page.content.decode()
    client.post(PLACE, {"text": "共{{1.4.1|2021年1月至11月}}。", "seen": "2"})
    client.post(PLACE, {"act": "approve", "seen": "3"})
    section.refresh_from_db()
    assert section.is_approved
    assert section.approved_figures == {"{{1.4.1|2021年1月至11月}}": "127場次"}


def a_picture(kind: str = "PNG") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (30, 20), "#0f6f7c").save(out, format=kind)
    out.seek(0)
    out.name = f"picture.{kind.lower()}"
    return out


def test_pictures_are_written_anew_and_need_a_caption(section: Section) -> None:
    client, _person = signed_in(Role.PLANNER)
    hidden = BytesIO(a_picture("JPEG").getvalue() + b"<script>alert(1)</script>")
    hidden.name = "photo.jpg"
    client.post(
        f"{PLACE}pictures/", {"picture": hidden, "caption": "訓練現場", "alternative": "學員上課"}
    )
    (picture,) = section.pictures.all()
    assert b"script" not in bytes(picture.content)
    assert (picture.type, picture.width, picture.height) == ("image/jpeg", 30, 20)
    got = client.get(f"/en/editions/pictures/{picture.pk}/")
    assert got.headers["Content-Type"] == "image/jpeg"
    for given in (
        {"picture": a_picture(), "caption": " "},
        {"picture": BytesIO(b"<svg onload=alert(1)>"), "caption": "圖"},
        {"caption": "沒有檔案"},
    ):
        client.post(f"{PLACE}pictures/", given)
    assert section.pictures.count() == 1
    client.post(f"{PLACE}pictures/", {"remove": str(picture.pk)})
    assert not section.pictures.exists()


def test_what_is_typed_is_shown_as_text(section: Section) -> None:
    client, _person = signed_in(Role.PLANNER)
    client.post(PLACE, {"text": "<script>alert(1)</script> {{<b>|2020年}}", "seen": "1"})
    for address in (PLACE, f"{PLACE}history/", "/en/editions/2021/report/"):
        shown = client.get(address).content.decode()
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_pages_of_an_edition_are_for_those_who_work_here() -> None:
    nobody, _person = signed_in()
    for address in ("", "checks/", "reconciliation/", "figures/", "report/"):
        assert nobody.get(f"/en/editions/2021/{address}").status_code == 404
    assert Client().get("/en/editions/2021/").status_code == 302
    assert Client().get("/en/editions/2021/report/").status_code == 404
    assert Client().get("/en/editions/2021/report.pdf").status_code == 404
    manager, _person = signed_in(Role.MANAGER)
    shown = manager.get("/en/editions/2021/sections/outlook/").content.decode()
    assert "<textarea" not in shown
    refused = manager.post("/en/editions/2021/sections/outlook/", {"text": "x", "seen": "1"})
    assert refused.status_code == 409
    assert Edition.objects.get().sections.get(key="outlook").revision == 1
