"""The columns of the reference tables as spreadsheets carry them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field
from import_export.results import Result
from tablib import Dataset

from accounts.models import Agency
from indicators.admin.reference_files import (
    BooleanWidget,
    ChoiceWidget,
    CodeWidget,
    NumberWidget,
    ReferenceResource,
)
from indicators.calculation.periods import Period, PeriodError, parse_period
from indicators.entry import definitions, milestones, orders
from indicators.entry.checks import Refused
from indicators.entry.definitions import Passage
from indicators.entry.effects import Unconfirmed, Watch, digest
from indicators.entry.misreadings import period_message
from indicators.models import Activity, Defined, Goal, Indicator, Milestone, Series, Target
from indicators.models.figures import Via
from indicators.models.series import DIRECTION_CHOICES, ROUNDING_CHOICES, RULE_CHOICES
from indicators.models.transfers import has_figures


class PeriodWidget(widgets.Widget):
    """A window as text, ``2017-01/2020-12``, in any of the ways in which periods are written."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Period | None:
        """Return the period, or None for an empty cell.

        Raises:
            ValueError: the text is no period, or can be read in two ways.
        """
        if not str(value if value is not None else "").strip():
            return None
        try:
            return parse_period(str(value))
        except PeriodError as error:
            raise ValueError(period_message(error)) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write the ISO form."""
        return value.iso() if isinstance(value, Period) else ""


class MonthWidget(PeriodWidget):
    """A single month, kept as the date of its first day."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the date of the month's first day, or None for an empty cell.

        Raises:
            ValueError: the text is no single month.
        """
        period = super().clean(value, row, **kwargs)
        if period is None:
            return None
        if not period.is_month:
            raise ValueError(_("“%(text)s” is not a single month.") % {"text": value})
        return period.first.first_day

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write ``2016-12``."""
        return f"{value:%Y-%m}" if value else ""


