"""manage.py export_appendix."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from reports.appendix import channels_appendix, indicators_appendix
from reports.models import Edition
from reports.writers import WRITERS


class Command(BaseCommand):
    """Write an appendix of an edition as a spreadsheet."""

    help = "Writes Appendix 1 (indicators) or 2 (channels) of an edition as ODS, XLSX or CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which appendix, of which edition, in which form."""
        parser.add_argument("appendix", choices=["indicators", "channels"])
        parser.add_argument("--edition", type=int, required=True, help="its year, e.g. 2021")
        parser.add_argument("--year", type=int, default=2020, help="the target year (2020)")
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
            CommandError: there is no such edition.
        """
        edition = Edition.objects.filter(year=options["edition"]).first()
        if edition is None:
            years = ", ".join(str(year) for year in Edition.objects.values_list("year", flat=True))
            raise CommandError(f"There is no edition {options['edition']}. There are: {years}")
        with translation.override(options["language"]):
            if options["appendix"] == "indicators":
                document = indicators_appendix(edition, options["year"], plain=options["plain"])
            else:
                document = channels_appendix(edition)
            content = WRITERS[options["format"]](document)
        options["output"].write_bytes(content)
        self.stdout.write(f"{options['output']}: {len(document.sheets[0].rows)} rows")
