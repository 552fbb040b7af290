"""The page of an edition: its sections with their state, who has them in hand, and its files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_plan
from reports.editions.building import WRITERS
from reports.models import Edition, ReportFile, Section, SectionDraft
from reports.texts.writing import AT_WORK, is_released, may_write


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section in the contents. ``state`` is empty, written, approved or generated."""

    section: Section
    state: str
    state_name: str
    writers: str
    may_write: bool
    in_hand: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One format and how far its file is; ``state`` is empty where nobody has asked for it."""

    format: str
    state: str
    state_name: str
    message: str
    ready: object


@dataclass(frozen=True, slots=True)
class EditionPage:
    """What the page holds."""

    lines: tuple[SectionLine, ...]
    files: tuple[FileLine, ...]
    building: bool
    released: bool
    plans: bool
    written: int
    approved: int


def edition_page(edition: Edition, user: User) -> EditionPage:
    """Read the page; a fixed number of queries."""
    sections = edition.sections.select_related("agency", "goal").prefetch_related(
        "indicators__agency"
    )
    drafts: dict[int, list[str]] = defaultdict(list)
    recent = SectionDraft.objects.filter(
        section__edition=edition, at__gte=timezone.now() - AT_WORK
    ).exclude(person=user)
    for draft in recent.select_related("person"):
        drafts[draft.section_id].append(str(draft.person))
    lines = tuple(_line(one, user, drafts.get(one.pk, [])) for one in sections.order_by("position"))
    files = _files(edition)
    return EditionPage(
        lines=lines,
        files=files,
        building=any(one.state in ("waiting", "building") for one in files),
        released=is_released(edition),
        plans=may_plan(user),
        written=sum(1 for one in lines if one.state in ("written", "approved")),
        approved=sum(1 for one in lines if one.state == "approved"),
    )


def _line(section: Section, user: User, in_hand: list[str]) -> SectionLine:
    state = "written"
    if section.is_approved and section.text.strip():
        state = "approved"
    elif not section.text.strip():
        generated = section.kind != Section.Kind.TEXT
        state = "generated" if generated else "empty" if section.is_required else ""
    names = {
        "approved": _("approved"),
        "written": _("to be approved"),
        "empty": _("to be written"),
        "generated": _("made from the data"),
        "": "",
    }
    agencies = [section.agency] if section.agency else []
    agencies += [one.agency for one in section.indicators.all() if one.agency is not None]
    return SectionLine(
        section=section,
        state=state,
        state_name=names[state],
        writers="、".join(dict.fromkeys(str(one) for one in agencies)),
        may_write=may_write(user, section),
        in_hand="、".join(in_hand),
    )


def _files(edition: Edition) -> tuple[FileLine, ...]:
    released = is_released(edition)
    rows = {
        one.format: one
        for one in ReportFile.objects.filter(edition=edition, is_release=released).defer("content")
    }
    return tuple(_file(format, rows.get(format)) for format in WRITERS)


def _file(format: str, one: ReportFile | None) -> FileLine:
    if one is None:
        return FileLine(format, "", "", "", None)
    return FileLine(format, one.state, str(one.get_state_display()), one.message, one.ready_at)
