"""Who may do what: the one place that answers it, from the roles a person has."""

from __future__ import annotations

from typing import Final, Literal

from django.contrib.auth.models import AnonymousUser

from .models import Agency, Membership, Role, User

EVERY: Final[Literal["every"]] = "every"
"""In place of a set of agencies: all of them, and figures that no agency answers for yet."""

MINISTRY: Final = None
"""The agency of a role that holds for the whole ministry."""


def memberships(user: User | AnonymousUser) -> frozenset[tuple[int | None, str]]:
    """(agency id or MINISTRY, role) of everything the person is; one query a user object."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    known: frozenset[tuple[int | None, str]] | None = getattr(user, "_memberships_read", None)
    if known is None:
        known = frozenset(user.memberships.values_list("agency_id", "role"))
        user._memberships_read = known  # type: ignore[attr-defined]
    return known


def all_roles(user: User | AnonymousUser) -> frozenset[str]:
    """The person's roles, wherever they hold."""
    return frozenset(role for _where, role in memberships(user))


ENTERING: Final = frozenset({Role.ENTRY_OFFICER.value, Role.REVIEWER.value})


def agencies_entered_by(
    user: User | AnonymousUser,
) -> frozenset[int | None] | Literal["every"]:
    """The ids of the agencies whose figures the person may enter, or EVERY."""
    held = memberships(user)
    if any(
        where is MINISTRY and (role in ENTERING or role == Role.PLANNER) for where, role in held
    ):
        return EVERY
    return frozenset(where for where, role in held if role in ENTERING)


def agencies_seen_by(
    user: User | AnonymousUser,
) -> frozenset[int | None] | Literal["every"]:
    """The ids of the agencies whose provisional figures the person may see, or EVERY.

    Whoever works for an agency sees its work; an administrator keeps accounts, not figures.
    """
    held = [one for one in memberships(user) if one[1] != Role.ADMINISTRATOR.value]
    if any(where is MINISTRY for where, _role in held):
        return EVERY
    return frozenset(where for where, _role in held)


def agencies_reviewed_by(
    user: User | AnonymousUser,
) -> frozenset[int | None] | Literal["every"]:
    """The ids of the agencies whose returns the person reviews, or EVERY."""
    held = [where for where, role in memberships(user) if role == Role.REVIEWER.value]
    return EVERY if MINISTRY in held else frozenset(held)


def may_see(user: User | AnonymousUser, agency: Agency | None) -> bool:
    """Whether the person sees an agency's provisional figures."""
    seen = agencies_seen_by(user)
    return seen == EVERY or (agency is not None and agency.pk in seen)


def may_review(user: User | AnonymousUser, agency: Agency) -> bool:
    """Whether the person approves an agency's returns or sends them back."""
    reviewed = agencies_reviewed_by(user)
    return reviewed == EVERY or agency.pk in reviewed


def may_reopen(user: User | AnonymousUser, agency: Agency) -> bool:
    """Whether the person opens an approved month again: its reviewers, and the planners."""
    return may_review(user, agency) or may_plan(user)


def may_enter(user: User | AnonymousUser, agency: Agency | None) -> bool:
    """Whether the person may enter and correct an agency's figures.

    An entry officer or a reviewer of the agency may, and a planner of the whole ministry. Figures
    that no agency answers for are entered by those who serve the whole ministry.
    """
    entered = agencies_entered_by(user)
    return entered == EVERY or (agency is not None and agency.pk in entered)


def may_plan(user: User | AnonymousUser) -> bool:
    """Whether the person keeps reference data, targets and editions."""
    return (MINISTRY, Role.PLANNER.value) in memberships(user)


def others_plan(user: User) -> bool:
    """Whether somebody else keeps reference data, targets and editions too, and can sign in."""
    held = Membership.objects.filter(agency__isnull=True, role=Role.PLANNER, user__is_active=True)
    return held.exclude(user=user).exists()


def may_administer(user: User | AnonymousUser) -> bool:
    """Whether the person keeps users and agencies."""
    return (MINISTRY, Role.ADMINISTRATOR.value) in memberships(user)


def may_work_in_admin(user: User | AnonymousUser) -> bool:
    """Whether the person has work in the administration; a manager reads the dashboards."""
    return bool(all_roles(user) - {Role.MANAGER.value})
