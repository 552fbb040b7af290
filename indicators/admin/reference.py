"""Administration of goals, targets, indicators, series, milestones and activities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from indicators.admin import resources
from indicators.admin.definitions import DefinitionAdmin, ReasonedForm, RefusableAdmin, passage
from indicators.admin.reference_files import ReferenceAdmin
from indicators.admin.uploads import ReasonedConfirmForm, ReasonedImportForm
from indicators.calculation.numerals import plain
from indicators.entry import orders
from indicators.entry.checks import cannot_be
from indicators.entry.misreadings import Misread, read_figure
from indicators.models import Activity, Goal, Indicator, Milestone, Series, Target
from indicators.models.transfers import has_figures


class DefinitionTable(DefinitionAdmin, ReferenceAdmin):
    """A table of definitions, by hand and by spreadsheet."""

    import_form_class = ReasonedImportForm
    confirm_form_class = ReasonedConfirmForm


class NaturalOrder(DefinitionTable):
    """A table that is listed in the order of its codes."""

    ordering = ("sort_key",)

    @admin.display(description=_("code"), ordering="sort_key")
    def code_in_order(self, row: Any) -> str:
        """The code, sorted as people sort codes."""
        return str(row.code)


class TargetsInline(admin.StackedInline):
    """Targets on their goal's page."""

    model = Target
    fields = ("code", "name_zh", "name_en")
    readonly_fields = fields
    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A target is added on its own page."""
        return False


class SeriesInline(admin.StackedInline):
    """Series on their indicator's page, to look at and to go on from."""

    model = Series
    fields = ("position", "name_zh", "unit_zh", "direction", "rule", "is_component")
    readonly_fields = fields
    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A series needs its own page to be complete."""
        return False


class MilestonesInline(admin.StackedInline):
    """Every target a series has and had."""

    model = Milestone
    fields = ("year", "revision", "value", "window_first", "window_last", "note")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A target is set on its own page, with a reason."""
        return False


@admin.register(Goal)
class GoalAdmin(NaturalOrder):
    """Core goals."""

    resource_classes = (resources.GoalResource,)
    list_display = ("code_in_order", "name_zh", "name_en", "colour")
    search_fields = ("code", "name_zh", "name_en")
    inlines = (TargetsInline,)


@admin.register(Target)
class TargetAdmin(NaturalOrder):
    """Targets."""

    resource_classes = (resources.TargetResource,)
    list_display = ("code_in_order", "goal", "name_zh")
    list_filter = ("goal",)
    list_select_related = ("goal",)
    search_fields = ("code", "name_zh", "name_en")


