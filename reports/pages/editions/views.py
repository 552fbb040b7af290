"""The pages of an edition: its contents, checks, release, files, reconciliation and changes."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import all_roles, may_plan
from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR, Month, parse_period
from indicators.entry.checks import Refused
from indicators.models import Milestone
from indicators.reading.preferences import display_for
from reports.documents import html
from reports.documents.tree import Picture
from reports.editions import building, changes, releasing
from reports.editions.rolling import next_edition
from reports.models import Edition, ReportFile, SectionPicture
from reports.pages.editions.edition_page import edition_page
from reports.tables.reconciling import DIFFERENCES, reconcile
from reports.tables.writers import TYPES as SHEET_TYPES
from reports.tables.writers import WRITERS as SHEET_WRITERS
from reports.texts.compilation import Compilation
from reports.texts.findings import Finding, blocking
from reports.texts.linting import lint
from reports.texts.writing import is_released


def edition_seen(request: HttpRequest, year: int) -> Edition:
    """The edition of a year, for those who work here; others see what was released."""
    assert isinstance(request.user, User)
    if not all_roles(request.user):
        raise Http404
    return get_object_or_404(Edition.objects.select_related("previous"), year=year)


class NextEditionForm(forms.Form):
    """What the next edition is to be about."""

    year = forms.IntegerField(
        label=gettext_lazy("Year of the edition"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    target_year = forms.IntegerField(
        label=gettext_lazy("Target year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=gettext_lazy("The year whose targets it compares with."),
    )
    until = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("Figures until"),
        help_text=gettext_lazy("The last month that it reports on, as 2022-11."),
        error_messages={"invalid": gettext_lazy("Write the month as 2022-11.")},
    )

    def clean_until(self) -> Month:
        """The month."""
        year, month = str(self.cleaned_data["until"]).split("-")
        return Month(int(year), int(month))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, and the beginning of the next."""
    assert isinstance(request.user, User)
    if not all_roles(request.user):
        raise Http404
    rows = list(Edition.objects.select_related("release", "previous"))
    plans = may_plan(request.user)
    form, problems = None, []
    if plans and rows:
        form = NextEditionForm(request.POST or None, initial=_proposal(rows[0]))
        if request.method == "POST" and form.is_valid():
            try:
                made = next_edition(rows[0], actor=request.user, **form.cleaned_data)
            except Refused as refused:
                problems = [str(problem.message) for problem in refused.problems]
            else:
                messages.success(
                    request,
                    _("The edition is there. What to do first stands under its checks."),
                )
                return redirect("edition_checks", made.year)
    return render(
        request,
        "reports/editions.html",
        {"editions": rows, "form": form, "last": rows[0] if rows else None, "problems": problems},
        status=409 if problems else 200,
    )


def _proposal(last: Edition) -> dict[str, object]:
    later = Milestone.public().filter(year__gt=last.target_year).order_by("year").first()
    until = last.until + 12 if last.until else Month(last.year + 1, 12)
    return {
        "year": last.year + 1,
        "target_year": later.year if later else last.target_year,
        "until": str(until),
    }


@never_cache
@login_required
@require_safe
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """The contents of an edition, and how far each section is."""
    found = edition_seen(request, year)
    assert isinstance(request.user, User)
    return render(
        request, "reports/edition.html", {"page": edition_page(found, request.user), "one": found}
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest, year: int) -> HttpResponse:
    """What is to be mended before the edition goes out; and its release."""
    found = edition_seen(request, year)
    assert isinstance(request.user, User)
    problems: list[str] = []
    reason = request.POST.get("reason", "")[:300]
    if request.method == "POST":
        try:
            releasing.release(found, actor=request.user, reason=reason)
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
        else:
            for format in building.WRITERS:
                building.ask_for(found, format, actor=request.user)
            messages.success(request, _("Released. Its files are being made."))
            return redirect("edition", year)
    findings = [] if is_released(found) else lint(Compilation(found))
    return render(
        request,
        "reports/checks.html",
        {
            "one": found,
            "groups": _by_level(findings),
            "stops": len(blocking(findings)),
            "may_release": may_plan(request.user) and not is_released(found),
            "problems": problems,
            "reason": reason,
        },
        status=409 if problems else 200,
    )


def _by_level(findings: list[Finding]) -> list[tuple[str, str, list[Finding]]]:
    names = {
        "blocking": _("Stops the release"),
        "warning": _("To be looked at"),
        "note": _("As the data are"),
    }
    return [
        (level, name, some)
        for level, name in names.items()
        if (some := [one for one in findings if one.level.value == level])
    ]


