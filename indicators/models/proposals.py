"""Proposal: a change of a target or a definition that waits for a second person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .figures import Via


class Proposal(models.Model):
    """待確認變更: what one planner proposes and another confirms or declines.

    ``change`` holds plain values that the door of its ``kind`` understands
    (indicators.entry.second_person); nothing is changed before it is confirmed.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("what is changed"), max_length=300)
    change = models.JSONField(_("change"))
    via = models.CharField(_("way in"), max_length=8, choices=Via)
    reason = models.CharField(_("why"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change that waits")
        verbose_name_plural = _("changes that wait")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="withdrawn", decided_by=F("proposed_by"), decided_at__isnull=False)
                | (
                    Q(state__in=["confirmed", "declined"], decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="proposal_four_eyes",
                violation_error_message=_("Whoever proposed a change cannot confirm it."),
            ),
        ]
        indexes = [
            models.Index(fields=("id",), condition=Q(state="waiting"), name="proposal_waiting")
        ]

    def __str__(self) -> str:
        return self.subject
