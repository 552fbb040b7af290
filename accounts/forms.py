"""Signing in and choosing a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password; what is wrong is not said apart, so that names cannot be tried out."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "Name and password do not fit together. After five wrong tries the account is locked"
            " for fifteen minutes."
        ),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
