"""What holds for every page of a signed-in person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

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


KEPT_ID = re.compile(r"[0-9a-z]{8,40}")
ANSWER_LASTS = 600
"""Seconds for which a browser may fetch the answer to a form that it keeps."""


def sent_forms_are_answered_for(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tells the browser what became of a form that it keeps until it knows (static/js/kept.js).

    A form that was carried out is answered with a redirection and without a warning. One that
    reached a session that had ended is not carried out: the person is told so at the sign-in and
    led back to the page that the form stood on.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "POST" or response.status_code not in (302, 303):
            return response
        sent = request.POST.get("kept_form", "")
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path == sign_in and not request.user.is_authenticated:
            if "text/html" not in request.headers.get("Accept", ""):
                return response
            messages.warning(
                request,
                _(
                    "You had been signed out, so what you sent was not carried out. Sign in again:"
                    " the page comes back with what you typed."
                ),
            )
            response["Location"] = f"{sign_in}?{urlencode({'next': _page_of(request)})}"
            return _told(response, "kept_undone", sent)
        if request.user.is_authenticated and not _warned(request):
            return _told(response, "kept_done", sent)
        return response

    return answer


def _page_of(request: HttpRequest) -> str:
    """The page that a form was sent from; the address that it was sent to where nobody says."""
    page = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not (page and own):
        return request.get_full_path()
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _warned(request: HttpRequest) -> bool:
    queued = getattr(messages.get_messages(request), "_queued_messages", ())
    return any(message.level >= messages.WARNING for message in queued)


def _told(response: HttpResponseBase, name: str, sent: str) -> HttpResponseBase:
    if KEPT_ID.fullmatch(sent):
        response.set_cookie(
            name,
            sent,
            max_age=ANSWER_LASTS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
