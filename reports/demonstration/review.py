"""The published review of 2021, read from the data files of the apps into the database.

What is missing is added, what is there is kept as it stands: rows that people have corrected since,
figures of any revision, milestones that were revised. Figures and milestones come in through the
one door.

A row is the one that bears its name or code; failing that, the one in its place, for people rename.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from accounts.models import Agency
from indicators.calculation.periods import Period, PeriodError, parse_period
from indicators.entry import definitions
from indicators.entry.checks import Refused
from indicators.entry.definitions import Links, Passage
from indicators.entry.door import save_figures
from indicators.entry.entries import Entry
from indicators.entry.milestones import save_milestone
from indicators.models import (
    Activity,
    Defined,
    Goal,
    Indicator,
    Milestone,
    Observation,
    Series,
    Target,
)
from indicators.models.figures import Origin, Via
from reports.models import Edition, Publication, Section
from reports.texts.writing import load_texts
from stakeholders.models import Channel, StakeholderGroup

AGENCIES = "accounts/data/agencies.toml"
GOALS = "indicators/data/goals.toml"
INDICATORS = "indicators/data/review_2021.toml"
ACTIVITIES = "indicators/data/activities.toml"
STAKEHOLDERS = "stakeholders/data/review_2021.toml"
EDITION = "reports/demonstration/data/review_2021.toml"
SECTIONS = "reports/demonstration/data/sections_2021.toml"

type Row = dict[str, Any]


class ReviewError(Exception):
    """An entry of a data file that cannot be loaded; nothing was."""

    def __init__(self, file: str, entry: str, message: str) -> None:
        super().__init__(f"{file}, {entry}: {message}" if entry else f"{file}: {message}")


@dataclass(slots=True)
class Tally:
    """How many rows of each kind were created and how many were there already."""

    created: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, *, created: bool, rows: int = 1) -> None:
        """Note rows of one kind; a kind that was met once is listed even with nothing created."""
        self.created[kind] += rows if created else 0
        self.kept[kind] += 0 if created else rows


def load() -> Tally:
    """Load all data files in one transaction.

    Raises:
        ReviewError: a file or one of its entries cannot be read or does not fit the others.
    """
    edition = _read(EDITION)
    reason = _take(EDITION, edition, "edition")["reason"]
    loading = _Loading(Tally(), Passage(actor=None, via=Via.LOAD, reason=reason))
    with transaction.atomic():
        loading.agencies(_read(AGENCIES))
        loading.goals(_read(GOALS))
        loading.indicators(_read(INDICATORS))
        loading.figures(_read(INDICATORS), reason)
        loading.activities(_read(ACTIVITIES))
        loading.stakeholders(_read(STAKEHOLDERS))
        loading.edition(edition, _read(SECTIONS))
    return loading.tally


def _read(file: str) -> Row:
    try:
        text = Path(settings.BASE_DIR, file).read_text(encoding="utf-8")
        return tomllib.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise ReviewError(file, "", str(error)) from error


def _take(file: str, data: Row, key: str) -> Any:
    with _entry(file, ""):
        return data[key]


@contextmanager
def _entry(file: str, name: object) -> Iterator[None]:
    """Say of whatever goes wrong with an entry which one it was."""
    try:
        yield
    except ValidationError as error:
        fields = getattr(error, "message_dict", {"__all__": error.messages})
        told = [
            " ".join(messages) if key == "__all__" else f"{key}: {' '.join(messages)}"
            for key, messages in fields.items()
        ]
        raise ReviewError(file, str(name), "; ".join(told)) from error
    except Refused as error:
        raise ReviewError(file, str(name), str(error)) from error
    except KeyError as error:
        raise ReviewError(file, str(name), f"“{error.args[0]}” is missing.") from error
    except InvalidOperation as error:
        raise ReviewError(file, str(name), "a value is no number.") from error
    except PeriodError as error:
        raise ReviewError(file, str(name), f"a period cannot be read: {error}") from error
    except (TypeError, ValueError) as error:
        raise ReviewError(file, str(name), str(error)) from error


def _known[T](rows: Mapping[Any, T], key: object, kind: str) -> T:
    """Follow a reference from one entry to another; ValueError when it leads nowhere."""
    if key not in rows:
        raise ValueError(f"there is no {kind} {key!r} in the data files.")
    return rows[key]


class _Loading:
    """One run: what was loaded so far, by the names that the data files use for it."""

    def __init__(self, tally: Tally, passage: Passage) -> None:
        self.tally = tally
        self._passage = passage
        self._agencies: dict[str, Agency] = {}
        self._goals: dict[str, Goal] = {}
        self._targets: dict[str, Target] = {}
        self._indicators: dict[str, Indicator] = {}
        self._series: dict[tuple[str, str], Series] = {}

    def _keep[M: Model](
        self,
        kind: str,
        model: type[M],
        fields: Row,
        *identities: Sequence[str],
        links: Links | None = None,
    ) -> tuple[M, bool]:
        """Find a row by the first of its identities that fits, else create it.

        Raises:
            ValidationError: the new row breaks a rule of its model.
            TypeError: the model has no such field.
        """
        made = model(**fields)
        for identity in identities:
            wanted = {name: fields[name] for name in identity}
            found = model._default_manager.filter(**wanted).first()
            if found is not None:
                self.tally.count(kind, created=False)
                return found, False
        if isinstance(made, Defined):
            definitions.save(made, self._passage, links=links)
        else:
            made.full_clean()
            made.save()
        self.tally.count(kind, created=True)
        return made, True

    def agencies(self, data: Row) -> None:
        for row in _take(AGENCIES, data, "agencies"):
            with _entry(AGENCIES, row.get("code")):
                agency, _ = self._keep("agencies", Agency, row, ["code"], ["name_zh"])
                self._agencies[row["code"]] = agency

    def goals(self, data: Row) -> None:
        for row in _take(GOALS, data, "goals"):
            with _entry(GOALS, row.get("code")):
                self._goals[row["code"]], _ = self._keep("goals", Goal, row, ["code"])

    def indicators(self, data: Row) -> None:
        for row in _take(INDICATORS, data, "indicators"):
            with _entry(INDICATORS, row.get("code")):
                fields = {key: value for key, value in row.items() if key != "series"}
                indicator = self._indicator(fields)
                self._indicators[row["code"]] = indicator
                placed = list(enumerate(row["series"], start=1))
            # The level that grows comes before the growth that names it.
            for position, series_row in sorted(placed, key=lambda pair: "source" in pair[1]):
                with _entry(INDICATORS, f"{row['code']} {series_row.get('name_zh')}"):
                    self._one_series(row["code"], position, series_row)

    def _indicator(self, row: Row) -> Indicator:
        fields = row | {"target": self._target(row["code"].rpartition(".")[0])}
        if "agency" in row:
            fields["agency"] = _known(self._agencies, row["agency"], "agency")
        return self._keep("indicators", Indicator, fields, ["code"])[0]

    def _target(self, code: str) -> Target:
        """The target that indicators name by the first parts of their codes."""
        if code not in self._targets:
            goal = _known(self._goals, code.partition(".")[0], "goal")
            fields = {"goal": goal, "code": code}
            self._targets[code], _ = self._keep("targets", Target, fields, ["code"])
        return self._targets[code]

    def _one_series(self, code: str, position: int, row: Row) -> None:
        fields = {key: value for key, value in row.items() if key not in ("milestone", "figures")}
        fields |= {"indicator": self._indicators[code], "position": position}
        if "source" in row:
            fields["source"] = _known(self._series, (code, row["source"]), "series")
        series, _ = self._keep(
            "series", Series, fields, ["indicator", "name_zh"], ["indicator", "position"]
        )
        if (series.unit_zh, series.rule) != (row["unit_zh"], row["rule"]):
            raise ValueError(
                f"its place is taken by “{series.name_zh}” with the unit {series.unit_zh} and"
                f" the rule {series.rule}; the figures would not fit."
            )
        self._series[code, row["name_zh"]] = series

    def figures(self, data: Row, reason: str) -> None:
        """Bring in the figures and milestones that are not there in any revision."""
        entries: list[Entry] = []
        names: list[str] = []
        for (code, name), row in _series_rows(data):
            series = self._series[code, name]
            label = f"{code} {name}"
            if "milestone" in row:
                with _entry(INDICATORS, label):
                    self._milestone(series, row["milestone"], reason)
            stored = {o.period for o in Observation.objects.filter(series=series)}
            for figure in row.get("figures", ()):
                with _entry(INDICATORS, f"{label} {figure.get('period')}"):
                    entry = _figure(series, figure)
                    if entry.period in stored:
                        self.tally.count("figures", created=False)
                        continue
                entries.append(entry)
                names.append(f"{label} {figure['period']}")
        try:
            save_figures(entries, actor=None, via=Via.LOAD, reason=reason)
        except Refused as error:
            problem = error.problems[0]
            raise ReviewError(INDICATORS, names[problem.position], str(problem.message)) from error
        self.tally.count("figures", created=True, rows=len(entries))

    def _milestone(self, series: Series, row: Row, reason: str) -> None:
        window = parse_period(row["window"])
        year = window.last.year
        is_new = not Milestone.objects.filter(series=series, year=year).exists()
        if is_new:
            save_milestone(
                series=series,
                year=year,
                value=Decimal(row["value"]),
                window=window,
                actor=None,
                via=Via.LOAD,
                reason=reason,
            )
        self.tally.count("milestones", created=is_new)

    def activities(self, data: Row) -> None:
        position = 0
        for group in _take(ACTIVITIES, data, "groups"):
            with _entry(ACTIVITIES, group.get("group_zh")):
                heading = {key: group[key] for key in ("group_zh", "group_en")}
                indicators = [
                    _known(self._indicators, code, "indicator") for code in group["indicators"]
                ]
                rows = group["activities"]
            for row in rows:
                position += 1
                with _entry(ACTIVITIES, row.get("name_zh")):
                    fields = row | heading
                    fields |= {"position": position, "value": Decimal(row["value"])}
                    self._keep(
                        "activities",
                        Activity,
                        fields,
                        ["group_zh", "name_zh"],
                        ["position"],
                        links={"indicators": indicators},
                    )

    def stakeholders(self, data: Row) -> None:
        for row in _take(STAKEHOLDERS, data, "groups"):
            with _entry(STAKEHOLDERS, row.get("number")):
                fields = {k: v for k, v in row.items() if k not in ("indicators", "channels")}
                linked = [_known(self._indicators, c, "indicator") for c in row["indicators"]]
                group, is_new = self._keep(
                    "stakeholder groups", StakeholderGroup, fields, ["name_zh"], ["number"]
                )
                if is_new:
                    group.indicators.set(linked)
                channels = row["channels"]
            for position, channel in enumerate(channels, start=1):
                with _entry(STAKEHOLDERS, f"{row['number']} {channel.get('name_zh')}"):
                    self._keep(
                        "channels",
                        Channel,
                        channel | {"group": group, "position": position},
                        ["group", "name_zh"],
                        ["group", "position"],
                    )

    def edition(self, data: Row, parts: Row) -> None:
        sections: dict[str, Section] = {}
        with _entry(EDITION, "edition"):
            fields = {key: value for key, value in data["edition"].items() if key != "reason"}
            fields["figures_until"] = parse_period(fields["figures_until"]).last.first_day
            edition, _ = self._keep("editions", Edition, fields, ["year"])
        for row in _take(SECTIONS, parts, "sections"):
            with _entry(SECTIONS, row.get("key")):
                sections[row["key"]] = self._section(edition, row)
        texts = {row["key"]: row["text"] for row in parts["sections"] if "text" in row}
        if load_texts(edition, texts) and not edition.remark:
            # What the words are must be said wherever they stand.
            edition.remark, edition.figures_until = fields["remark"], fields["figures_until"]
            edition.save(update_fields=["remark", "figures_until"])
        for printed in _take(EDITION, data, "publications"):
            with _entry(EDITION, "publications"):
                section = _known(sections, printed["section"], "section")
                rows = printed["figures"]
            for row in rows:
                with _entry(EDITION, f"{row.get('indicator')} {row.get('series')}"):
                    self._printed(section, row)

    def _printed(self, section: Section, row: Row) -> None:
        series = _known(self._series, (row["indicator"], row["series"]), "series")
        period = parse_period(row["period"])
        for kind in Publication.Kind:
            if kind.value in row:
                self._publication(section, series, kind, period, row[kind.value])

    def _section(self, edition: Edition, row: Row) -> Section:
        linked = [_known(self._indicators, code, "indicator") for code in row.get("indicators", ())]
        fields = {key: row[key] for key in row if key not in ("indicators", "text")}
        fields["edition"] = edition
        if "goal" in row:
            fields["goal"] = _known(self._goals, row["goal"], "goal")
        section, is_new = self._keep(
            "sections", Section, fields, ["edition", "key"], ["edition", "position"]
        )
        if is_new:
            section.indicators.set(linked)
        return section

    def _publication(
        self, section: Section, series: Series, kind: Publication.Kind, period: Period, row: Row
    ) -> None:
        value = Decimal(row["value"])
        exponent = value.as_tuple().exponent
        fields = {
            "section": section,
            "series": series,
            "kind": kind,
            "first_month": period.first.first_day,
            "last_month": period.last.first_day,
            "printed": row["printed"],
            "value": value,
            "decimals": -exponent if isinstance(exponent, int) and exponent < 0 else 0,
        }
        identity = ["section", "series", "kind", "first_month", "last_month"]
        self._keep("published figures", Publication, fields, identity)


def _series_rows(data: Row) -> Iterator[tuple[tuple[str, str], Row]]:
    for indicator in data["indicators"]:
        for row in indicator["series"]:
            yield (indicator["code"], row["name_zh"]), row


def _figure(series: Series, row: Row) -> Entry:
    """The entry of one figure, which must not be there: whoever adds it meanwhile is not undone."""
    return Entry(
        series=series,
        period=parse_period(row["period"]),
        value=Decimal(row["value"]),
        note=row.get("note", ""),
        origin=Origin(row.get("origin", Origin.PUBLISHED.value)),
        expected_revision=0,
    )
