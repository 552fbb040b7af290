"""manage.py load_review."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.demonstration import review


class Command(BaseCommand):
    """Bring the published review of 2021 into the database, as far as it is not there yet."""

    help = (
        "Loads the published review of 2021: goals, indicators, targets, figures, stakeholders and"
        " what was printed. Adds what is missing and changes nothing that is there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was created and kept, kind by kind.

        Raises:
            CommandError: a data file cannot be loaded; nothing was.
        """
        try:
            tally = review.load()
        except review.ReviewError as error:
            raise CommandError(str(error)) from error
        for kind, created in tally.created.items():
            self.stdout.write(f"{kind:<20}{created:>4} created{tally.kept[kind]:>5} kept")
        if tally.created.total():
            self.stdout.write(self.style.SUCCESS("The published review is loaded."))
        else:
            self.stdout.write(self.style.SUCCESS("Everything was there already: nothing changed."))
