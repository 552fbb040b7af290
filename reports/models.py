"""Edition, Section, Publication: one year's review, its parts, and the figures that it printed."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_readers_language
from indicators.models import Series
from indicators.models.months import first_of_month
from indicators.periods import Month, Period


class Edition(models.Model):
    """報告版次: one year's voluntary review."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(1912)]
    )
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=300, blank=True)

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


class Section(models.Model):
    """章節: a part of an edition."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="sections", verbose_name=_("edition")
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
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(self.title_zh, self.title_en)


class Publication(models.Model):
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
    value = models.DecimalField(_("printed value"), max_digits=15, decimal_places=4)
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
