"""manage.py send_reminders."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.reminders import send_reminders


class Command(BaseCommand):
    """Write to everybody for whom returns wait."""

    help = "Sends each person one digest of the returns that wait; a second run a day sends none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Meant for a timer, once on each working day."""
        self.stdout.write(f"{send_reminders()} sent")
