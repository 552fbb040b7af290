"""OpenDocument 1.3 as a stream: the tables row by row, what lists them afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from reports.tables.sheets import FONT
from reports.tables.streamed import (
    MOST_MEMBER_BYTES,
    Cells,
    Member,
    Rows,
    Tables,
    Value,
    archive,
    clean,
    document,
    language,
    table_name,
    widths,
)
from reports.tables.writers import TYPES

KEPT_BLANKS = re.compile("\t|^ +|(?<= ) +| +$", re.MULTILINE)
CHARACTER_MM = 2.1
NAMES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
            ("meta", "meta"),
            ("config", "config"),
            ("svg", "svg-compatible"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
TEXT_CELL = '<table:table-cell office:value-type="string"'


def as_ods(head: list[str], rows: Rows) -> Iterator[bytes]:
    """OpenDocument: numbers exact, a further table for each million of rows.

    All tables are in one member of the archive, which holds some four million figures.
    """
    return archive(_members(clean(_("Figures")), language(), head, rows), TYPES["ods"])


def _members(title: str, spoken: str, head: list[str], rows: Rows) -> Iterator[Member]:
    names: list[str] = []
    yield "styles.xml", document(_styles(spoken))
    yield (
        "meta.xml",
        document(
            f"<office:document-meta {NAMES}><office:meta><dc:title>{title}</dc:title>"
            f"<dc:language>{spoken}</dc:language></office:meta></office:document-meta>"
        ),
    )
    yield "content.xml", _content(title, head, rows, names)
    yield "settings.xml", document(_settings(names))
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (
            ("styles.xml", "text/xml"),
            ("meta.xml", "text/xml"),
            ("content.xml", "text/xml"),
            ("settings.xml", "text/xml"),
        )
    )
    yield (
        "META-INF/manifest.xml",
        document(
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            ' manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
            f' manifest:version="1.3" manifest:media-type="{TYPES["ods"]}"/>{entries}'
            "</manifest:manifest>"
        ),
    )


def _content(title: str, head: list[str], rows: Rows, names: list[str]) -> Iterator[bytes]:
    """The tables; their names are added to ``names``."""
    cells = Cells(_text, _number, "<table:table-cell/>")

    def write(block: list[list[Value]]) -> bytes:
        between = b"</table:table-row><table:table-row>"
        rows = between.join(cells.rows(block, b""))
        return b"<table:table-row>" + rows + b"</table:table-row>"

    tables = Tables(rows, write)
    styles, columns = _columns(widths(head, tables.first))
    yield from document(
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
        '<style:style style:name="head" style:family="table-cell"><style:text-properties'
        ' fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )
    headings = "".join(_text(one, ' table:style-name="head"') for one in head)
    left = MOST_MEMBER_BYTES
    while not names or tables.more():
        names.append(table_name(title, len(names) + 1))
        yield (
            f'<table:table table:name="{names[-1]}">{columns}<table:table-header-rows>'
            f"<table:table-row>{headings}</table:table-row></table:table-header-rows>"
        ).encode()
        for block in tables.table(left):
            left -= len(block)
            yield block
        if left <= 0:
            raise ValueError("More figures than one OpenDocument file holds; take XLSX or CSV.")
        yield b"</table:table>"
    yield b"</office:spreadsheet></office:body></office:document-content>"


def _text(text: str, style: str = "") -> str:
    """A cell of text: a paragraph a line, blanks as elements where XML would lose them."""
    shown = KEPT_BLANKS.sub(_blanks, clean(text)).replace("\n", "</text:p><text:p>")
    return f"{TEXT_CELL}{style}><text:p>{shown}</text:p></table:table-cell>"


def _blanks(found: re.Match[str]) -> str:
    blanks = found.group()
    return "<text:tab/>" if blanks == "\t" else f'<text:s text:c="{len(blanks)}"/>'


def _number(number: str) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{number}">'
        f"<text:p>{number}</text:p></table:table-cell>"
    )


def _columns(widths: Sequence[int]) -> tuple[str, str]:
    """The styles of the columns, and the columns."""
    styles = "".join(
        f'<style:style style:name="width{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * CHARACTER_MM:.0f}mm"/>'
        "</style:style>"
        for width in sorted(set(widths))
    )
    columns = "".join(f'<table:table-column table:style-name="width{one}"/>' for one in widths)
    return styles, columns


def _styles(spoken: str) -> str:
    main, _mark, country = spoken.partition("-")
    text = (
        f'style:language-asian="{main}" style:country-asian="{country}"'
        if country
        else 'fo:language="en" fo:country="US"'
    )
    return (
        f"<office:document-styles {NAMES}><office:font-face-decls>"
        f'<style:font-face style:name="{FONT}" svg:font-family="\'{FONT}\'"/>'
        "</office:font-face-decls><office:styles>"
        f'<style:default-style style:family="table-cell"><style:text-properties {text}'
        f' style:font-name="{FONT}" style:font-name-asian="{FONT}"'
        ' fo:font-size="10pt" style:font-size-asian="10pt"/></style:default-style>'
        "</office:styles></office:document-styles>"
    )


def _settings(names: Iterable[str]) -> str:
    """The headings stay while the rows below are scrolled."""
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
        "</config:config-item>"
        for name, kind, value in (
            ("VerticalSplitMode", "short", 2),
            ("VerticalSplitPosition", "int", 1),
            ("ActiveSplitRange", "short", 2),
            ("PositionBottom", "int", 1),
        )
    )
    tables = "".join(
        f'<config:config-item-map-entry config:name="{name}">{items}</config:config-item-map-entry>'
        for name in names
    )
    return (
        f"<office:document-settings {NAMES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{tables}'
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
