"""manage.py build_report."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.documents.fonts import FontMissing
from reports.editions.building import WRITERS, build
from reports.models import Edition


class Command(BaseCommand):
    """Write the review report of an edition as a file."""

    help = (
        "Writes the review report of an edition as ODT, DOCX, PDF or HTML. A released edition gives"
        " the bytes that went out; any other one says that it is a draft."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which edition, as what, and where to."""
        parser.add_argument("--edition", type=int, required=True, help="its year, e.g. 2021")
        parser.add_argument("--format", choices=list(WRITERS), default="odt")
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file.

        Raises:
            CommandError: there is no such edition, or no font for Chinese on this machine.
        """
        edition = Edition.objects.filter(year=options["edition"]).first()
        if edition is None:
            years = ", ".join(str(year) for year in Edition.objects.values_list("year", flat=True))
            raise CommandError(f"There is no edition {options['edition']}. There are: {years}")
        try:
            content = build(edition, options["format"])
        except FontMissing as missing:
            raise CommandError(str(missing)) from missing
        options["output"].write_bytes(content)
        self.stdout.write(f"{options['output']}: {len(content):,} bytes")
