"""manage.py send_reminders."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.returns.reminders import Undelivered, send_reminders


class Command(BaseCommand):
    """Write to everybody for whom returns wait."""

    help = "Sends each person one digest of the returns that wait; a second run a day sends none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Meant for a timer, once on each working day.

        Raises:
            CommandError: some letters could not be handed over; the others were.
        """
        try:
            sent = send_reminders()
        except Undelivered as error:
            self.stdout.write(f"{error.sent} sent")
            raise CommandError("\n".join(error.failed)) from error
        self.stdout.write(f"{sent} sent")
