"""Administration of the figures, through the one door, and of what is derived and recorded."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.permissions import EVERY, agencies_entered_by, agencies_seen_by, may_enter
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Period, PeriodError, parse_period
from indicators.calculation.rules import Rule, value_of
from indicators.entry import door
from indicators.entry.checks import Conflict, Refused
from indicators.entry.entries import Entry
from indicators.entry.misreadings import Misread, period_message, read_figure
from indicators.models import EntryBatch, Observation, Revision, Series, YearlyValue
from indicators.models.figures import Basis, Origin, Via, reported_by
from indicators.models.series import answered_by


def _shown(value: Any, unit: str) -> str:
    return "—" if value is None else f"{plain(value)} {unit}"


class FigureForm(forms.ModelForm):
    """One figure with its reason; the period and the value are read as the ministry writes them."""

    period = forms.CharField(
        label=_("Period"),
        help_text=_("For example 2021-03, 110年3月, 2017年至2020年, 2021年1月至11月."),
    )
    value = forms.CharField(
        label=_("Value"),
        required=False,
        help_text=_("For example 17,168 or 1萬7,168. Empty withdraws the figure."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Stays with the figure in its history."),
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    refusal: Refused | None = None

    class Meta:
        model = Observation
        fields = ("series", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "period" in self.fields:
            self.fields["period"].disabled = True
            self.initial["period"] = self.instance.period.iso()
            self.initial["value"] = (
                "" if self.instance.value is None else plain(self.instance.value)
            )
            self.initial["seen_revision"] = self.instance.revision
            if isinstance(self.refusal, Conflict):
                # The answer shows the newer figure; saving again is a decision about it.
                self.data = {**self.data, "seen_revision": self.instance.revision}

    def clean_period(self) -> Period:
        """Read the period, or say which readings it could have."""
        text = self.cleaned_data["period"]
        try:
            return parse_period(text)
        except PeriodError as error:
            raise forms.ValidationError(period_message(error)) from error

    def clean_value(self) -> Any:
        """Read the value in the unit of its series; an empty one withdraws the figure."""
        text = self.cleaned_data["value"]
        series = self.instance.series if self.instance.pk else self.cleaned_data.get("series")
        if series is None:
            return None  # the form is refused anyway, for want of its series
        try:
            return read_figure(text, series)
        except Misread as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Show what the door answered to the first try at saving."""
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            for problem in self.refusal.problems:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, forms.ValidationError(str(problem.message)))
        return cleaned

    def _post_clean(self) -> None:
        """Carry the period and the value over to the row that the page shows."""
        super()._post_clean()  # type: ignore[misc]
        period = self.cleaned_data.get("period")
        if period and not self.instance.pk:
            self.instance.first_month = period.first.first_day
            self.instance.last_month = period.last.first_day


@admin.register(Observation)
class ObservationAdmin(admin.ModelAdmin):
    """Figures: added and corrected through the one door, withdrawn instead of deleted."""

    form = FigureForm
    list_display = ("series", "shown_period", "shown_value", "origin", "revision", "note")
    list_filter = (
        "series__indicator__target__goal",
        ("agency", admin.RelatedOnlyFieldListFilter),
        "origin",
        "first_month",
    )
    list_select_related = ("series__indicator",)
    search_fields = ("series__indicator__code", "series__indicator__name_zh", "series__name_zh")
    list_per_page = 100
    show_full_result_count = False
    fields = ("series", "period", "value", "note", "reason", "seen_revision", "key")
    actions = None

    @admin.display(description=_("period"), ordering="first_month")
    def shown_period(self, figure: Observation) -> str:
        """The period in its ISO form."""
        return figure.period.iso()

    @admin.display(description=_("value"), ordering="value")
    def shown_value(self, figure: Observation) -> str:
        """The value with its unit; a dash for a withdrawn one."""
        return _shown(figure.value, figure.series.unit)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Observation]:
        """All figures of the agencies one works for, of the others the approved ones."""
        rows = super().get_queryset(request)
        seen = agencies_seen_by(request.user)
        if seen == EVERY:
            return rows
        return rows.filter(Q(agency__in=seen) | Q(revision=F("approved_revision")))

    def has_change_permission(self, request: HttpRequest, obj: Observation | None = None) -> bool:
        """The figures of one's own agency."""
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return may_enter(request.user, obj.agency)

    def has_delete_permission(self, request: HttpRequest, obj: Observation | None = None) -> bool:
        """A figure is withdrawn with a reason, never deleted."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Observation | None = None) -> Any:
        """A figure keeps its series; one for another series is another figure."""
        return ("series",) if obj else ()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record of changes is the figure's history: from what to what, by whom and why."""
        figure = get_object_or_404(Observation, pk=object_id)
        query = urlencode(
            {
                "series__id__exact": f"{figure.series_id}",
                "first_month": f"{figure.first_month}",
                "last_month": f"{figure.last_month}",
            }
        )
        return redirect(f"{reverse('admin:indicators_revision_changelist')}?{query}")

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        """Offer the series that this person may enter and that are entered at all."""
        if db_field.name == "series":
            choices = Series.objects.select_related("indicator").exclude(rule=Rule.GROWTH.value)
            agencies = agencies_entered_by(request.user)
            if agencies != EVERY:
                choices = choices.filter(answered_by(agencies))
            kwargs["queryset"] = choices
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Observation | None = None, change: bool = False, **kw: Any
    ) -> type[forms.ModelForm[Observation]]:
        """The form, with the door's answer when this is the second try of a request."""
        form = super().get_form(request, obj, change, **kw)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save; where the door refuses, show the same form again with what was typed and why."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(
        self,
        request: HttpRequest,
        obj: Observation,
        form: forms.ModelForm[Observation],
        change: Any,
    ) -> None:
        """Through the one door."""
        typed = form.cleaned_data
        door.save_figures(
            [
                Entry(
                    series=obj.series,
                    period=obj.period,
                    value=typed["value"],
                    note=typed["note"],
                    origin=Origin.REPORTED,
                    expected_revision=(typed["seen_revision"] or 0) if change else 0,
                )
            ],
            actor=request.user,  # type: ignore[arg-type]
            via=Via.ADMIN,
            reason=typed["reason"],
            key=f"{request.user.pk}-{typed['key'].hex}",
        )
        saved = Observation.objects.filter(
            series=obj.series, first_month=obj.first_month, last_month=obj.last_month
        ).first()
        if saved:
            obj.pk = saved.pk


