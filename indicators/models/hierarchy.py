"""Goal, Target, Indicator: what Taiwan's Sustainable Development Goals call their three levels."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_readers_language
from accounts.models import Agency
from indicators.calculation import codes

from .definitions import Defined, Living, life_constraints
from .exact import FigureField


class Bilingual(models.Model):
    """A Chinese name that must be there and an English one that should be."""

    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the reader's language, Chinese where there is no English one."""
        return in_readers_language(self.name_zh, self.name_en)


class Coded(models.Model):
    """A code that is unique and kept together with the text it sorts by."""

    sort_key = models.CharField(max_length=20, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sorting text in step with the code."""
        self.sort_key = codes.natural_key(getattr(self, "code"))  # noqa: B009
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)


class Goal(Bilingual, Coded, Defined):
    """核心目標: one of the eighteen core goals."""

    code = models.CharField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(codes.GOAL_CODE, _("A goal's code is a number such as 8."))],
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("A colour is written #RRGGBB."))],
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ("sort_key",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def has_data(self) -> bool:
        """Whether any of its indicators has."""
        return any(one.has_data() for one in Indicator.objects.filter(target__goal=self))


class Target(Coded, Defined):
    """具體目標: a target under a goal. Its wording is optional: the review prints codes alone."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="targets", verbose_name=_("goal"))
    code = models.CharField(
        _("code"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(codes.TARGET_CODE, _("A target's code looks like 8.7 or 1.a."))],
    )
    name_zh = models.CharField(_("Chinese wording"), max_length=500, blank=True)
    name_en = models.CharField(_("English wording"), max_length=800, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("sort_key",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def name(self) -> str:
        """The wording in the reader's language, Chinese where there is no English one."""
        return in_readers_language(self.name_zh, self.name_en)

    def has_data(self) -> bool:
        """Whether any of its indicators has."""
        return any(one.has_data() for one in self.indicators.all())


class Indicator(Bilingual, Coded, Defined, Living):
    """對應指標: what is measured, by one series or several."""

    target = models.ForeignKey(
        Target, models.PROTECT, related_name="indicators", verbose_name=_("target")
    )
    code = models.CharField(
        _("code"),
        max_length=9,
        unique=True,
        validators=[
            RegexValidator(
                codes.INDICATOR_CODE, _("An indicator's code looks like 8.7.1 or 1.a.2.")
            )
        ],
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("responsible unit"),
    )
    method_zh = models.TextField(_("calculation method (Chinese)"), blank=True)
    method_en = models.TextField(_("calculation method (English)"), blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("sort_key",)
        constraints = life_constraints("indicator")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """The indicator's page."""
        return reverse("indicators:indicator", args=[self.code])

    @property
    def method(self) -> str:
        """The calculation method in the reader's language."""
        return in_readers_language(self.method_zh, self.method_en)

    def has_data(self) -> bool:
        """Whether any of its series has."""
        return any(one.has_data() for one in self.series.all())


class Activity(Bilingual, Defined):
    """A count of work done in support of indicators, as the review prints it."""

    linked = ("indicators",)

    indicators = models.ManyToManyField(
        Indicator, related_name="activities", verbose_name=_("indicators")
    )
    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    group_zh = models.CharField(_("Chinese heading"), max_length=100)
    group_en = models.CharField(_("English heading"), max_length=200, blank=True)
    value = FigureField(_("count"))
    unit_zh = models.CharField(_("Chinese unit"), max_length=20)
    unit_en = models.CharField(_("English unit"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("group_zh", "name_zh"), name="activity_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="activity_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"

    @property
    def group(self) -> str:
        """The heading in the reader's language."""
        return in_readers_language(self.group_zh, self.group_en)

    @property
    def unit(self) -> str:
        """The unit in the reader's language."""
        return in_readers_language(self.unit_zh, self.unit_en)
