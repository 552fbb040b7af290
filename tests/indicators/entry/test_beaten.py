"""A write that another one came before, past every lock: told, and nothing of the batch is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import translation

from indicators.calculation.periods import parse_period
from indicators.entry import door
from indicators.entry.checks import Conflict
from indicators.entry.entries import Entry
from indicators.entry.gate import governing_returns
from indicators.models import EntryBatch, Observation, Series
from indicators.models.figures import Via
from tests.builders import enter, make_series

pytestmark = pytest.mark.django_db


def change(_series: Series) -> None:
    Observation.objects.update(value=99, revision=F("revision") + 1)


def add(series: Series) -> None:
    day = date(2021, 3, 1)
    Observation.objects.create(
        series=series, first_month=day, last_month=day, value=99, origin="reported"
    )


@pytest.mark.parametrize(("known", "other"), [({"2021-03": "12"}, change), ({}, add)])
def test_who_is_beaten_between_reading_and_writing_is_told_the_others_figure(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, str], other: Callable[[Series], None]
) -> None:
    series = make_series()
    if known:
        enter(series, known)

    def after_another_writer(*arguments: Any) -> Collection[int]:
        other(series)
        return governing_returns(*arguments)

    monkeypatch.setattr(door, "governing_returns", after_another_writer)
    batches = EntryBatch.objects.count()
    with translation.override("en"), pytest.raises(Conflict, match="is 99 by now.*you gave 13"):
        door.save_figures(
            [Entry(series, parse_period("2021-03"), Decimal(13), expected_revision=None)],
            actor=None,
            via=Via.LOAD,
            reason="late",
        )
    assert EntryBatch.objects.count() == batches
    assert [row.value for row in Observation.objects.all()] == [Decimal(v) for v in known.values()]
