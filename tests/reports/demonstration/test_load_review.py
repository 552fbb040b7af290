"""manage.py load_review: what it says, that it happens once, and that it overwrites nothing."""

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Agency, Role
from indicators.calculation.periods import Period
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.entry.milestones import save_milestone
from indicators.models import (
    EntryBatch,
    Goal,
    Indicator,
    Milestone,
    Observation,
    Revision,
    Series,
    YearlyValue,
)
from indicators.models.figures import Via
from reports.demonstration.review import AGENCIES, INDICATORS, STAKEHOLDERS
from reports.models import Edition, Publication, Section
from stakeholders.models import Channel, StakeholderGroup
from tests.builders import assign, make_user, redefine

pytestmark = pytest.mark.django_db

# (indicator, series): target and actual figure of 2020, each as a number and as printed.
PRINTED = {
    ("1.3.1", "請領勞保年金給付人數成長率"): ("35", "35%", "58.7", "58.7%"),
    ("1.3.2", "單獨參加職業災害保險被保險人數成長率"): ("35", "35%", "60.8", "60.8%"),
    ("1.4.1", "場次"): ("400", "400場次", "618", "618場次"),
    ("1.4.2", "人次"): ("11200", "1萬1,200人次", "17168", "1萬7,168人次"),
    ("1.4.3", "件數"): ("1600", "1,600件", "2183", "2,183件"),
    ("1.a.2", "人次"): ("48000", "4萬8,000人次", "65477", "6萬5,477人次"),
    ("4.3.3", "人數"): ("176000", "17萬6,000人", "203827", "20萬3,827人"),
    ("4.4.3", "青年"): ("3000", "青年3,000人", "9642", "青年9,642人"),
    ("4.4.3", "失業者"): ("10000", "失業者10,000人", "21895", "失業者2萬1,895人"),
    ("4.5.9", "人數"): ("112000", "11萬2,000人", "115384", "11萬5,384人"),
    ("8.6.1", "培訓人數"): ("80000", "8萬人", "129819", "12萬9,819人"),
    ("8.6.1", "訓後就業率"): ("84", "84%", "88.81", "88.81%"),
    ("8.6.2", "人次"): ("640000", "64萬人次", "689239", "68萬9,239人次"),
    ("8.7.1", "千人率"): ("0.021", "0.021", "0.023", "0.023"),
    ("8.7.2", "千人率"): ("2.7", "2.7", "2.526", "2.526"),
    ("10.2.2", "推介就業人數"): ("66000", "6.6萬人", "77972", "7萬7,972人"),
    ("10.2.2", "推介就業率"): ("65", "65%", "72", "72%"),
    ("10.3.1", "累積宣導人數"): ("1000000", "100 萬人", "1600000", "160 萬人"),
}

# Group, channel, frequency, times a year at least.
CHANNELS = [
    (1, "勞動部官網或臉書宣導", "不定期", None),
    (1, "法令說明會", "每年至少於全國各地方政府辦理一場次", 1),
    (2, "鳳凰小聚", "不定期", None),
    (3, "創業顧問交流研習會", "不定期", None),
    (4, "溝通聯繫會議", "不定期", None),
    (5, "溝通聯繫會議", "不定期", None),
    (6, "溝通聯繫會議", "不定期", None),
    (
        7,
        "強化社會安全網政策溝通平臺專案會議、第2期計畫修訂、社勞聯合服務實驗方案職前訓練課程等會議",
        "",
        None,
    ),
    (7, "勞動部促進身心障礙者訓練與就業推動小組會議", "每半年1次", 2),
    (7, "身心障礙者權益保障推動小組", "每4個月1次", 3),
    (7, "身心障礙者權利公約相關會議", "不定期", None),
    (8, "溝通聯繫會議", "不定期", None),
    (9, "教育部、經濟部與勞動部跨部會小組會議", "", None),
    (9, "投資青年就業方案專案小組會議", "", None),
    (9, "全國大專校院職涯輔導主管會議（配合教育部）", "", None),
    (10, "聯繫會議與個案研討", "不定期", None),
    (11, "轉銜會議", "各校半年一次", 2),
    (11, "就業前準備團體課程", "畢業前不定期", None),
    (12, "雇主座談會", "不定期", None),
    (12, "政府就業措施宣導", "不定期", None),
    (12, "就業機會開發", "不定期", None),
    (13, "職業安全衛生業務聯繫會報", "每季", 4),
    (13, "勞動檢查機構首長聯繫會報", "每季", 4),
    (13, "勞動行政首長聯繫會報", "不定期", None),
    (14, "國公營事業減災跨部會平台", "每季", 4),
    (15, "聯繫會議與個案研討", "不定期", None),
    (15, "身心障礙者職業重建服務業務聯繫會議", "每年", 1),
    (15, "身心障礙者就業轉銜服務暨跨域合作聯繫會報", "不定期", None),
    (16, "專屬網站宣導", "不定期", None),
]

