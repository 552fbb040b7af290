"""Evidence as files: what may be kept, and that nothing of it is ever run by a browser."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import timedelta
from io import BytesIO

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from indicators import clock
from indicators.entry.checks import Problem, Refused
from indicators.models import EvidenceFile, Observation, Revision

MOST_BYTES = 5_000_000
GRACE = timedelta(days=30)
"""How long a document may wait for the figure that it was brought for."""
ADDRESS = re.compile(r"/evidence/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
STARTS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
OPEN_DOCUMENT = (
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
)


def kind_of(content: bytes) -> str:
    """The kind of a file by its content, whatever its name says; "" for one that is not kept."""
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            for member, kind in OFFICE.items():
                if member in names:
                    return kind
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                found = archive.read("mimetype").decode("ascii", "replace")
                return found if found in OPEN_DOCUMENT else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return ""
    return ""


def keep(*, agency: Agency, owner: User, name: str, content: bytes) -> EvidenceFile:
    """Keep a document; the same one twice is kept once.

    Raises:
        Refused: it is too large, or of a kind that is not kept.
    """
    if len(content) > MOST_BYTES:
        raise Refused([Problem(0, "evidence", _("The file is larger than 5 MB; give a link."))])
    kind = kind_of(content)
    if not kind:
        message = _("Evidence is kept as PDF, PNG, JPEG, XLSX, DOCX, ODS or ODT.")
        raise Refused([Problem(0, "evidence", message)])
    digest = hashlib.sha256(content).hexdigest()
    known = EvidenceFile.objects.filter(agency=agency, sha256=digest).defer("content").first()
    return known or EvidenceFile.objects.create(
        agency=agency, owner=owner, name=name[:200], kind=kind, sha256=digest, content=content
    )


def clear_unused() -> int:
    """Remove the documents that no figure, present or past, rests on; returns how many went.

    A document lies there as soon as it is brought; its figure is saved later, or never.
    """
    waiting = EvidenceFile.objects.filter(at__lt=clock.now() - GRACE)
    old = {str(pk): pk for pk in waiting.values_list("pk", flat=True)}
    if old:
        for model in (Observation, Revision):
            used = model.objects.filter(evidence__contains="/evidence/")
            for address in used.values_list("evidence", flat=True).iterator():
                for pk in ADDRESS.findall(address):
                    old.pop(pk, None)
    EvidenceFile.objects.filter(pk__in=old.values()).delete()
    return len(old)
