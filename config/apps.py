"""Installed apps on the terms of the project: its administration site, a name people understand."""

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class SiteAdminConfig(AdminConfig):
    """The administration app with the project's own site."""

    default_site = "config.admin.SiteAdmin"


class SignInProtectionConfig(AxesConfig):
    """The lock after wrong passwords, under a name that an administrator understands."""

    verbose_name = _("Sign-in protection")
