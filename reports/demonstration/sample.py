"""The sample: a database of its own with synthetic months, people, and returns in every state.

The published review holds totals and no months, so there would be nothing to try the monthly work
on. All of it goes through the same doors as real work does.
"""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from accounts.models import Agency, Membership, Role, User
from indicators import clock
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Rule
from indicators.entry import definitions
from indicators.entry.definitions import Passage
from indicators.entry.door import save_figures
from indicators.entry.doubts import figures_in_doubt, unexplained
from indicators.entry.entries import Entry
from indicators.entry.transfers import transfer
from indicators.models import EntryBatch, Indicator, Observation, ReportingCalendar, Return, Series
from indicators.models.figures import Via
from indicators.returns import acts

from .synthetic import flows, levels, split

FIRST, LAST = Month(2017, 1), Month(2021, 11)
RETURNS_START = Month(2021, 1)
SEED = 20211130
REASON = "示範資料 sample data"
AGENCY_OF = (("4.", "wda"), ("8.6", "wda"), ("8.7", "lsee"), ("", "mol"))
EARLIER_TOTAL = Decimal(400_000)
"""Where the running total of 10.3.1 is made to begin; the review gives it for 2020 only."""
PLACED, TRAINED = Decimal("88.81"), 100_000
"""The published rate of 8.6.1, as 88,810 of 100,000: months of its parts come to it exactly."""


class SampleError(Exception):
    """The sample cannot be built here."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody to sign in as."""

    username: str
    role: str
    agency: str


PEOPLE = (
    *(
        SamplePerson(f"{kind}-{agency}", role, agency)
        for agency in ("mol", "wda", "lsee")
        for kind, role in (("officer", Role.ENTRY_OFFICER), ("reviewer", Role.REVIEWER))
    ),
    SamplePerson("officer2-wda", Role.ENTRY_OFFICER, "wda"),
    SamplePerson("manager", Role.MANAGER, ""),
    SamplePerson("planner", Role.PLANNER, ""),
)


def build() -> tuple[str, bool]:
    """Build the sample where it is not there yet; gives everybody's new password.

    Returns the password and whether anything was built.

    Raises:
        SampleError: this is not the sample's database.
    """
    if not settings.SAMPLE:
        raise SampleError("Sample data goes into the sample's own database only: make sample.")
    built = User.objects.filter(username="officer-wda").exists()
    if not built and EntryBatch.objects.filter(actor__isnull=False).exists():
        raise SampleError("People have worked in this database; it is not the sample's.")
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        if not built:
            _agencies()
            people = _people()
            _months(people)
            _returns(people)
        for person in PEOPLE:
            user = User.objects.get(username=person.username)
            user.set_password(password)
            user.save(update_fields=["password"])
    return password, not built


def _agencies() -> None:
    by_code = {agency.code: agency for agency in Agency.objects.all()}
    for indicator in Indicator.objects.filter(agency=None):
        code = next(code for start, code in AGENCY_OF if indicator.code.startswith(start))
        transfer(indicator, by_code[code], None, actor=None, via=Via.LOAD, reason=REASON)


def _people() -> dict[str, User]:
    found = {}
    for person in PEOPLE:
        user = User.objects.create_user(person.username, email=f"{person.username}@sample.invalid")
        agency = Agency.objects.get(code=person.agency) if person.agency else None
        Membership.objects.create(user=user, role=person.role, agency=agency)
        found[person.username] = user
    return found


def _parts_of_the_rate() -> list[Series]:
    """8.6.1 has a published rate without its parts; the sample gives it some."""
    rate = Series.objects.get(indicator__code="8.6.1", rule=Rule.RATIO)
    passage = Passage(actor=None, via=Via.COMMAND, reason=REASON)
    parts = [
        Series(
            indicator=rate.indicator,
            position=position,
            name_zh=name,
            name_en=english,
            unit_zh="人",
            unit_en="persons",
            rule=Rule.SUM,
            is_component=True,
        )
        for position, name, english in (
            (3, "訓後就業人數（示範）", "Placed after training (sample)"),
            (4, "結訓人數（示範）", "Finished training (sample)"),
        )
    ]
    for part in parts:
        definitions.save(part, passage)
    rate.numerator, rate.denominator = parts
    definitions.save(rate, passage)
    return parts


def _synthetic(chance: random.Random) -> dict[Series, dict[Month, int]]:
    months = [FIRST + at for at in range(FIRST.until(LAST) + 1)]
    published: dict[int, dict[Period, Decimal]] = defaultdict(dict)
    for row in Observation.objects.all():
        if row.value is not None:
            published[row.series_id][row.period] = row.value
    found = {}
    for series in Series.objects.filter(rule__in=[Rule.SUM, Rule.LAST]).select_related("indicator"):
        figures = published[series.pk]
        if series.rule == Rule.SUM:
            found[series] = flows(figures, months, chance)
        else:
            known = {period.last: value for period, value in figures.items()}
            if series.is_running_total:
                known.setdefault(FIRST - 1, EARLIER_TOTAL)
            found[series] = levels(known, months, chance, rising=series.is_running_total)
    return found | _rate_months(months, chance)


