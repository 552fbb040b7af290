"""The overview: every indicator against its target, what needs attention first.

Everything that the page says is made ready here as text; the template only sets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from indicators import clock
from indicators.calculation.progress import WORST_FIRST, Direction, Standing, worst
from indicators.models import Goal, Indicator, Milestone, YearlyValue
from indicators.models.definitions import public_series
from indicators.reading.bullet import Bullet, bullet
from indicators.reading.components import goal_mark, standing_badge
from indicators.reading.display import Display
from indicators.reading.explanations import STANDING_NAMES, achievement_text, sentence
from indicators.reading.standings import NOBODYS, Seen, SeriesStanding, by_indicator, standings

NEEDS_ATTENTION = (
    Standing.MISSED,
    Standing.MOVING_AWAY,
    Standing.FAR_BEHIND,
    Standing.BEHIND,
    Standing.NO_DATA,
)
OPEN = (Standing.ON_TRACK, Standing.BEHIND, Standing.FAR_BEHIND, Standing.MOVING_AWAY)
UNASSIGNED = "none"


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series as the overview shows it."""

    name: str
    target: str
    actual: str
    achievement: str
    standing: Standing
    badge: SafeString
    sentence: str
    data_to: str
    provisional: bool
    bullet: Bullet | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator with its series; it stands as its worst one."""

    code: str
    name: str
    url: str
    goal: str
    goal_mark: SafeString
    agency: str
    standing: Standing
    badge: SafeString
    series: tuple[SeriesRow, ...]
    lowest: Decimal | None
    indicator: Indicator


@dataclass(frozen=True, slots=True)
class GoalSummary:
    """How the indicators of one goal stand."""

    code: str
    name: str
    mark: SafeString
    total: int
    met: int
    missed: int
    open: int
    other: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page: counts over all indicators, and the rows that the filters leave."""

    year: int
    year_text: str
    counts: GoalSummary
    series_met: int
    series_total: int
    goals: tuple[GoalSummary, ...]
    without_indicators: tuple[GoalSummary, ...]
    attention: tuple[IndicatorRow, ...]
    rows: tuple[IndicatorRow, ...]


class Filters(forms.Form):
    """What the reader asked for in the address; a value that is not known is said and left out."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    goal = forms.ChoiceField(label=gettext_lazy("Goal"), required=False)
    agency = forms.ChoiceField(label=gettext_lazy("Responsible unit"), required=False)
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Target year"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), required=False)

    def __init__(
        self,
        data: object,
        *,
        goals: Sequence[Goal],
        agencies: Sequence[Agency],
        years: Sequence[int],
        display: Display,
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        every = ("", _("All"))
        choices: dict[str, list[tuple[str, str]]] = {
            "goal": [every, *((goal.code, f"{goal.code} {goal.name}") for goal in goals)],
            "agency": [
                every,
                *((agency.code, agency.name) for agency in agencies),
                (UNASSIGNED, _("Unassigned")),
            ],
            "standing": [every, *((s.value, str(name)) for s, name in STANDING_NAMES.items())],
            "year": [(str(year), display.year(year)) for year in years],
            "sort": [
                ("", _("Code")),
                ("standing", _("Standing, worst first")),
                ("achievement", _("Achievement, lowest first")),
            ],
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = known
            field.error_messages["invalid_choice"] = _(
                "“%(value)s” is not a choice for “%(field)s”; it was left out."
            ) % {"value": "%(value)s", "field": field.label}

    def chosen(self, name: str) -> str:
        """The value, or nothing where it was missing or not known."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter leaves rows out."""
        return any(self.chosen(name) for name in ("q", "goal", "agency", "standing"))


def choosable_years() -> list[int]:
    """The years with targets or figures, the latest first."""
    values = YearlyValue.objects.filter(public_series("series__"))
    found = {*_years(Milestone.public()), *_years(values)}
    return sorted(found, reverse=True)


def default_year() -> int | None:
    """The target year that is under way: the first that has not ended, else the latest."""
    years = _years(Milestone.public())
    return min(
        (year for year in years if year >= clock.today().year), default=max(years, default=None)
    )


def _years(rows: QuerySet[Milestone] | QuerySet[YearlyValue]) -> set[int]:
    return set(rows.order_by().values_list("year", flat=True).distinct())


