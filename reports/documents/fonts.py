"""The fonts of printed reports: Noto Sans TC, fetched once and checked, else the system's own.

``python -m reports.documents.fonts`` sees to it that they are there.
"""

from __future__ import annotations

import base64
import hashlib
import tarfile
import tempfile
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.request import urlopen

import typst

FOLDER = Path(__file__).resolve().parents[2] / ".tools" / "fonts"
FAMILIES = ("Noto Sans TC", "Noto Sans CJK TC")
"""The families that print Traditional Chinese, the first found is taken."""
URL = "https://registry.npmjs.org/@expo-google-fonts/noto-sans-tc/-/noto-sans-tc-0.4.3.tgz"
SHA512 = "69XAOTLPz0WlAxL6qJEKlDMxHsBd4J1M39HjV0gPF2o1xWVALOsVWvDgistnecVockA9wbU/tH5C/gyS2PdnHg=="
"""Of the archive, in Base64 as npm writes it."""
MEMBERS = {
    "package/LICENSE_FONT": "LICENSE_FONT",
    "package/700Bold/NotoSansTC_700Bold.ttf": "NotoSansTC_700Bold.ttf",
    "package/400Regular/NotoSansTC_400Regular.ttf": "NotoSansTC_400Regular.ttf",
}
SECONDS = 60
PIECE = 1 << 20


class FontMissing(Exception):
    """No font with Chinese was found; the message says what to do."""


class _NotTheArchive(Exception):
    """What came is not what was asked for."""


def font_paths() -> list[Path]:
    """The folders with the project's own fonts; none before they are fetched."""
    return [FOLDER] if FOLDER.is_dir() else []


@cache
def known_fonts() -> typst.Fonts:
    """The project's fonts and the system's; they are looked up once a process."""
    return typst.Fonts(font_paths=font_paths())


def families() -> list[str]:
    """Those families of Traditional Chinese that are there, the first before the others.

    Raises:
        FontMissing: there is none.
    """
    known = set(known_fonts().families())
    if found := [family for family in FAMILIES if family in known]:
        return found
    raise FontMissing(
        f"No font with Chinese was found. Run `make fonts`, or install {' or '.join(FAMILIES)}"
        " (Debian: fonts-noto-cjk), and start again."
    )


def ensure() -> None:
    """Fetch the fonts unless they are there; without them the system's are used."""
    if all((FOLDER / name).is_file() for name in MEMBERS.values()):
        return
    print(f"Fetching Noto Sans TC into {FOLDER}")
    try:
        _fetch()
    except (OSError, HTTPException, _NotTheArchive) as error:
        print(
            f"Noto Sans TC was not fetched ({error}); reports will be printed with the system's"
            " font for Chinese (Debian: fonts-noto-cjk)."
        )


def _fetch() -> None:
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    # On the same disk as the folder, so that each file comes there whole or not at all.
    with (
        tempfile.TemporaryDirectory(dir=FOLDER.parent) as beside,
        tempfile.TemporaryFile(dir=beside) as archive,
    ):
        _download(archive)
        archive.seek(0)
        with tarfile.open(fileobj=archive, mode="r:gz") as members:
            for member, name in MEMBERS.items():
                content = members.extractfile(member)
                assert content is not None
                (Path(beside) / name).write_bytes(content.read())
        FOLDER.mkdir(exist_ok=True)
        for name in MEMBERS.values():
            (Path(beside) / name).replace(FOLDER / name)


def _download(target: IO[bytes]) -> None:
    found = hashlib.sha512()
    with urlopen(URL, timeout=SECONDS) as answer:
        while piece := answer.read(PIECE):
            found.update(piece)
            target.write(piece)
    if found.digest() != base64.b64decode(SHA512):
        raise _NotTheArchive("what came is not the archive that was asked for")


if __name__ == "__main__":
    ensure()