class WatchedResource(ReferenceResource):
    """A table whose rows pass a door; what the whole file alters is shown before it counts."""

    class Meta(ReferenceResource.Meta):
        abstract = True

    def import_data(self, dataset: Dataset, dry_run: bool = False, **kwargs: Any) -> Result:
        """Import the rows; where another planner is to confirm them, keep them all together."""
        with transaction.atomic():
            result: Result = super().import_data(dataset, dry_run=dry_run, **kwargs)
            failed = result.has_errors() or result.has_validation_errors()
            waits = not dry_run and not failed and bool(self.orders)
            waits = waits and (self.rests or bool(result.effects)) and orders.asks(self.passage)
            transaction.set_rollback(waits)
        if waits:
            name = _("%(table)s from %(file)s") % {
                "table": self.get_display_name(),
                "file": kwargs.get("file_name") or "—",
            }
            kwargs["request"].waiting = orders.keep(self.orders, name, self.passage)
        return result

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Begin the passage and hear what is said before it."""
        super().before_import(dataset, **kwargs)
        self.passage = Passage(
            actor=kwargs.get("user"), via=Via.FILE, reason=kwargs.get("reason", "")
        )
        self.questions: list[str] = []
        self.orders: list[orders.Order] = []
        self.rests = False
        self.watch = Watch()

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """Name what the file alters; at the confirmation it is what the person was shown.

        Raises:
            Unconfirmed: it alters something else by now.
        """
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        result.effects = self.questions + self.watch.lines()
        if kwargs.get("dry_run"):
            kwargs["request"].effects = result.effects
        elif digest(result.effects) != kwargs.get("seen", ""):
            raise Unconfirmed(result.effects)


class DefinitionResource(WatchedResource):
    """A table of definitions, row by row through their door."""

    class Meta(ReferenceResource.Meta):
        abstract = True

    def save_instance(self, instance: Defined, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Hand the row to the door.

        Raises:
            ValidationError: the door refused it.
        """
        links = {name: self.fields[name].clean(row) for name in instance.linked}
        self.orders.append(orders.definition_order(instance, links))
        with _told():
            self.rests |= definitions.save(instance, self.passage, links=links)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what a door refused as what is wrong with the row."""
    try:
        yield
    except Refused as refused:
        raise ValidationError([str(problem.message) for problem in refused.problems]) from None


LIFE = ("is_draft", "alive_from", "alive_until", "replaced_by")


class GoalResource(DefinitionResource):
    """Core goals."""

    class Meta(ReferenceResource.Meta):
        model = Goal
        import_id_fields = ("code",)
        fields = ("code", "name_zh", "name_en", "colour")


class TargetResource(DefinitionResource):
    """Targets under the goals."""

    goal = Field("goal", "goal", CodeWidget(Goal, "code"))

    class Meta(ReferenceResource.Meta):
        model = Target
        import_id_fields = ("code",)
        fields = ("goal", "code", "name_zh", "name_en")


class IndicatorResource(DefinitionResource):
    """Indicators under the targets."""

    target = Field("target", "target", CodeWidget(Target, "code"))
    agency = Field("agency", "agency", CodeWidget(Agency, "code"))
    is_draft = Field("is_draft", "is_draft", BooleanWidget())
    alive_from = Field("alive_from", "alive_from", MonthWidget())
    alive_until = Field("alive_until", "alive_until", MonthWidget())
    replaced_by = Field("replaced_by", "replaced_by", CodeWidget(Indicator, "code"))

    class Meta(ReferenceResource.Meta):
        model = Indicator
        import_id_fields = ("code",)
        fields = (
            "target",
            "code",
            "name_zh",
            "name_en",
            "agency",
            "method_zh",
            "method_en",
            *LIFE,
        )

    def import_field(
        self, field: Field, instance: Indicator, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Set a field; the agency of an indicator with figures only by a transfer."""
        before = instance.agency_id
        super().import_field(field, instance, row, is_m2m, **kwargs)
        if field.column_name == "agency" and instance.agency_id != before and instance.pk:
            stored = Indicator.objects.get(pk=instance.pk)
            if has_figures(stored):
                raise ValueError(
                    _("%(code)s has figures: it goes to another agency by a transfer, on its page.")
                    % {"code": instance.code}
                )


class SeriesNameWidget(widgets.Widget):
    """Another series of the row's indicator, by its Chinese name."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Series | None:
        """Return the series, or None for an empty cell.

        Raises:
            ValueError: the indicator has no series of that name.
        """
        name = str(value if value is not None else "").strip()
        if not name:
            return None
        code = str((row or {}).get("indicator", "")).strip()
        found = Series.objects.filter(indicator__code=code, name_zh=name).first()
        if found is None:
            known = Series.objects.filter(indicator__code=code).values_list("name_zh", flat=True)
            raise ValueError(
                _("Indicator %(code)s has no series “%(name)s”. It has: %(known)s.")
                % {"code": code, "name": name, "known": "、".join(known) or "—"}
            )
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write the Chinese name."""
        return value.name_zh if value else ""


class SeriesResource(DefinitionResource):
    """Series under the indicators, found by indicator and Chinese name."""

    indicator = Field("indicator", "indicator", CodeWidget(Indicator, "code"))
    direction = Field("direction", "direction", ChoiceWidget([c for c, _n in DIRECTION_CHOICES]))
    rule = Field("rule", "rule", ChoiceWidget([c for c, _n in RULE_CHOICES]))
    rounding = Field("rounding", "rounding", ChoiceWidget([c for c, _n in ROUNDING_CHOICES]))
    is_component = Field("is_component", "is_component", BooleanWidget())
    is_running_total = Field("is_running_total", "is_running_total", BooleanWidget())
    is_draft = Field("is_draft", "is_draft", BooleanWidget())
    alive_from = Field("alive_from", "alive_from", MonthWidget())
    alive_until = Field("alive_until", "alive_until", MonthWidget())
    replaced_by = Field("replaced_by", "replaced_by", SeriesNameWidget())
    may_exceed_whole = Field("may_exceed_whole", "may_exceed_whole", BooleanWidget())
    may_be_negative = Field("may_be_negative", "may_be_negative", BooleanWidget())
    numerator = Field("numerator", "numerator", SeriesNameWidget())
    denominator = Field("denominator", "denominator", SeriesNameWidget())
    source = Field("source", "source", SeriesNameWidget())

    class Meta(ReferenceResource.Meta):
        model = Series
        import_id_fields = ("indicator", "name_zh")
        fields = (
            "indicator",
            "position",
            "name_zh",
            "name_en",
            "unit_zh",
            "unit_en",
            "direction",
            "rule",
            "is_component",
            "is_running_total",
            "numerator",
            "denominator",
            "scale",
            "may_exceed_whole",
            "may_be_negative",
            "source",
            "base_year",
            "decimals",
            "rounding",
            *LIFE,
        )


