"""Releases and built files: an edition as it went out, and what is being made of one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .editions import Edition


class Release(models.Model):
    """An edition as it was released: its text and figures resolved, never changed afterwards.

    ``report`` is the whole report as plain values, ``sheets`` its two appendices, ``findings`` what
    the checks said, ``reason`` why it was released in spite of those that stop a release.
    """

    edition = models.OneToOneField(
        Edition, models.PROTECT, related_name="release", verbose_name=_("edition")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("released by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    method_version = models.CharField(_("version of the method"), max_length=20)
    report = models.JSONField(_("report"))
    sheets = models.JSONField(_("appendices"))
    figures = models.JSONField(_("live figures"))
    findings = models.JSONField(_("findings"))

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-at",)

    def __str__(self) -> str:
        return str(self.edition)


class ReportFile(models.Model):
    """A report as a file: waiting, being made, or ready.

    The files of a release are kept for good, with their checksum; those of a draft are replaced.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        BUILDING = "building", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="files", verbose_name=_("edition")
    )
    format = models.CharField(_("format"), max_length=5)
    is_release = models.BooleanField(_("of the release"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    message = models.CharField(_("message"), max_length=500, blank=True)
    content = models.BinaryField(_("content"), null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready at"), null=True)

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("edition", "format", "is_release"), name="report_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition.year}.{self.format}"
