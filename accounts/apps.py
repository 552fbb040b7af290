"""The app that knows who may do what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, agencies and roles."""

    name = "accounts"
    verbose_name = _("Users and agencies")
