"""Signing in, and the administration's permissions as they follow from roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest

from .models import Role, User
from .permissions import all_roles, may_plan

VIEW = ("view",)
KEEP = ("view", "add", "change", "delete")
RECORD = (
    "revision",
    "definitionrevision",
    "entrybatch",
    "yearlyvalue",
    "return",
    "returnevent",
    "fileimport",
    "transfer",
)
REFERENCE = ("goal", "target", "indicator", "series", "activity")


def _permissions(app: str, models: tuple[str, ...], actions: tuple[str, ...]) -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for model in models for action in actions)


READING = (
    _permissions("indicators", (*REFERENCE, *RECORD, "milestone", "observation"), VIEW)
    | _permissions("stakeholders", ("stakeholdergroup", "channel", "engagement"), VIEW)
    | _permissions("reports", ("edition", "section", "publication"), VIEW)
)
ENTERING = _permissions("indicators", ("observation",), ("add", "change"))
PLANNING = (
    _permissions("indicators", REFERENCE, KEEP)
    | _permissions("indicators", ("milestone",), ("add", "change"))
    | _permissions("indicators", ("reportingcalendar",), ("view", "add", "change"))
    | _permissions("indicators", ("proposal",), VIEW)
    | _permissions("stakeholders", ("stakeholdergroup", "channel", "engagement"), KEEP)
    | _permissions("reports", ("edition", "section", "publication"), KEEP)
    | _permissions("accounts", ("agency",), VIEW)
)
ADMINISTERING = (
    _permissions("accounts", ("user",), ("view", "add", "change"))
    | _permissions("accounts", ("agency", "membership"), KEEP)
    | _permissions("indicators", ("reportingcalendar",), ("view", "add", "change"))
    | _permissions("indicators", ("proposal",), VIEW)
    | _permissions("axes", ("accessattempt",), ("view", "delete"))
    | _permissions("axes", ("accesslog", "accessfailurelog"), VIEW)
)

GRANTED: Mapping[str, frozenset[str]] = {
    Role.ENTRY_OFFICER: READING | ENTERING,
    Role.REVIEWER: READING | ENTERING,
    Role.MANAGER: READING,
    Role.PLANNER: READING | ENTERING | PLANNING,
    Role.ADMINISTRATOR: READING | ADMINISTERING,
}


def sign_in_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """The account that a sign-in is for, written as accounts are: without blanks, in lower case.

    The lock counts failures by it, so that WANG and wang are one account.
    """
    source: Mapping[str, Any] = credentials or (request.POST if request else {})
    return str(source.get("username") or "").strip().lower()


class RoleBackend(ModelBackend):
    """Permissions from roles alone: no groups, no single grants, no superusers."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Sign in whatever the case of the name."""
        found = super().authenticate(request, (username or "").strip().lower(), password, **kwargs)
        return found if isinstance(found, User) else None

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """Everything that the roles grant; rows of other agencies are kept off elsewhere."""
        if obj is not None:
            return set()
        granted: set[str] = set()
        for role in all_roles(user_obj):
            # Reference data is the whole ministry's: a planner of one agency reads it.
            planner_elsewhere = role == Role.PLANNER and not may_plan(user_obj)
            granted |= READING if planner_elsewhere else GRANTED[role]
        return granted

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        """Whether one of the roles grants it."""
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Whether the person sees anything of an app."""
        return any(p.startswith(f"{app_label}.") for p in self.get_all_permissions(user_obj))
