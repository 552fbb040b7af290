"""What holds for every page of a signed-in person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

ALWAYS_OPEN: Final = frozenset(
    {"accounts:change_password", "accounts:sign_out", "indicators:preferences"}
)


def pages_are_private(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keeps what a signed-in person was shown out of the caches that others share."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer


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
