"""Drawings as pixels, for formats and programs that know no SVG; and Typst, run by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from reports.documents.fonts import known_fonts

DOTS_AN_INCH = 200
PAGE = """
#set page(width: float(sys.inputs.width) * 1mm, height: auto, margin: 0pt, fill: white)
#image(read("picture.svg", encoding: none), format: "svg", width: 100%)
"""


def png_of(svg: bytes, width_mm: float) -> bytes:
    """An SVG as PNG on white, so many millimetres wide at 200 dots an inch.

    Raises:
        typst.TypstError: it is no SVG, or refers to another file.
    """
    return typeset(
        {"main.typ": PAGE.encode(), "picture.svg": svg},
        form="png",
        ppi=DOTS_AN_INCH,
        sys_inputs={"width": str(width_mm)},
    )


def typeset(files: Mapping[str, bytes], *, form: Literal["pdf", "png"], **options: Any) -> bytes:
    """What Typst makes of ``main.typ`` among these files, as png or pdf.

    They stand in a folder of their own, for a drawing may refer to files and must find no others.
    Files in memory will not do: they have to be UTF-8, which a photograph is not.

    Raises:
        typst.TypstError: it cannot be set.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        made: bytes = typst.compile(
            Path(folder) / "main.typ",
            root=Path(folder),
            font_paths=known_fonts(),
            format=form,
            **options,
        )
    return made
