"""Releasing an edition: its text, its figures and its tables as they are, for good.

What was released is read back from what was kept, never worked out again: a figure that is
corrected afterwards changes the next edition.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_plan
from indicators.calculation.progress import METHOD_VERSION
from reports.documents.tree import Report, as_json, from_json, sheet_as_json, sheet_from_json
from reports.editions.compiling import compile_report
from reports.models import Edition, Release
from reports.tables.appendix import channels_appendix, indicators_appendix
from reports.tables.sheets import Document
from reports.texts.compilation import Compilation
from reports.texts.findings import blocking
from reports.texts.linting import lint
from reports.texts.writing import is_released, require


def release(edition: Edition, *, actor: User, reason: str = "") -> Release:
    """Release an edition as it stands.

    Raises:
        Refused: no right, released already, or blocking findings and no reason.
    """
    require(may_plan(actor), _("Planners release an edition."))
    with transaction.atomic():
        held = Edition.objects.select_for_update().get(pk=edition.pk)
        require(not is_released(held), _("This edition is released already."))
        compilation = Compilation(held)
        findings = lint(compilation)
        stopping = len(blocking(findings))
        require(
            not stopping or bool(reason.strip()),
            _("%(count)d findings stop the release. Mend them, or say why it goes out in spite.")
            % {"count": stopping},
        )
        now = timezone.now()
        return Release.objects.create(
            edition=held,
            at=now,
            by=actor,
            reason=reason.strip() if stopping else "",
            method_version=METHOD_VERSION,
            report=as_json(compile_report(compilation, timezone.localdate(now))),
            sheets=_appendices(held),
            figures={
                f"{one.section.key}:{at}": [one.raw, one.figure.text if one.figure else ""]
                for at, one in enumerate(compilation.placed)
            },
            findings=[one.as_data() for one in findings],
        )


def _appendices(edition: Edition) -> dict[str, object]:
    with translation.override("zh-hant"):
        documents = {
            "indicators": indicators_appendix(edition, edition.target_year),
            "indicators_plain": indicators_appendix(edition, edition.target_year, plain=True),
            "channels": channels_appendix(edition),
        }
    return {
        name: {
            "title": one.title,
            "language": one.language,
            "sheets": [sheet_as_json(sheet) for sheet in one.sheets],
        }
        for name, one in documents.items()
    }


def report_of(edition: Edition) -> Report:
    """The report of an edition: as it was released, else as it stands today."""
    if is_released(edition):
        return from_json(edition.release.report)
    return compile_report(Compilation(edition))


def appendix_of(edition: Edition, which: str, year: int, *, plain: bool = False) -> Document:
    """An appendix; of a released edition and its target year as it was released.

    ``which`` is indicators or channels.
    """
    if is_released(edition) and (which == "channels" or year == edition.target_year):
        kept = edition.release.sheets[f"{which}_plain" if plain and which != "channels" else which]
        sheets = [sheet_from_json(sheet) for sheet in kept["sheets"]]
        return Document(kept["title"], kept["language"], sheets)
    if which == "channels":
        return channels_appendix(edition)
    return indicators_appendix(edition, year, plain=plain)
