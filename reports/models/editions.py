"""Edition, Section, Publication: one year's review, its parts, and the figures that it printed."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_readers_language
from accounts.models import Agency
from indicators.calculation.periods import Month, Period
from indicators.models import Defined, Goal, Indicator, Series
from indicators.models.exact import FigureField
from indicators.models.months import first_of_month


class Edition(models.Model):
    """報告版次: one year's voluntary review."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(1912)]
    )
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    target_year = models.PositiveSmallIntegerField(
        _("target year"),
        default=2020,
        validators=[MinValueValidator(1912), MaxValueValidator(2200)],
        help_text=_("The year whose targets the appendix and the tables compare with."),
    )
    figures_until = models.DateField(
        _("figures until"),
        null=True,
        blank=True,
        help_text=_("The last month that the edition reports on, as its first day."),
    )
    remark = models.CharField(
        _("remark"),
        max_length=300,
        blank=True,
        help_text=_("Stands under the title, such as that the text is a demonstration."),
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        verbose_name=_("previous edition"),
    )

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.year} {self.title}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(self.title_zh, self.title_en)

    @property
    def until(self) -> Month | None:
        """The last month that the edition reports on."""
        return None if self.figures_until is None else Month.of(self.figures_until)


class Section(models.Model):
    """章節: a part of an edition: a heading, and the text or the table below it.

    The sections of an edition follow each other by position; their levels make them chapters and
    what stands in those. ``key`` names a section across editions.
    """

    class Kind(models.TextChoices):
        """What stands below the heading."""

        TEXT = "text", _("Text")
        GOAL_TABLE = "goal", _("Table of a goal's indicators")
        INDICATORS = "appendix1", _("Appendix 1")
        CHANNELS = "appendix2", _("Appendix 2")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="sections", verbose_name=_("edition")
    )
    key = models.SlugField(_("key"), max_length=60)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.TEXT)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("written by"),
    )
    goal = models.ForeignKey(
        Goal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("goal"),
    )
    indicators = models.ManyToManyField(
        Indicator, blank=True, related_name="sections", verbose_name=_("indicators")
    )
    is_required = models.BooleanField(
        _("required"), default=False, help_text=_("The edition is not released without its text.")
    )
    text = models.TextField(_("text"), blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    approved_revision = models.PositiveIntegerField(
        _("approved revision"), default=0, editable=False
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_figures = models.JSONField(
        _("figures when approved"), default=dict, blank=True, editable=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("edition", "position")
        constraints = [
            models.UniqueConstraint(fields=("edition", "position"), name="section_position_once"),
            models.UniqueConstraint(fields=("edition", "key"), name="section_key_once"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="section_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_approved(self) -> bool:
        """Whether the text as it stands has been approved."""
        return self.revision > 0 and self.approved_revision == self.revision

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(self.title_zh, self.title_en)


class Publication(Defined):
    """已公布數: a figure as an edition printed it, kept beside what the data say."""

    class Kind(models.TextChoices):
        """What the printed figure states."""

        TARGET = "target", _("Target")
        ACTUAL = "actual", _("Actual")

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="publications", verbose_name=_("section")
    )
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="publications", verbose_name=_("series")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    printed = models.CharField(_("text as printed"), max_length=100)
    value = FigureField(_("printed value"))
    decimals = models.PositiveSmallIntegerField(_("printed decimals"), default=0)

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = (
            "series__indicator__sort_key",
            "series__position",
            "first_month",
            "last_month",
            "-kind",
        )
        constraints = [
            models.UniqueConstraint(
                fields=("section", "series", "kind", "first_month", "last_month"),
                name="publication_once",
            ),
            models.CheckConstraint(
                condition=first_of_month("first_month") & first_of_month("last_month"),
                name="publication_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="publication_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["target", "actual"]), name="publication_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.printed

    @property
    def period(self) -> Period:
        """The months that the printed figure is about."""
        return Period(Month.of(self.first_month), Month.of(self.last_month))
