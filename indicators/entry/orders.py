"""Changes of definitions and targets as plain values, for a second person to confirm.

A planner's change is made and heard; where another planner is to confirm it, it is taken back and
kept as a proposal. What is confirmed passes the same doors again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, Period
from indicators.entry import definitions, milestones
from indicators.entry.checks import Problem, Refused
from indicators.entry.definitions import Links, Passage
from indicators.entry.effects import Watch
from indicators.entry.second_person import Kind, Line, Passed, asks_for_second, put, register
from indicators.models import Defined, DefinitionRevision, Milestone, Proposal, Revision, Series
from indicators.models.figures import Via

type Order = dict[str, Any]


def definition_order(row: Defined, links: Links | None = None) -> Order:
    """A definition as it is to become."""
    return {
        "model": row._meta.label_lower,
        "pk": row.pk,
        "revision": row.revision,
        "fields": {field.name: _plain(row, field) for field in row.defining()},
        "links": {name: [one.pk for one in of] for name, of in (links or {}).items()},
    }


def target_order(one: Milestone) -> Order:
    """A target as it is to become; without a value it is withdrawn."""
    return {
        "target": _place(one.series),
        "year": one.year,
        "value": None if one.value is None else plain(one.value),
        "window": [str(one.window_first), str(one.window_last)],
        "base_month": str(one.base_month or ""),
        "note": one.note,
    }


def save_definition(
    row: Defined,
    passage: Passage,
    *,
    links: Links | None = None,
    expected: int | None = None,
    seen: str,
) -> Proposal | None:
    """Save a definition through its door, or keep it for a second person where data rest on it.

    Raises:
        Refused: what the door refuses.
    """
    order, new = definition_order(row, links), row.pk is None
    with transaction.atomic():
        rests = definitions.save(row, passage, links=links, expected=expected, seen=seen)
        waits = rests and asks(passage)
        transaction.set_rollback(waits)
    if not waits:
        return None
    name = str(row)
    if new:
        row.pk = None
    return keep([order], name, passage)


def save_target(one: Milestone, passage: Passage, *, seen: str) -> Proposal | None:
    """Set, revise or withdraw a target through its door, or keep that for a second person.

    Raises:
        Refused: what the door refuses.
    """
    with transaction.atomic():
        saved = set_target(target_order(one), passage, seen=seen)
        waits = asks(passage)
        transaction.set_rollback(waits)
    if waits:
        return keep([target_order(one)], str(one), passage)
    one.pk, one.revision = saved.pk, saved.revision
    return None


def asks(passage: Passage) -> bool:
    """Whether what passes waits for another planner."""
    return passage.actor is not None and asks_for_second(passage.actor)


def keep(orders: Sequence[Order], subject: str, passage: Passage) -> Proposal | None:
    """Keep changes together until a second person confirms them."""
    return put(
        CHANGES,
        {"orders": list(orders)},
        subject=subject,
        actor=passage.actor,
        via=passage.via,
        reason=passage.reason,
    )


def set_target(order: Order, passage: Passage, *, seen: str | None = None) -> Milestone:
    """Hand the order of a target to its door."""
    first, last = (_month(text) for text in order["window"])
    return milestones.save_milestone(
        series=_series(order["target"]),
        year=order["year"],
        value=None if order["value"] is None else Decimal(order["value"]),
        window=Period(first, last) if first and last else None,
        base_month=_month(order["base_month"]),
        note=order["note"],
        actor=passage.actor,
        via=passage.via,
        reason=passage.reason,
        seen=seen,
        passage=passage,
    )


def _carry_out(change: Mapping[str, Any], by: Passed) -> Passage:
    passage = Passage(
        actor=by.actor, via=by.via, reason=by.reason, eyes=by.eyes, confirmed_by=by.confirmed_by
    )
    try:
        for order in change["orders"]:
            if "target" in order:
                set_target(order, passage)
            else:
                _define(order, passage)
    except ValidationError as error:
        raise Refused([Problem(0, "", "; ".join(error.messages))]) from error
    return passage


def _define(order: Order, passage: Passage) -> None:
    model: type[Defined] = apps.get_model(order["model"])
    row = model(revision=order["revision"])
    row.pk, row._state.adding = order["pk"], order["pk"] is None
    for field in model.defining():
        value = order["fields"][field.name]
        if isinstance(value, list):
            setattr(row, field.name, _series(value))
        else:
            setattr(row, field.attname, None if value is None else field.to_python(value))
    links = {
        name: model._meta.get_field(name).related_model._default_manager.filter(pk__in=keys)  # type: ignore[union-attr]
        for name, keys in order["links"].items()
    }
    expected = order["revision"] if order["pk"] else None
    definitions.save(row, passage, links=links, expected=expected)


def _lines(change: Mapping[str, Any]) -> list[Line]:
    """What it would do now: tried out, heard and taken back."""
    with transaction.atomic():
        watch = Watch()
        try:
            passage = _carry_out(change, Passed(None, Via.COMMAND, "—", definitions.NOT_ASKED))
        except Refused as refused:
            why = " ".join(str(problem.message) for problem in refused.problems)
            found = [Line(_("It cannot be carried out any more"), "", why)]
        else:
            found = [*_recorded(passage), *(Line(*one) for one in watch.moved())]
        transaction.set_rollback(True)
    return found


def _recorded(passage: Passage) -> list[Line]:
    batch = passage.batch()
    found = []
    for row in DefinitionRevision.objects.filter(batch=batch).order_by("id"):
        for name, (old, new) in row.changes.items():
            found.append(Line(f"{row.name} · {name}", old or "—", new or "—"))
    for one in Revision.objects.filter(batch=batch).select_related("series__indicator"):
        old, new = (
            "—" if value is None else f"{plain(value)} {one.series.unit}"
            for value in (one.old_value, one.new_value)
        )
        found.append(Line(f"{one.series} {one.period.iso()}", old, new))
    return found


def _plain(row: Defined, field: models.Field[Any, Any]) -> Any:
    if field.related_model is Series:
        part = getattr(row, field.name)
        return None if part is None else _place(part)
    value = getattr(row, field.attname)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _place(series: Series) -> list[str]:
    return [series.indicator.code, series.name_zh]


def _series(place: Sequence[str]) -> Series:
    found = Series.objects.filter(indicator__code=place[0], name_zh=place[1]).first()
    if found is None:
        text = _("There is no series “%(name)s” any more.") % {"name": " ".join(place)}
        raise Refused([Problem(0, "series", text)])
    return found


def _month(text: str) -> Month | None:
    return Month.of(date.fromisoformat(text)) if text else None


CHANGES = register(Kind("definitions", gettext_lazy("Definition or target"), _carry_out, _lines))
