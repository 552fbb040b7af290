"""Observation, YearlyValue and the record of every change.

Only the one door (indicators.entry) and the roll-up (indicators.yearly) write here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from indicators.calculation.periods import Month, Period
from indicators.calculation.rules import Coverage

from .exact import ExactDecimalField, FigureField
from .months import first_of_month
from .series import Series

WHOLE = 0
"""The breakdown of a figure that stands for the whole of its series."""


class Origin(models.TextChoices):
    """Where a figure comes from."""

    REPORTED = "reported", _("Reported by the agency")
    PUBLISHED = "published", _("Printed in an edition")
    DERIVED = "derived", _("Derived from printed figures")


class Basis(models.TextChoices):
    """Which figures a yearly value is made of."""

    APPROVED = "approved", _("Approved figures")
    WORKING = "working", _("Approved and provisional figures")


class Observation(models.Model):
    """填報數: one figure of one series for one run of whole months.

    ``value`` is the latest, ``approved_value`` what the public sees; the two differ while a month
    is worked on. ``approved_revision`` is the revision that was reviewed, 0 for none yet.

    ``agency`` reported it: the figure belongs to that agency's return of its last month, whoever
    answers for the indicator by now.

    Found by its natural key (series, period). No foreign-key constraint hangs on the series: at
    tens of millions of rows the trigger behind it would cost most of the writing time, and the
    door holds the series anyway. A value of NULL is a figure that was withdrawn.
    """

    series = models.ForeignKey(
        Series,
        models.PROTECT,
        related_name="observations",
        db_constraint=False,
        db_index=False,
        verbose_name=_("series"),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        editable=False,
        verbose_name=_("reported by"),
        help_text=_("The agency to whose return the figure belongs."),
    )
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    breakdown = models.PositiveIntegerField(db_default=WHOLE, default=WHOLE, editable=False)
    value = FigureField(_("value"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=9, choices=Origin)
    note = models.CharField(_("note"), max_length=300, blank=True)
    evidence = models.URLField(_("evidence"), max_length=500, blank=True, db_default="")
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    approved_value = FigureField(_("approved value"), null=True, editable=False)
    approved_revision = models.PositiveIntegerField(
        _("approved revision"), default=0, db_default=0, editable=False
    )

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ("series__indicator__sort_key", "series__position", "first_month", "last_month")
        constraints = [
            models.UniqueConstraint(
                fields=("series", "first_month", "last_month", "breakdown"),
                name="observation_once",
                violation_error_message=_("There is a figure for this series and period already."),
            ),
            models.CheckConstraint(
                condition=first_of_month("first_month") & first_of_month("last_month"),
                name="observation_whole_months",
                violation_error_message=_("A period runs over whole months: give their first day."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")),
                name="observation_runs_forward",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="observation_origin_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.period.iso()}"

    @property
    def is_provisional(self) -> bool:
        """Whether the latest revision has not been approved."""
        return self.revision != self.approved_revision

    @property
    def period(self) -> Period:
        """The months that the figure stands for."""
        return Period(Month.of(self.first_month), Month.of(self.last_month))


def reported_by(agencies: Iterable[int | None]) -> models.QuerySet[Observation]:
    """The figure of the revision in the outer query, where one of the agencies reported it."""
    return Observation.objects.filter(
        series=models.OuterRef("series"),
        first_month=models.OuterRef("first_month"),
        last_month=models.OuterRef("last_month"),
        breakdown=models.OuterRef("breakdown"),
        agency__in=agencies,
    )


class YearlyValue(models.Model):
    """年度值: what the observations of a series come to in a year; derived, never typed over.

    There is a row of the approved figures, and one of the working figures only while they come to
    something else.

    ``numerator`` and ``denominator`` are exact; the series' rule makes the value of them
    (indicators.rules.value_of). The ``window_`` columns say the same of the window of the year's
    current milestone, up to the last month that has figures, so that a page reads one row a series.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="yearly_values", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    breakdown = models.PositiveIntegerField(db_default=WHOLE, default=WHOLE, editable=False)
    basis = models.CharField(
        max_length=8, choices=Basis, default=Basis.APPROVED, db_default=Basis.APPROVED.value
    )

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("provisional figures of"),
        help_text=_("Of working figures; none where several agencies' are among them."),
    )

    numerator = ExactDecimalField(null=True)
    denominator = ExactDecimalField(null=True)
    coverage = models.CharField(_("coverage"), max_length=8)
    months = models.PositiveSmallIntegerField(_("months covered"), default=0)
    last_month = models.DateField(_("data to"), null=True)
    missing = models.CharField(max_length=20, blank=True)

    window_numerator = ExactDecimalField(null=True)
    window_denominator = ExactDecimalField(null=True)
    window_coverage = models.CharField(max_length=8, blank=True)
    window_months = models.PositiveSmallIntegerField(default=0)
    window_last_month = models.DateField(null=True)
    window_missing = models.CharField(max_length=20, blank=True)
    base_numerator = ExactDecimalField(null=True)
    base_denominator = ExactDecimalField(null=True)
    seasonal_share = models.DecimalField(max_digits=19, decimal_places=12, null=True)

    class Meta:
        verbose_name = _("yearly value")
        verbose_name_plural = _("yearly values")
        ordering = ("series__indicator__sort_key", "series__position", "year")
        constraints = [
            models.UniqueConstraint(
                fields=("series", "year", "breakdown", "basis"), name="yearly_value_once"
            ),
            models.CheckConstraint(
                condition=Q(coverage__in=[c.value for c in Coverage]),
                name="yearly_value_coverage_known",
            ),
        ]
        indexes = [models.Index(fields=("year", "series"), name="yearly_value_by_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class Via(models.TextChoices):
    """The way in by which a batch of figures came."""

    LOAD = "load", _("Published review")
    ADMIN = "admin", _("Administration")
    FILE = "file", _("Spreadsheet")
    GRID = "grid", _("Monthly grid")
    COMMAND = "command", _("Command line")


class Eyes(models.TextChoices):
    """Who confirmed a change, or why nobody did (indicators.entry.second_person)."""

    NOT_ASKED = "", _("not asked for")
    TWO = "two", _("confirmed by a second person")
    ALONE = "alone", _("passed alone: nobody else could confirm it")
    OFF = "off", _("passed alone: the ministry asks for no second person")


class EntryBatch(models.Model):
    """One passage through the door: who, when, by what way, why; its key makes it happen once."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entry_batches",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    via = models.CharField(_("way in"), max_length=8, choices=Via)
    reason = models.CharField(_("why"), max_length=300)
    eyes = models.CharField(
        _("second person"),
        max_length=5,
        choices=Eyes,
        blank=True,
        default=Eyes.NOT_ASKED,
        db_default=Eyes.NOT_ASKED.value,
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    key = models.CharField(max_length=64, unique=True, editable=False)
    payload_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason}"


class Revision(models.Model):
    """One change of one figure or milestone, from what to what. Append-only, by trigger."""

    class Kind(models.TextChoices):
        """What was changed."""

        FIGURE = "figure", _("Figure")
        MILESTONE = "milestone", _("Milestone")

    batch = models.ForeignKey(
        EntryBatch, models.PROTECT, related_name="revisions", db_constraint=False
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    series = models.ForeignKey(
        Series,
        models.PROTECT,
        related_name="revisions",
        db_constraint=False,
        db_index=False,
        verbose_name=_("series"),
    )
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    breakdown = models.PositiveIntegerField(db_default=WHOLE, default=WHOLE, editable=False)
    revision = models.PositiveIntegerField(_("revision"))
    old_value = FigureField(_("old value"), null=True, blank=True)
    new_value = FigureField(_("new value"), null=True, blank=True)
    old_note = models.CharField(_("old note"), max_length=300, blank=True)
    new_note = models.CharField(_("new note"), max_length=300, blank=True)
    evidence = models.URLField(_("evidence"), max_length=500, blank=True, db_default="")
    needs_approval = models.BooleanField(
        _("saved for approval"), default=False, db_default=False, editable=False
    )

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("series", "kind", "first_month", "last_month", "breakdown", "revision"),
                name="revision_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.period.iso()} #{self.revision}"

    @property
    def period(self) -> Period:
        """The figure's months, or the milestone's window."""
        return Period(Month.of(self.first_month), Month.of(self.last_month))
