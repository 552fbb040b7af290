"""Administration of definitions: one form and one button, and where something rests on one, why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from indicators.admin.figures import ReadOnly
from indicators.entry import definitions, orders
from indicators.entry.checks import Refused
from indicators.entry.definitions import Passage
from indicators.entry.effects import Unconfirmed
from indicators.models import Defined, DefinitionRevision
from indicators.models.figures import Via
from indicators.reading.changes import changed_fields, subject_name


class ReasonedForm(forms.ModelForm):
    """A form that takes the reason for a change, and the word for what the change alters."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Needed where figures, targets or published text rest on it."),
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    refusal: Refused | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_revision"] = getattr(self.instance, "revision", None)
        if self.is_bound and isinstance(self.refusal, Unconfirmed):
            # What it alters is shown now; the same button says yes to that.
            data = QueryDict(mutable=True)
            data.update(self.data)
            data["seen"] = self.refusal.digest
            self.data = data

    def clean(self) -> dict[str, Any]:
        """Show what the door answered to the first try at saving."""
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is None:
            return cleaned
        if isinstance(self.refusal, Unconfirmed):
            told = _(
                "This alters what is said elsewhere. Look at it, and save again if it is meant:"
            )
            self.add_error(None, forms.ValidationError(str(told)))
        for problem in self.refusal.problems:
            shown = problem.field in self.fields and problem.field != "seen"
            self.add_error(
                problem.field if shown else None, forms.ValidationError(str(problem.message))
            )
        return cleaned


class RefusableAdmin(admin.ModelAdmin):
    """A page whose door may refuse: the same form comes again with what was typed and why."""

    actions = None

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> type[forms.ModelForm[Any]]:
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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Leave what waits for a second person as it is."""
        if not _waits(request):
            super().save_related(request, form, formsets, change)
            return
        for one in formsets:
            one.new_objects = one.changed_objects = one.deleted_objects = ()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing is added yet while it waits."""
        return None if _waits(request) else super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing is changed yet while it waits."""
        return None if _waits(request) else super().log_change(request, obj, message)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say where it waits, if it does."""
        waiting = self._waiting_response(request)
        return waiting or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say where it waits, if it does."""
        return self._waiting_response(request) or super().response_change(request, obj)

    def _waiting_response(self, request: HttpRequest) -> HttpResponse | None:
        if not _waits(request):
            return None
        text = _("It waits for another planner, under “changes that wait”; nothing changed yet.")
        self.message_user(request, str(text))
        opts = self.model._meta
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def _waits(request: HttpRequest) -> bool:
    return getattr(request, "waiting", None) is not None


class DefinitionAdmin(RefusableAdmin):
    """Definitions: added, changed and taken away through their door."""

    form = ReasonedForm
    delete_confirmation_template = "admin/definition_delete.html"

    def save_model(
        self, request: HttpRequest, obj: Defined, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Through the door, together with what is linked to it."""
        typed = form.cleaned_data
        request.waiting = orders.save_definition(  # type: ignore[attr-defined]
            obj,
            passage(request, typed["reason"]),
            links={name: typed[name] for name in obj.linked if name in typed},
            expected=typed["seen_revision"] if change else None,
            seen=typed["seen"],
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask why where something rests on it, and show what goes with it."""
        context = {"reason": request.POST.get("reason", "")} | (extra_context or {})
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, context)
        except Refused as refusal:
            again = context | {
                "refused": refusal.problems,
                "seen": getattr(refusal, "digest", request.POST.get("seen", "")),
            }
            request.method, request.POST = "GET", QueryDict()
            return super().delete_view(request, object_id, again)

    def delete_model(self, request: HttpRequest, obj: Defined) -> None:
        """Through the door."""
        definitions.remove(
            obj,
            passage(request, request.POST.get("reason", "")),
            seen=request.POST.get("seen", ""),
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record of definitions is the history: who, when, from what to what, and why."""
        query = urlencode({"subject": self.model.subject(), "object_id": object_id})
        address = reverse("admin:indicators_definitionrevision_changelist")
        return HttpResponseRedirect(f"{address}?{query}")


def passage(request: HttpRequest, reason: str, via: Via = Via.ADMIN) -> Passage:
    """The passage of whoever is signed in."""
    return Passage(actor=request.user, via=via, reason=reason)  # type: ignore[arg-type]


@admin.register(DefinitionRevision)
class DefinitionRevisionAdmin(ReadOnly):
    """Every change of every definition: who, when, from what to what, why."""

    list_display = ("when", "who", "name", "shown_subject", "shown_changes", "why")
    list_filter = ("subject", "batch__via")
    list_select_related = ("batch__actor",)
    search_fields = ("name", "batch__reason")
    fields = ("when", "who", "name", "shown_subject", "shown_changes", "why")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The history of one definition asks for its number."""
        return lookup == "object_id" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("when"), ordering="id")
    def when(self, row: DefinitionRevision) -> Any:
        """The time of the passage."""
        return row.batch.at

    @admin.display(description=_("who"))
    def who(self, row: DefinitionRevision) -> str:
        """The person, or the way in where it was the system."""
        return str(row.batch.actor or row.batch.get_via_display())

    @admin.display(description=_("why"))
    def why(self, row: DefinitionRevision) -> str:
        """The reason given."""
        return row.batch.reason

    @admin.display(description=_("kind"))
    def shown_subject(self, row: DefinitionRevision) -> str:
        """What kind of definition it is."""
        return subject_name(row.subject)

    @admin.display(description=_("changes"))
    def shown_changes(self, row: DefinitionRevision) -> str:
        """Field by field from what to what."""
        return "; ".join(f"{one.field}: {one.old} → {one.new}" for one in changed_fields(row))