@admin.register(Indicator)
class IndicatorAdmin(NaturalOrder):
    """Indicators."""

    resource_classes = (resources.IndicatorResource,)
    list_display = ("code_in_order", "name_zh", "target", "agency")
    list_filter = ("target__goal", "agency")
    list_select_related = ("target", "agency")
    search_fields = ("code", "name_zh", "name_en", "method_zh")
    inlines = (SeriesInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> Any:
        """An indicator with figures goes to another agency by a transfer."""
        found = [*super().get_readonly_fields(request, obj)]
        return [*found, "transferred_agency"] if obj and has_figures(obj) else found

    def get_fields(self, request: HttpRequest, obj: Indicator | None = None) -> Any:
        """The agency to choose, or with the way to its transfer."""
        found = [*super().get_fields(request, obj)]
        if "transferred_agency" in found:
            found.remove("transferred_agency")
            found[found.index("agency")] = "transferred_agency"
        return found

    @admin.display(description=_("responsible unit"))
    def transferred_agency(self, indicator: Indicator) -> str:
        """The agency, and where the indicator is handed over to another."""
        return format_html(
            '{} · <a href="{}">{}</a>',
            indicator.agency or "—",
            reverse("indicators:transfer", args=[indicator.code]),
            _("Transfer to another agency"),
        )


@admin.register(Series)
class SeriesAdmin(DefinitionTable):
    """Series."""

    resource_classes = (resources.SeriesResource,)
    list_display = ("indicator", "position", "name_zh", "unit_zh", "direction", "rule")
    list_display_links = ("name_zh",)
    list_filter = ("indicator__target__goal", "indicator__agency", "rule", "direction")
    list_select_related = ("indicator",)
    search_fields = ("name_zh", "name_en", "indicator__code", "indicator__name_zh")
    inlines = (MilestonesInline,)


class MilestoneForm(ReasonedForm):
    """A target with the reason for setting it; one without a value is withdrawn."""

    value = forms.CharField(
        label=_("target value"),
        max_length=100,
        required=False,
        help_text=_("Empty withdraws the target of that year."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.TextInput)

    class Meta:
        model = Milestone
        fields = ("series", "year", "value", "window_first", "window_last", "base_month", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("window_first", "window_last"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """A target that is set needs its window; one that is withdrawn keeps the one it had."""
        cleaned = super().clean()
        if cleaned.get("value") is None and "value" not in self.errors:
            series, year = cleaned.get("series"), cleaned.get("year")
            if series and year and (latest := Milestone.latest(series, year)):
                cleaned["window_first"], cleaned["window_last"] = (
                    latest.window_first,
                    latest.window_last,
                )
                cleaned["base_month"] = latest.base_month
                return cleaned
        for name in ("window_first", "window_last"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(_("Say over which months it runs.")))
        return cleaned

    def clean_value(self) -> Decimal | None:
        """Read the target in the unit of its series.

        Raises:
            ValidationError: no number, another unit, or nothing that the series can be.
        """
        series = self.cleaned_data.get("series")
        if series is None:
            return None  # the form is refused anyway, for want of its series
        try:
            value = read_figure(self.cleaned_data["value"], series)
        except Misread as error:
            raise ValidationError(str(error)) from error
        if found := [str(message) for message in cannot_be(series, value)]:
            raise ValidationError(found)
        return value


@admin.register(Milestone)
class MilestoneAdmin(RefusableAdmin, ReferenceAdmin):
    """Targets of the series; the form adds a revision and never writes over one."""

    resource_classes = (resources.MilestoneResource,)
    import_form_class = ReasonedImportForm
    confirm_form_class = ReasonedConfirmForm
    form = MilestoneForm
    list_display = ("series", "year", "revision", "shown_value", "window_first", "window_last")
    list_filter = ("year", "series__indicator__target__goal", "series__indicator__agency")
    list_select_related = ("series__indicator",)
    search_fields = ("series__name_zh", "series__indicator__code", "series__indicator__name_zh")

    @admin.display(description=_("target value"), ordering="value")
    def shown_value(self, milestone: Milestone) -> str:
        """The value with its unit."""
        if milestone.value is None:
            return str(_("withdrawn"))
        return f"{plain(milestone.value)} {milestone.series.unit}"

    def has_change_permission(self, request: HttpRequest, obj: Milestone | None = None) -> bool:
        """An existing target is looked at; a new revision is added instead."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Milestone | None = None) -> bool:
        """Nothing that was once a target is forgotten."""
        return False

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        """The targets that stand today; an import would take older ones for new revisions."""
        found: QuerySet[Milestone] = super().get_export_queryset(request)
        return found.filter(pk__in=Milestone.current().values("pk"))

    def save_model(
        self, request: HttpRequest, obj: Milestone, form: forms.ModelForm[Milestone], change: bool
    ) -> None:
        """Through the door, which gives the revision its number and keeps the record."""
        typed = form.cleaned_data
        request.waiting = orders.save_target(  # type: ignore[attr-defined]
            obj, passage(request, typed["reason"]), seen=typed["seen"]
        )


@admin.register(Activity)
class ActivityAdmin(DefinitionTable):
    """Counts of work done in support of indicators."""

    resource_classes = (resources.ActivityResource,)
    list_display = ("position", "group_zh", "name_zh", "shown_value")
    list_display_links = ("name_zh",)
    list_filter = ("indicators",)
    search_fields = ("group_zh", "name_zh", "name_en")

    @admin.display(description=_("count"), ordering="value")
    def shown_value(self, activity: Activity) -> str:
        """The count with its unit."""
        return f"{plain(activity.value)} {activity.unit}"
