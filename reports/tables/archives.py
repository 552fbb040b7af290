"""ZIP archives that come out the same whenever and wherever they are written."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

from odf.element import Element
from odf.namespaces import nsdict

EARLIEST = date(1980, 1, 1)
MIMETYPE = "mimetype"
CORE = "docProps/core.xml"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def settled(content: bytes, day: date | None) -> bytes:
    """The same members under one time stamp: the day given, or the first that ZIP knows.

    OpenDocument's ``mimetype`` comes first and unpacked, as its standard asks; the time of the last
    change that Office Open XML notes within is set too.
    """
    stamp = max(day or EARLIEST, EARLIEST)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != MIMETYPE, name))
        for name in names:
            info = zipfile.ZipInfo(name, (stamp.year, stamp.month, stamp.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == MIMETYPE else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            member = source.read(name)
            if name == CORE:
                member = MODIFIED.sub(rb"\g<1>%sT00:00:00Z" % str(stamp).encode(), member)
            target.writestr(info, member)
    return out.getvalue()


def declare_namespaces() -> None:
    """Let odfpy declare all that it knows: it remembers what it met in earlier documents."""
    Element.namespaces.update(nsdict)
