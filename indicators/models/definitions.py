"""What definitions have in common: a life, a revision, and the record of every change."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.calculation.periods import Month, Period

from .months import first_of_month


def public(path: str = "") -> Q:
    """The condition that a row is no draft: what decides whether anybody outside may see it.

    ``path`` leads to the row that has a life, such as ``indicator__``.
    """
    return Q(**{f"{path}is_draft": False})


def alive(period: Period, path: str = "") -> Q:
    """The condition that a row is no draft and lives in at least one month of a period."""
    return (
        public(path)
        & (
            Q(**{f"{path}alive_from": None})
            | Q(**{f"{path}alive_from__lte": period.last.first_day})
        )
        & (
            Q(**{f"{path}alive_until": None})
            | Q(**{f"{path}alive_until__gte": period.first.first_day})
        )
    )


def public_series(path: str = "") -> Q:
    """The condition that neither a series nor its indicator is a draft."""
    return public(path) & public(f"{path}indicator__")


def living_series(period: Period, path: str = "") -> Q:
    """The condition that a series and its indicator live in at least one month of a period."""
    return alive(period, path) & alive(period, f"{path}indicator__")


class Defined(models.Model):
    """A definition: once there are data behind it, it changes by a recorded revision only.

    Only the door (indicators.entry.definitions) writes one; what keeps to that are the triggers of
    indicators.append_only.
    """

    revision = models.PositiveIntegerField(_("revision"), default=1, db_default=1, editable=False)

    linked: ClassVar[tuple[str, ...]] = ()
    """The many-to-many fields that belong to the definition."""

    class Meta:
        abstract = True

    @classmethod
    def subject(cls) -> str:
        """The name under which the record keeps this kind of definition."""
        return str(cls._meta.model_name)

    @classmethod
    def defining(cls) -> list[models.Field[Any, Any]]:
        """The fields that make the definition."""
        return [
            field
            for field in cls._meta.concrete_fields
            if not field.primary_key and field.name not in ("revision", "sort_key")
        ]

    def has_data(self) -> bool:
        """Whether figures, targets or printed text rest on it."""
        return True


class Living(models.Model):
    """What has a life: a draft at first, in force from a month on, until it is retired."""

    is_draft = models.BooleanField(
        _("draft"),
        default=False,
        db_default=False,
        help_text=_("Not public yet: no page, file or count shows it."),
    )
    alive_from = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_("First day of the first month; empty: since ever."),
    )
    alive_until = models.DateField(
        _("in force until"),
        null=True,
        blank=True,
        help_text=_(
            "First day of the last month; empty: still. It stays in the years it lived in."
        ),
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )

    class Meta:
        abstract = True

    def lives_in(self, period: Period) -> bool:
        """Whether it is no draft and lives in at least one month of a period."""
        return (
            not self.is_draft
            and (self.alive_from is None or Month.of(self.alive_from) <= period.last)
            and (self.alive_until is None or Month.of(self.alive_until) >= period.first)
        )


def life_constraints(name: str) -> list[models.BaseConstraint]:
    """What the database holds of a life; ``name`` begins the names of the constraints."""
    return [
        models.CheckConstraint(
            condition=(Q(alive_from=None) | first_of_month("alive_from"))
            & (Q(alive_until=None) | first_of_month("alive_until")),
            name=f"{name}_lives_whole_months",
            violation_error_message=_("A life runs over whole months: give their first day."),
        ),
        models.CheckConstraint(
            condition=Q(alive_from=None)
            | Q(alive_until=None)
            | Q(alive_from__lte=F("alive_until")),
            name=f"{name}_life_runs_forward",
            violation_error_message=_("It cannot end before it begins."),
        ),
        models.CheckConstraint(
            condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")),
            name=f"{name}_not_replaced_by_itself",
            violation_error_message=_("It cannot be replaced by itself."),
        ),
    ]


class DefinitionRevision(models.Model):
    """One change of one definition: field by field from what to what. Append-only, by trigger.

    ``changes``: field → [old text, new text]; null stands for nothing. ``name`` is what the
    definition was called; ``subject`` and ``object_id`` find it while it exists.
    """

    batch = models.ForeignKey(
        "indicators.EntryBatch", models.PROTECT, related_name="definitions", verbose_name=_("entry")
    )
    subject = models.CharField(_("kind"), max_length=20)
    object_id = models.PositiveBigIntegerField(editable=False)
    name = models.CharField(_("name"), max_length=300)
    revision = models.PositiveIntegerField(_("revision"))
    changes = models.JSONField(_("changes"))

    class Meta:
        verbose_name = _("change of a definition")
        verbose_name_plural = _("changes of definitions")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subject", "object_id", "revision"), name="definition_revision_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.revision}"

    @classmethod
    def of(cls, *rows: Defined) -> models.QuerySet[Self]:
        """The changes of some definitions, the latest first."""
        wanted = Q(pk__in=())
        for row in rows:
            wanted |= Q(subject=row.subject(), object_id=row.pk)
        return cls.objects.filter(wanted).select_related("batch__actor")
