"""What the database itself refuses, whoever asks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from indicators.models import EntryBatch, Milestone, Observation, Revision
from tests.builders import enter, make_series
from tests.indicators.entry.test_door import set_target

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Revision.objects.update(new_value=1),
        lambda: Revision.objects.all()._raw_delete("default"),
        lambda: EntryBatch.objects.update(reason="another"),
        lambda: EntryBatch.objects.all()._raw_delete("default"),
        lambda: Milestone.objects.update(value=1),
        lambda: Milestone.objects.all()._raw_delete("default"),
        lambda: Observation.objects.all()._raw_delete("default"),
        lambda: Observation.objects.update(value=1),
        lambda: Observation.objects.update(value=1, revision=5),
    ],
)
def test_the_record_cannot_be_altered(attempt: Callable[[], object]) -> None:
    series = make_series()
    enter(series, {"2021-03": "12"})
    set_target(series, "400")
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
    assert Observation.objects.get().value == 12
