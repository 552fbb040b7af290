"""The core app: from figures to standings."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """Goals, targets, indicators, series, milestones and figures."""

    name = "indicators"
    verbose_name = _("Indicators and figures")

    def ready(self) -> None:
        """Guard the record of changes in the database itself."""
        from indicators.append_only import install, remove
        from indicators.entry.effects import witness
        from indicators.reading.effects import said_by_standings

        witness(said_by_standings)
        pre_migrate.connect(remove, sender=self, dispatch_uid="indicators.append_only")
        post_migrate.connect(install, sender=self, dispatch_uid="indicators.append_only")
