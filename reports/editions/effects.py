"""What the editions say: a witness of every change of a definition or a target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from indicators.entry.effects import Said
from reports.models import Edition
from reports.tables.reconciling import DIFFERENCES, reconcile
from reports.texts.compilation import Compilation
from reports.texts.writing import is_released


def said_by_editions() -> Iterator[Said]:
    """The live figures of every edition, and how its printed figures agree with the data.

    A released edition stays as it went out; what its text would say today is heard all the same.
    """
    for edition in Edition.objects.order_by("year"):
        name = str(edition.year)
        if is_released(edition):
            name = _("%(year)d (released: it stays as it went out; the data would now say)") % {
                "year": edition.year
            }
        for at, one in enumerate(Compilation(edition).placed):
            text = one.error
            if one.figure is not None:
                text = one.figure.text or str(one.figure.problem)
            place = " · ".join((name, one.section.title, one.raw))
            yield Said(("live", edition.pk, one.section.pk, at), place, text)
        met: Counter[tuple[str, ...]] = Counter()
        for row in reconcile(edition):
            key = tuple(row[part] for part in ("place", "indicator", "kind", "period"))
            met[key] += 1
            text = f"{row['printed']} = {row['computed'] or '—'}, {DIFFERENCES[row['difference']]}"
            place = " · ".join((name, row["place"], row["indicator"], row["period"]))
            yield Said(("printed", edition.pk, *key, met[key]), place, text)
