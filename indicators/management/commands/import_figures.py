"""manage.py import_figures."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Agency
from indicators.calculation.faults import Fault
from indicators.calculation.numerals import plain
from indicators.entry.checks import Refused
from indicators.entry.door import examine_figures, save_figures
from indicators.entry.doubts import doubts_of
from indicators.entry.entries import Entry, Examined
from indicators.imports.messages import file_message, finding_fault
from indicators.imports.reportable import (
    LEAVE_OUT,
    aliases_of,
    corrections_of,
    known,
    reported_series,
)
from indicators.models.figures import Via
from indicators.spreadsheets.cells import cell_name, column_name
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.figures import Finding, Reading, Table, read_table
from indicators.spreadsheets.files import MOST_BYTES
from indicators.spreadsheets.limits import read_limited

type Answer = dict[str, Any]


class Command(BaseCommand):
    """Read a spreadsheet of figures and save them, all or none."""

    help = (
        "Reads XLSX, XLS, ODS, CSV or TSV, a row a figure or months beside each other, and saves"
        " the figures, all or none. Exit status 0: saved, or would be; 1: refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose figures it may report, and whether it is only looked at."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", help="the agency's code; without it, all series")
        parser.add_argument("--year", type=int, help="of months whose year the file does not name")
        parser.add_argument(
            "--leave-out",
            action="append",
            default=[],
            metavar="TEXT",
            help="the name of a sheet, a heading or a title to leave out; may be repeated",
        )
        parser.add_argument("--encoding", default="", help="utf-8, utf-16 or cp950, of a text file")
        parser.add_argument("--dry-run", action="store_true", help="look at it and save nothing")
        parser.add_argument("--json", action="store_true", help="the answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what became of the file.

        Raises:
            CommandError: nothing was saved.
        """
        answer = self._import(options)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self._print(answer, saved=not options["dry_run"])
        if answer["errors"]:
            raise CommandError(_("Nothing was saved."), returncode=1)

    def _import(self, options: dict[str, Any]) -> Answer:
        agency = self._agency(options["agency"])
        answer: Answer = {
            "rows": 0,
            "new": 0,
            "changed": 0,
            "same": 0,
            "warnings": [],
            "errors": [],
            "figures": [],
        }
        try:
            if options["file"].stat().st_size > MOST_BYTES:
                raise FileError("too_large")
            content = options["file"].read_bytes()
            book = read_limited(content, encoding=options["encoding"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except FileError as error:
            answer["errors"] = [_about_file(error.code, file_message(error.code, error.line))]
            return answer
        series = {one.pk: one for one in reported_series(agency)}
        table = read_table(
            book,
            known(series.values()),
            corrections=corrections_of(agency) | dict.fromkeys(options["leave_out"], LEAVE_OUT),
            aliases=aliases_of(agency, series.values()),
            year=options["year"],
        )
        entries = [
            Entry(series[r.key], r.period, r.value, note=r.note[:300] or None)
            for r in table.readings
        ]
        examined = examine_figures(entries, actor=None, via=Via.COMMAND)
        _fill(answer, table, entries, examined)
        if not answer["errors"] and not options["dry_run"]:
            self._save(answer, entries, options["file"].name)
        return answer

    def _save(self, answer: Answer, entries: list[Entry], name: str) -> None:
        try:
            outcome = save_figures(
                entries,
                actor=None,
                via=Via.COMMAND,
                reason=_("From the file %(name)s") % {"name": name},
            )
        except Refused as refused:
            answer["errors"] = [
                {"sheet": "", "row": 0, "column": ""} | problem.fault().as_data()
                for problem in refused.problems
            ]
            return
        answer |= {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}

    def _agency(self, code: str | None) -> Agency | None:
        if not code:
            return None
        found = Agency.objects.filter(code=code).first()
        if found is None:
            codes = ", ".join(Agency.objects.values_list("code", flat=True))
            raise CommandError(
                _("There is no agency “%(code)s”. There are: %(codes)s.")
                % {"code": code, "codes": codes}
            )
        return found

    def _print(self, answer: Answer, *, saved: bool) -> None:
        for kind in ("errors", "warnings"):
            for one in answer[kind]:
                place = f"{one['sheet']} {one['column']}{one['row']}".strip()
                said = " ".join(filter(None, (one["message"], one["remedy"])))
                self.stderr.write(f"{kind[:-1]} {place}: {said}")
        if not answer["errors"]:
            done = _("saved") if saved else _("would be saved")
            self.stdout.write(
                f"{answer['rows']} rows, {answer['new']} new, {answer['changed']} changed,"
                f" {answer['same']} the same: {done}"
            )


def _about_file(code: str, message: str) -> dict[str, Any]:
    return {"sheet": "", "row": 0, "column": ""} | Fault(code, message=message).as_data()


def _about_cell(one: Finding | Reading, fault: Fault) -> dict[str, Any]:
    cell = cell_name(one.row, one.column)
    place = {
        "sheet": one.sheet,
        "row": one.row + 1,
        "column": column_name(one.column),
    }
    at = f"{one.sheet}!{cell}" if one.sheet else cell
    return place | replace(fault, place=at, text=one.text).as_data()


def _fill(answer: Answer, table: Table, entries: list[Entry], examined: Examined) -> None:
    answer["rows"] = table.rows
    for finding in table.findings:
        fault = finding_fault(finding.code, finding.params, finding.text)
        answer[f"{finding.severity}s"].append(_about_cell(finding, fault))
    for problem in examined.problems:
        reading = table.readings[problem.position]
        answer["errors"].append(_about_cell(reading, problem.fault()))
    if not entries and not answer["errors"]:
        answer["errors"].append(_about_file("empty", _("There is no figure in the file.")))
    if not answer["errors"]:
        for at, text in doubts_of(entries, examined).items():
            answer["warnings"].append(_about_cell(table.readings[at], Fault("doubt", message=text)))
    for old, differs in zip(examined.stored, examined.differs, strict=True):
        kind = "same" if not differs else "changed" if old else "new"
        answer[kind] += 1
    answer["figures"] = [
        {
            "indicator": entry.series.indicator.code,
            "series": entry.series.name,
            "period": entry.period.iso(),
            "value": None if entry.value is None else plain(entry.value),
        }
        for entry in entries
    ]
