"""The site's addresses and one more: the same bytes as a page, with no work behind them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site

READY_MADE = "/ready-made/"
ready_made_content = b""


def ready_made(request: HttpRequest) -> HttpResponse:
    """Answer with the bytes kept in this module, through the middleware of every page."""
    return HttpResponse(ready_made_content)


urlpatterns = [path(READY_MADE.strip("/") + "/", ready_made), *site]
