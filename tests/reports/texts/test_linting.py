"""The checks of an edition: every planted fault, and on the clean one what the data hold alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import Role
from indicators.calculation.faults import Fault
from indicators.models import Indicator, Series
from reports.models import Edition, Section, SectionPicture
from reports.texts import writing
from reports.texts.compilation import Compilation
from reports.texts.findings import Finding, Level
from reports.texts.linting import lint
from tests.builders import assign, enter, make_agency, make_calendar, make_user
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def review() -> Iterator[None]:
    load_published_review()
    with translation.override("en"):
        yield


def findings() -> list[Finding]:
    return lint(Compilation(Edition.objects.get(year=2021)))


def test_the_clean_edition_shows_the_missed_target_and_the_truncated_figure_alone() -> None:
    with translation.override("zh-hant"):
        assert [(one.code, one.level, one.text) for one in findings()] == [
            ("missed", Level.NOTE, "8.7.1 千人率"),
            ("printed_truncated", Level.NOTE, "1.3.2 單獨參加職業災害保險被保險人數成長率"),
        ]


PLANTED = {
    "goal-1-founders-context": [
        ("共{{1.4.1|2017年至2019年}}。", "reference", "blocking", "There is no figure"),
        ("共{{1.4.1|2021年}}。", "reference", "blocking", "only 11 months out of 12"),
        ("共{{1.4.9|2020年}}。", "reference", "blocking", "no indicator 1.4.9"),
        ("共{{1.4.1|去年}}。", "reference", "blocking", "period"),
        ("共{{1.4.1|2020年。", "reference", "blocking", "not closed"),
        ("共辦理618場次。", "typed", "warning", "{{1.4.1 場次|2017年至2020年}}"),
        ("共辦理六百一十八場次。", "typed", "warning", "typed"),
        ("共辦理681場次。", "contradiction", "blocking", "618場次"),
        ("諮詢1萬7,186人次。", "contradiction", "blocking", "17168人次"),
        ("諮詢1萬7,168人。", "unit", "warning", "人次"),
        ("共{{1.4.1|2017年至2020年}}人次。", "unit", "warning", "場次"),
        ("共{{1.4.1|2017年至2020年|數字}}人次。", "unit", "warning", "場次"),
        ("達成率為165%。", "contradiction", "blocking", "154.5%"),
        ("達成率約155%。", "typed", "warning", "達成率"),
        ("另有77人參加。", "unknown", "warning", "nowhere in the data"),
    ],
    "goal-8": [
        ("各項指標均已達成。", "claim", "blocking", "8.7.1 Rate"),
        ("指標全數達標。", "claim", "blocking", "8.7.1 Rate"),
    ],
    "outlook": [("各項指標皆達到目標。", "claim", "blocking", "8.7.1 Rate")],
}


def test_each_planted_fault_is_found_where_it_is_with_its_remedy() -> None:
    for key, faults in PLANTED.items():
        section = Section.objects.get(key=key)
        clean = section.text
        for words, code, level, said in faults:
            Section.objects.filter(pk=section.pk).update(text=f"第一段。\n\n{words}")
            (found,) = [
                one for one in findings() if one.code not in ("missed", "printed_truncated")
            ]
            assert (found.code, found.level, found.place) == (code, level, "line 3"), words
            assert said in f"{found.message} {found.remedy}", words
            assert found.section == section
        Section.objects.filter(pk=section.pk).update(text=clean)


def test_a_finding_is_a_fault_with_its_level_and_its_section() -> None:
    Section.objects.filter(key="goal-1-founders-context").update(text="共辦理618場次。")
    (found,) = [one for one in findings() if one.code == "typed"]
    data = found.as_data()
    assert {name: data[name] for name in Fault("typed").as_data()} == {
        "code": "typed",
        "place": "line 1",
        "text": "618場次",
        "readings": ["{{1.4.1 場次|2017年至2020年}}"],
        "message": str(found.message),
        "remedy": "Put the reference in its place: {{1.4.1 場次|2017年至2020年}}",
    }
    assert (data["level"], data["section"]) == ("warning", "goal-1-founders-context")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("goal-1", "各項指標均已達成。"),
        ("goal-8", "除死亡千人率外，均已達成。"),
        ("goal-8", "死亡千人率均未達成。"),
        ("outlook", "2020年、第3期、每半年1次、指標1.4.1，一人一案。"),
    ],
)
def test_what_is_true_is_left_alone(key: str, words: str) -> None:
    Section.objects.filter(key=key).update(text=words)
    assert {one.code for one in findings()} <= {"missed", "printed_truncated"}


def test_a_figure_that_moved_since_the_approval_stops_the_release() -> None:
    series = Series.objects.get(indicator__code="1.4.1")
    enter(series, {"2021-01/2021-11": "128"})
    (found,) = [one for one in findings() if one.code == "moved"]
    assert (found.level, found.text) == (Level.BLOCKING, "127場次 → 128場次")
    assert found.section is not None
    planner = make_user(Role.PLANNER)
    writing.approve_text(found.section, actor=planner, seen_revision=1)
    assert "moved" not in {one.code for one in findings()}


def test_figures_that_wait_for_approval_are_pointed_out() -> None:
    agency = make_agency("wda")
    assign(Indicator.objects.get(code="1.4.1"), agency)
    make_calendar(agency, "2021-01")
    series = Series.objects.get(indicator__code="1.4.1")
    officer = make_user(Role.ENTRY_OFFICER, agency=agency)
    enter(series, {"2021-01/2021-11": "130"}, actor=officer)
    (found,) = [one for one in findings() if one.code == "provisional"]
    assert (found.text, found.level) == ("127場次", Level.WARNING)


@pytest.mark.parametrize(
    ("behind", "remedy"),
    [
        ("}}", None),
        ("}}場次", "Leave the typed unit out"),
        ("}}人次", "Leave the typed unit out"),
        ("|數字}}場次", None),
        ("|數字}}人次", "Type the unit that the data have"),
        ("|達成率}}人次", None),
    ],
)
def test_a_unit_is_typed_behind_a_bare_number_alone_and_is_that_of_the_data(
    behind: str, remedy: str | None
) -> None:
    text = f"共{{{{1.4.1|2017年至2020年{behind}。"
    Section.objects.filter(key="goal-1-founders-context").update(text=text)
    found = [one.remedy for one in findings() if one.code == "unit"]
    assert [remedy in one for one in found if remedy] == ([True] if remedy else [])
    assert len(found) == (1 if remedy else 0)


@pytest.mark.parametrize(
    ("words", "code", "excerpt"),
    [
        ("甲乙丙各項指標均已達成。", "claim", "甲乙丙各項指標均已達成"),
        ("甲乙丙丁戊己庚各項指標均已達成。", "claim", "甲乙丙丁戊己庚各項指標均已達成"),
        ("子甲乙丙丁戊己庚辛各項指標均已達成。", "claim", "甲乙丙丁戊己庚辛各項指標均已達成"),
        ("共{{8.7.1|2020年。而後甲乙丙丁戊己", "reference", "{{8.7.1|2020"),
    ],
)
def test_an_excerpt_begins_twelve_signs_before_or_with_the_text(
    words: str, code: str, excerpt: str
) -> None:
    Section.objects.filter(key="goal-8").update(text=words)
    assert [one.text for one in findings() if one.code == code] == [excerpt]


@pytest.mark.parametrize(
    ("words", "excerpt"),
    [
        ("甲乙2020年丙丁", "甲乙2020年丙丁"),
        (
            "零一二三四五六七八九甲乙丙2020年丙一二三四五六七八九甲乙丙",
            "一二三四五六七八九甲乙丙2020年丙一二三四五六七八九甲乙",
        ),
        ("民國109年", "民國109年"),
        ("2021年", None),
        ("民國110年", None),
    ],
)
def test_a_year_of_the_edition_before_is_shown_with_what_stands_around_it(
    words: str, excerpt: str | None
) -> None:
    edition = Edition.objects.get(year=2021)
    edition.previous = Edition.objects.create(year=2020, title_zh="2020", target_year=2020)
    edition.save()
    Section.objects.filter(key="goal-1").update(text=words)
    found = [
        one.text
        for one in findings()
        if one.code == "year" and one.section and one.section.key == "goal-1"
    ]
    assert found == ([] if excerpt is None else [excerpt])


def test_missing_and_unapproved_texts_and_pictures_without_words_stop_the_release() -> None:
    section = Section.objects.get(key="outlook")
    writing.save_text(section, "改過的話。", actor=make_user(Role.PLANNER), seen_revision=1)
    Section.objects.filter(key="priorities").update(text="")
    SectionPicture.objects.create(
        section=section, caption="照片", content=b"", type="image/png", width=1, height=1
    )
    stopped = {
        (one.code, one.section.key) for one in findings() if one.level == "blocking" and one.section
    }
    assert stopped == {
        ("unapproved", "outlook"),
        ("picture", "outlook"),
        ("missing", "priorities"),
    }
