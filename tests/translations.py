"""What the interface says, held against what the catalogue translates.

``python -m tests.translations`` lists every text of code and templates that has no finished
translation, and every translation whose placeholders are not those of its text. It reads the
sources with Babel and Django's own template reader, so that it needs no gettext programs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "accounts", "indicators", "stakeholders", "reports")
CATALOGUE = ROOT / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{
        f"{name}_lazy": DEFAULT_KEYWORDS[name]
        for name in ("gettext", "ngettext", "pgettext", "npgettext")
    },
}
Text = tuple[str | None, str]
"""A context, or None, and a text."""


def texts() -> dict[Text, list[str]]:
    """Every text that is to be translated, with the places where it occurs."""
    found: dict[Text, list[str]] = {}
    for path, source in _sources():
        for line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            singular = message if isinstance(message, str) else message[0]
            if singular:
                place = f"{path.relative_to(ROOT)}:{line}"
                found.setdefault((context, singular), []).append(place)
    return found


def catalogue() -> Catalog:
    """The Traditional Chinese catalogue, obsolete entries left out."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="zh_Hant", ignore_obsolete=True, abort_invalid=True)


def faults() -> list[str]:
    """What is missing, unfinished or wrongly filled in, one line each."""
    translated = catalogue()
    lines = []
    for (context, text), places in sorted(texts().items(), key=lambda item: item[1][0]):
        message = translated.get(text, context)
        if message is None or not _is_finished(message):
            state = "missing" if message is None else "fuzzy" if message.fuzzy else "empty"
            lines.append(f"{places[0]}: {state}: {text!r}")
    for message, errors in translated.check():
        lines += [f"{CATALOGUE.name}:{message.lineno}: {error}" for error in errors]
    return lines


def _sources() -> Iterator[tuple[Path, str]]:
    """Python as it is, templates as the Python that their tags amount to."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            as_code = templatize(path.read_text(), origin=str(path))
            # Python's tokenizer would stumble over the indentation of the page.
            yield path, re.sub(r"^[ \t]+", "", as_code, flags=re.MULTILINE)


def _is_finished(message: Message) -> bool:
    strings = message.string or ""
    forms = [strings] if isinstance(strings, str) else strings
    return not message.fuzzy and all(forms)


if __name__ == "__main__":
    for fault in (found := faults()):
        print(fault)
    print(f"{len(texts())} texts, {len(found)} faults.")
    sys.exit(bool(found))
