"""Puts the project's administration site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    """The administration app with the project's own site."""

    default_site = "config.admin.SiteAdmin"
