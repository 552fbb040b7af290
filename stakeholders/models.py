"""StakeholderGroup, Channel, Engagement: who, by what channel and how often, and each time."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_readers_language
from indicators.models import Indicator


class StakeholderGroup(models.Model):
    """利害關係人類別: people or bodies whom the ministry's work concerns."""

    number = models.PositiveSmallIntegerField(
        _("number"), unique=True, validators=[MinValueValidator(1)]
    )
    name_zh = models.CharField(_("Chinese name"), max_length=200, unique=True)
    name_en = models.CharField(_("English name"), max_length=400, blank=True)
    topics_zh = models.CharField(_("topics (Chinese)"), max_length=300, blank=True)
    topics_en = models.CharField(_("topics (English)"), max_length=600, blank=True)
    indicators = models.ManyToManyField(
        Indicator,
        blank=True,
        related_name="stakeholder_groups",
        verbose_name=_("linked indicators"),
    )

    class Meta:
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="group_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_readers_language(self.name_zh, self.name_en)

    @property
    def topics(self) -> str:
        """What is talked about, in the reader's language."""
        return in_readers_language(self.topics_zh, self.topics_en)


class Channel(models.Model):
    """溝通管道: a way in which the ministry meets a group, and how often."""

    group = models.ForeignKey(
        StakeholderGroup,
        models.PROTECT,
        related_name="channels",
        verbose_name=_("stakeholder group"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=400, blank=True)
    frequency_zh = models.CharField(_("frequency as printed"), max_length=100, blank=True)
    frequency_en = models.CharField(_("frequency in English"), max_length=200, blank=True)
    times_per_year = models.PositiveSmallIntegerField(
        _("times a year at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty where no number of times is promised."),
    )

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("group__number", "position")
        constraints = [
            models.UniqueConstraint(fields=("group", "name_zh"), name="channel_once_in_group"),
            models.UniqueConstraint(fields=("group", "position"), name="channel_position_once"),
            models.CheckConstraint(
                condition=Q(times_per_year__isnull=True) | Q(times_per_year__gte=1),
                name="channel_times_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_readers_language(self.name_zh, self.name_en)

    @property
    def frequency(self) -> str:
        """How often, in the reader's language."""
        return in_readers_language(self.frequency_zh, self.frequency_en)


class Engagement(models.Model):
    """參與交流紀錄: one time that a channel was used."""

    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="engagements", verbose_name=_("channel")
    )
    held_on = models.DateField(_("held on"))
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    summary = models.TextField(_("summary"))

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return f"{self.held_on}: {self.channel}"
