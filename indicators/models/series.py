"""Series: one measured quantity under an indicator; Milestone: what it is to reach by a year."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_readers_language
from accounts.models import Agency
from indicators.calculation.numerals import MOST_DECIMALS, Rounding
from indicators.calculation.periods import Month, Period
from indicators.calculation.progress import Direction
from indicators.calculation.rules import Rule

from .definitions import Defined, Living, life_constraints, living_series, public_series
from .exact import FigureField
from .hierarchy import Bilingual, Indicator
from .months import first_of_month, in_year

PERCENT = "%"
PER_MILLE = "‰"
SCALES = tuple(10**zeros for zeros in range(10))

RULE_CHOICES = [
    (Rule.SUM.value, _("Sum of the months")),
    (Rule.LAST.value, _("Last level in the period")),
    (Rule.MEAN.value, _("Mean of the levels")),
    (Rule.RATIO.value, _("Ratio of the rolled-up parts")),
    (Rule.GROWTH.value, _("Growth of a level over a base year")),
]
DIRECTION_CHOICES = [
    (Direction.UP.value, _("Higher is better")),
    (Direction.DOWN.value, _("Lower is better")),
]
ROUNDING_CHOICES = [
    (Rounding.HALF_UP.value, _("Half up")),
    (Rounding.TRUNCATE.value, _("Truncate")),
]


def answered_by(agencies: Iterable[int | None]) -> Q:
    """The series for which agencies answer, or answered before they were transferred."""
    ids = [pk for pk in agencies if pk is not None]
    left = Indicator.objects.filter(transfers__from_agency__in=ids)
    return Q(indicator__agency__in=ids) | Q(indicator__in=left.values("pk"))


class Series(Bilingual, Defined, Living):
    """數列: one measured quantity with its unit, direction and rule.

    A component series (a numerator, a denominator, the level under a growth rate) is entered like
    any other, but is judged only through the series that it feeds.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    is_component = models.BooleanField(
        _("component"),
        default=False,
        help_text=_("Feeds another series and is not judged by itself."),
    )
    unit_zh = models.CharField(_("Chinese unit"), max_length=20)
    unit_en = models.CharField(_("English unit"), max_length=40, blank=True)
    direction = models.CharField(
        _("direction"), max_length=4, choices=DIRECTION_CHOICES, default=Direction.UP.value
    )
    rule = models.CharField(_("roll-up rule"), max_length=6, choices=RULE_CHOICES)
    is_running_total = models.BooleanField(
        _("running total"),
        default=False,
        help_text=_("Counts on from the start, so that a later figure is never the lower one."),
    )
    numerator = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="numerator_of",
        verbose_name=_("numerator"),
    )
    denominator = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="denominator_of",
        verbose_name=_("denominator"),
    )
    scale = models.PositiveIntegerField(
        _("scale"),
        default=1,
        help_text=_(
            "100 for a percentage, 1000 for a rate per thousand, 1000000 for one per million"
            " (say per what in the unit), 1 for a count."
        ),
    )
    may_exceed_whole = models.BooleanField(
        _("may exceed the whole"),
        default=False,
        help_text=_(
            "The numerator is no part of the denominator, so that a rate may lie above 100 %."
        ),
    )
    may_be_negative = models.BooleanField(
        _("may be negative"),
        default=False,
        help_text=_("For net changes and rates of change; a count is never below zero."),
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="growth_of",
        verbose_name=_("level that grows"),
    )
    base_year = models.PositiveSmallIntegerField(
        _("base year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1912)],
        help_text=_("The year whose closing level growth is measured from."),
    )
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    rounding = models.CharField(
        _("rounding"), max_length=8, choices=ROUNDING_CHOICES, default=Rounding.HALF_UP.value
    )

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ("indicator__sort_key", "position")
        constraints = [
            *life_constraints("series"),
            models.UniqueConstraint(fields=("indicator", "name_zh"), name="series_name_once"),
            models.UniqueConstraint(fields=("indicator", "position"), name="series_position_once"),
            models.CheckConstraint(
                condition=Q(rule__in=[rule.value for rule in Rule]), name="series_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[d.value for d in Direction]),
                name="series_direction_known",
            ),
            models.CheckConstraint(
                condition=Q(rounding__in=[r.value for r in Rounding]),
                name="series_rounding_known",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=MOST_DECIMALS),
                name="series_decimals_stored",
                violation_error_message=_("Figures are kept with eight decimals at most."),
            ),
            models.CheckConstraint(
                condition=~Q(rule=Rule.RATIO.value)
                | Q(unit_zh=PERCENT, scale=100)
                | Q(unit_zh=PER_MILLE, scale=1000)
                | ~Q(unit_zh__in=[PERCENT, PER_MILLE]),
                name="series_ratio_unit_fits_scale",
                violation_error_message=_("A ratio in %% needs scale 100, one in ‰ scale 1000."),
            ),
            models.CheckConstraint(
                condition=Q(scale__in=SCALES),
                name="series_scale_is_a_power_of_ten",
                violation_error_message=_("The scale is 1, 10, 100 and so on, up to 1000000000."),
            ),
            models.CheckConstraint(
                condition=Q(may_exceed_whole=False) | Q(rule=Rule.RATIO.value),
                name="series_only_ratio_exceeds_whole",
                violation_error_message=_("Only a ratio has a whole that it may exceed."),
            ),
            models.CheckConstraint(
                condition=Q(rule=Rule.RATIO.value)
                | Q(numerator__isnull=True, denominator__isnull=True, scale=1),
                name="series_parts_only_for_ratio",
                violation_error_message=_(
                    "Only a ratio has a numerator, a denominator and a scale other than 1."
                ),
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | (Q(numerator__isnull=False, denominator__isnull=False)),
                name="series_parts_together",
                violation_error_message=_("Name both the numerator and the denominator, or none."),
            ),
            models.CheckConstraint(
                condition=Q(
                    rule=Rule.GROWTH.value,
                    source__isnull=False,
                    base_year__isnull=False,
                    unit_zh=PERCENT,
                )
                | (~Q(rule=Rule.GROWTH.value) & Q(source__isnull=True, base_year__isnull=True)),
                name="series_growth_complete",
                violation_error_message=_(
                    "Growth needs the level that grows, its base year and the unit %%;"
                    " no other rule has a level or a base year."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(rule=Rule.SUM.value) | ~Q(unit_zh__in=[PERCENT, PER_MILLE]),
                name="series_rates_are_not_summed",
                violation_error_message=_("A rate cannot be summed: choose the rule ratio."),
            ),
            models.CheckConstraint(
                condition=Q(is_running_total=False) | Q(rule=Rule.LAST.value),
                name="series_running_total_is_last",
                violation_error_message=_("A running total takes the last level of a period."),
            ),
            models.CheckConstraint(
                condition=~Q(numerator=F("id")) & ~Q(denominator=F("id")) & ~Q(source=F("id")),
                name="series_not_made_of_itself",
                violation_error_message=_("A series cannot be made of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.name}"

    @classmethod
    def public(cls) -> QuerySet[Series]:
        """Every series that is no draft, of an indicator that is none."""
        return cls.objects.filter(public_series())

    @classmethod
    def entered_by(cls, agency: Agency, period: Period | None = None) -> QuerySet[Series]:
        """What an agency reports, rates among it; growth follows from its level.

        What was transferred to another agency is among it: earlier months stay with this one.
        ``period``: what lives in at least one of its months alone.
        """
        return (
            cls.objects.filter(Q() if period is None else living_series(period))
            .filter(answered_by([agency.pk]))
            .exclude(rule=Rule.GROWTH.value)
            .select_related("indicator")
            .order_by("indicator__sort_key", "position")
        )

    def clean(self) -> None:
        """Check what a series is made of, which no constraint on one row can see.

        Raises:
            ValidationError: a part is itself worked out, or growth is not of a level.
        """
        derived = {Rule.RATIO.value, Rule.GROWTH.value}
        errors = {}
        for field in ("numerator", "denominator"):
            part: Series | None = getattr(self, field)
            if part and part.rule in derived:
                errors[field] = _("A part must be entered itself; “%(part)s” is worked out.") % {
                    "part": part
                }
        if self.source and self.source.rule != Rule.LAST.value:
            errors["source"] = _("Growth is measured on a level; “%(part)s” is none.") % {
                "part": self.source
            }
        if errors:
            raise ValidationError(errors)

    @property
    def unit(self) -> str:
        """The unit in the reader's language."""
        return in_readers_language(self.unit_zh, self.unit_en)

    @property
    def units(self) -> tuple[str, ...]:
        """The unit in every language, as a figure may bring it along."""
        return tuple(unit for unit in (self.unit_zh, self.unit_en) if unit)

    def lives_in(self, period: Period) -> bool:
        """Whether it and its indicator live in at least one month of a period."""
        return super().lives_in(period) and self.indicator.lives_in(period)

    def has_data(self) -> bool:
        """Whether it or a part of it has figures, or it has a target."""
        parts = [self.pk, self.numerator_id, self.denominator_id, self.source_id]
        known = [pk for pk in parts if pk is not None]
        with_figures = Series.objects.filter(pk__in=known, observations__isnull=False)
        return with_figures.exists() or self.milestones.exists()


class Milestone(models.Model):
    """目標值: what a series is to reach by a year. A revised one is added, never written over.

    A revision without a value withdraws the target.
    """

    series = models.ForeignKey(
        Series, models.PROTECT, related_name="milestones", verbose_name=_("series")
    )
    year = models.PositiveSmallIntegerField(_("target year"), validators=[MinValueValidator(1912)])
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    value = FigureField(_("target value"), null=True, blank=True)
    window_first = models.DateField(
        _("window from"), help_text=_("First day of the first month that counts.")
    )
    window_last = models.DateField(
        _("window to"), help_text=_("First day of the last month that counts.")
    )
    base_month = models.DateField(
        _("base month"),
        null=True,
        blank=True,
        help_text=_(
            "First day of the month whose level the path to the target starts from."
            " Not needed for sums and growth."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("series__indicator__sort_key", "series__position", "year", "revision")
        constraints = [
            models.UniqueConstraint(
                fields=("series", "year", "revision"), name="milestone_revision_once"
            ),
            models.CheckConstraint(
                condition=first_of_month("window_first") & first_of_month("window_last"),
                name="milestone_whole_months",
                violation_error_message=_("A window runs over whole months: give their first day."),
            ),
            models.CheckConstraint(
                condition=Q(window_first__lte=F("window_last")),
                name="milestone_window_runs_forward",
                violation_error_message=_("The window ends before it begins."),
            ),
            models.CheckConstraint(
                condition=in_year("window_last", "year"),
                name="milestone_window_ends_in_year",
                violation_error_message=_("The window must end in the target year."),
            ),
            models.CheckConstraint(
                condition=Q(base_month__isnull=True)
                | (first_of_month("base_month") & Q(base_month__lte=F("window_first"))),
                name="milestone_base_before_window",
                violation_error_message=_("The base month cannot lie after the window's start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}"

    @classmethod
    def current(cls) -> models.QuerySet[Milestone]:
        """The targets that stand: of each series and year the last revision, if it has a value."""
        later = cls.objects.filter(
            series=OuterRef("series"), year=OuterRef("year"), revision__gt=OuterRef("revision")
        )
        return cls.objects.filter(~Exists(later), value__isnull=False)

    @classmethod
    def public(cls) -> models.QuerySet[Milestone]:
        """The targets that stand, of series that are no drafts."""
        return cls.current().filter(public_series("series__"))

    @classmethod
    def latest(cls, series: Series, year: int) -> Milestone | None:
        """The last revision of one target, withdrawn or not."""
        return cls.objects.filter(series=series, year=year).order_by("-revision").first()

    @property
    def aim(self) -> Decimal:
        """The value of a target that stands."""
        assert self.value is not None, "a withdrawn target is none"
        return self.value

    @property
    def window(self) -> Period:
        """The months that count."""
        return Period(Month.of(self.window_first), Month.of(self.window_last))