def _units_of_series(row: Any) -> tuple[str, ...]:
    """The units of the series that a row of targets names; none where it names no known one."""
    code, name = (str(row.get(column) or "").strip() for column in ("indicator", "series"))
    found = Series.objects.filter(indicator__code=code, name_zh=name).first()
    return found.units if found else ()


def _units_of_activity(row: Any) -> tuple[str, ...]:
    units = (str(row.get(column) or "").strip() for column in ("unit_zh", "unit_en"))
    return tuple(unit for unit in units if unit)


class MilestoneResource(WatchedResource):
    """Targets of the series; a row that differs from the current one becomes its next revision."""

    indicator = Field("series__indicator", "indicator", CodeWidget(Indicator, "code"))
    series = Field("series", "series", SeriesNameWidget())
    value = Field("value", "value", NumberWidget(_units_of_series))
    window = Field("window", "window", PeriodWidget())
    base_month = Field("base_month", "base_month", MonthWidget())

    class Meta(ReferenceResource.Meta):
        model = Milestone
        import_id_fields = ("series", "year")
        fields = ("indicator", "series", "year", "value", "window", "base_month", "note")

    def import_field(
        self, field: Field, instance: Milestone, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Set the window by its two ends; the indicator serves to find the series alone."""
        if field.column_name == "indicator":
            field.clean(row, **kwargs)
        elif field.column_name == "window":
            window = field.clean(row, **kwargs)
            if window is None:
                raise ValueError(_("The window is missing. Write 2017-01/2020-12."))
            instance.window_first = window.first.first_day
            instance.window_last = window.last.first_day
        else:
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def get_instance(self, instance_loader: Any, row: Any) -> Milestone | None:
        """The current revision of the row's series and year.

        Raises:
            ValidationError: the row names no known series or year.
        """
        super().get_instance(instance_loader, row)
        series, year = (self.fields[name].clean(row) for name in ("series", "year"))
        if series is None:
            raise ValidationError({"series": [_("The series is missing.")]})
        return Milestone.latest(series, year)

    def save_instance(self, instance: Milestone, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Hand the row to the door, which keeps the revision that stands.

        Raises:
            ValidationError: the door refused it.
        """
        if question := milestones.unusual_year(instance.year):
            self.questions.append(question)
        order, self.rests = orders.target_order(instance), True
        self.orders.append(order)
        with _told():
            saved = orders.set_target(order, self.passage)
        instance.pk = saved.pk
        instance.revision = saved.revision


class ActivityResource(DefinitionResource):
    """Counts of work done, found by heading and name."""

    indicators = Field(
        "indicators", "indicators", widgets.ManyToManyWidget(Indicator, separator=" ", field="code")
    )
    value = Field("value", "value", NumberWidget(_units_of_activity))

    class Meta(ReferenceResource.Meta):
        model = Activity
        import_id_fields = ("group_zh", "name_zh")
        fields = (
            "position",
            "indicators",
            "group_zh",
            "group_en",
            "name_zh",
            "name_en",
            "value",
            "unit_zh",
            "unit_en",
        )
