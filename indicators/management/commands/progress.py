"""manage.py progress."""

import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from indicators.calculation.numerals import plain
from indicators.reading.explanations import sentence
from indicators.reading.standings import SeriesStanding, standings


class Command(BaseCommand):
    """Print where every judged series stands in a year."""

    help = "Prints target, actual and standing of every judged series, in the order of the codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The year, the form and the language."""
        parser.add_argument("--year", type=int, required=True, help="the target year, e.g. 2020")
        parser.add_argument("--json", action="store_true", help="a list of objects instead of text")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of names and sentences",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Numbers are exact and unrounded; those that never end carry 28 significant digits."""
        with translation.override(options["language"]):
            rows = [self._row(standing) for standing in standings(options["year"])]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row['indicator']} {row['series']}: {row['reason']}")

    def _row(self, standing: SeriesStanding) -> dict[str, str | None]:
        assessment = standing.assessment
        return {
            "indicator": standing.series.indicator.code,
            "series": standing.series.name,
            "target": _exact(assessment.target),
            "actual": _exact(assessment.actual),
            "unit": standing.series.unit,
            "standing": assessment.standing.value,
            "achievement": _exact(
                assessment.margin if assessment.achievement is None else assessment.achievement
            ),
            "reason": str(sentence(standing)),
        }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
