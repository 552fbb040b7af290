"""The pages of a section: write, preview, approve; its history, pictures and figures to pick."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from indicators.calculation.numerals import whole
from indicators.entry.checks import Conflict, Refused
from reports.documents import html
from reports.editions.compiling import compile_section
from reports.models import Edition, Section, SectionPicture, SectionText
from reports.pages.editions.views import edition_seen
from reports.texts import writing
from reports.texts.compilation import Compilation
from reports.texts.linting import lint, scope
from reports.texts.picking import offers


def _found(request: HttpRequest, year: int, key: str) -> tuple[Edition, Section]:
    edition = edition_seen(request, year)
    rows = edition.sections.select_related("agency", "goal", "approved_by")
    return edition, get_object_or_404(rows.prefetch_related("indicators__agency"), key=key)


def rendered(section: Section, text: str) -> SafeString:
    """A text with its live figures as it will stand in the report."""
    blocks = compile_section(section, text)
    # Made by reports.documents.html, which escapes whatever was typed.
    return mark_safe("".join(html.block(one, lambda _picture: "") for one in blocks))  # noqa: S308


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """Write a section, or read it where another agency writes it."""
    edition, found = _found(request, year, key)
    assert isinstance(request.user, User)
    user = request.user
    draft = found.drafts.filter(person=user).first()
    text = draft.text if draft else found.text
    seen = draft.based_on if draft else found.revision
    problems: list[str] = []
    conflict = False
    if request.method == "POST":
        text = request.POST.get("text", "")[: writing.MOST_CHARACTERS + 1]
        seen = _number(request.POST.get("seen", ""))
        try:
            if _act(request, found, text, seen):
                return redirect("section", year, key)
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
            conflict = isinstance(refused, Conflict)
            found.refresh_from_db()
            seen = found.revision if conflict else seen
    compilation = Compilation(edition, only=found)
    return render(
        request,
        "reports/section.html",
        {
            "edition": edition,
            "one": found,
            "text": text,
            "seen": seen,
            "draft": draft if draft and draft.text != found.text else None,
            "overtaken": draft is not None and draft.based_on != found.revision,
            "conflict": conflict,
            "problems": problems,
            "preview": rendered(found, text),
            "released": writing.is_released(edition),
            "may_write": writing.may_write(user, found) and not writing.is_released(edition),
            "may_approve": writing.may_approve(user, found)
            and not found.is_approved
            and bool(found.text.strip()),
            "at_work": writing.at_work(found, user),
            "findings": lint(compilation),
            "offers": offers(edition, scope(found, compilation)),
            "pictures": found.pictures.all(),
            "around": _around(compilation.every, found),
            "above": _above(compilation.every, found),
        },
        status=409 if problems else 200,
    )


def _around(sections: list[Section], found: Section) -> tuple[Section | None, Section | None]:
    at = [one.pk for one in sections].index(found.pk)
    return (
        sections[at - 1] if at else None,
        sections[at + 1] if at + 1 < len(sections) else None,
    )


def _above(sections: list[Section], found: Section) -> list[Section]:
    """The chapters that a section stands in, the outermost first."""
    above: list[Section] = []
    level = found.level
    for one in reversed([one for one in sections if one.position < found.position]):
        if one.level < level:
            above.insert(0, one)
            level = one.level
    return above


def _number(text: str) -> int:
    number = whole(text)
    if number is None:
        raise Http404
    return number


def _act(request: HttpRequest, found: Section, text: str, seen: int) -> bool:
    """Do what the button says; whether the page is to be fetched anew."""
    assert isinstance(request.user, User)
    act = request.POST.get("act", "save")
    if act == "preview":
        writing.keep_draft(found, text, actor=request.user, based_on=seen)
        return False
    if act == "drop":
        writing.drop_draft(found, actor=request.user)
        messages.success(request, _("Your draft was laid aside."))
    elif act == "approve":
        writing.approve_text(found, actor=request.user, seen_revision=seen)
        messages.success(request, _("The text is approved."))
    else:
        reason = request.POST.get("reason", "")[:300]
        writing.save_text(found, text, actor=request.user, seen_revision=seen, reason=reason)
        messages.success(request, _("The text is saved."))
    return True


@login_required
@require_POST
def draft(request: HttpRequest, year: int, key: str) -> JsonResponse:
    """Keep what somebody has in hand, show how it reads, and say who else is at it."""
    _edition, found = _found(request, year, key)
    assert isinstance(request.user, User)
    text = request.POST.get("text", "")[: writing.MOST_CHARACTERS + 1]
    try:
        writing.keep_draft(
            found, text, actor=request.user, based_on=_number(request.POST.get("seen", ""))
        )
    except Refused as refused:
        return JsonResponse({"problem": str(refused.problems[0].message)}, status=409)
    names = ", ".join(str(person) for person in writing.at_work(found, request.user))
    return JsonResponse(
        {
            "preview": str(rendered(found, text)),
            "at_work": _("%(names)s has this section in hand too.") % {"names": names}
            if names
            else "",
            "saved_meanwhile": found.revision != _number(request.POST.get("seen", "")),
        }
    )


@never_cache
@login_required
@require_safe
def figures(request: HttpRequest, year: int) -> HttpResponse:
    """Figures to pick, found by indicator or name."""
    edition = edition_seen(request, year)
    search = request.GET.get("q", "")[:60].replace("\x00", "")  # which PostgreSQL cannot hold
    codes = [code for code in request.GET.get("codes", "").split(",") if code][:20]
    found = offers(edition, codes, search)
    template = "figure_list" if request.GET.get("part") else "figures"
    return render(
        request,
        f"reports/{template}.html",
        {"edition": edition, "offers": found, "search": search},
    )


ORIGINS = {
    SectionText.Origin.CARRIED: gettext_lazy("carried over from the edition before"),
    SectionText.Origin.RESTORED: gettext_lazy("brought back"),
    SectionText.Origin.LOADED: gettext_lazy("loaded"),
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """Every saved text of a section with what it changed; one of them can be brought back."""
    edition, found = _found(request, year, key)
    assert isinstance(request.user, User)
    rows = list(found.texts.select_related("author")[:100])
    problems: list[str] = []
    if request.method == "POST":
        wanted = get_object_or_404(found.texts, number=_number(request.POST.get("number", "")))
        try:
            writing.save_text(
                found,
                wanted.text,
                actor=request.user,
                seen_revision=_number(request.POST.get("seen", "")),
                reason=_("Text %(number)d brought back") % {"number": wanted.number},
                origin=SectionText.Origin.RESTORED,
            )
        except Refused as refused:
            problems = [str(problem.message) for problem in refused.problems]
        else:
            messages.success(request, _("The text is brought back; it has to be approved again."))
            return redirect("section", year, key)
    earlier = [*rows[1:], None]
    return render(
        request,
        "reports/section_history.html",
        {
            "edition": edition,
            "one": found,
            "rows": [
                (row, difference(before.text if before else "", row.text))
                for row, before in zip(rows, earlier, strict=True)
            ],
            "may_write": writing.may_write(request.user, found)
            and not writing.is_released(edition),
            "problems": problems,
        },
        status=409 if problems else 200,
    )


def difference(before: str, after: str) -> SafeString:
    """What was taken out and what was put in, as text with ``del`` and ``ins``."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if len(before) * len(after) > 4_000_000:  # beyond that, comparing letters takes seconds
        return format_html("<del>{}</del><ins>{}</ins>", before, after)
    pieces = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(format_html("{}", before[first:last]))
            continue
        if last > first:
            pieces.append(format_html("<del>{}</del>", before[first:last]))
        if end > start:
            pieces.append(format_html("<ins>{}</ins>", after[start:end]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@login_required
@require_POST
def pictures(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """Put a picture below a section, or take one out."""
    _edition, found = _found(request, year, key)
    assert isinstance(request.user, User)
    try:
        if taken := request.POST.get("remove"):
            picture = get_object_or_404(SectionPicture, section=found, pk=_number(taken))
            writing.remove_picture(picture, actor=request.user)
            messages.success(request, _("The picture was taken out."))
        else:
            given = request.FILES.get("picture")
            content = given.read(writing.MOST_PICTURE_BYTES + 1) if given else b""
            writing.add_picture(
                found,
                content,
                caption=request.POST.get("caption", ""),
                alternative=request.POST.get("alternative", ""),
                actor=request.user,
            )
            messages.success(request, _("The picture stands below the text."))
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.message))
    return redirect(reverse("section", args=(year, key)) + "#pictures")