class ReadOnly(admin.ModelAdmin):
    """A table to look at."""

    actions = None
    show_full_result_count = False
    list_per_page = 100

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False


@admin.register(YearlyValue)
class YearlyValueAdmin(ReadOnly):
    """What the figures of each year come to."""

    list_display = ("series", "year", "shown_value", "coverage", "months", "last_month")
    list_filter = ("year", "coverage", "series__indicator__target__goal")
    list_select_related = ("series__indicator",)
    search_fields = ("series__indicator__code", "series__indicator__name_zh", "series__name_zh")

    def get_queryset(self, request: HttpRequest) -> QuerySet[YearlyValue]:
        """What the approved figures come to, and one's own agencies' working ones."""
        rows = super().get_queryset(request)
        seen = agencies_seen_by(request.user)
        if seen == EVERY:
            return rows
        return rows.filter(Q(agency__in=seen) | Q(basis=Basis.APPROVED))

    @admin.display(description=_("value"))
    def shown_value(self, row: YearlyValue) -> str:
        """The value as the series' rule makes it."""
        value = value_of(Rule(row.series.rule), row.numerator, row.denominator, row.series.scale)
        return _shown(value, row.series.unit)


def _seen_revisions(rows: QuerySet[Revision], request: HttpRequest) -> QuerySet[Revision]:
    seen = agencies_seen_by(request.user)
    if seen == EVERY:
        return rows
    return rows.filter(Q(needs_approval=False) | Exists(reported_by(seen)))


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    """Every change of every figure and target: who, when, from what to what, why."""

    list_display = ("when", "who", "series", "kind", "shown_period", "old", "new", "why")
    list_filter = ("kind", "batch__via", "series__indicator__target__goal")
    list_select_related = ("series__indicator", "batch__actor")
    search_fields = ("series__indicator__code", "series__name_zh", "batch__reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """The changes of the agencies one works for, and those that needed no approval."""
        return _seen_revisions(super().get_queryset(request), request)

    @admin.display(description=_("when"), ordering="id")
    def when(self, row: Revision) -> Any:
        """The time of the batch."""
        return row.batch.at

    @admin.display(description=_("who"))
    def who(self, row: Revision) -> str:
        """The person, or the way in where it was the system."""
        return str(row.batch.actor or row.batch.get_via_display())

    @admin.display(description=_("why"))
    def why(self, row: Revision) -> str:
        """The reason given."""
        return row.batch.reason

    @admin.display(description=_("period"), ordering="first_month")
    def shown_period(self, row: Revision) -> str:
        """The period in its ISO form."""
        return row.period.iso()

    @admin.display(description=_("old value"))
    def old(self, row: Revision) -> str:
        """What it was."""
        return _shown(row.old_value, row.series.unit)

    @admin.display(description=_("new value"))
    def new(self, row: Revision) -> str:
        """What it became."""
        return _shown(row.new_value, row.series.unit)


class RevisionsInline(admin.StackedInline):
    """What one entry changed."""

    model = Revision
    fields = ("series", "kind", "first_month", "last_month", "old_value", "new_value")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """With the names that the rows show."""
        rows = super().get_queryset(request).select_related("series__indicator")
        return _seen_revisions(rows, request)


@admin.register(EntryBatch)
class EntryBatchAdmin(ReadOnly):
    """Each passage through the door."""

    list_display = ("at", "actor", "via", "reason")
    list_filter = ("via", "at")
    list_select_related = ("actor",)
    search_fields = ("reason", "actor__username")
    fields = ("at", "actor", "via", "reason")
    inlines = (RevisionsInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntryBatch]:
        """One's own, and those of whose changes one sees any: a reason tells of them all."""
        rows = super().get_queryset(request)
        if agencies_seen_by(request.user) == EVERY:
            return rows
        inside = _seen_revisions(Revision.objects.filter(batch=OuterRef("pk")), request)
        return rows.filter(Q(actor=request.user.pk) | Exists(inside))
