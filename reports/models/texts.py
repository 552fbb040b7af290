"""What people write: every saved text of a section, drafts beside it, and its pictures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .editions import Section


class SectionText(models.Model):
    """A text of a section as somebody saved it; never changed afterwards."""

    class Origin(models.TextChoices):
        """How the text came about."""

        WRITTEN = "written", _("written")
        CARRIED = "carried", _("carried over from the edition before")
        RESTORED = "restored", _("brought back")
        LOADED = "loaded", _("loaded")

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="texts", verbose_name=_("section")
    )
    number = models.PositiveIntegerField(_("revision"))
    text = models.TextField(_("text"), blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("text of a section")
        verbose_name_plural = _("texts of sections")
        ordering = ("section", "-number")
        constraints = [
            models.UniqueConstraint(fields=("section", "number"), name="section_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


class SectionDraft(models.Model):
    """What one person has in hand of a section: kept as they type, so that nothing is lost.

    It also tells the others who is working on the section.
    """

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="drafts", verbose_name=_("section")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="section_drafts",
        verbose_name=_("person"),
    )
    text = models.TextField(_("text"), blank=True)
    based_on = models.PositiveIntegerField(_("based on revision"), default=0)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft of a section")
        verbose_name_plural = _("drafts of sections")
        ordering = ("section", "-at")
        constraints = [
            models.UniqueConstraint(fields=("section", "person"), name="section_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.person}"


class SectionPicture(models.Model):
    """A picture below the text of a section, with what it shows in words."""

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="pictures", verbose_name=_("section")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    caption = models.CharField(_("caption"), max_length=200)
    alternative = models.CharField(
        _("what it shows"),
        max_length=500,
        blank=True,
        help_text=_("In words, for those who cannot see it."),
    )
    content = models.BinaryField(_("content"), editable=False)
    type = models.CharField(_("type"), max_length=20, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("section", "position", "pk")

    def __str__(self) -> str:
        return self.caption
