"""Editions of the review report."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Editions, their sections and the figures that they printed."""

    name = "reports"
    verbose_name = _("Review reports")
