"""Spreadsheets of reference data, in and out, through django-import-export made safe.

Rows are matched by natural key, never by id; a file is taken whole or not at all; text that a
spreadsheet would run as a formula leaves and returns as text; the confirmation of an upload is
bound to the person who uploaded it. Figures never pass here: they have their own door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.forms import ExportForm
from import_export.results import Result
from tablib import Dataset

from indicators.admin.number_field import NumberField
from indicators.admin.uploads import ODS, XLSX, ReferenceImportForm
from indicators.entry.effects import digest
from indicators.entry.misreadings import read_number
from indicators.models import Series
from indicators.models.exact import FigureField
from indicators.spreadsheets.formulas import as_text, from_text


class CodeWidget(widgets.ForeignKeyWidget):
    """A reference by code; an unknown code is named together with the ones that exist."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:
        """Return the object, or None for an empty cell.

        Raises:
            ValueError: no object has that code.
        """
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        found: Model | None = self.model.objects.filter(**{self.field: text}).first()
        if found is None:
            known = list(self.model.objects.values_list(self.field, flat=True)[:12])
            raise ValueError(
                _("There is no %(what)s “%(code)s”. Known: %(known)s …")
                % {
                    "what": self.model._meta.verbose_name,
                    "code": text,
                    "known": "、".join(map(str, known)) or "—",
                }
            )
        return found


type UnitsOfRow = Callable[[Any], tuple[str, ...]]
"""The ways in which a row's unit may be written."""


class NumberWidget(widgets.DecimalWidget):
    """A number as the ministry writes it, alone or with its row's unit; goes out as a number."""

    def __init__(self, units: UnitsOfRow) -> None:
        super().__init__()
        self.units = units

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        """Return the number, or None for an empty cell.

        Raises:
            ValueError: the text is no number, can be read in two ways, or has another unit.
        """
        if value is None or value == "":
            return None
        units = self.units(row or {})
        return read_number(str(value), units, units[0] if units else "")


