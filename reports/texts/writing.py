"""The one door of the texts: save, approve, keep a draft, add a picture; each with its trace.

A section is written by its agency, by the agencies of its indicators, and by the planners. A text
is saved against the revision that its author saw; of two people who save the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from accounts.models import Agency, User
from accounts.permissions import may_enter, may_plan, may_review
from indicators.entry.checks import Conflict, Problem, Refused
from reports.models import Edition, Section, SectionDraft, SectionPicture, SectionText
from reports.texts.compilation import Compilation

MOST_CHARACTERS = 60_000
MOST_PICTURE_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
PICTURE_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
AT_WORK = timedelta(minutes=5)
Origin = SectionText.Origin


def may_write(user: User, section: Section) -> bool:
    """Whether the person writes a section: of its agency, of its indicators', or a planner."""
    return may_plan(user) or any(may_enter(user, one) for one in _agencies(section))


def may_approve(user: User, section: Section) -> bool:
    """Whether the person approves a section's text: its reviewers and the planners."""
    return may_plan(user) or any(may_review(user, one) for one in _agencies(section))


def _agencies(section: Section) -> list[Agency]:
    own = [section.agency] if section.agency else []
    return own + [one.agency for one in section.indicators.all() if one.agency is not None]


def is_released(edition: Edition) -> bool:
    """Whether an edition has gone out and stays as it is."""
    return hasattr(edition, "release")


def save_text(
    section: Section,
    text: str,
    *,
    actor: User,
    seen_revision: int,
    reason: str = "",
    origin: SectionText.Origin = Origin.WRITTEN,
) -> Section:
    """Save a text as the section's next revision; an equal one changes nothing.

    Raises:
        Refused: no right, a released edition, or a text that is too long.
        Conflict: somebody has saved another text meanwhile.
    """
    require(may_write(actor, section), _("This section is written by another agency."))
    require(
        len(text) <= MOST_CHARACTERS,
        _("The text has %(count)d characters; at most %(most)d can be kept.")
        % {"count": len(text), "most": MOST_CHARACTERS},
    )
    with transaction.atomic():
        held = hold(section)
        if held.revision != seen_revision:
            raise Conflict([Problem(0, "text", _changed_meanwhile(held))])
        text = text.replace("\r\n", "\n").rstrip()
        if text != held.text:
            held.text = text
            _record(held, actor, origin, reason)
        SectionDraft.objects.filter(section=held, person=actor).delete()
        return held


def hold(section: Section) -> Section:
    """The section, held until the transaction ends; of a released edition none.

    Raises:
        Refused: the edition is released.
    """
    # The edition first: a release holds it too, so that no text slips in behind it.
    Edition.objects.select_for_update().get(pk=section.edition_id)
    held = Section.objects.select_for_update().get(pk=section.pk)
    require(
        not is_released(held.edition),
        _("This edition is released and stays as it is. Write in the next one."),
    )
    return held


def require(condition: bool, message: str) -> None:
    """Refuse with a message unless something holds."""
    if not condition:
        raise Refused([Problem(0, "text", message)])


def _changed_meanwhile(held: Section) -> str:
    last = held.texts.select_related("author").first()
    return _(
        "%(person)s saved another text at %(time)s. Yours is kept below; take over what you need"
        " and save again."
    ) % {
        "person": last.author if last and last.author else _("Somebody"),
        "time": timezone.localtime(last.at if last else None).strftime("%Y-%m-%d %H:%M"),
    }


def _record(
    section: Section, actor: User | None, origin: SectionText.Origin, reason: str
) -> SectionText:
    section.revision += 1
    section.save(update_fields=["text", "revision"])
    return SectionText.objects.create(
        section=section,
        number=section.revision,
        text=section.text,
        origin=origin,
        author=actor,
        reason=reason,
    )


def approve_text(section: Section, *, actor: User, seen_revision: int) -> Section:
    """Approve a text as it stands, and keep what its figures read at that moment.

    Raises:
        Refused: no right, a released edition, an empty text, or a figure that comes to nothing.
        Conflict: the text is another one meanwhile.
    """
    require(may_approve(actor, section), _("You do not approve the texts of this section."))
    with transaction.atomic():
        held = hold(section)
        if held.revision != seen_revision:
            raise Conflict([Problem(0, "text", _changed_meanwhile(held))])
        require(bool(held.text.strip()), _("There is no text to approve."))
        compilation = Compilation(held.edition)
        figures = compilation.figures_of(held)
        broken = [
            one.raw
            for one in compilation.placed
            if one.section == held and (one.figure is None or not one.figure.text)
        ]
        require(
            not broken,
            _("A figure comes to nothing and has to be mended first: %(figures)s")
            % {"figures": "、".join(broken[:5])},
        )
        held.approved_figures = figures
        held.approved_revision = held.revision
        held.approved_at = timezone.now()
        held.approved_by = actor
        held.save(
            update_fields=["approved_figures", "approved_revision", "approved_at", "approved_by"]
        )
        return held


