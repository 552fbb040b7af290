"""The administration site: signed into on the project's page, open to whoever has work there."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_work_in_admin


class SiteAdmin(AdminSite):
    """Django's administration with the ministry's name and the roles' rights."""

    site_header = _("Sustainable Development indicators: administration")
    site_title = _("Administration")
    index_title = _("What is kept here")
    site_url = "/"
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a role that works here may enter; each list then checks its own right."""
        return may_work_in_admin(request.user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one sign-in page; refuse a person who is signed in without the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
