"""Return: one agency's figures for one month, from open to approved; and the calendar behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from indicators.calculation.deadlines import due_date, opening_date
from indicators.calculation.periods import Month

from .figures import Observation
from .months import first_of_month
from .series import Series, answered_by

DAY_OF_MONTH = (MinValueValidator(1), MaxValueValidator(28))


class ReportingCalendar(models.Model):
    """When an agency's returns open and are due. With one, its figures need approval.

    An agency without a calendar keeps no returns: what it saves counts at once.
    """

    agency = models.OneToOneField(
        Agency, models.PROTECT, related_name="calendar", verbose_name=_("agency")
    )
    starts = models.DateField(
        _("first month"),
        help_text=_("The first month that is reported by return, as its first day."),
    )
    opens_on = models.PositiveSmallIntegerField(
        _("opens on day"),
        default=1,
        validators=DAY_OF_MONTH,
        help_text=_("Day of the month after, from which the figures can be entered."),
    )
    due_on = models.PositiveSmallIntegerField(
        _("due on day"),
        default=10,
        validators=DAY_OF_MONTH,
        help_text=_("Day of the month after; on a holiday the next working day counts."),
    )

    class Meta:
        verbose_name = _("reporting calendar")
        verbose_name_plural = _("reporting calendars")
        ordering = ("agency",)
        constraints = [
            models.CheckConstraint(
                condition=first_of_month("starts"),
                name="calendar_starts_with_a_month",
                violation_error_message=_("Give the first day of a month."),
            ),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on")),
                name="calendar_opens_before_due",
                violation_error_message=_("A return is due after it has opened."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)

    def clean(self) -> None:
        """A first month is moved only where no figure is unlocked and no return left behind.

        Raises:
            ValidationError: with the months that stand in the way, and what to do instead.
        """
        stored = ReportingCalendar.objects.filter(pk=self.pk).first()
        if stored is None or self.starts in (None, stored.starts):
            return
        months: Iterable[date]
        if self.starts < stored.starts:
            months = Observation.objects.filter(
                series__in=Series.objects.filter(answered_by([self.agency_id])).values("pk"),
                agency=self.agency_id,
                last_month__gte=self.starts,
                last_month__lt=stored.starts,
            ).values_list("last_month", flat=True)
            text = _(
                "That would unlock months that are closed and have figures: %(months)s. Reopen"
                " such a month by itself, with a reason, on the page of its return."
            )
        else:
            months = (
                self.agency.returns.filter(month__gte=stored.starts, month__lt=self.starts)
                .exclude(state=Return.State.APPROVED)
                .values_list("month", flat=True)
            )
            text = _("These returns are not approved yet and would be left behind: %(months)s.")
        if found := sorted(set(months)):
            named = "、".join(str(Month.of(day)) for day in found[:12])
            raise ValidationError({"starts": text % {"months": named}})

    @property
    def first(self) -> Month:
        """The first month that is reported by return."""
        return Month.of(self.starts)

    def opens(self, month: Month) -> date:
        """The day from which a month's figures can be entered."""
        return opening_date(month, self.opens_on)

    def due(self, month: Month) -> date:
        """The last day on which a month's return is in time."""
        return due_date(month, self.due_on)

    def months_until(self, today: date) -> list[Month]:
        """The months whose returns have opened, the earliest first."""
        month, opened = self.first, []
        while self.opens(month) <= today:
            opened.append(month)
            month += 1
        return opened


class Return(models.Model):
    """填報單: one agency's figures for one month."""

    class State(models.TextChoices):
        """Where it stands between the officer and the reviewer."""

        OPEN = "open", _("Being entered")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="returns", verbose_name=_("agency")
    )
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    due = models.DateField(_("due"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns_in_hand",
        verbose_name=_("in hand of"),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="returns_submitted"
    )
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="returns_approved"
    )
    first_approved_at = models.DateTimeField(_("first approved"), null=True)
    corrections = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ("-month", "agency")
        constraints = [
            models.UniqueConstraint(fields=("agency", "month"), name="return_once"),
            models.CheckConstraint(condition=first_of_month("month"), name="return_whole_month"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="return_four_eyes",
                violation_error_message=_("Whoever submitted a return cannot approve it."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned"])
                | Q(state="submitted", submitted_by__isnull=False)
                | Q(state="approved", submitted_by__isnull=False, approved_by__isnull=False),
                name="return_state_has_its_people",
            ),
        ]
        indexes = [models.Index(fields=("month", "state"), name="return_by_month")]

    def __str__(self) -> str:
        return f"{self.agency} {self.period_month}"

    @property
    def period_month(self) -> Month:
        """The month that it reports."""
        return Month.of(self.month)

    @property
    def is_editable(self) -> bool:
        """Whether its figures may be changed."""
        return self.state in (self.State.OPEN, self.State.RETURNED)


class ReturnEvent(models.Model):
    """What was done with a return, by whom and why. Append-only, by trigger."""

    class Act(models.TextChoices):
        """The acts."""

        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        REOPENED = "reopened", _("Reopened")
        HANDED_OVER = "handed_over", _("Handed over")
        TRANSFERRED = "transferred", _("Indicator transferred")

    of = models.ForeignKey(Return, models.PROTECT, related_name="events", verbose_name=_("return"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    act = models.CharField(_("act"), max_length=11, choices=Act)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(_("revision"))
    figures = models.JSONField(
        _("figures reviewed"),
        default=list,
        blank=True,
        help_text=_("Figure and revision, as they stood at the act."),
    )

    class Meta:
        verbose_name = _("act on a return")
        verbose_name_plural = _("acts on returns")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.of} {self.get_act_display()}"
