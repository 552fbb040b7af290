"""The last answer to what only the database refused: its words instead of an error of the site."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from indicators.append_only import words_of


class RefusedByTheDatabase:
    """A page, or JSON for a script, with what a guard of the database said; nothing was saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer 409 where a guard refused; any other error is an error."""
        words = words_of(exception)
        if not words:
            return None
        if request.content_type == "application/json":
            return JsonResponse({"error": "refused", "message": words}, status=409)
        return render(request, "indicators/refused.html", {"words": words}, status=409)
