"""Documents as evidence: known by their content, kept once for each agency."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from accounts.models import Role
from indicators.entry import evidence
from indicators.entry.checks import Refused
from indicators.models import EvidenceFile
from tests.builders import make_agency, make_user

SHEET = "application/vnd.oasis.opendocument.spreadsheet"


def packed(**members: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (packed(xl__workbook_xml="<workbook/>"), "spreadsheetml.sheet"),
        (packed(word__document_xml="<document/>"), "wordprocessingml.document"),
        (packed(mimetype=SHEET), "opendocument.spreadsheet"),
        (packed(mimetype="application/vnd.oasis.opendocument.text"), "opendocument.text"),
        (packed(mimetype="application/epub+zip"), ""),
        (packed(mimetype=SHEET + " " * 100), ""),
        (packed(index_xml="<x/>"), ""),
        (b"PK\x03\x04 broken", ""),
        (b"<html></html>", ""),
        (b"", ""),
    ],
)
def test_a_document_is_known_by_its_content(content: bytes, ending: str) -> None:
    kind = evidence.kind_of(content)
    assert kind.endswith(ending)
    assert bool(kind) == bool(ending)


@pytest.mark.django_db
def test_the_largest_document_is_kept_and_one_byte_more_is_not() -> None:
    agency, owner = make_agency(), make_user(Role.ENTRY_OFFICER)
    content = b"%PDF-" + bytes(evidence.MOST_BYTES - 5)
    kept = evidence.keep(agency=agency, owner=owner, name="a" * 300, content=content)
    assert len(kept.name) == 200
    with pytest.raises(Refused):
        evidence.keep(agency=agency, owner=owner, name="a", content=content + b"\0")


@pytest.mark.django_db
def test_the_same_document_is_kept_once_for_each_agency() -> None:
    owner, content = make_user(Role.ENTRY_OFFICER), b"%PDF-1.7"
    for code in ("wda", "osh", "wda"):
        evidence.keep(agency=make_agency(code), owner=owner, name="a.pdf", content=content)
    assert EvidenceFile.objects.count() == 2
