"""Every number of an edition against the data, and why the two differ."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Series
from reports.models import Edition, Publication
from reports.tables.reconciling import reconcile
from tests.builders import enter, redefine
from tests.published import load_published_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def review() -> None:
    load_published_review()


def difference(code: str, kind: str = "actual", place: str = "附錄一") -> str:
    (row,) = [
        row
        for row in reconcile(Edition.objects.get())
        if (row["indicator"], row["kind"]) == (code, kind) and row["place"].startswith(place)
    ]
    return row["difference"]


def test_the_edition_of_2021_has_one_truncated_figure(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile", "--edition=2021", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 36 + 18
    assert Counter(row["difference"] for row in rows) == {
        "equal": 34 + 18,
        "rounded": 1,
        "truncated": 1,
    }
    (truncated,) = [row for row in rows if row["difference"] == "truncated"]
    assert (truncated["indicator"], truncated["printed"], truncated["computed"]) == (
        "1.3.2",
        "60.8%",
        "60.9",
    )
    assert truncated["exact"].startswith("60.878")


def test_a_figure_that_was_corrected_since_is_a_revision() -> None:
    enter(Series.objects.get(indicator__code="1.4.2"), {"2017-01/2020-12": "17169"})
    assert difference("1.4.2") == "revision"
    assert difference("1.4.2", place="核心目標") == "equal"
    enter(Series.objects.get(indicator__code="1.4.2"), {"2021-01/2021-11": "3314"})
    assert difference("1.4.2", place="核心目標") == "revision"


def test_a_figure_apart_by_ten_thousand_is_a_matter_of_unit() -> None:
    for one in Publication.objects.filter(series__indicator__code="1.4.2", kind="actual"):
        redefine(one, value=Decimal("1.7168"), decimals=4)
    assert difference("1.4.2") == "unit"


def test_what_nothing_explains_is_said_so() -> None:
    for one in Publication.objects.filter(series__indicator__code="1.4.2", kind="actual"):
        redefine(one, value=Decimal(5))
    assert difference("1.4.2") == "unexplained"


def test_an_unknown_edition() -> None:
    with pytest.raises(CommandError, match="1999"):
        call_command("reconcile", "--edition=1999")