def overview(
    year: int,
    filters: Filters,
    goals: Sequence[Goal],
    display: Display,
    *,
    today: date | None = None,
    seen: Seen = NOBODYS,
) -> Overview:
    """Read and set the page for a target year.

    ``seen``: the agencies whose provisional figures the reader sees.
    """
    found = standings(year, today=today, seen=seen)
    rows = [_row(group, display) for group in by_indicator(found).values()]
    of_goal: dict[str, list[IndicatorRow]] = {goal.code: [] for goal in goals}
    for row in rows:
        of_goal[row.goal].append(row)
    summaries = [_summary(goal, of_goal[goal.code]) for goal in goals]
    attention = [row for row in rows if row.standing in NEEDS_ATTENTION]
    return Overview(
        year=year,
        year_text=display.year(year),
        counts=_counted(rows, "", "", SafeString()),
        series_met=sum(1 for one in found if one.assessment.standing == Standing.MET),
        series_total=len(found),
        goals=tuple(goal for goal in summaries if goal.total),
        without_indicators=tuple(goal for goal in summaries if not goal.total),
        attention=tuple(sorted(attention, key=_severity)),
        rows=tuple(_sorted(_narrowed(rows, filters), filters.chosen("sort"))),
    )


def _row(group: Sequence[SeriesStanding], display: Display) -> IndicatorRow:
    indicator = group[0].series.indicator
    goal = indicator.target.goal
    standing = worst(one.assessment.standing for one in group)
    achievements = [
        one.assessment.achievement for one in group if one.assessment.achievement is not None
    ]
    return IndicatorRow(
        code=indicator.code,
        name=indicator.name,
        url=indicator.get_absolute_url(),
        goal=goal.code,
        goal_mark=goal_mark(goal.code, goal.colour),
        agency=indicator.agency.name if indicator.agency else _("No responsible unit"),
        standing=standing,
        badge=standing_badge(standing, str(STANDING_NAMES[standing])),
        series=tuple(_series_row(one, display) for one in group),
        lowest=min(achievements) if achievements else None,
        indicator=indicator,
    )


def _series_row(one: SeriesStanding, display: Display) -> SeriesRow:
    series, found = one.series, one.assessment
    return SeriesRow(
        name=series.name,
        target=display.exact(found.target, series.unit),
        actual=display.figure(found.actual, series),
        achievement=achievement_text(one, display),
        standing=found.standing,
        badge=standing_badge(found.standing, str(STANDING_NAMES[found.standing])),
        sentence=sentence(one, display),
        data_to=display.month(found.as_of),
        provisional=one.provisional,
        bullet=bullet(found.actual, found.target, Direction(series.direction)),
    )


def _counted(rows: Sequence[IndicatorRow], code: str, name: str, mark: SafeString) -> GoalSummary:
    count = Counter(row.standing for row in rows)
    return GoalSummary(
        code=code,
        name=name,
        mark=mark,
        total=len(rows),
        met=count[Standing.MET],
        missed=count[Standing.MISSED],
        open=sum(count[standing] for standing in OPEN),
        other=count[Standing.NO_DATA] + count[Standing.NO_TARGET],
    )


def _summary(goal: Goal, rows: Sequence[IndicatorRow]) -> GoalSummary:
    return _counted(rows, goal.code, goal.name, goal_mark(goal.code, goal.colour))


def _severity(row: IndicatorRow) -> int:
    return WORST_FIRST.index(row.standing)


def _narrowed(rows: Sequence[IndicatorRow], filters: Filters) -> list[IndicatorRow]:
    goal, agency = filters.chosen("goal"), filters.chosen("agency")
    standing, text = filters.chosen("standing"), filters.chosen("q").casefold()
    return [
        row
        for row in rows
        if (not goal or row.goal == goal)
        and (not agency or _agency_code(row) == agency)
        and (not standing or row.standing == standing)
        and (not text or text in _searched(row))
    ]


def _agency_code(row: IndicatorRow) -> str:
    return row.indicator.agency.code if row.indicator.agency else UNASSIGNED


def _searched(row: IndicatorRow) -> str:
    indicator = row.indicator
    parts = (
        indicator.code,
        indicator.name_zh,
        indicator.name_en,
        indicator.method_zh,
        indicator.method_en,
        row.agency,
        *(series.name for series in row.series),
    )
    return "\n".join(parts).casefold()


def _sorted(rows: list[IndicatorRow], by: str) -> list[IndicatorRow]:
    """Sorting keeps the order of the codes among equals."""
    if by == "standing":
        return sorted(rows, key=_severity)
    if by == "achievement":
        return sorted(rows, key=lambda row: (row.lowest is None, row.lowest or 0))
    return rows
