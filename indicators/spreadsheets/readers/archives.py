"""Zipped workbooks, looked at before any reader opens them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from typing import IO

from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.readers.kinds import zipped_kind

MOST_UNPACKED = 200_000_000
MOST_MEMBERS = 2_000
CHUNK = 1 << 20
DEFINITIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00", b"\x00<\x00!")
# A cell in column OK or beyond, or in row 200,000 or beyond: a reader would make room up to there.
BEYOND = rb"(?:(?:[A-Z]{3,}|O[K-Z]|[P-Z][A-Z])[0-9]|[A-Z]*(?:[2-9][0-9]{5}|[0-9]{7,})[\"'])"
FAR_AWAY = re.compile(rb' r="' + BEYOND)
FAR_AWAY_ANYHOW = re.compile(rb"\br\s*=\s*[\"']" + BEYOND)
# Marks of an attribute written otherwise than programs write it; then the slower search is used.
ODDLY_WRITTEN = (b"='", b"= ", b" =", b'\tr="', b'\nr="')
# Formulas, errors, raised characters, what is hidden or without a size.
TELLING = (b"<f", b":f", b't="e"', b"script", b"hidden", b"showZeros", b' ht="', b' width="0')


def check_archive(content: bytes) -> tuple[str, frozenset[str]]:
    """Look through a zipped file and count what it really unpacks to.

    Returns what it is, xlsx or ods, and the members with more than values in them: formulas,
    errors, raised characters, something hidden.

    Raises:
        FileError: it is no workbook, damaged, locked, or would be too large.
    """
    left, telling = MOST_UNPACKED, set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            kind = zipped_kind(names, _start(archive, names, "mimetype"))
            if kind not in ("xlsx", "ods"):
                raise FileError(kind)
            if len(members) > MOST_MEMBERS:
                raise FileError("too_large")
            if any(member.flag_bits & 1 for member in members):
                raise FileError("encrypted")
            if kind == "ods" and b"manifest:encryption-data" in _start(
                archive, names, "META-INF/manifest.xml"
            ):
                raise FileError("encrypted")
            for member in members:
                with archive.open(member) as stream:
                    size, tells = _look_through(stream, left)
                left -= size
                if tells:
                    telling.add(member.filename)
    except FileError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileError("damaged") from error
    except Exception as error:
        # zlib and lzma have errors of their own.
        raise FileError("damaged") from error
    return kind, frozenset(telling)


def _start(archive: zipfile.ZipFile, names: Collection[str], member: str) -> bytes:
    """The first bytes of a member; none where there is no such member."""
    if member not in names:
        return b""
    with archive.open(member) as stream:
        return stream.read(CHUNK)


def _look_through(stream: IO[bytes], most: int) -> tuple[int, bool]:
    """How many bytes a member unpacks to, and whether it has more than values in it.

    What lies on the border of two chunks is seen too.
    """
    size, tail, tells = 0, b"", False
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise FileError("too_large")
        seen = tail + chunk
        if any(mark in seen for mark in DEFINITIONS):
            raise FileError("entities")
        odd = any(mark in seen for mark in ODDLY_WRITTEN)
        if (FAR_AWAY_ANYHOW if odd else FAR_AWAY).search(seen):
            raise FileError("too_large")
        tells = tells or odd or any(mark in seen for mark in TELLING)
        tail = seen[-64:]
    return size, tells
