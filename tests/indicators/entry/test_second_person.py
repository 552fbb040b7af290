"""Two planners: what one proposes, another confirms; where there is one, the record says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agency, Role, User
from indicators.entry import second_person
from indicators.entry.checks import Conflict, Problem, Refused
from indicators.entry.second_person import Kind, Line, Passed, confirm, decline, fingerprint, put
from indicators.models import Proposal
from indicators.models.figures import Eyes, Via
from tests.builders import make_agency, make_user, signed_in

pytestmark = pytest.mark.django_db

passed: list[Passed] = []


def _rename(change: Mapping[str, Any], by: Passed) -> None:
    if not change["name"]:
        raise Refused([Problem(0, "name", "A name is needed.")])
    Agency.objects.filter(code=change["code"]).update(name_zh=change["name"])
    passed.append(by)


def _lines(change: Mapping[str, Any]) -> Sequence[Line]:
    return [Line("name", Agency.objects.get(code=change["code"]).name_zh, change["name"])]


RENAME = Kind("rename", "Name of an agency", _rename, _lines)


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    make_agency()
    passed.clear()
    second_person.register(RENAME)
    yield
    del second_person._kinds[RENAME.name]


def propose(actor: User | None, name: str = "新名", reason: str = "renamed by law") -> Any:
    change = {"code": "wda", "name": name}
    return put(RENAME, change, subject="wda", actor=actor, via=Via.ADMIN, reason=reason)


def chosen(one: Proposal) -> list[tuple[int, str]]:
    return [(one.pk, fingerprint(_lines(one.change)))]


def name() -> str:
    return Agency.objects.get().name_zh


def test_with_another_planner_a_change_waits_until_it_is_confirmed() -> None:
    first, second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    one = propose(first)
    assert name() == "單位 wda"
    with pytest.raises(Refused, match="another planner|另一位"):
        confirm(chosen(one), actor=first)
    passed.clear()
    assert confirm(chosen(one), actor=second) == 1
    assert name() == "新名"
    assert passed == [Passed(first, Via.ADMIN, "renamed by law", Eyes.TWO, second)]
    one.refresh_from_db()
    assert (one.state, one.decided_by) == (Proposal.State.CONFIRMED, second)


def test_the_only_planner_passes_alone_and_the_record_says_so() -> None:
    alone = make_user(Role.PLANNER)
    make_user(Role.PLANNER, agency=make_agency())
    gone = make_user(Role.PLANNER)
    gone.is_active = False
    gone.save()
    assert propose(alone) is None
    assert passed == [Passed(alone, Via.ADMIN, "renamed by law", Eyes.ALONE)]


def test_the_ministry_may_do_without_and_the_record_says_so(settings: Settings) -> None:
    settings.SECOND_PERSON = False
    first, _second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    assert propose(first) is None
    assert passed[0].eyes == Eyes.OFF


def test_whoever_runs_the_server_asks_nobody() -> None:
    make_user(Role.PLANNER)
    assert propose(None) is None
    assert passed[0] == Passed(None, Via.ADMIN, "renamed by law", Eyes.NOT_ASKED)


def test_what_could_not_be_carried_out_or_has_no_reason_is_refused_at_once() -> None:
    first, _second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    for text, why in (("", "because"), ("新名", " ")):
        with pytest.raises(Refused):
            propose(first, text, why)
    assert not Proposal.objects.exists()


def test_the_same_change_waits_once() -> None:
    first, _second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    assert propose(first) == propose(first)
    assert propose(first, "別名") != propose(first)


def test_who_confirms_decides_on_what_was_shown() -> None:
    first, second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    one = propose(first)
    seen = chosen(one)
    Agency.objects.update(name_zh="他名")
    with pytest.raises(Conflict):
        confirm(seen, actor=second)
    assert name() == "他名"


def test_of_two_who_decide_the_second_is_told() -> None:
    first, second, third = (make_user(Role.PLANNER) for _ in range(3))
    one = propose(first)
    seen = chosen(one)
    decline(one.pk, actor=second, answer="not yet")
    with pytest.raises(Conflict):
        confirm(seen, actor=third)
    assert name() == "單位 wda"


def test_a_proposal_is_declined_with_a_reason_and_withdrawn_without() -> None:
    first, second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    one, two = propose(first), propose(first, "別名")
    with pytest.raises(Refused):
        decline(one.pk, actor=second, answer=" ")
    assert decline(one.pk, actor=second, answer="no law yet").state == Proposal.State.DECLINED
    assert decline(two.pk, actor=first, answer="").state == Proposal.State.WITHDRAWN


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PLANNER])
def test_nobody_else_decides(role: Role) -> None:
    first, _second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    one = propose(first)
    client, other = signed_in(role)
    for act in (
        lambda: confirm(chosen(one), actor=other),
        lambda: decline(one.pk, actor=other, answer="no"),
    ):
        with pytest.raises(Refused):
            act()
    assert client.get(reverse("indicators:proposals")).status_code == 404


def test_the_database_keeps_a_proposal_as_it_was_made_and_decided() -> None:
    first, second = make_user(Role.PLANNER), make_user(Role.PLANNER)
    one = propose(first)
    rows = Proposal.objects.filter(pk=one.pk)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: rows.update(change={"code": "wda", "name": "壞"}),
        lambda: rows.update(proposed_by=second),
        lambda: rows.update(state="confirmed", decided_by=first, decided_at=one.at),
        lambda: rows._raw_delete("default"),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    confirm(chosen(one), actor=second)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state="waiting", decided_by=None, decided_at=None)


def test_on_the_page_another_planner_confirms_and_the_start_page_leads_there() -> None:
    first, _first = signed_in(Role.PLANNER)
    second, _second = signed_in(Role.PLANNER)
    propose(_first)
    address = reverse("indicators:proposals")
    assert address in second.get(reverse("start")).content.decode()
    own = first.get(address)
    assert 'name="chosen"' not in own.content.decode()
    key = second.get(address).context["waiting"][0].key
    assert first.post(address, {"chosen": key, "act": "confirm"}).status_code == 409
    assert name() == "單位 wda"
    assert second.post(address, {"act": "confirm"}).status_code == 302
    assert second.post(address, {"chosen": key, "act": "confirm"}).status_code == 302
    assert name() == "新名"
    assert second.post(address, {"chosen": key, "act": "confirm"}).status_code == 409


def test_on_the_page_a_change_is_declined_or_withdrawn() -> None:
    first, one = signed_in(Role.PLANNER)
    second, _two = signed_in(Role.PLANNER)
    address = reverse("indicators:proposals")
    declined, withdrawn = propose(one), propose(one, "別名")
    key = second.get(address).context["waiting"][0].key
    assert second.post(address, {"chosen": key, "act": "decline"}).status_code == 409
    answer = {"chosen": key, "act": "decline", "answer": "no law yet"}
    assert second.post(address, answer).status_code == 302
    assert first.post(address, {"withdraw": withdrawn.pk}).status_code == 302
    declined.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (declined.state, withdrawn.state) == ("declined", "withdrawn")
    assert name() == "單位 wda"