def _rate_months(months: Sequence[Month], chance: random.Random) -> dict[Series, dict[Month, int]]:
    above, below = _parts_of_the_rate()
    window = [month for month in months if month.year <= 2020]
    after = [month for month in months if month.year > 2020]
    trained = split(TRAINED, window, chance) | split(TRAINED // 4, after, chance)
    placed: dict[Month, int] = {}
    for some, total in ((window, int(TRAINED * PLACED / 100)), (after, 22_400)):
        rest = total
        for at, month in enumerate(some):
            left = sum(trained[later] for later in some[at:])
            placed[month] = rest if at == len(some) - 1 else round(trained[month] * rest / left)
            rest -= placed[month]
    return {above: placed, below: trained}


def _months(people: Mapping[str, User]) -> None:
    """Everything up to 2020 before returns began, then a month at a time by return."""
    chance = random.Random(SEED)  # noqa: S311  the same sample for everybody
    figures = _synthetic(chance)
    _early(figures, people)
    for agency in Agency.objects.filter(indicators__isnull=False).distinct():
        ReportingCalendar.objects.create(agency=agency, starts=RETURNS_START.first_day)
    for month in (RETURNS_START + at for at in range(RETURNS_START.until(LAST) + 1)):
        for agency in Agency.objects.filter(calendar__isnull=False):
            _month(agency, month, figures, people)


def _early(figures: Mapping[Series, Mapping[Month, int]], people: Mapping[str, User]) -> None:
    stored = {(row.series_id, row.period) for row in Observation.objects.all()}
    for code in ("mol", "wda", "lsee"):
        entries = [
            Entry(series, Period(month, month), Decimal(value))
            for series, months in figures.items()
            if series.indicator.agency and series.indicator.agency.code == code
            for month, value in months.items()
            if month < RETURNS_START and (series.pk, Period(month, month)) not in stored
        ]
        with clock.fixed(RETURNS_START.first_day):
            save_figures(entries, actor=people[f"officer-{code}"], via=Via.FILE, reason=REASON)


LATE = frozenset({("mol", 4), ("lsee", 2), ("lsee", 6)})
LEFT_OUT = frozenset({("lsee", 10), ("lsee", 11)})
WAITING = frozenset({("wda", 11), ("wda", 10), ("mol", 11)})
SENT_BACK = frozenset({("mol", 10)})
REOPENED = frozenset({("wda", 6)})
CORRECTED = frozenset({("mol", 3)})


def _month(
    agency: Agency,
    month: Month,
    figures: Mapping[Series, Mapping[Month, int]],
    people: Mapping[str, User],
) -> None:
    place = (agency.code, month.month)
    if place in LEFT_OUT:
        return
    officer = people[f"officer-{agency.code}"]
    due = agency.calendar.due(month)
    day = due + timedelta(days=4) if place in LATE else due - timedelta(days=3)
    entries = [
        Entry(series, Period(month, month), Decimal(months[month]))
        for series, months in figures.items()
        if series.indicator.agency_id == agency.pk and month in months
    ]
    stored = set(
        Observation.objects.filter(
            first_month=month.first_day, last_month=month.first_day
        ).values_list("series_id", flat=True)
    )
    entries = [entry for entry in entries if entry.series.pk not in stored]
    with clock.fixed(min(day, clock.today())):
        if entries:
            save_figures(entries, actor=officer, via=Via.GRID, reason=REASON)
        _explain(agency, month, officer)
        if entries or stored:
            one = _found(agency, month)
            acts.submit(one, actor=officer, seen_revision=one.revision)


def _explain(agency: Agency, month: Month, officer: User) -> None:
    doubtful = unexplained(figures_in_doubt(agency, month))
    if not doubtful:
        return
    values = {
        row.series_id: row.value
        for row in Observation.objects.filter(
            first_month=month.first_day, last_month=month.first_day
        )
    }
    save_figures(
        [
            Entry(
                one.series, Period(month, month), values[one.series.pk], note="示範說明 sample note"
            )
            for one in doubtful
        ],
        actor=officer,
        via=Via.GRID,
        reason=REASON,
    )


def _found(agency: Agency, month: Month) -> Return:
    found = acts.find_return(agency, month)
    assert found is not None
    return found


def _returns(people: Mapping[str, User]) -> None:
    """Approve what is not to wait; leave one of each other state."""
    for one in list(Return.objects.select_related("agency").order_by("month")):
        place = (one.agency.code, one.month.month)
        if place not in WAITING:
            _review(
                one,
                place,
                people[f"officer-{one.agency.code}"],
                people[f"reviewer-{one.agency.code}"],
            )


def _review(one: Return, place: tuple[str, int], officer: User, reviewer: User) -> None:
    if place in SENT_BACK:
        acts.send_back(
            one,
            actor=reviewer,
            seen_revision=one.revision,
            reason="請說明本月人次下降的原因。Why did the number fall this month?",
        )
        return
    approved = acts.approve(one, actor=reviewer, seen_revision=one.revision)
    if place not in REOPENED | CORRECTED:
        return
    opened = acts.reopen(
        approved,
        actor=reviewer,
        seen_revision=approved.revision,
        reason="漏列一場次 one was left out",
    )
    _correct(opened, officer)
    if place in CORRECTED:
        again = acts.submit(opened, actor=officer, seen_revision=opened.revision)
        acts.approve(again, actor=reviewer, seen_revision=again.revision)


def _correct(one: Return, officer: User) -> None:
    """Move one from the next month's flow to this one, so that the year's total stays."""
    row = (
        Observation.objects.filter(
            agency=one.agency,
            series__rule=Rule.SUM,
            series__is_component=False,
            last_month=one.month,
            first_month=one.month,
        )
        .select_related("series__indicator")
        .order_by("series_id")
        .first()
    )
    assert row is not None
    save_figures(
        [Entry(row.series, row.period, row.value, note="更正說明（示範）corrected (sample)")],
        actor=officer,
        via=Via.GRID,
        reason=REASON,
    )
