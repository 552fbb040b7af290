"""Documents as evidence: known by their content, kept once for each agency."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Agency, Role
from indicators.calculation.periods import parse_period
from indicators.entry import evidence
from indicators.entry.checks import Refused
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.models import EvidenceFile
from indicators.models.figures import Via
from tests.builders import make_agency, make_indicator, make_series, make_user

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


def brought(agency: Agency, content: bytes, days: int) -> EvidenceFile:
    kept = evidence.keep(
        agency=agency, owner=make_user(), name="proof.pdf", content=b"%PDF-" + content
    )
    EvidenceFile.objects.filter(pk=kept.pk).update(at=timezone.now() - timedelta(days=days))
    return kept


@pytest.mark.django_db
def test_what_no_figure_rests_on_is_cleared_away_after_its_grace() -> None:
    agency = make_agency()
    series = make_series(make_indicator(agency=agency))
    present, past, unused = (brought(agency, name, 31) for name in (b"now", b"then", b"never"))
    recent = brought(agency, b"today", 29)
    for value, kept in ((1, past), (2, present)):
        address = f"https://indicators.example/en/evidence/{kept.pk}/"
        save_figures(
            [Entry(series, parse_period("2021-03"), Decimal(value), evidence=address)],
            actor=None,
            via=Via.COMMAND,
            reason="monthly",
        )
    said = StringIO()
    call_command("clear_unused_evidence", stdout=said)
    assert said.getvalue() == "1 removed\n"
    assert {*EvidenceFile.objects.all()} == {present, past, recent}
    assert not EvidenceFile.objects.filter(pk=unused.pk).exists()
