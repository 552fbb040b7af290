"""Spreadsheets on their way in: the file, how it was read, what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency

from .figures import EntryBatch


class FileImport(models.Model):
    """One file or pasted table of figures, from its preview to its undoing.

    The file itself lives in the database, out of the web's reach, and only until it is saved or
    laid aside; what was read from it stays in ``table``, what a person said of it in ``choices``.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PREVIEWED = "previewed", _("Waiting for confirmation")
        QUEUED = "queued", _("Being saved")
        SAVED = "saved", _("Saved")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Laid aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="file_imports", verbose_name=_("who")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="file_imports",
        verbose_name=_("agency"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    content = models.BinaryField(null=True)
    encoding = models.CharField(_("encoding"), max_length=12, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    table = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PREVIEWED)
    entries = models.ForeignKey(EntryBatch, models.PROTECT, null=True, related_name="+")
    undoing = models.ForeignKey(EntryBatch, models.PROTECT, null=True, related_name="+")
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("file import")
        verbose_name_plural = _("file imports")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(undoing__isnull=False),
                name="file_import_undone_by_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HeadingReading(models.Model):
    """How an agency's heading or label is to be read: who said so, when, and of which file."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="heading_readings")
    heading = models.CharField(_("heading"), max_length=100)
    field = models.CharField(_("field"), max_length=20)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    chosen_at = models.DateTimeField(_("when"), null=True)
    file = models.ForeignKey(
        FileImport, models.SET_NULL, null=True, related_name="+", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("reading of a heading")
        verbose_name_plural = _("readings of headings")
        ordering = ("agency", "heading")
        constraints = [
            models.UniqueConstraint(fields=("agency", "heading"), name="heading_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class Reminder(models.Model):
    """A digest that was sent: one a person and day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    day = models.DateField(_("day"))
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-day",)
        constraints = [
            models.UniqueConstraint(fields=("person", "day"), name="reminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class EvidenceFile(models.Model):
    """A document that a figure rests on. Kept in the database, so that a backup holds it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="evidence_files", verbose_name=_("agency")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name
