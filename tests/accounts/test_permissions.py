"""Who may do what: every role, for its own agency and for another."""

import pytest

from accounts.backends import GRANTED
from accounts.models import Membership, Role, User
from accounts.permissions import may_administer, may_enter, may_plan, may_work_in_admin
from tests.builders import make_agency, make_user

pytestmark = pytest.mark.django_db

ENTERING = {Role.ENTRY_OFFICER, Role.REVIEWER}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_a_role_for_one_agency(role: Role) -> None:
    own, other = make_agency("own"), make_agency("other")
    person = make_user(role, agency=own)
    assert may_enter(person, own) == (role in ENTERING)
    assert not may_enter(person, other)
    assert not may_enter(person, None)
    assert not may_plan(person)
    assert not may_administer(person)
    assert not person.has_perm("indicators.change_series")
    assert person.has_perm("indicators.view_series")
    assert may_work_in_admin(person) == (role != Role.MANAGER)


@pytest.mark.parametrize("role", Role)
def test_a_role_for_the_whole_ministry(role: Role) -> None:
    person = make_user(role)
    enters = role in ENTERING | {Role.PLANNER}
    assert may_enter(person, make_agency()) == enters
    assert may_enter(person, None) == enters
    assert may_plan(person) == (role == Role.PLANNER)
    assert may_administer(person) == (role == Role.ADMINISTRATOR)


def test_who_has_no_role_or_is_deactivated_may_nothing() -> None:
    agency = make_agency()
    nobody, gone = make_user(), make_user(Role.PLANNER, Role.ADMINISTRATOR)
    gone.is_active = False
    gone.save()
    for person in (nobody, User.objects.get(pk=gone.pk)):
        assert not may_enter(person, agency)
        assert not may_plan(person)
        assert not may_administer(person)
        assert not may_work_in_admin(person)
        assert not person.has_perm("indicators.view_goal")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("permission", "holders"),
    [
        ("indicators.change_observation", ENTERING | {Role.PLANNER}),
        ("indicators.delete_observation", set()),
        ("indicators.change_series", {Role.PLANNER}),
        ("indicators.add_milestone", {Role.PLANNER}),
        ("indicators.delete_milestone", set()),
        ("indicators.change_revision", set()),
        ("indicators.delete_entrybatch", set()),
        ("indicators.change_yearlyvalue", set()),
        ("indicators.view_revision", set(Role)),
        ("stakeholders.change_channel", {Role.PLANNER}),
        ("reports.change_publication", {Role.PLANNER}),
        ("accounts.change_user", {Role.ADMINISTRATOR}),
        ("accounts.delete_user", set()),
        ("accounts.change_membership", {Role.ADMINISTRATOR}),
        ("axes.delete_accessattempt", {Role.ADMINISTRATOR}),
    ],
)
def test_permissions_in_the_administration(role: Role, permission: str, holders: set[Role]) -> None:
    assert make_user(role).has_perm(permission) == (role in holders)


def test_every_role_has_its_permissions() -> None:
    assert set(GRANTED) == set(Role)


def test_roles_are_read_once_a_person(django_assert_num_queries: object) -> None:
    person = User.objects.get(pk=make_user(Role.PLANNER).pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(5):
            person.has_perm("indicators.change_series")
            may_enter(person, None)


def test_an_administrator_serves_the_whole_ministry() -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=make_user(), agency=make_agency(), role=Role.ADMINISTRATOR)
