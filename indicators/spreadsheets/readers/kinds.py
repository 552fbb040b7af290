"""What a file is that is no table: told from its content, since names of files are wrong."""

from __future__ import annotations

import re
from collections.abc import Collection

STARTS = {
    b"%PDF": "pdf",
    b"{\\rtf": "word",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ": "archive",
    b"\x1f\x8b": "gnumeric",
    b"\x7fELF": "not_a_table",
    b"MZ": "not_a_table",
}
# A mail with a web page in it, as browsers and Excel keep one in a single file.
MAIL = re.compile(r"^(?:mime-version|from|date|subject|content-type|x-[\w-]+)\s*:", re.IGNORECASE)
PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|tr|script|style|div)\b", re.I)
XML = (
    ("urn:schemas-microsoft-com:office:spreadsheet", "excel_2003_xml"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "flat_ods"),
    ("http://www.gnumeric.org/", "gnumeric"),
    ("http://www.w3.org/1999/xhtml", "web_page"),
)
# A member that tells the kind of a zipped file.
MEMBERS = (
    (re.compile(r"^xl/workbook\.bin$"), "xlsb"),
    (re.compile(r"^xl/"), "xlsx"),
    (re.compile(r"^word/"), "word"),
    (re.compile(r"^ppt/"), "slides"),
    (re.compile(r"^index/.*\.iwa$|^index\.zip$"), "numbers"),
)
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "word",
    b"application/vnd.oasis.opendocument.presentation": "slides",
    b"application/vnd.oasis.opendocument.graphics": "picture",
}
LOOKED_AT = 4000


def foreign_kind(content: bytes) -> str:
    """What a file is by its first bytes, as a code of ``FileError``; "" for what may be a text."""
    for start, code in STARTS.items():
        if content.startswith(start):
            return code
    start = content[:LOOKED_AT]
    codec = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    text = start.decode(codec, errors="replace").lstrip("\ufeffï»¿ \t\r\n\0")
    if text.startswith("<"):
        known = next((code for mark, code in XML if mark in text), "")
        if known:
            return known
        return (
            "web_page" if PAGE.search(text) else "not_a_table" if text.startswith("<?xml") else ""
        )
    return "web_page" if MAIL.match(text) and "mime-version" in text.lower() else ""


def zipped_kind(names: Collection[str], mimetype: bytes) -> str:
    """What a zipped file is by the names of its members and the kind it declares."""
    plain = [name.replace("\\", "/").lower() for name in names]
    for pattern, kind in MEMBERS:
        if any(pattern.match(name) for name in plain):
            return kind
    if "content.xml" in plain:
        declared = mimetype.strip().removesuffix(b"-template")
        return OPEN_DOCUMENTS.get(declared, "ods")
    return "archive"
