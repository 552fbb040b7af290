"""The door for milestones: a target is revised with a reason and never written over."""

from __future__ import annotations

import hashlib
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_plan
from indicators.calculation.periods import Month, Period
from indicators.entry import yearly
from indicators.entry.checks import Problem, Refused
from indicators.entry.door import require_reason
from indicators.models import EntryBatch, Milestone, Revision, Series
from indicators.models.figures import Via


def save_milestone(
    *,
    series: Series,
    year: int,
    value: Decimal,
    window: Period,
    base_month: Month | None = None,
    note: str = "",
    actor: User | None,
    via: Via,
    reason: str,
) -> Milestone:
    """Set what a series is to reach by a year; a revised target is kept beside the earlier ones.

    Returns the current milestone, which is the old one when nothing differs.

    Raises:
        Refused: the right or the reason is missing, or the value does not fit its column.
    """
    require_reason(reason)
    if not (actor is None and via == Via.LOAD) and not (actor and may_plan(actor)):
        raise Refused([Problem(0, "series", _("Only a planner sets targets."))])
    with transaction.atomic():
        yearly.lock([series.pk])
        current = Milestone.objects.filter(series=series, year=year).order_by("-revision").first()
        base = base_month.first_day if base_month else None
        if current and (
            (current.value, current.window, current.base_month, current.note)
            == (value, window, base, note)
        ):
            return current
        milestone = Milestone(
            series=series,
            year=year,
            revision=current.revision + 1 if current else 1,
            value=value,
            window_first=window.first.first_day,
            window_last=window.last.first_day,
            base_month=base,
            note=note,
        )
        milestone.full_clean()
        milestone.save()
        batch = EntryBatch.objects.create(
            actor=actor,
            via=via,
            reason=reason.strip(),
            key=uuid.uuid4().hex,
            payload_hash=hashlib.sha256(repr((series.pk, year, value)).encode()).hexdigest(),
        )
        Revision.objects.create(
            batch=batch,
            kind=Revision.Kind.MILESTONE,
            series=series,
            first_month=milestone.window_first,
            last_month=milestone.window_last,
            revision=milestone.revision,
            old_value=current.value if current else None,
            new_value=value,
            old_note=current.note if current else "",
            new_note=note,
        )
        yearly.refresh({series.pk})
    return milestone
