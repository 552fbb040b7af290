"""Transfer: an indicator goes over to another agency; and who answers for it in which month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from indicators.calculation.periods import Month

from .figures import EntryBatch, Observation
from .hierarchy import Indicator
from .months import first_of_month


class Transfer(models.Model):
    """移轉: from a month on another agency answers for an indicator. Append-only, by trigger.

    Figures of the months before stay in the returns of the agency that reported them.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="transfers", verbose_name=_("indicator")
    )
    from_agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_away",
        verbose_name=_("from"),
    )
    to_agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="transfers_here", verbose_name=_("to")
    )
    first_month = models.DateField(
        _("first month"), help_text=_("The first month that the new agency reports.")
    )
    batch = models.ForeignKey(
        EntryBatch, models.PROTECT, related_name="transfers", verbose_name=_("entry")
    )

    class Meta:
        verbose_name = _("transfer of an indicator")
        verbose_name_plural = _("transfers of indicators")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=first_of_month("first_month"), name="transfer_with_a_month"
            ),
            models.CheckConstraint(
                condition=Q(from_agency__isnull=True) | ~Q(from_agency=models.F("to_agency")),
                name="transfer_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.month}: {self.from_agency or '—'} → {self.to_agency}"

    @property
    def month(self) -> Month:
        """The first month that the new agency reports."""
        return Month.of(self.first_month)


def has_figures(indicator: Indicator) -> bool:
    """Whether anything was ever reported for an indicator."""
    return Observation.objects.filter(series__indicator=indicator).exists()


class Answering:
    """Which agency answers for some indicators, by the month; two queries."""

    def __init__(self, indicators: Iterable[int]) -> None:
        self._now = dict(
            Indicator.objects.filter(pk__in=set(indicators)).values_list("pk", "agency_id")
        )
        self._moves: dict[int, list[tuple[date, int | None, int]]] = defaultdict(list)
        rows = Transfer.objects.filter(indicator__in=self._now).order_by("id")
        for pk, *move in rows.values_list(
            "indicator_id", "first_month", "from_agency_id", "to_agency_id"
        ):
            self._moves[pk].append(tuple(move))  # type: ignore[arg-type]

    def agency(self, indicator: int, month: Month) -> int | None:
        """The id of the agency that reports a month of an indicator; None where nobody does."""
        moves = self._moves.get(indicator)
        if not moves:
            return self._now[indicator]
        begun = [to for first, _from, to in moves if first <= month.first_day]
        return begun[-1] if begun else moves[0][1]

    def ever(self, indicator: int) -> frozenset[int | None]:
        """Every agency that answers or has answered for an indicator."""
        moves = self._moves.get(indicator, ())
        return frozenset({self._now[indicator], *(move[1] for move in moves)})
