"""The compiled report: in order, bound to the data, and changed exactly where the data changed."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from indicators.models import Series
from reports.documents.html import write_html
from reports.documents.tree import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Table,
    as_json,
    from_json,
    text_of,
)
from reports.editions.compiling import compile_report
from reports.models import Edition
from reports.tables.sheets import flat
from reports.texts.compilation import Compilation
from tests.builders import enter
from tests.published import load_published_review

pytestmark = pytest.mark.django_db
FACTS = Path(__file__).resolve().parents[4] / "shared" / "facts"


@pytest.fixture(autouse=True)
def review() -> None:
    load_published_review()


def blocks() -> tuple[Block, ...]:
    return compile_report(Compilation(Edition.objects.get())).blocks


def shown(block: Block) -> str:
    match block:
        case Heading(_level, text, _key):
            return text
        case Paragraph(runs):
            return text_of(runs)
        case Listing(items):
            return "\n".join(text_of(item) for item in items)
        case Table():
            return str(flat(block.sheet))
        case Picture():
            return block.content.decode()


def test_the_chapters_stand_in_the_order_of_the_ministrys_review() -> None:
    chapters = [block.text for block in blocks() if isinstance(block, Heading) and block.level == 1]
    assert chapters == [
        "推動重點",
        "核心目標及推動亮點",
        "未來展望",
        "附錄一 追蹤指標列表",
        "附錄二 利害關係人與溝通情形盤點表",
    ]
    keys = [block.key for block in blocks() if isinstance(block, Heading)]
    assert len(keys) == len(set(keys))
    captions = [block.caption for block in blocks() if isinstance(block, Table)]
    assert [caption.split("　")[0] for caption in captions] == [f"表 {n}" for n in range(1, 7)]


def test_every_figure_of_the_text_is_a_reference() -> None:
    compilation = Compilation(Edition.objects.get())
    assert len(compilation.placed) > 70
    assert all(one.figure and one.figure.text for one in compilation.placed)


def test_the_language_of_the_reader_changes_nothing() -> None:
    with translation.override("en"):
        english = compile_report(Compilation(Edition.objects.get()))
    with translation.override("zh-hant"):
        assert compile_report(Compilation(Edition.objects.get())) == english


def test_one_observation_changes_exactly_what_depends_on_it() -> None:
    before = blocks()
    enter(Series.objects.get(indicator__code="1.4.2"), {"2017-01/2020-12": "17169"})
    changed = [
        (shown(old), shown(new)) for old, new in zip(before, blocks(), strict=True) if old != new
    ]
    kinds = [type(new).__name__ for old, new in zip(before, blocks(), strict=True) if old != new]
    assert kinds == ["Table", "Picture", "Paragraph", "Paragraph", "Table"]
    assert all("1萬7,168" in old and "1萬7,169" in new for old, new in changed)
    enter(Series.objects.get(indicator__code="1.4.1"), {"2021-01/2021-11": "130"})
    moved = [shown(new) for old, new in zip(before, blocks(), strict=True) if old != new]
    assert len(moved) == 6
    assert sum("130場次" in text for text in moved) == 1


def test_a_report_costs_as_many_queries_however_much_it_says(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(21):
        blocks()


def test_charts_are_drawings_that_say_what_they_show() -> None:
    charts = [block for block in blocks() if isinstance(block, Picture)]
    assert len(charts) == 4
    for chart in charts:
        ElementTree.fromstring(chart.content)
    assert "8.7.1 職災死亡千人率實際0.023‰，目標0.021‰，未達成" in charts[2].alternative


def test_the_report_is_kept_as_json_without_loss() -> None:
    report = compile_report(Compilation(Edition.objects.get()))
    kept = from_json(as_json(report))
    assert as_json(kept) == as_json(report)
    assert write_html(kept) == write_html(report)


def test_a_report_without_a_release_says_that_it_is_a_draft() -> None:
    page = write_html(compile_report(Compilation(Edition.objects.get()))).decode()
    assert "草稿，尚未發布。" in page
    assert "示範" in page
    assert "<script" not in page


def test_a_report_of_the_sample_says_so(settings: Settings) -> None:
    settings.SAMPLE = True
    assert "示範資料" in compile_report(Compilation(Edition.objects.get())).remark


@pytest.mark.skipif(not FACTS.exists(), reason="the published tables lie outside of the project")
def test_the_appendix_in_the_report_is_the_published_one() -> None:
    table = next(one for one in blocks() if isinstance(one, Table) and one.key == "table-5")
    with (FACTS / "indicators.csv").open(encoding="utf-8-sig") as file:
        facts = list(csv.DictReader(file))
    assert [(row[-2], row[-1]) for row in flat(table.sheet)] == [
        (row["target_2020_as_printed"], row["actual_2020_as_printed"]) for row in facts
    ]
