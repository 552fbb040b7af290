"""A file's sheets as tables whose columns and rows can be said to be something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.imports.choices import role_name
from indicators.imports.messages import FIELD_NAMES, IGNORED
from indicators.imports.pictures import FIGURE
from indicators.imports.reportable import reported_series, series_name
from indicators.models import FileImport
from indicators.spreadsheets.cells import column_name
from indicators.spreadsheets.said import LEAVE_OUT, MONTH, SERIES

type Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One select: its name, what it is of, what was understood by itself, and what is chosen."""

    name: str
    of: str
    understood: str
    chosen: str
    remembered: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a sheet: its number, its choice where it has one, and its cells with their class."""

    number: int
    choice: Choice | None
    cells: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as the page shows it."""

    at: int
    name: str
    left_out: bool
    shape: str
    year: int | None
    asked: list[Choice]
    columns: list[tuple[str, Choice | None]]
    rows: list[ShownRow]
    more_rows: int
    more_columns: int
    fields: list[Option]
    months: list[Option]
    series: list[Option]
    for_rows: bool


def shown_pictures(one: FileImport, names: Mapping[str, str]) -> list[Shown]:
    """The pictures of a previewed file; ``names``: code and position of a series → its name."""
    by_key = {
        str(row.pk): names[series_name(row)] for row in reported_series(one.agency, one.owner)
    }
    return [
        _shown(at, picture, names, by_key)
        for at, picture in enumerate(one.table.get("pictures", []))
    ]


def _shown(
    at: int, picture: Mapping[str, Any], names: Mapping[str, str], by_key: Mapping[str, str]
) -> Shown:
    rows = [
        ShownRow(
            row + 1,
            Choice(
                f"row-{at}-{row}",
                _("Row %(row)d") % {"row": row + 1},
                _row_taken(taken, by_key),
                chosen,
                from_memory,
                label,
            )
            if free
            else None,
            list(zip(texts, marks, strict=True)),
        )
        for row, label, taken, chosen, from_memory, free, texts, marks in picture["rows"]
    ]
    columns = [
        (
            column_name(column),
            Choice(
                f"column-{at}-{column}",
                _("Column %(column)s") % {"column": column_name(column)},
                _column_taken(rest[1], names),
                rest[2],
                rest[3],
                rest[0],
            )
            if rest
            else None,
        )
        for column, *rest in picture["columns"]
    ]
    return Shown(
        at=at,
        name=picture["sheet"],
        left_out=picture["left_out"],
        shape=picture["shape"],
        year=picture["year"],
        asked=[
            Choice(f"text-{at}-{place}", text, "", role, False)
            for place, (text, role) in enumerate(picture["asked"])
        ],
        columns=columns,
        rows=rows,
        more_rows=picture["more_rows"],
        more_columns=picture["more_columns"],
        fields=[(code, str(name)) for code, name in FIELD_NAMES.items() if code != LEAVE_OUT],
        months=[(f"{MONTH}{n}", role_name(f"{MONTH}{n}", names)) for n in range(1, 13)],
        series=[(SERIES + code, name) for code, name in names.items()],
        for_rows=bool(picture["labels"]),
    )


def _column_taken(taken: str, names: Mapping[str, str]) -> str:
    if not taken:
        return _("not read")
    if taken == "label":
        return _("names the rows")
    if taken.startswith(MONTH):
        return taken.removeprefix(MONTH)
    return role_name(taken, names)


def _row_taken(taken: str, by_key: Mapping[str, str]) -> str:
    if taken in by_key:
        return by_key[taken]
    if taken == FIGURE:
        return _("figures")
    if taken == "above":
        return _("title")
    return str(IGNORED.get(taken, taken)) or _("not understood")
