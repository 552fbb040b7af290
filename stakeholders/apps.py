"""The register of stakeholders and of how the ministry talks with them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StakeholdersConfig(AppConfig):
    """Stakeholder groups, channels and engagements."""

    name = "stakeholders"
    verbose_name = _("Stakeholders")
