"""The pages on which spreadsheets come in: bring, look, confirm, undo; and the template to fill."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.tasks import TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from accounts.permissions import EVERY, agencies_seen_by, may_enter
from indicators import clock
from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR
from indicators.entry.checks import Problem, Refused
from indicators.imports import importing, reportable
from indicators.imports.choices import chosen_on, named_choices
from indicators.imports.messages import IGNORED, file_message
from indicators.imports.preview import KINDS, preview
from indicators.imports.workbooks import annotated, template
from indicators.models import FileImport
from indicators.pages.grid.views import agency_seen
from indicators.pages.imports.pictures import shown_pictures
from indicators.reading.preferences import display_for
from indicators.spreadsheets.files import FileError
from indicators.tasks import give_back, note_progress, save_import

State = FileImport.State
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCODINGS = (
    ("", gettext_lazy("found by itself")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp950", "Big5 (CP950)"),
)


class UploadForm(forms.Form):
    """A file or a pasted table."""

    file = forms.FileField(label=gettext_lazy("File"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=gettext_lazy("Or paste a table"),
        required=False,
        max_length=5_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        strip=False,
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year, where the table does not say it"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=gettext_lazy("As 2021."),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Characters of a text file"), choices=ENCODINGS, required=False
    )

    def clean(self) -> dict[str, object]:
        """One of the two, and not both."""
        cleaned = super().clean() or self.cleaned_data
        given = bool(cleaned.get("file")), bool(str(cleaned.get("text") or "").strip())
        if given == (False, False):
            self.add_error("file", _("Choose a file, or paste a table below."))
        elif given == (True, True):
            self.add_error("text", _("There is a file and a pasted table; bring one of them."))
        return cleaned


class AgainForm(forms.Form):
    """How a file is to be read, corrected by a person."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Characters"), choices=ENCODINGS, required=False
    )
    remember = forms.BooleanField(
        label=gettext_lazy("Remember these choices for the agency's next files"), required=False
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, agency: str) -> HttpResponse:
    """Bring a file or a pasted table of an agency's figures."""
    found = agency_seen(request, agency)
    assert isinstance(request.user, User)
    if not may_enter(request.user, found):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        one = _bring_in(request, found, form)
        if one is not None:
            return redirect("indicators:import", one.pk)
    status = 422 if form.errors else 200
    return render(request, "indicators/upload.html", {"form": form, "agency": found}, status=status)


def _bring_in(request: HttpRequest, agency: Agency, form: UploadForm) -> FileImport | None:
    assert isinstance(request.user, User)
    data, given = form.cleaned_data, form.cleaned_data["file"]
    if given and given.size > settings.MOST_UPLOAD_BYTES:
        form.add_error("file", file_message("too_large"))
        return None
    try:
        return importing.bring_in(
            owner=request.user,
            agency=agency,
            name=given.name if given else _("Pasted table"),
            content=given.read() if given else None,
            text=data["text"],
            encoding=data["encoding"],
            year=data["year"],
        )
    except FileError as error:
        form.add_error("file" if given else "text", file_message(error.code, error.line))
        return None


def own_import(request: HttpRequest, pk: UUID) -> FileImport:
    """An import of one's own, or of an agency whose figures one enters.

    Raises:
        Http404: there is none, or it is another's; the two look alike.
    """
    one = FileImport.objects.select_related("agency", "owner", "entries").filter(pk=pk).first()
    if one is None:
        raise Http404
    mine = one.owner_id == getattr(request.user, "pk", None)
    allowed = mine if one.agency is None else may_enter(request.user, one.agency)
    if not allowed or (one.state == State.PREVIEWED and not mine):
        raise Http404
    return one


@never_cache
@login_required
@require_safe
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview of a file, or what became of it."""
    return _import_page(request, own_import(request, pk))


def _import_page(
    request: HttpRequest, one: FileImport, problems: list[str] | None = None
) -> HttpResponse:
    _look_after(one)
    display = display_for(request)
    problems = problems or one.outcome.get("problems", [])
    previewed = one.state == State.PREVIEWED
    page = preview(one, display) if previewed else None
    again = AgainForm(initial={"year": one.year, "encoding": one.encoding, "remember": True})
    names = reportable.series_names(one.agency, one.owner)
    return render(
        request,
        "indicators/import.html",
        {
            "one": one,
            "page": page,
            "kinds": [(kind, page.counts[kind], page.lines.get(kind, [])) for kind in KINDS]
            if page
            else [],
            "again": again,
            "pictures": shown_pictures(one, names) if previewed else [],
            "choices": named_choices(one, names),
            "closed": [
                (month, why, month in one.choices.get("closed", ()))
                for month, why in importing.closed_of(one).items()
            ]
            if previewed
            else [],
            "ignored": [
                (IGNORED.get(why, why), count)
                for why, count in one.table.get("ignored", {}).items()
            ],
            "before": importing.sent_before(one) if previewed else None,
            "problems": problems,
            "nothing": page is not None and not (page.counts["new"] or page.counts["changed"]),
        },
        status=409 if problems and request.method == "POST" else 200,
    )


@require_POST
@login_required
def act_on_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read again, confirm, lay aside, or undo."""
    one = own_import(request, pk)
    acts = {"again": _again, "confirm": _confirm, "discard": _discard, "undo": _undo}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        return act(request, one)
    except Refused as refused:
        return _import_page(request, one, [str(problem.message) for problem in refused.problems])
    except FileError as error:
        return _import_page(request, one, [file_message(error.code, error.line)])


