"""The door for milestones: a target is revised or withdrawn with a reason, never written over."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.entry import yearly
from indicators.entry.checks import Problem, Refused, cannot_be
from indicators.entry.definitions import Passage
from indicators.entry.door import require_reason
from indicators.entry.effects import Unconfirmed, Watch, digest
from indicators.models import Milestone, Revision, Series
from indicators.models.figures import Via


def save_milestone(
    *,
    series: Series,
    year: int,
    value: Decimal | None,
    window: Period | None = None,
    base_month: Month | None = None,
    note: str = "",
    actor: User | None,
    via: Via,
    reason: str,
    seen: str | None = None,
    passage: Passage | None = None,
) -> Milestone:
    """Set what a series is to reach by a year; a revised target is kept beside the earlier ones.

    ``value`` None withdraws the target, which keeps its window. ``seen``: the digest of the effects
    that the person was shown, empty for none; None where they are shown for a whole file instead.
    ``passage``: one that is under way already. Returns the latest revision, which is the old one
    when nothing differs.

    Raises:
        Refused: the right or the reason is missing, or there is nothing to withdraw.
        Unconfirmed: it alters what is said, or the year is new, and nobody agreed to that.
        ValidationError: the value or the window does not fit.
    """
    require_reason(reason)
    passage = passage or Passage(actor=actor, via=via, reason=reason)
    passage.require_right()
    if found := [Problem(0, "value", message) for message in cannot_be(series, value)]:
        raise Refused(found)
    with transaction.atomic():
        yearly.lock([series.pk])
        latest = Milestone.latest(series, year)
        stands = latest is not None and latest.value is not None
        if value is None and not stands:
            raise Refused([Problem(0, "value", _("There is no target that could be withdrawn."))])
        base = base_month.first_day if base_month else None
        if value is None and latest is not None:
            window, base = latest.window, latest.base_month
        if window is None:
            text = _("Say over which months the target runs.")
            raise Refused([Problem(0, "window_first", text)])
        made = Milestone(
            series=series,
            year=year,
            revision=latest.revision + 1 if latest else 1,
            value=value,
            window_first=window.first.first_day,
            window_last=window.last.first_day,
            base_month=base,
            note=note,
        )
        if latest is not None and _says(latest) == _says(made):
            return latest
        if seen is None:
            _write(made, latest, passage)
            return made
        question = unusual_year(year) if value is not None else ""
        watch = Watch()
        _write(made, latest, passage)
        lines = [question] if question else []
        if stands or year < clock.today().year:
            lines += watch.lines()
        if lines and digest(lines) != seen:
            raise Unconfirmed(lines)
    return made


def unusual_year(year: int) -> str:
    """The question that a year without any target yet deserves; empty for a known one."""
    known = sorted(set(Milestone.current().order_by().values_list("year", flat=True)))
    if not known or year in known:
        return ""
    return _("%(year)d is no target year so far; there are targets for %(known)s. Is it meant?") % {
        "year": year,
        "known": "、".join(map(str, known)),
    }


def _says(one: Milestone) -> tuple[object, ...]:
    return one.value, one.window, one.base_month, one.note


def _write(made: Milestone, latest: Milestone | None, passage: Passage) -> None:
    made.full_clean()
    made.save()
    Revision.objects.create(
        batch=passage.batch(),
        kind=Revision.Kind.MILESTONE,
        series=made.series,
        first_month=made.window_first,
        last_month=made.window_last,
        revision=made.revision,
        old_value=latest.value if latest else None,
        new_value=made.value,
        old_note=latest.note if latest else "",
        new_note=made.note,
    )
    yearly.refresh({made.series_id})
