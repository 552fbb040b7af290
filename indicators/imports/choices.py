"""What a person chooses on the picture of a file, and how the choices are named afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from indicators.imports.messages import FIELD_NAMES
from indicators.imports.pictures import labels_seen
from indicators.models import FileImport
from indicators.spreadsheets.cells import column_name
from indicators.spreadsheets.said import LEAVE_OUT, MONTH, SERIES, ColumnSaid, RowSaid, Said

TEXT_ROLES = ("value", LEAVE_OUT)
MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was changed on a picture.

    ``said``: all that holds for the file from now on. ``remember``: heading, label or title → role;
    ``forget``: those that are read by themselves again.
    """

    said: Said
    remember: Mapping[str, str] = field(default_factory=dict)
    forget: tuple[str, ...] = ()


def chosen_on(one: FileImport, posted: Mapping[str, str], names: Collection[str]) -> Chosen:
    """What the form of the picture says of a file; what it does not speak of stays.

    ``posted``: name of a control → its value; ``names``: the series that may be chosen, by their
    code and position.
    """
    pictures = one.table.get("pictures", [])
    form = _Form(Said.of_data(one.choices), posted, names, labels_seen(pictures))
    for at, picture in enumerate(pictures):
        form.sheet(at, picture["sheet"])
        form.asked(at, picture)
        form.columns(at, picture)
        form.rows(at, picture)
    return Chosen(form.said, form.remember, tuple(form.forget))


class _Form:
    """The controls of the pictures, and what they change."""

    def __init__(
        self,
        said: Said,
        posted: Mapping[str, str],
        names: Collection[str],
        labels: Mapping[str, int],
    ) -> None:
        self.said, self.posted, self.names, self.labels = said, posted, names, labels
        self.remember: dict[str, str] = {}
        self.forget: list[str] = []

    def sheet(self, at: int, name: str) -> None:
        """Whether a sheet is left out."""
        if (new := self.posted.get(f"sheet-{at}")) is not None:
            kept = [one for one in self.said.sheets if one != name]
            self.said = replace(self.said, sheets=(*kept, *([name] if new == LEAVE_OUT else [])))

    def asked(self, at: int, picture: Mapping[str, Any]) -> None:
        """What titles and words over months make of the figures."""
        for place, (text, role) in enumerate(picture["asked"]):
            new = self.posted.get(f"text-{at}-{place}", role)
            if new == role or new not in ("", *TEXT_ROLES):
                continue
            kept = {one: what for one, what in self.said.texts.items() if one != text}
            self.said = replace(self.said, texts=kept | ({text: new} if new else {}))
            self._note(text if text != picture["sheet"] else "", new)

    def columns(self, at: int, picture: Mapping[str, Any]) -> None:
        """What the columns are."""
        for column, *rest in picture["columns"]:
            if not rest:
                continue
            heading, _taken, role, _from_memory = rest
            new = self.posted.get(f"column-{at}-{column}", role)
            if new == role or not (new == "" or _is_role(new, self.names)):
                continue
            sheet = picture["sheet"]
            kept = [c for c in self.said.columns if (c.sheet, c.column) != (sheet, column)]
            said = ColumnSaid(sheet, picture["heading"], column, new)
            self.said = replace(self.said, columns=(*kept, *([said] if new else [])))
            if not new.startswith(MONTH):
                self._note(heading, new)

    def rows(self, at: int, picture: Mapping[str, Any]) -> None:
        """What the rows are."""
        for row, label, _taken, role, *_rest in picture["rows"]:
            new = self.posted.get(f"row-{at}-{row}", role)
            is_series = new.startswith(SERIES) and new.removeprefix(SERIES) in self.names
            if new == role or not (new in ("", LEAVE_OUT) or is_series):
                continue
            sheet = picture["sheet"]
            kept = [r for r in self.said.rows if (r.sheet, r.row) != (sheet, row)]
            said = RowSaid(sheet, row, tuple(picture["labels"]), new)
            self.said = replace(self.said, rows=(*kept, *([said] if new else [])))
            if self.labels.get(label) == 1:
                self._note(label, SERIES + new.removeprefix(SERIES) if new else "")

    def _note(self, text: str, role: str) -> None:
        if text and role:
            self.remember[text] = role
        elif text:
            self.forget.append(text)


def _is_role(role: str, names: Collection[str]) -> bool:
    if role.startswith(MONTH):
        return role.removeprefix(MONTH) in {str(month) for month in range(1, 13)}
    return role in FIELD_NAMES or (role.startswith(SERIES) and role.removeprefix(SERIES) in names)


def named_choices(one: FileImport, series: Mapping[str, str]) -> list[str]:
    """What a person chose for a file, and what was remembered and used in it, a sentence each.

    ``series``: code and position → name.
    """
    said = Said.of_data(one.choices)
    pictures = {picture["sheet"]: picture for picture in one.table.get("pictures", [])}
    found = [_("sheet “%(sheet)s” left out") % {"sheet": name} for name in said.sheets]
    for text, role in said.texts.items():
        found.append(f"“{text[:40]}”: {role_name(role, series, of_text=True)}")
    found += [
        _("column %(column)s") % {"column": column_name(said_of.column)}
        + f": {role_name(said_of.role, series)}"
        for said_of in said.columns
    ]
    for row in said.rows:
        rows = pictures.get(row.sheet, {"rows": []})["rows"]
        label = next((one[1][:30] for one in rows if one[0] == row.row), "")
        place = _("row %(row)d") % {"row": row.row + 1} + (f" “{label}”" if label else "")
        found.append(f"{place}: {role_name(row.role, series)}")
    found += [_("closed: %(month)s left out") % {"month": month} for month in said.closed]
    for text, role in remembered_used(one).items():
        found.append(_("remembered: “%(text)s”") % {"text": text} + f": {role_name(role, series)}")
    return found


def remembered_used(one: FileImport) -> dict[str, str]:
    """Headings and labels of a file that were read as somebody had chosen before → role."""
    found = {}
    for picture in one.table.get("pictures", []):
        for _column, *rest in picture["columns"]:
            if rest and rest[3]:
                found[rest[0]] = rest[2]
        for _row, label, _taken, role, from_memory, *_more in picture["rows"]:
            if from_memory:
                found[label] = role
    return found


def role_name(role: str, series: Mapping[str, str], *, of_text: bool = False) -> str:
    """What a role is called."""
    if role.removeprefix(SERIES) == LEAVE_OUT:
        return str(FIELD_NAMES[LEAVE_OUT])
    if of_text:
        return _("the figures themselves are meant")
    if role.startswith(MONTH):
        return _("month %(month)s") % {"month": role.removeprefix(MONTH)}
    if role.startswith(SERIES):
        name = role.removeprefix(SERIES)
        return series.get(name, name)
    return str(FIELD_NAMES.get(role, role))


def reason_with(reason: str, choices: Iterable[str]) -> str:
    """The reason of a batch with what was chosen behind it, as much as its column holds."""
    listed = "; ".join(choices)
    text = f"{reason} [{listed}]" if listed else reason
    return text if len(text) <= MOST_REASON else f"{text[: MOST_REASON - 2]}…]"
