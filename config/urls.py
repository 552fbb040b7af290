"""Addresses: Chinese at the root, English below /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("", include("indicators.pages.urls")),
    path("accounts/", include("accounts.urls")),
    path("stakeholders/", include("stakeholders.urls")),
    path("", include("reports.pages.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
