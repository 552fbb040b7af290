"""manage.py reconcile."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import Edition
from reports.tables.reconciling import reconcile


class Command(BaseCommand):
    """Set every printed figure of an edition against the data."""

    help = "Lists each printed figure beside the computed one: equal, rounded, truncated, differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The edition and the form."""
        parser.add_argument("--edition", type=int, required=True, help="its year, e.g. 2021")
        parser.add_argument("--json", action="store_true", help="a list of objects")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line or an object a figure.

        Raises:
            CommandError: there is no such edition.
        """
        edition = Edition.objects.filter(year=options["edition"]).first()
        if edition is None:
            raise CommandError(f"There is no edition {options['edition']}.")
        rows = reconcile(edition)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(
                f"{row['indicator']} {row['series']} {row['kind']} {row['period']}:"
                f" {row['printed']} | {row['computed']} {row['difference']}"
            )
