"""Reports as files: made in the background, kept with their checksum, and the same every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from django.db import transaction
from django.tasks import task
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from reports.documents.docx import write_docx
from reports.documents.fonts import FontMissing
from reports.documents.html import write_html
from reports.documents.odt import write_odt
from reports.documents.pdf import write_pdf
from reports.documents.tree import Report
from reports.editions.releasing import report_of
from reports.models import Edition, ReportFile
from reports.texts.writing import is_released

WRITERS: Mapping[str, Callable[[Report], bytes]] = {
    "odt": write_odt,
    "docx": write_docx,
    "pdf": write_pdf,
    "html": write_html,
}
TYPES: Mapping[str, str] = {
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
State = ReportFile.State


def build(edition: Edition, format: str) -> bytes:
    """The report of an edition in a format; of a released one the file that was kept.

    Raises:
        KeyError: there is no such format.
        FontMissing: the machine has no font for Chinese.
    """
    kept = ReportFile.objects.filter(
        edition=edition, format=format, is_release=True, state=State.READY
    ).first()
    if kept is not None and kept.content is not None:
        return bytes(kept.content)
    return WRITERS[format](report_of(edition))


def ask_for(edition: Edition, format: str, *, actor: User) -> ReportFile:
    """Have a file made in the background; one of a release that is ready stays as it is."""
    released = is_released(edition)
    with transaction.atomic():
        one, _made = ReportFile.objects.select_for_update().get_or_create(
            edition=edition, format=format, is_release=released, defaults={"asked_by": actor}
        )
        if released and one.state == State.READY:
            return one
        one.state, one.message = State.WAITING, ""
        one.asked_by, one.asked_at = actor, timezone.now()
        one.save()
        transaction.on_commit(lambda: _enqueue(one))
    return one


def _enqueue(one: ReportFile) -> None:
    build_file.enqueue(one.pk, translation.get_language() or "zh-hant")


@task()
def build_file(pk: int, language: str) -> None:
    """Make one file; what goes wrong stands in its message."""
    one = ReportFile.objects.select_related("edition").get(pk=pk)
    if one.state == State.READY and one.is_release:
        return
    ReportFile.objects.filter(pk=pk).update(state=State.BUILDING)
    content = None
    message = str(_("It could not be made; the log of the worker says why."))
    try:
        with translation.override(language):
            content = build(one.edition, one.format)
    except FontMissing as missing:
        message = str(missing)
    finally:
        if content is None:
            failed = ReportFile.objects.filter(pk=pk)
            failed.update(state=State.FAILED, message=message[:500])
    if content is not None:
        ReportFile.objects.filter(pk=pk).update(
            state=State.READY,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            ready_at=timezone.now(),
            message="",
        )
