"""manage.py load_sample."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.demonstration import sample


class Command(BaseCommand):
    """Build the sample: synthetic months, people and returns, in a database of its own."""

    help = "Builds the sample data; needs SAMPLE=true, which chooses a database of its own."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print whom to sign in as; everybody has the same password, new with each run.

        Raises:
            CommandError: this is not the sample's database.
        """
        try:
            password, built = sample.build()
        except sample.SampleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Sample data built." if built else "The sample data is there already.")
        for person in sample.PEOPLE:
            self.stdout.write(f"  {person.username:<14}{person.role:<15}{person.agency}")
        self.stdout.write(self.style.SUCCESS(f"Password of everybody: {password}"))
