"""manage.py export_figures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import Agency
from reports.tables.figures_export import SHAPES, figures
from reports.tables.streams import STREAMS


class Command(BaseCommand):
    """Write all figures as a spreadsheet."""

    help = "Writes every figure, a row each (long) or months beside each other (wide)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which figures, in which shape and form."""
        parser.add_argument("--agency", help="the agency's code; without it, all")
        parser.add_argument("--shape", choices=list(SHAPES), default="long")
        parser.add_argument("--format", choices=list(STREAMS), default="ods")
        parser.add_argument("--provisional", action="store_true", help="the latest, not approved")
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, piece by piece.

        Raises:
            CommandError: there is no such agency.
        """
        agency = None
        if options["agency"]:
            agency = Agency.objects.filter(code=options["agency"]).first()
            if agency is None:
                raise CommandError(f"There is no agency {options['agency']}.")
        rows = figures(agency, provisional=options["provisional"])
        with translation.override(options["language"]), options["output"].open("wb") as file:
            head, written = SHAPES[options["shape"]](rows)
            for chunk in STREAMS[options["format"]](head, written):
                file.write(chunk)
        self.stdout.write(str(options["output"]))
