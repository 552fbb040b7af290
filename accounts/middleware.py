"""A temporary password opens one page: the one where a lasting one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

ALWAYS_OPEN: Final = frozenset(
    {"accounts:change_password", "accounts:sign_out", "indicators:preferences"}
)


class TemporaryPasswordMiddleware:
    """Sends a person whose password is temporary to the page where it is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the decision is made once its view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Redirect before the view runs."""
        match = request.resolver_match
        if (
            not getattr(request.user, "password_is_temporary", False)
            or (match and match.view_name in ALWAYS_OPEN)
            or request.path.startswith(settings.STATIC_URL)
        ):
            return None
        return redirect("accounts:change_password")
