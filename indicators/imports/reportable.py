"""What a file may report: the series, their names, and how people had headings read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import Agency, User
from accounts.permissions import EVERY, agencies_entered_by
from indicators import clock
from indicators.calculation.rules import Rule
from indicators.models import FileImport, HeadingReading, Observation, Series
from indicators.models.definitions import public_series
from indicators.models.series import answered_by
from indicators.spreadsheets.known import Known, normal
from indicators.spreadsheets.matching import LEFT_OUT


def reported_series(agency: Agency | None, user: User | None = None) -> list[Series]:
    """The series that a file may report: an agency's, or all that the person enters."""
    rows = Series.objects.exclude(rule=Rule.GROWTH.value).select_related("indicator__agency")
    if agency is not None or user is not None:
        rows = rows.filter(public_series())
    if agency is not None:
        rows = rows.filter(answered_by([agency.pk]))
    elif user is not None and (entered := agencies_entered_by(user)) != EVERY:
        rows = rows.filter(answered_by(entered))
    return list(rows.order_by("indicator__sort_key", "position"))


def known(series: Iterable[Series]) -> list[Known]:
    """The series as the reader of spreadsheets knows them.

    Each goes by its own names; where its indicator has no other, also by the indicator's; any may
    have both beside each other. A year far from those of its figures, or else from now, is doubted.
    """
    rows = list(series)
    alone = Counter(one.indicator_id for one in rows if not one.is_component)
    years = {
        pk: (first.year, last.year)
        for pk, first, last in Observation.objects.filter(series__in=rows)
        .values_list("series")
        .annotate(Min("first_month"), Max("last_month"))
    }
    now = clock.today().year
    found = []
    for one in rows:
        names = [one.name_zh, one.name_en]
        if alone[one.indicator_id] == 1 and not one.is_component:
            names += [one.indicator.name_zh, one.indicator.name_en]
        found.append(
            Known(
                key=one.pk,
                indicator=one.indicator.code,
                names=tuple(name for name in names if name),
                position=one.position,
                unit=one.unit_zh,
                unit_names=tuple(name for name in (one.unit_zh, one.unit_en) if name),
                context=tuple(
                    name for name in (one.indicator.name_zh, one.indicator.name_en) if name
                ),
                years=years.get(one.pk, (now, now)),
            )
        )
    return found


def series_name(one: Series) -> str:
    """A series as a choice is kept: its indicator's code and its position, as ``8.6.1-2``."""
    return f"{one.indicator.code}-{one.position}"


LABEL = "row:"
"""Before the choice for a row's label, to tell it from one for a heading."""
LEAVE_OUT = "ignore"


def corrections_of(agency: Agency | None) -> dict[str, str]:
    """How the agency's headings are to be read, as somebody corrected them."""
    return {
        heading: name for heading, name in _chosen(agency).items() if not name.startswith(LABEL)
    }


def aliases_of(agency: Agency | None, series: Iterable[Series]) -> dict[str, int]:
    """Which series the agency's row labels mean, as somebody chose."""
    keys = {series_name(one): one.pk for one in series} | {LEAVE_OUT: LEFT_OUT}
    return {
        label: keys[name.removeprefix(LABEL)]
        for label, name in _chosen(agency).items()
        if name.startswith(LABEL) and name.removeprefix(LABEL) in keys
    }


def _chosen(agency: Agency | None) -> dict[str, str]:
    if agency is None:
        return {}
    return dict(HeadingReading.objects.filter(agency=agency).values_list("heading", "field"))


def remember_headings(
    agency: Agency, readings: Mapping[str, str], *, actor: User, file: FileImport | None
) -> None:
    """Keep how headings and labels are to be read, for the agency's next files, and who said so."""
    HeadingReading.objects.bulk_create(
        [
            HeadingReading(
                agency=agency,
                heading=heading[:100],
                field=field,
                chosen_by=actor,
                chosen_at=timezone.now(),
                file=file,
            )
            for heading, field in readings.items()
        ],
        update_conflicts=True,
        unique_fields=["agency", "heading"],
        update_fields=["field", "chosen_by", "chosen_at", "file"],
    )


def forget_headings(agency: Agency, headings: Iterable[str]) -> None:
    """Have headings and labels read by themselves again, however they are spaced."""
    plain = {normal(heading) for heading in headings}
    kept = HeadingReading.objects.filter(agency=agency).values_list("pk", "heading")
    HeadingReading.objects.filter(
        pk__in=[pk for pk, heading in kept if normal(heading) in plain]
    ).delete()


def forget_choices_of(one: FileImport) -> int:
    """Forget what was chosen on a file; how many readings that were."""
    return HeadingReading.objects.filter(file=one).delete()[0]


def series_names(agency: Agency | None, user: User | None = None) -> dict[str, str]:
    """The series that may be chosen: code and position → code and name."""
    return {
        series_name(one): f"{one.indicator.code} {one.name}"
        for one in reported_series(agency, user)
    }
