"""Spreadsheets in: from a file to a preview, from the preview through the door, and back out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, Period, parse_period
from indicators.entry.checks import Problem, Refused
from indicators.entry.door import examine_figures, save_figures
from indicators.entry.entries import Entry, Examined, Outcome
from indicators.imports.reportable import aliases_of, corrections_of, known, reported_series
from indicators.models import FileImport, Revision
from indicators.models.figures import Origin, Via
from indicators.spreadsheets.figures import Table, read_table
from indicators.spreadsheets.files import Book, Sheet, read_text
from indicators.spreadsheets.formulas import from_text
from indicators.spreadsheets.layout.grid import text_of
from indicators.spreadsheets.layout.layouts import Layout
from indicators.spreadsheets.limits import read_limited

State = FileImport.State
MOST_FINDINGS = 5000
MOST_LABELS = 50
MOST_LABEL = 120
A_MONTH = "a month"
"""A heading that names a month of a wide table, among the fields that headings can be."""
PREVIEWS_LAST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A figure as it was read from a cell.

    ``label``: what the file calls its series; ``mark``: p, r or e beside its month.
    """

    sheet: str
    row: int
    column: int
    text: str
    entry: Entry
    label: str = ""
    mark: str = ""

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it stands: sheet, row and column, counted from 0."""
        return self.sheet, self.row, self.column


def bring_in(
    *,
    owner: User,
    agency: Agency | None,
    name: str,
    content: bytes | None = None,
    text: str = "",
    encoding: str = "",
    year: int | None = None,
) -> FileImport:
    """Read a file or a pasted table and keep it for the preview; no figure is saved.

    Raises:
        FileError: it is no table that can be read within the limits.
    """
    if content is None:
        content, book = text.encode(), read_text(text)
    else:
        book = read_limited(content, encoding=encoding)
    one = FileImport(
        owner=owner,
        agency=agency,
        name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        encoding=book.encoding,
        year=year,
    )
    one.table = _table(book, one)
    one.save()
    _forget_old_previews()
    return one


def _forget_old_previews() -> None:
    """A file that nobody confirmed within a week goes."""
    FileImport.objects.filter(state=State.PREVIEWED, at__lt=timezone.now() - PREVIEWS_LAST).update(
        state=State.DISCARDED, content=None
    )


def read_again(one: FileImport, *, encoding: str, year: int | None) -> None:
    """Read a kept file once more, with another encoding, year, or corrected headings.

    Raises:
        FileError: it cannot be read so.
    """
    content = bytes(one.content or b"")
    book = read_limited(content, encoding=encoding)
    one.encoding, one.year = book.encoding, year
    one.table = _table(book, one)
    one.save(update_fields=["encoding", "year", "table"])


def _table(book: Book, one: FileImport) -> dict[str, Any]:
    series = reported_series(one.agency, one.owner)
    table = read_table(
        book,
        known(series),
        corrections=corrections_of(one.agency),
        aliases=aliases_of(one.agency, series),
        year=one.year,
    )
    return {
        "kind": book.kind,
        "sheets": [sheet.name for sheet in book.sheets],
        "rows": table.rows,
        "ignored": dict(Counter(why for _sheet, _row, why in table.ignored)),
        "headings": _headings(book, table),
        "readings": [
            [
                r.sheet,
                r.row,
                r.column,
                r.text,
                r.key,
                r.period.iso(),
                plain(r.value),
                r.note,
                r.label[:MOST_LABEL],
                r.mark,
            ]
            for r in table.readings
        ],
        "findings": [
            [f.sheet, f.row, f.column, f.text, f.code, dict(f.params), f.severity]
            for f in table.findings[:MOST_FINDINGS]
        ],
        "labels": sorted({f.params["label"] for f in table.findings if f.params.get("label")})[
            :MOST_LABELS
        ],
        "notes": any("note" in layout.columns for layout in table.layouts.values()),
    }


def _headings(book: Book, table: Table) -> list[dict[str, Any]]:
    """How each sheet's headings were understood, for a person to correct.

    Of a sheet without a table the first row with several texts is taken for its headings. Titles
    and sheet names whose words are not understood come before them.
    """
    found = []
    layouts: Mapping[str, Layout] = table.layouts
    for sheet in book.sheets:
        layout = layouts.get(sheet.name)
        at = layout.header_row if layout else _first_with_texts(sheet)
        asked = [text for name, text in dict.fromkeys(table.asked) if name == sheet.name]
        if at is None and not asked:
            continue
        texts = {} if at is None else layout.headings if layout else _texts(sheet, at)
        fields = {column: name for name, column in layout.columns.items()} if layout else {}
        months = layout.months if layout else {}
        found.append(
            {
                "sheet": sheet.name,
                "shape": layout.shape if layout else "",
                "year": layout.year if layout else None,
                "columns": [
                    *([text, ""] for text in asked if text not in texts.values()),
                    *(
                        [text, fields.get(column, A_MONTH if column in months else "")]
                        for column, text in texts.items()
                    ),
                ],
            }
        )
    return found


def _texts(sheet: Sheet, at: int) -> dict[int, str]:
    return {column: text for column, cell in enumerate(sheet.rows[at]) if (text := text_of(cell))}


def _first_with_texts(sheet: Sheet) -> int | None:
    for at, row in enumerate(sheet.rows[:60]):
        if sum(1 for cell in row if isinstance(cell, str) and cell.strip()) > 2:
            return at
    return None


def figures_of(one: FileImport) -> list[ReadFigure]:
    """The figures that were read, ready for the door."""
    series = {row.pk: row for row in reported_series(one.agency, one.owner)}
    with_notes = bool(one.table.get("notes"))
    return [
        ReadFigure(
            sheet,
            row,
            column,
            text,
            Entry(
                series[key],
                parse_period(period),
                None if value is None else Decimal(value),
                note=(str(from_text(note))[:300] or None) if with_notes else None,
                origin=Origin.REPORTED,
            ),
            *seen,
        )
        for sheet, row, column, text, key, period, value, note, *seen in one.table.get(
            "readings", []
        )
        if key in series
    ]


def examine(one: FileImport) -> tuple[list[ReadFigure], Examined]:
    """What the file would do to the figures as they stand at this moment."""
    figures = figures_of(one)
    return figures, examine_figures(
        [figure.entry for figure in figures], actor=one.owner, via=Via.FILE
    )


def fingerprint(examined: Examined) -> str:
    """What the preview was based on: it differs once somebody changes one of the figures."""
    seen = [old.revision if old else 0 for old in examined.stored]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def has_errors(one: FileImport) -> bool:
    """Whether a cell could not be read; nothing of the file is saved then."""
    return any(finding[6] == "error" for finding in one.table.get("findings", []))


def confirm(one: FileImport, *, actor: User, reason: str, seen: str) -> Outcome:
    """Save what the preview showed, all or none; saving twice happens once.

    Raises:
        Refused: the file has errors, a figure changed since the preview, or the door refuses.
    """
    with transaction.atomic():
        held = FileImport.objects.select_for_update().get(pk=one.pk)
        if held.state not in (State.PREVIEWED, State.QUEUED):
            return Outcome(held.entries, 0, 0, 0)
        if has_errors(held):
            raise Refused([Problem(0, "file", _("Mend the errors first; nothing was saved."))])
        figures, examined = examine(held)
        if not figures:
            raise Refused([Problem(0, "file", _("There is no figure in the file."))])
        if seen and fingerprint(examined) != seen:
            raise Refused(
                [
                    Problem(
                        0,
                        "file",
                        _("Somebody changed these figures since the preview. Look at it again."),
                    )
                ]
            )
        outcome = save_figures(
            [figure.entry for figure in figures],
            actor=actor,
            via=Via.FILE,
            reason=reason.strip() or _("From the file %(name)s") % {"name": held.name},
            key=f"file-{held.pk}",
        )
        held.state, held.entries = State.SAVED, outcome.batch
        held.outcome = {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}
        held.content = None
        held.save(update_fields=["state", "entries", "outcome", "content"])
    one.refresh_from_db()
    return outcome


def undo(one: FileImport, *, actor: User) -> Outcome:
    """Put back what stood before the import, while its months are open.

    Raises:
        Refused: a month is closed, or a figure was changed since; nothing is put back then.
    """
    with transaction.atomic():
        held = FileImport.objects.select_for_update().get(pk=one.pk)
        if held.state != State.SAVED or held.entries is None:
            raise Refused([Problem(0, "file", _("There is nothing of this file to undo."))])
        entries = _before(held.entries.revisions.select_related("series__indicator__agency"))
        outcome = save_figures(
            entries,
            actor=actor,
            via=Via.FILE,
            reason=_("Undone: %(name)s") % {"name": held.name},
            key=f"undo-{held.pk}",
        )
        if outcome.batch is None:
            raise Refused([Problem(0, "file", _("There is nothing of this file to undo."))])
        held.state, held.undoing = State.UNDONE, outcome.batch
        held.save(update_fields=["state", "undoing"])
    one.refresh_from_db()
    return outcome


def _before(revisions: Iterable[Revision]) -> list[Entry]:
    """The entries that lead back; a figure that has moved on since is found by its revision."""
    return [
        Entry(
            row.series,
            Period(Month.of(row.first_month), Month.of(row.last_month)),
            row.old_value,
            note=row.old_note,
            origin=Origin.REPORTED,
            expected_revision=row.revision,
        )
        for row in revisions
    ]


def discard(one: FileImport) -> None:
    """Lay a preview aside; the file goes."""
    FileImport.objects.filter(pk=one.pk, state=State.PREVIEWED).update(
        state=State.DISCARDED, content=None
    )


def sent_before(one: FileImport) -> FileImport | None:
    """The earlier import of the very same file, if it was saved."""
    return (
        FileImport.objects.filter(sha256=one.sha256, agency=one.agency, state=State.SAVED)
        .exclude(pk=one.pk)
        .defer("content", "table")
        .first()
    )
