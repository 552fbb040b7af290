"""manage.py rebuild_yearly_values."""

from typing import Any

from django.core.management.base import BaseCommand

from indicators.entry import yearly


class Command(BaseCommand):
    """Work out every yearly value anew from the observations and report what differed."""

    help = "Works out every yearly value anew and reports each difference. There must be none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 1 when a difference was found (it is mended by then)."""
        differences = yearly.rebuild()
        for difference in differences:
            self.stdout.write(str(difference))
        self.stdout.write(f"{len(differences)} differences.")
        if differences:
            raise SystemExit(1)
