"""Work that takes too long for a request; it runs with the rights of whoever asked for it."""

from __future__ import annotations

from django.tasks import task
from django.utils import translation

from accounts.models import User
from indicators.entry.checks import Refused
from indicators.imports import importing
from indicators.models import FileImport

State = FileImport.State


@task()
def save_import(import_id: str, actor_id: int, reason: str, seen: str, language: str) -> None:
    """Save a confirmed file; where it is refused the preview comes back and says why."""
    one = FileImport.objects.select_related("agency", "owner").get(pk=import_id)
    if one.state != State.QUEUED:
        return
    note_progress(one, "saving")
    with translation.override(language):
        try:
            importing.confirm(one, actor=User.objects.get(pk=actor_id), reason=reason, seen=seen)
        except Refused as refused:
            give_back(one, [str(problem.message) for problem in refused.problems[:50]])


def note_progress(one: FileImport, stage: str, **more: str) -> None:
    """Say how far the work is: waiting, saving."""
    outcome = {key: value for key, value in one.outcome.items() if key == "task"}
    FileImport.objects.filter(pk=one.pk, state=State.QUEUED).update(
        outcome=outcome | {"stage": stage} | more
    )
    one.refresh_from_db(fields=["outcome"])


def give_back(one: FileImport, problems: list[str]) -> None:
    """Return a file to its preview, with what stood in the way."""
    FileImport.objects.filter(pk=one.pk, state=State.QUEUED).update(
        state=State.PREVIEWED, outcome={"problems": problems}
    )