class BooleanWidget(widgets.BooleanWidget):
    """Yes and no, by figure or by word; anything else is refused instead of taken for no."""

    WORDS: ClassVar = {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Return the truth value.

        Raises:
            ValueError: the text is neither.
        """
        text = str(value if value is not None else "").strip().lower()
        if text not in self.WORDS:
            raise ValueError(_("“%(text)s” is neither 1 nor 0.") % {"text": value})
        return self.WORDS[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write 1 or 0."""
        return "1" if value else "0"


class ChoiceWidget(widgets.CharWidget):
    """One of a few words."""

    def __init__(self, choices: list[str]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Return the word.

        Raises:
            ValueError: it is none of the choices.
        """
        text = str(value if value is not None else "").strip()
        if text not in self.choices:
            raise ValueError(
                _("“%(text)s” is not one of: %(choices)s.")
                % {"text": text, "choices": "、".join(self.choices)}
            )
        return text


class PlainDiff(resources.Diff):
    """What a row changes, cell by cell, without the inline styles of the library's own."""

    def as_html(self) -> list[SafeString]:
        """The old value struck out before the new one; a cell that stays is set as it is."""
        return [
            format_html("{}", new)
            if old == new
            else format_html("<ins>{}</ins>", new)
            if self.new
            else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in zip(self.left, self.right, strict=True)
        ]


class ReferenceResource(resources.ModelResource):
    """What every table of reference data shares on its way in and out."""

    class Meta:
        abstract = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        """The one whose markup the security policy lets pass."""
        return PlainDiff

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Refuse a sheet without rows or without a needed column, before any row is read."""
        super().before_import(dataset, **kwargs)
        headers = [str(header or "").strip() for header in dataset.headers or []]
        missing = [
            field.column_name
            for field in self.get_import_fields()
            if field.column_name not in headers and not field.readonly
        ]
        if missing:
            raise ValidationError(
                _(
                    "The first row must name the columns; missing: %(missing)s. "
                    "Export the table once to see the form that is expected."
                )
                % {"missing": "、".join(missing)}
            )
        if not len(dataset):
            raise ValidationError(
                _("No rows were found below the headings of the first sheet; nothing was imported.")
            )
        dataset.headers = headers

    def get_instance(self, instance_loader: Any, row: Any) -> Model | None:
        """Find the row that the file means, by its natural key.

        Raises:
            ValidationError: a part of the key cannot be read; names the column.
        """
        errors: dict[str, list[str]] = {}
        for name in self.get_import_id_fields():
            try:
                self.fields[name].clean(row)
            except (ValueError, ArithmeticError) as error:
                errors[name] = [str(error)]
        if errors:
            raise ValidationError(errors)
        found: Model | None = super().get_instance(instance_loader, row)
        return found

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Read cells without the blanks around them and without the apostrophe of the export."""
        super().before_import_row(row, **kwargs)
        for column in row:
            row[column] = from_text(row[column])

    def export_field(self, field: Field, instance: Model, **kwargs: Any) -> Any:
        """Write a cell that no spreadsheet runs as a formula."""
        return as_text(super().export_field(field, instance, **kwargs))

    @classmethod
    def get_display_name(cls) -> str:
        """The name of the table in the reader's language."""
        return str(cls._meta.model._meta.verbose_name_plural)


class ReferenceAdmin(ImportExportModelAdmin):
    """Administration of a table of reference data, with XLSX, ODS and CSV both ways."""

    formats = (XLSX, ODS, base_formats.CSV)
    import_form_class = ReferenceImportForm
    export_form_class = ExportForm
    formfield_overrides: ClassVar[Mapping[type[models.Field], Mapping[str, Any]]] = {
        FigureField: {"form_class": NumberField}
    }
    from_encoding = "utf-8-sig"
    import_error_display = ("message",)
    list_per_page = 100

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """Plain lists, which a screen reader can read; those of series in one query."""
        if db_field.related_model is Series:
            kwargs.setdefault("queryset", Series.objects.select_related("indicator"))
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def _signer(self, request: HttpRequest) -> Signer:
        return Signer(salt=f"upload of {request.user.pk}")

    def get_confirm_form_initial(
        self, request: HttpRequest, import_form: forms.Form | None
    ) -> dict[str, Any]:
        """Name the waiting upload in a way that only this person can confirm."""
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if "import_file_name" in initial:
            initial["import_file_name"] = self._signer(request).sign(initial["import_file_name"])
        if import_form is not None:
            initial["reason"] = import_form.cleaned_data.get("reason", "")
            initial["seen"] = digest(getattr(request, "effects", ()))
        return initial

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Confirm an upload of one's own.

        Raises:
            SuspiciousOperation: the name was not given to this person.
        """
        posted = request.POST.copy()
        try:
            posted["import_file_name"] = self._signer(request).unsign(
                posted.get("import_file_name", "")
            )
        except BadSignature as error:
            raise SuspiciousOperation("not this person's upload") from error
        request.POST = posted  # type: ignore[assignment]
        response: HttpResponseBase = super().process_import(request, **kwargs)
        return response

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """A row that fails on confirmation takes the whole file back; the reason goes along."""
        typed = kwargs["form"].cleaned_data if kwargs.get("form") else {}
        return {
            **super().get_import_data_kwargs(**kwargs),
            "rollback_on_validation_errors": True,
            "reason": typed.get("reason", ""),
            "seen": typed.get("seen", ""),
        }

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponseBase:
        """Report success only where there was one: the data may have changed since the preview."""
        if result.has_errors() or result.has_validation_errors():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Import"),
                "form": self.create_import_form(request),
                "opts": self.model._meta,
                "result": result,
                "import_error_display": self.import_error_display,
            }
            return TemplateResponse(request, [self.import_template_name], context)
        if getattr(request, "waiting", None) is not None:
            text = _("The file waits for another planner, under “changes that wait”.")
            self.message_user(request, text)
            opts = self.model._meta
            return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        response: HttpResponseBase = super().process_result(result, request)
        return response