def _again(request: HttpRequest, one: FileImport) -> HttpResponse:
    """Read the file as the picture says; what is chosen is remembered only where that is asked."""
    assert isinstance(request.user, User)
    form = AgainForm(request.POST)
    if form.is_valid() and one.state == State.PREVIEWED:
        names = reportable.series_names(one.agency, one.owner)
        chosen = chosen_on(one, request.POST.dict(), names)
        closed = request.POST.getlist("closed") if "with_closed" in request.POST else None
        said = chosen.said
        if closed is not None:
            months = importing.closed_of(one)
            said = replace(said, closed=tuple(month for month in months if month in closed))
        with transaction.atomic():
            if one.agency:
                reportable.forget_headings(one.agency, chosen.forget)
                if form.cleaned_data["remember"]:
                    reportable.remember_headings(
                        one.agency, chosen.remember, actor=request.user, file=one
                    )
            one.choices = said.as_data()
            importing.read_again(
                one, encoding=form.cleaned_data["encoding"], year=form.cleaned_data["year"]
            )
    return redirect("indicators:import", one.pk)


def _confirm(request: HttpRequest, one: FileImport) -> HttpResponse:
    assert isinstance(request.user, User)
    if len(one.table.get("readings", [])) > settings.LONG_IMPORT:
        return _queue(request, one)
    outcome = importing.confirm(
        one,
        actor=request.user,
        reason=request.POST.get("reason", "")[:300],
        seen=request.POST.get("seen", "") or "none",
    )
    count = outcome.new + outcome.changed
    messages.success(
        request,
        ngettext("%(count)d figure saved.", "%(count)d figures saved.", count) % {"count": count},
    )
    return redirect("indicators:import", one.pk)


def _queue(request: HttpRequest, one: FileImport) -> HttpResponse:
    """Leave a long file to the worker; a second click finds it queued."""
    assert isinstance(request.user, User)
    if importing.has_errors(one):
        raise Refused([Problem(0, "file", _("Mend the errors first; nothing was saved."))])
    queued = FileImport.objects.filter(pk=one.pk, state=State.PREVIEWED).update(
        state=State.QUEUED, outcome={"stage": "waiting"}
    )
    if queued:
        result = save_import.enqueue(
            str(one.pk),
            request.user.pk,
            request.POST.get("reason", "")[:300],
            request.POST.get("seen", "") or "none",
            get_language() or "zh-hant",
        )
        one.refresh_from_db()
        note_progress(one, "waiting", task=str(result.id))
    return redirect("indicators:import", one.pk)


def _look_after(one: FileImport) -> None:
    """Give a file back whose saving broke off, so that it can be tried again."""
    task = one.outcome.get("task")
    if one.state != State.QUEUED or not task:
        return
    try:
        failed = save_import.get_result(task).status == TaskResultStatus.FAILED
    except TaskResultDoesNotExist:
        failed = True
    if failed:
        give_back(one, [_("Saving broke off; nothing was saved. Try again.")])
        one.refresh_from_db()


def _discard(request: HttpRequest, one: FileImport) -> HttpResponse:
    importing.discard(one)
    messages.success(request, _("The file was laid aside; nothing was saved."))
    if one.agency is None:
        return redirect("indicators:imports")
    return redirect("indicators:upload", one.agency.code)


def _undo(request: HttpRequest, one: FileImport) -> HttpResponse:
    assert isinstance(request.user, User)
    importing.undo(one, actor=request.user)
    if "forget" in request.POST:
        reportable.forget_choices_of(one)
    messages.success(request, _("Undone: the figures are as they were before the file."))
    return redirect("indicators:import", one.pk)


@never_cache
@login_required
@require_safe
def annotated_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same table with what is wrong as comments in its cells."""
    one = own_import(request, pk)
    if one.state != State.PREVIEWED or one.content is None:
        raise Http404
    page = preview(one, display_for(request))
    content = annotated(one, page.comments)
    name = _("%(name)s with comments") % {"name": one.name.rsplit(".", 1)[0] or "table"}
    return _download(content, f"{name}.xlsx")


@never_cache
@login_required
@require_safe
def template_file(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """A workbook to fill: the agency's series and the year's months, with what is stored."""
    found = agency_seen(request, agency)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    shape = "long" if request.GET.get("shape") == "long" else "wide"
    content = template(found, year, display_for(request), shape=shape)
    return _download(content, f"{found.code}-{year}-{shape}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@never_cache
@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The spreadsheets that were brought in, the latest first."""
    seen = agencies_seen_by(request.user)
    rows = FileImport.objects.defer("content", "table").select_related("agency", "owner")
    if seen != EVERY:
        rows = rows.filter(agency__in=seen)
    return render(
        request,
        "indicators/imports.html",
        {"rows": rows[:100], "entry": reverse("indicators:entry")},
    )
