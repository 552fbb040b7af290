"""Editions of the review report."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Editions, their sections and the figures that they printed."""

    name = "reports"
    verbose_name = _("Review reports")

    def ready(self) -> None:
        """Guard what was saved and what was released in the database itself."""
        from indicators.append_only import APPEND_ONLY, Guard, protect, protect_definitions
        from indicators.entry.effects import witness
        from reports.editions.effects import said_by_editions

        released = "A released report is not made anew."
        witness(said_by_editions)
        protect_definitions("reports_publication", "publication")
        protect(
            Guard("reports_sectiontext", "UPDATE", APPEND_ONLY),
            Guard("reports_sectiontext", "DELETE", APPEND_ONLY),
            Guard("reports_release", "UPDATE", APPEND_ONLY),
            Guard("reports_release", "DELETE", APPEND_ONLY),
            Guard(
                "reports_reportfile",
                "UPDATE",
                released,
                "OLD.is_release AND OLD.ready_at IS NOT NULL",
            ),
            Guard("reports_reportfile", "DELETE", released, "OLD.is_release"),
        )
