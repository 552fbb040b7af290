"""manage.py clear_unused_evidence."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.entry.evidence import GRACE, clear_unused


class Command(BaseCommand):
    """Remove uploaded evidence that no figure rests on."""

    help = f"Removes documents brought more than {GRACE.days} days ago that no figure rests on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Meant for a timer, once a day; documents of past revisions stay."""
        self.stdout.write(f"{clear_unused()} removed")
