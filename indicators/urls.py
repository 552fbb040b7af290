"""Addresses of the indicators' pages."""

from django.urls import path, register_converter

from indicators import views


class CodeConverter:
    """An indicator's code in an address, in either case; nothing else reaches the database."""

    regex = r"[0-9]{1,2}\.(?:[0-9]{1,2}|[A-Za-z])\.[0-9]{1,3}"

    def to_python(self, value: str) -> str:
        """The code as it is kept."""
        return value.lower()

    def to_url(self, value: str) -> str:
        """The code as it is kept."""
        return value


register_converter(CodeConverter, "code")

app_name = "indicators"
urlpatterns = [
    path("", views.overview_page, name="overview"),
    path("indicators/<code:code>/", views.indicator, name="indicator"),
    path("preferences/", views.preferences, name="preferences"),
]
