"""manage.py export_appendix."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import Agency
from reports.editions.releasing import appendix_of
from reports.models import Edition
from reports.tables.further_sheets import (
    by_responsible_unit,
    completeness_sheet,
    reconciliation_sheet,
    revisions_since,
)
from reports.tables.sheets import Document
from reports.tables.writers import WRITERS

SHEETS: Mapping[str, Callable[[Edition, Mapping[str, Any]], Document]] = {
    "indicators": lambda edition, o: appendix_of(
        edition, "indicators", o["year"], plain=o["plain"]
    ),
    "channels": lambda edition, o: appendix_of(edition, "channels", o["year"]),
    "units": lambda edition, o: by_responsible_unit(edition, o["year"]),
    "completeness": lambda _edition, o: completeness_sheet(o["year"], Agency.objects.all()),
    "revisions": lambda edition, o: revisions_since(edition, _moment(o["since"], edition)),
    "reconciliation": lambda edition, _o: reconciliation_sheet(edition),
}


def _moment(given: str, edition: Edition) -> datetime:
    """A day, or a moment; without one, the start of the edition's year.

    Raises:
        CommandError: it is neither.
    """
    try:
        day = parse_date(given or f"{edition.year}-01-01")
        found = parse_datetime(given) if day is None else datetime(day.year, day.month, day.day)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"“{given}” is no moment. Write it as 2021-03-31 or 2021-03-31T18:00.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class Command(BaseCommand):
    """Write an appendix of an edition, or a further table, as a spreadsheet."""

    help = (
        "Writes Appendix 1 (indicators) or 2 (channels) of an edition, or its indicators by unit,"
        " the completeness of returns, the changes of published figures or the reconciliation,"
        " as ODS, XLSX or CSV."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which table, of which edition, in which form."""
        parser.add_argument("appendix", choices=list(SHEETS))
        parser.add_argument("--edition", type=int, required=True, help="its year, e.g. 2021")
        parser.add_argument("--year", type=int, default=2020, help="the target year (2020)")
        parser.add_argument(
            "--since", default="", help="for revisions: 2021-03-31 (the start of its year)"
        )
        parser.add_argument("--format", choices=list(WRITERS), default="ods")
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument(
            "--plain", action="store_true", help="numbers and units instead of texts as printed"
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file.

        Raises:
            CommandError: there is no such edition, or the moment cannot be read.
        """
        edition = Edition.objects.filter(year=options["edition"]).first()
        if edition is None:
            years = ", ".join(str(year) for year in Edition.objects.values_list("year", flat=True))
            raise CommandError(f"There is no edition {options['edition']}. There are: {years}")
        with translation.override(options["language"]):
            document = SHEETS[options["appendix"]](edition, options)
            content = WRITERS[options["format"]](document)
        options["output"].write_bytes(content)
        self.stdout.write(f"{options['output']}: {len(document.sheets[0].rows)} rows")
