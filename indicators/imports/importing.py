"""Spreadsheets in: from a file to a preview, from the preview through the door, and back out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, Period, parse_period
from indicators.entry.checks import Problem, Refused
from indicators.entry.door import closed_figures, examine_figures, save_figures
from indicators.entry.entries import Entry, Examined, Outcome
from indicators.entry.refusals import told
from indicators.imports.choices import named_choices, reason_with
from indicators.imports.pictures import pictures, roles_remembered
from indicators.imports.reportable import (
    aliases_of,
    corrections_of,
    known,
    reported_series,
    series_name,
    series_names,
)
from indicators.models import FileImport, Revision
from indicators.models.figures import Origin, Via
from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import Book, read_text
from indicators.spreadsheets.formulas import from_text
from indicators.spreadsheets.limits import read_limited
from indicators.spreadsheets.said import Said, as_said

State = FileImport.State
MOST_FINDINGS = 5000
MOST_LABEL = 120
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
    """Read a kept file once more, with another encoding, another year, or what a person chose.

    Raises:
        FileError: it cannot be read so.
    """
    content = bytes(one.content or b"")
    book = read_limited(content, encoding=encoding)
    one.encoding, one.year = book.encoding, year
    one.table = _table(book, one)
    one.save(update_fields=["encoding", "year", "table", "choices"])


def _table(book: Book, one: FileImport) -> dict[str, Any]:
    series = reported_series(one.agency, one.owner)
    names = {row.pk: series_name(row) for row in series}
    corrections, aliases = corrections_of(one.agency), aliases_of(one.agency, series)
    reportable, said = known(series), Said.of_data(one.choices)
    table = read_table(
        as_said(book, said, reportable),
        reportable,
        corrections=corrections | dict(said.texts),
        aliases=aliases,
        year=one.year,
    )
    findings = sorted(table.findings, key=lambda finding: finding.severity != "error")
    return {
        "kind": book.kind,
        "sheets": [sheet.name for sheet in book.sheets],
        "rows": table.rows,
        "ignored": dict(Counter(why for _sheet, _row, why in table.ignored)),
        "pictures": pictures(book, table, said, roles_remembered(corrections, aliases, names)),
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
            for f in findings[:MOST_FINDINGS]
        ],
        "notes": any("note" in layout.columns for layout in table.layouts.values()),
    }


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


def closed_name(figure: ReadFigure) -> str:
    """The month of a figure as it is left out when closed: its agency's code and the month."""
    agency = figure.entry.series.indicator.agency
    return f"{agency.code if agency else ''} {figure.entry.period.iso()}".strip()


def closed_of(one: FileImport) -> dict[str, str]:
    """The closed months that the file would change, and why each is closed."""
    figures = figures_of(one)
    return {
        closed_name(figures[problem.position]): str(problem.message)
        for problem in closed_figures([figure.entry for figure in figures])
    }


def examine(one: FileImport) -> tuple[list[ReadFigure], Examined]:
    """What the file would do to the figures as they stand at this moment.

    The figures of closed months that a person left out are no part of it.
    """
    left_out = set(one.choices.get("closed", ()))
    figures = figures_of(one)
    if left_out:
        figures = [figure for figure in figures if closed_name(figure) not in left_out]
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
    with told():
        held = FileImport.objects.select_for_update().get(pk=one.pk)
        if held.state not in (State.PREVIEWED, State.QUEUED):
            return Outcome(held.entries, 0, 0, 0)
        if has_errors(held):
            raise Refused([Problem(0, "file", _("Mend the errors first; nothing was saved."))])
        figures, examined = examine(held)
        if len(figures_of(held)) != len(held.table.get("readings", [])):
            raise Refused(
                [
                    Problem(
                        0,
                        "file",
                        _("Some series of the file are reported elsewhere by now. Read it again."),
                    )
                ]
            )
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
        choices = named_choices(held, series_names(held.agency, held.owner))
        outcome = save_figures(
            [figure.entry for figure in figures],
            actor=actor,
            via=Via.FILE,
            reason=reason_with(
                reason.strip() or _("From the file %(name)s") % {"name": held.name}, choices
            ),
            key=f"file-{held.pk}",
        )
        held.state, held.entries = State.SAVED, outcome.batch
        held.outcome = {
            "new": outcome.new,
            "changed": outcome.changed,
            "same": outcome.same,
            "choices": choices,
        }
        held.content = None
        held.save(update_fields=["state", "entries", "outcome", "content"])
    one.refresh_from_db()
    return outcome


def undo(one: FileImport, *, actor: User) -> Outcome:
    """Put back what stood before the import, while its months are open.

    Raises:
        Refused: a month is closed, or a figure was changed since; nothing is put back then.
    """
    with told():
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