# The figure of 1.4.1 for eleven months, said to be for ten: one that is not stored yet.
ANOTHER_PERIOD = ('2021-01/2021-11", value = "127"', '2021-01/2021-10", value = "127"')


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The review, loaded once; what a test changes is undone after it, the whole after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_review", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data files where a test may spoil them."""
    for app in ("accounts", "indicators", "stakeholders", "reports/demonstration"):
        shutil.copytree(settings.BASE_DIR / app / "data", tmp_path / app / "data")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    return tmp_path


def reload(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("load_review")
    return capsys.readouterr().out


def spoil(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def rows() -> list[int]:
    models = (Agency, Goal, Indicator, Series, Milestone, Observation, Revision, EntryBatch)
    more = (YearlyValue, StakeholderGroup, Channel, Edition, Section, Publication)
    return [model._default_manager.count() for model in (*models, *more)]


def test_a_second_run_changes_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    before = rows()
    said = reload(capsys)
    assert rows() == before
    assert "nothing changed" in said
    assert "figures                0 created   36 kept" in said


def test_what_people_removed_is_created_again(capsys: pytest.CaptureFixture[str]) -> None:
    Publication.objects.all().delete()
    said = reload(capsys)
    assert "published figures     54 created    0 kept" in said
    assert "is loaded" in said


def test_a_corrected_figure_survives(capsys: pytest.CaptureFixture[str]) -> None:
    series = Series.objects.get(indicator__code="1.4.1")
    period = Period.years(2017, 2020)
    save_figures(
        [Entry(series, period, Decimal(619), note="one session was forgotten")],
        actor=None,
        via=Via.LOAD,
        reason="counted again",
    )
    reload(capsys)
    figure = series.observations.get(first_month=period.first.first_day)
    assert (figure.value, figure.revision, figure.note) == (619, 2, "one session was forgotten")


def test_a_withdrawn_figure_stays_withdrawn(capsys: pytest.CaptureFixture[str]) -> None:
    series = Series.objects.get(indicator__code="1.4.1")
    withdrawn = [Entry(series, Period.years(2017, 2020), None)]
    save_figures(withdrawn, actor=None, via=Via.LOAD, reason="withdrawn")
    reload(capsys)
    assert series.observations.get(first_month="2017-01-01").value is None


def test_a_revised_milestone_survives(capsys: pytest.CaptureFixture[str]) -> None:
    series = Series.objects.get(indicator__code="8.7.1")
    save_milestone(
        series=series,
        year=2020,
        value=Decimal("0.024"),
        window=Period.year(2020),
        actor=make_user(Role.PLANNER),
        via=Via.ADMIN,
        reason="revised",
    )
    reload(capsys)
    assert Milestone.current().get(series=series).value == Decimal("0.024")
    assert series.milestones.count() == 2


def test_what_people_renamed_or_assigned_survives(capsys: pytest.CaptureFixture[str]) -> None:
    redefine(Goal.objects.get(code="8"), name_en="Good work")
    assign(Indicator.objects.get(code="1.4.1"), Agency.objects.get(code="wda"))
    redefine(Series.objects.get(indicator__code="1.4.1"), name_zh="課程場次")
    Agency.objects.filter(code="wda").update(code="workforce")
    StakeholderGroup.objects.filter(number=16).update(name_zh="一般民眾")
    Channel.objects.filter(name_zh="鳳凰小聚").update(name_zh="鳳凰聚會")
    before = rows()
    assert "nothing changed" in reload(capsys)
    assert rows() == before
    assert Goal.objects.get(code="8").name_en == "Good work"
    assert Indicator.objects.get(code="1.4.1").agency == Agency.objects.get(code="workforce")


def test_a_figure_that_is_missing_is_added_beside_the_others(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(copied, INDICATORS, *ANOTHER_PERIOD)
    assert "figures                1 created   35 kept" in reload(capsys)


def test_history_says_that_a_figure_came_with_the_review() -> None:
    batch = Revision.objects.filter(kind=Revision.Kind.FIGURE).latest("id").batch
    assert (batch.via, batch.actor) == (Via.LOAD, None)
    assert "自願檢視報告" in batch.reason


def test_the_edition_prints_target_and_actual_of_every_series() -> None:
    assert Edition.objects.get().year == 2021
    assert list(Section.objects.filter(level=1).values_list("key", flat=True)) == [
        "priorities",
        "goals",
        "outlook",
        "appendix-1",
        "appendix-2",
    ]
    assert not Section.objects.filter(is_required=True, text="").exists()
    stored = {
        (p.series.indicator.code, p.series.name_zh, p.kind): (p.value, p.printed)
        for p in Publication.objects.filter(section__kind="appendix1").select_related(
            "series__indicator"
        )
    }
    printed: dict[tuple[str, str, str], tuple[Decimal, str]] = {}
    for (code, name), (target, target_text, actual, actual_text) in PRINTED.items():
        printed[code, name, "target"] = (Decimal(target), target_text)
        printed[code, name, "actual"] = (Decimal(actual), actual_text)
    assert len(printed) == 36
    assert stored == printed


def test_a_publication_knows_its_months_and_its_decimals() -> None:
    in_appendix = Publication.objects.filter(section__kind="appendix1")
    for publication in in_appendix.select_related("series"):
        assert publication.period == publication.series.milestones.get().window
    actual = {
        p.series.indicator.code: p.decimals
        for p in in_appendix.filter(kind="actual").select_related("series__indicator")
        if p.series.indicator.code in ("1.3.2", "8.7.1", "1.4.2")
    }
    assert actual == {"1.3.2": 1, "8.7.1": 3, "1.4.2": 0}


def test_stakeholders_and_channels_are_the_printed_ones() -> None:
    assert StakeholderGroup.objects.count() == 16
    stored = [
        (c.group.number, c.name_zh, c.frequency_zh, c.times_per_year)
        for c in Channel.objects.select_related("group")
    ]
    assert len(CHANNELS) == 29
    assert stored == CHANNELS


def test_groups_are_linked_where_the_review_names_the_subject() -> None:
    linked = {
        group.number: [i.code for i in group.indicators.all()]
        for group in StakeholderGroup.objects.prefetch_related("indicators")
    }
    assert linked[1] == ["1.3.1", "1.3.2"]
    assert linked[5] == ["4.4.3"]
    assert linked[12] == ["1.a.2", "10.2.2"]
    assert linked[10] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (INDICATORS, 'agency = "wda"', 'agency = "xyz"', "10.2.2: .*xyz"),
        (INDICATORS, 'code = "1.4.1"', 'code = "19.4.1"', "19.4.1: .*goal"),
        (INDICATORS, '"2020-12"', '"2020-13"', "1.3.1 .*2020-13: a period"),
        (
            "indicators/data/review_2021.toml",
            'value = "127"',
            'value = "12x"',
            "1.4.1 .* no number",
        ),
        (INDICATORS, "source = ", "sauce = ", "1.3.1 .*sauce"),
        (
            "indicators/data/activities.toml",
            '["8.7.1", ',
            '["8.7.9", ',
            "加強監督檢查效能: .*8.7.9",
        ),
        (STAKEHOLDERS, '["1.3.1", ', '["1.3.9", ', "1: .*1.3.9"),
        (
            "reports/demonstration/data/review_2021.toml",
            'indicator = "1.4.2"',
            'indicator = "1.4.7"',
            "1.4.7 人次",
        ),
        (AGENCIES, "[[agencies]]", "[[agencies", "agencies.toml: "),
    ],
)
def test_an_entry_that_does_not_fit_is_named(
    copied: Path, file: str, old: str, new: str, said: str
) -> None:
    spoil(copied, file, old, new)
    before = rows()
    with pytest.raises(CommandError, match=said) as caught:
        call_command("load_review")
    assert file in str(caught.value)
    assert rows() == before


def test_a_figure_that_the_door_refuses_is_named(copied: Path) -> None:
    spoil(copied, INDICATORS, *ANOTHER_PERIOD)
    spoil(copied, INDICATORS, 'value = "127"', 'value = "-127"')
    with pytest.raises(CommandError, match="1.4.1 場次 2021-01/2021-10: -127"):
        call_command("load_review")


def test_figures_do_not_slip_into_another_series(copied: Path) -> None:
    redefine(Series.objects.get(indicator__code="1.4.1"), name_zh="講師", unit_zh="人")
    with pytest.raises(CommandError, match="1.4.1 場次: its place is taken by “講師”"):
        call_command("load_review")


def test_a_name_that_stands_elsewhere_is_refused(copied: Path) -> None:
    spoil(copied, AGENCIES, 'code = "mol"', 'code = "no code"')
    spoil(copied, AGENCIES, '"勞動部"', '"別的部"')
    with pytest.raises(CommandError, match="no code: code: "):
        call_command("load_review")


def test_words_that_come_to_an_older_edition_say_what_they_are() -> None:
    Edition.objects.update(remark="", figures_until=None)
    Section.objects.filter(key="outlook").update(key="as-it-was", position=9000)
    call_command("load_review", stdout=StringIO())
    edition = Edition.objects.get()
    assert "示範" in edition.remark
    assert edition.figures_until == date(2021, 11, 1)
    assert edition.sections.get(key="outlook").is_approved