def load_texts(edition: Edition, texts: Mapping[str, str]) -> int:
    """Give sections that nobody has written yet their first text, approved; returns how many."""
    if is_released(edition):
        return 0
    with transaction.atomic():
        fresh = [one for one in edition.sections.filter(revision=0) if one.key in texts]
        for section in fresh:
            section.text = texts[section.key].strip()
            _record(section, None, Origin.LOADED, "")
        if not fresh:
            return 0
        loaded = {one.pk for one in fresh}
        compilation = Compilation(edition)
        now = timezone.now()
        for section in compilation.sections:
            if section.pk in loaded:
                section.approved_figures = compilation.figures_of(section)
                section.approved_revision = section.revision
                section.approved_at = now
                section.save(update_fields=["approved_figures", "approved_revision", "approved_at"])
    return len(fresh)


def keep_draft(section: Section, text: str, *, actor: User, based_on: int) -> SectionDraft:
    """Keep what a person has in hand; it is theirs alone until they save it.

    Raises:
        Refused: no right, a released edition, or a text that is too long.
    """
    require(may_write(actor, section), _("This section is written by another agency."))
    require(not is_released(section.edition), _("This edition is released and stays as it is."))
    require(len(text) <= MOST_CHARACTERS, _("The text is too long to be kept."))
    draft, _made = SectionDraft.objects.update_or_create(
        section=section,
        person=actor,
        defaults={"text": text, "based_on": based_on, "at": timezone.now()},
    )
    return draft


def drop_draft(section: Section, *, actor: User) -> None:
    """Lay a person's draft aside."""
    SectionDraft.objects.filter(section=section, person=actor).delete()


def at_work(section: Section, user: User) -> list[User]:
    """Who else has had the section in hand within the last minutes."""
    rows = section.drafts.filter(at__gte=timezone.now() - AT_WORK).exclude(person=user)
    return [row.person for row in rows.select_related("person")]


def add_picture(
    section: Section, content: bytes, *, caption: str, alternative: str, actor: User
) -> SectionPicture:
    """Put a picture below a section's text; it is written anew, so that nothing hides in it.

    Raises:
        Refused: no right, a released edition, no caption, or a file that is no PNG or JPEG.
    """
    require(may_write(actor, section), _("This section is written by another agency."))
    require(bool(caption.strip()), _("Give the picture a caption."))
    require(
        len(content) <= MOST_PICTURE_BYTES,
        _("The picture has more than 5 MB; make it smaller and try again."),
    )
    clean, type_, size = _drawn_anew(content)
    with transaction.atomic():
        held = hold(section)
        last = held.pictures.order_by("-position").first()
        return SectionPicture.objects.create(
            section=held,
            position=1 if last is None else last.position + 1,
            caption=caption.strip()[:200],
            alternative=alternative.strip()[:500],
            content=clean,
            type=type_,
            width=size[0],
            height=size[1],
            added_by=actor,
        )


def _drawn_anew(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    message = _("The file is not a picture that can be read. Give a PNG or a JPEG.")
    try:
        with Image.open(BytesIO(content), formats=list(PICTURE_TYPES)) as picture:
            require(
                picture.width * picture.height <= MOST_PIXELS,
                _("The picture has too many pixels; make it smaller and try again."),
            )
            kind = str(picture.format)
            out = BytesIO()
            drawn = picture.convert("RGB") if kind == "JPEG" else picture.convert("RGBA")
            drawn.save(out, format=kind)
            return out.getvalue(), PICTURE_TYPES[kind], drawn.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused([Problem(0, "picture", message)]) from error


def remove_picture(picture: SectionPicture, *, actor: User) -> None:
    """Take a picture out of a section.

    Raises:
        Refused: no right or a released edition.
    """
    require(may_write(actor, picture.section), _("This section is written by another agency."))
    with transaction.atomic():
        hold(picture.section)
        picture.delete()