@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    """The report on a page; everybody reads a released one."""
    found = get_object_or_404(Edition, year=year)
    if not is_released(found) and not all_roles(request.user):
        raise Http404
    report = releasing.report_of(found)
    return render(
        request,
        "reports/report.html",
        {
            "one": found,
            "report": report,
            # Both are made by reports.documents.html, which escapes whatever was typed.
            "contents": mark_safe(html.contents(report)),  # noqa: S308
            "body": mark_safe(html.body(report, _address(found))),  # noqa: S308
            "formats": [format for format in building.WRITERS if format in _ready_formats(found)],
        },
    )


def _ready_formats(edition: Edition) -> set[str]:
    rows = ReportFile.objects.filter(edition=edition, is_release=is_released(edition))
    return set(rows.filter(content__isnull=False).values_list("format", flat=True))


def _address(edition: Edition) -> Callable[[Picture], str]:
    def address(picture: Picture) -> str:
        return reverse("report_picture", args=(edition.year, picture.key))

    return address


@require_safe
def report_picture(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """A photograph of a report."""
    found = get_object_or_404(Edition, year=year)
    if not is_released(found) and not all_roles(request.user):
        raise Http404
    for block in releasing.report_of(found).blocks:
        if isinstance(block, Picture) and block.key == key:
            return HttpResponse(block.content, content_type=block.type)
    raise Http404


@login_required
@require_POST
def ask_for_file(request: HttpRequest, year: int, format: str) -> HttpResponse:
    """Have a file of the report made."""
    found = edition_seen(request, year)
    assert isinstance(request.user, User)
    if format not in building.WRITERS:
        raise Http404
    building.ask_for(found, format, actor=request.user)
    return redirect(reverse("edition", args=(year,)) + "#files")


@require_safe
def report_file(request: HttpRequest, year: int, format: str) -> HttpResponse:
    """A file of the report; everybody may have those of a released one."""
    found = get_object_or_404(Edition, year=year)
    released = is_released(found)
    if not released and not all_roles(request.user):
        raise Http404
    one = get_object_or_404(
        ReportFile, edition=found, format=format, is_release=released, content__isnull=False
    )
    assert one.content is not None
    response = HttpResponse(bytes(one.content), content_type=building.TYPES[format])
    name = f"{found.title_zh}{found.year}.{format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@never_cache
@login_required
@require_safe
def reconciliation(request: HttpRequest, year: int) -> HttpResponse:
    """Every number that an edition printed beside what the data give."""
    found = edition_seen(request, year)
    rows, display = reconcile(found), display_for(request)
    wanted = request.GET.get("difference", "")
    counted = {kind: sum(1 for row in rows if row["difference"] == kind) for kind in DIFFERENCES}
    return render(
        request,
        "reports/reconciliation.html",
        {
            "one": found,
            "rows": [
                row
                | {
                    "name": str(DIFFERENCES[row["difference"]]),
                    "months": display.period(parse_period(row["period"])),
                }
                for row in rows
                if not wanted or row["difference"] == wanted
            ],
            "wanted": wanted,
            "kinds": [
                (kind, str(name), counted[kind])
                for kind, name in DIFFERENCES.items()
                if counted[kind]
            ],
            "total": len(rows),
        },
    )


@never_cache
@login_required
@require_safe
def edition_changes(request: HttpRequest, year: int) -> HttpResponse:
    """What changed from the edition before."""
    found = edition_seen(request, year)
    if found.previous is None:
        raise Http404
    return render(
        request,
        "reports/changes.html",
        {
            "one": found,
            "figures": changes.figure_changes(found),
            "texts": changes.text_changes(found),
            "targets": changes.target_changes(found),
        },
    )


@login_required
@require_safe
def changes_file(request: HttpRequest, year: int, format: str) -> HttpResponse:
    """The change list as a spreadsheet."""
    found = edition_seen(request, year)
    if found.previous is None or format not in ("ods", "xlsx"):
        raise Http404
    content = SHEET_WRITERS[format](changes.changes_document(found))
    response = HttpResponse(content, content_type=SHEET_TYPES[format])
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"changes-{found.previous.year}-{year}.{format}") or ""
    )
    return response


@login_required
@require_safe
def section_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of a section as it was put there."""
    if not all_roles(request.user):
        raise Http404
    one = get_object_or_404(SectionPicture, pk=pk)
    return HttpResponse(bytes(one.content), content_type=one.type)
