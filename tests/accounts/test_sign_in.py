"""Signing in: the lock, the temporary password, and where one is led."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from tests.builders import make_user

pytestmark = pytest.mark.django_db

GOOD = "not guessed 9"


def attempt(client: Client, name: str, password: str, address: str = "10.0.0.1") -> HttpResponse:
    return client.post(  # type: ignore[return-value]
        reverse("accounts:sign_in"),
        {"username": name, "password": password},
        REMOTE_ADDR=address,
    )


def test_whatever_the_case_of_the_name(client: Client) -> None:
    make_user(Role.PLANNER, username="Wang")
    assert User.objects.get().username == "wang"
    response = attempt(client, " WANG ", GOOD)
    assert response.status_code == 302
    assert response["Location"] == reverse("start")


def test_five_failures_lock_the_account_from_anywhere_and_in_any_case(client: Client) -> None:
    make_user(username="wang")
    names = ("wang", "WANG", "Wang", "wAng")
    for number, name in enumerate(names):
        assert attempt(client, name, "wrong", f"10.0.0.{number}").status_code == 200
    assert attempt(client, "wang", "wrong", "10.0.0.9").status_code == 429
    locked = attempt(Client(), "wang", GOOD, "10.0.0.10")
    assert locked.status_code == 429
    assert "十五分鐘" in locked.content.decode()


def test_the_lock_ends_after_fifteen_minutes_and_no_try_lengthens_it(client: Client) -> None:
    make_user(username="wang")
    for _ in range(5):
        attempt(client, "wang", "wrong")
    stored = AccessAttempt.objects.get()
    stored.attempt_time -= timedelta(minutes=14)
    stored.save()
    assert attempt(client, "wang", "wrong").status_code == 429
    stored.refresh_from_db()
    stored.attempt_time -= timedelta(minutes=2)
    stored.save()
    assert attempt(client, "wang", GOOD).status_code == 302


def test_another_account_is_not_locked(client: Client) -> None:
    make_user(username="wang")
    make_user(username="lin")
    for _ in range(5):
        attempt(client, "wang", "wrong")
    assert attempt(client, "lin", GOOD).status_code == 302


def test_a_wrong_name_and_a_wrong_password_sound_the_same(client: Client) -> None:
    make_user(username="wang")
    error = re.compile(r'role="alert">(.*?)<')
    known = error.findall(attempt(client, "wang", "wrong").content.decode())
    unknown = error.findall(attempt(client, "nobody", "wrong").content.decode())
    assert known == unknown != []


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_one_is_led_nowhere_else(client: Client, target: str) -> None:
    make_user(username="wang")
    response = client.post(
        reverse("accounts:sign_in"), {"username": "wang", "password": GOOD, "next": target}
    )
    assert response["Location"] == reverse("start")


def test_a_temporary_password_opens_the_page_to_change_it_alone(client: Client) -> None:
    user = make_user(Role.PLANNER, username="wang")
    user.password_is_temporary = True
    user.save()
    attempt(client, "wang", GOOD)
    change = reverse("accounts:change_password")
    for page in (reverse("start"), reverse("indicators:overview"), reverse("admin:index")):
        assert client.get(page)["Location"] == change
    new = "another thing 2026"
    data = {"old_password": GOOD, "new_password1": new, "new_password2": new}
    assert client.post(change, data)["Location"] == reverse("start")
    assert client.get(reverse("start")).status_code == 200


def test_a_short_password_is_refused(client: Client) -> None:
    client.force_login(make_user(username="wang"), "accounts.backends.RoleBackend")
    data = {"old_password": GOOD, "new_password1": "short1", "new_password2": "short1"}
    response = client.post(reverse("accounts:change_password"), data)
    assert response.status_code == 200
    assert User.objects.get().check_password(GOOD)


def test_a_deactivated_person_is_out_at_once(client: Client) -> None:
    user = make_user(Role.PLANNER, username="wang")
    attempt(client, "wang", GOOD)
    assert client.get(reverse("start")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("start")).status_code == 302


def test_what_a_person_was_shown_stays_out_of_shared_caches(client: Client) -> None:
    page = reverse("indicators:overview")
    assert not client.get(page).has_header("Cache-Control")
    make_user(username="wang")
    attempt(client, "wang", GOOD)
    for shown in (page, reverse("start"), page + "?download=csv"):
        assert "private" in client.get(shown)["Cache-Control"]


def test_signing_out_is_a_post(client: Client) -> None:
    make_user(username="wang")
    attempt(client, "wang", GOOD)
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    client.post(reverse("accounts:sign_out"))
    assert client.get(reverse("start")).status_code == 302


def test_the_administration_leads_to_the_one_sign_in_page(client: Client) -> None:
    response = client.get(reverse("admin:index"), follow=True)
    assert response.request["PATH_INFO"] == reverse("accounts:sign_in")
    client.force_login(make_user(), "accounts.backends.RoleBackend")
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_the_first_administrator_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_first_administrator")
    printed = capsys.readouterr().out
    password = re.search(r"password: (\S+)", printed)
    assert password
    user = User.objects.get()
    assert user.check_password(password[1])
    assert user.password_is_temporary
    assert not user.is_superuser
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "planner"}
    call_command("create_first_administrator")
    assert "password" not in capsys.readouterr().out
    assert User.objects.count() == 1


def test_a_name_that_is_taken_is_refused() -> None:
    make_user(username="admin")
    with pytest.raises(CommandError, match="admin"):
        call_command("create_first_administrator")


def test_a_password_that_somebody_else_chose_is_temporary(client: Client) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR), "accounts.backends.RoleBackend")
    memberships = {
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    new = {"username": "Lin", "password1": GOOD, "password2": GOOD, "usable_password": "true"}
    new |= {"language": "zh-hant"}
    client.post(reverse("admin:accounts_user_add"), new | memberships)
    user = User.objects.get(username="lin")
    assert user.password_is_temporary
    User.objects.update(password_is_temporary=False)
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    again = {"password1": "third thing 77", "password2": "third thing 77"}
    assert client.post(url, again | {"usable_password": "true"}).status_code == 302
    user.refresh_from_db()
    assert user.password_is_temporary
    delete = reverse("admin:accounts_user_delete", args=[user.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
