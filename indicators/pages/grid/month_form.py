"""One month of an agency as a plain form: what the grid does, without a script."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from indicators.calculation.numerals import whole
from indicators.calculation.periods import Month
from indicators.entry.checks import Conflict, Refused
from indicators.entry.evidence import MOST_BYTES, keep
from indicators.pages.grid.blocks import is_missing
from indicators.pages.grid.saving import SentCell, save_cells, saved_answer
from indicators.pages.grid.year import Cell, Row, grid, name_of
from indicators.reading.display import Display


@dataclass(slots=True)
class Line:
    """One series of the form; ``shown`` is what stood there before anybody typed."""

    row: Row
    cell: Cell
    text: str
    note: str
    evidence: str
    seen: int
    shown: tuple[str, str, str]
    error: str = ""
    stored: str = ""


class MonthForm:
    """The form: read with ``data`` None, saved by ``save``; what was typed is never lost."""

    def __init__(
        self,
        agency: Agency,
        month: Month,
        user: User,
        display: Display,
        data: Mapping[str, str] | None,
        *,
        files: Mapping[str, UploadedFile] | None = None,
        absolute: Callable[[str], str] = str,
    ) -> None:
        self.files, self.absolute = files or {}, absolute
        page = grid(agency, month.year, user, display)
        self.page, self.agency, self.month = page, agency, month
        self.user, self.display = user, display
        self.head = page.months[month.month - 1]
        self.key = uuid.uuid4().hex if data is None else data.get("key", "")[:64]
        self.reason = "" if data is None else data.get("reason", "")[:300]
        self.errors: list[str] = []
        self.conflict = False
        self.outcome_text = ""
        self.sent = data is not None
        self.lines = [
            self._line(row, row.cells[month.month - 1], data or {})
            for row in page.rows
            if not row.computed
        ]

    @property
    def can_edit(self) -> bool:
        """Whether any cell of the month takes a figure."""
        return any(not line.cell.closed for line in self.lines)

    def _line(self, row: Row, cell: Cell, data: Mapping[str, str]) -> Line:
        pk = row.series.pk
        seen = whole(data.get(f"seen-{pk}", ""))
        return Line(
            row,
            cell,
            data.get(f"value-{pk}", cell.text)[:100],
            data.get(f"note-{pk}", cell.note)[:300],
            data.get(f"evidence-{pk}", cell.evidence)[:500],
            cell.revision if seen is None else seen,
            (
                data.get(f"was-value-{pk}", cell.text),
                data.get(f"was-note-{pk}", cell.note),
                data.get(f"was-evidence-{pk}", cell.evidence),
            ),
        )

    def save(self) -> bool:
        """Send what differs through the door; on a refusal the lines say why."""
        if not self._keep_files():
            return False
        changed = [
            line
            for line in self.lines
            if not line.cell.closed and (line.text, line.note, line.evidence) != line.shown
        ]
        cells = [
            SentCell(line.row.series, self.month, line.text, line.note, line.evidence, line.seen)
            for line in changed
        ]
        reason = self.reason or (_("Monthly entry") if self.page.keeps_returns else "")
        try:
            save_cells(cells, actor=self.user, reason=reason, key=self.key or None)
        except Conflict as conflict:
            self.conflict = True
            self._say(conflict, changed)
            stored = saved_answer(cells, self.agency, self.display)
            for line, answer in zip(changed, stored, strict=True):
                line.seen, line.stored = answer["revision"], answer["display"]
            return False
        except Refused as refused:
            self._say(refused, changed)
            return False
        self.outcome_text = ngettext(
            "%(count)d figure saved.", "%(count)d figures saved.", len(cells)
        ) % {"count": len(cells)}
        if emptied := [line for line in changed if line.cell.value and is_missing(line.text)]:
            names = [f"{name_of(line.row)} ({line.cell.text})" for line in emptied]
            self.outcome_text += " " + ngettext(
                "%(count)d stored figure was emptied: %(names)s",
                "%(count)d stored figures were emptied: %(names)s",
                len(emptied),
            ) % {"count": len(emptied), "names": _(", ").join(names)}
        return True

    def _keep_files(self) -> bool:
        """Keep the documents that came along; each becomes the evidence of its line."""
        for line in self.lines:
            given = self.files.get(f"file-{line.row.series.pk}")
            if given is None or line.cell.closed:
                continue
            try:
                kept = keep(
                    agency=self.agency,
                    owner=self.user,
                    name=given.name or "file",
                    content=given.read(MOST_BYTES + 1),
                )
            except Refused as refused:
                line.error = str(refused.problems[0].message)
                continue
            line.evidence = self.absolute(reverse("indicators:evidence", args=(kept.pk,)))
        return not any(line.error for line in self.lines)

    def _say(self, refused: Refused, changed: list[Line]) -> None:
        self.key = uuid.uuid4().hex
        for problem in refused.problems:
            if problem.field in ("reason", "key") or problem.position >= len(changed):
                self.errors.append(str(problem.message))
            else:
                changed[problem.position].error = str(problem.message)
