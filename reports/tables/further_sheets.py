"""Further tables for the Executive Yuan: by unit, completeness, changes since, reconciliation.

Everything in them is public: approved figures, and of people no more than the unit they work for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Agency
from indicators.calculation.periods import parse_period
from indicators.calculation.progress import Direction
from indicators.models import Observation, Revision
from indicators.models.definitions import public_series
from indicators.models.figures import WHOLE
from indicators.reading.display import Display
from indicators.reading.explanations import STANDING_NAMES
from indicators.reading.standings import SeriesStanding, standings
from indicators.returns.completeness import AgencyLine, completeness
from reports.models import Edition, Publication
from reports.tables.reconciling import DIFFERENCES, reconcile
from reports.tables.sheets import COVERED, Cell, Document, Row, Sheet

FIRST_ROW = 3
"""Where the rows of a sheet begin, below its title and headings."""


def by_responsible_unit(edition: Edition, year: int) -> Document:
    """The indicators of each unit with target, actual value and achievement of a year."""
    by_agency: dict[Agency | None, list[SeriesStanding]] = {}
    for one in standings(year):
        by_agency.setdefault(one.series.indicator.agency, []).append(one)
    rows: list[Row] = []
    for agency in sorted(by_agency, key=lambda one: (one is None, one.code if one else "")):
        group = by_agency[agency]
        name = agency.name if agency else _("No responsible unit")
        for at, one in enumerate(group):
            first = Cell(name, len(group)) if at == 0 else COVERED
            rows.append([first, *_standing(one, FIRST_ROW + len(rows))])
    return _document(
        edition.title,
        Sheet(
            name=_("By responsible unit"),
            title=_("Indicators by responsible unit, %(year)d") % {"year": year},
            headings=[
                _("Responsible unit"),
                _("Indicator"),
                _("Series"),
                _("Target value of %(year)d") % {"year": year},
                _("Actual value of %(year)d") % {"year": year},
                _("Unit"),
                _("Achievement"),
                _("Standing"),
            ],
            widths=[34, 80, 36, 28, 28, 18, 24, 24],
            rows=rows,
            notes=[_("The achievement is worked out only where higher is better.")],
        ),
    )


def _standing(one: SeriesStanding, row: int) -> list[Cell | None]:
    """From the indicator on; the achievement as a formula where it is actual over target."""
    found, series = one.assessment, one.series
    upward = Direction(series.direction) == Direction.UP
    is_quotient = upward and found.target and found.actual is not None
    share = None if found.achievement is None else found.achievement / 100
    return [
        Cell(f"{series.indicator.code} {series.indicator.name}"),
        Cell(series.name),
        Cell(found.target, decimals=_decimals(found.target)),
        Cell(found.actual, decimals=series.decimals),
        Cell(series.unit),
        Cell(share, decimals=1, percent=True, formula=f"E{row}/D{row}" if is_quotient else ""),
        Cell(str(STANDING_NAMES[found.standing])),
    ]


def completeness_sheet(year: int, agencies: Iterable[Agency]) -> Document:
    """Agencies by months: how each return of a year stands, and how many came in time."""
    display = Display()
    found = completeness(year, agencies, display)
    rows = [
        _agency_line(line, FIRST_ROW + at, len(found.months)) for at, line in enumerate(found.lines)
    ]
    if len(rows) > 1:
        rows.append(_all_agencies(found.lines, len(found.months)))
    year_name = display.year(year)
    return _document(
        "",
        Sheet(
            name=_("Completeness"),
            title=_("Completeness of the returns, %(year)s") % {"year": year_name},
            headings=[
                _("Agency"),
                *(name for _iso, name in found.months),
                _("In time"),
                _("Due so far"),
                _("Share in time"),
            ],
            widths=[34, *[15] * len(found.months), 14, 16, 18],
            rows=rows,
            notes=[_("A star marks a return that was reopened for a correction.")],
        ),
    )


def _agency_line(line: AgencyLine, row: int, months: int) -> Row:
    in_time, due = (_column(months + 1 + after) for after in (1, 2))
    share = Decimal(line.in_time) / line.due if line.due else None
    return [
        Cell(line.agency.name),
        *(Cell(f"{mark.name}＊" if mark.corrected else mark.name) for mark in line.marks),
        Cell(line.in_time),
        Cell(line.due),
        Cell(
            share,
            decimals=1,
            percent=True,
            formula=f"{in_time}{row}/{due}{row}" if line.due else "",
        ),
    ]


def _all_agencies(lines: Sequence[AgencyLine], months: int) -> Row:
    """The totals below the lines, as formulas."""
    last = FIRST_ROW + len(lines) - 1
    in_time, due = (_column(months + 1 + after) for after in (1, 2))
    kept, asked = sum(one.in_time for one in lines), sum(one.due for one in lines)
    share = Decimal(kept) / asked if asked else None
    quotient = f"{in_time}{last + 1}/{due}{last + 1}" if asked else ""
    return [
        Cell(_("All agencies")),
        *(Cell("") for _month in range(months)),
        Cell(kept, formula=f"SUM({in_time}{FIRST_ROW}:{in_time}{last})"),
        Cell(asked, formula=f"SUM({due}{FIRST_ROW}:{due}{last})"),
        Cell(share, decimals=1, percent=True, formula=quotient),
    ]


def _column(number: int) -> str:
    """The letter of a column, counted from 1; no table here has more than 26."""
    return chr(64 + number)


def revisions_since(edition: Edition, when: datetime) -> Document:
    """Every change of a figure or target that an edition printed, since a moment, the latest first.

    In place of a person stands the unit; what has not been approved is left out.
    """
    return _document(
        edition.title,
        Sheet(
            name=_("Changes of published figures"),
            title=_("Changes of published figures since %(moment)s") % {"moment": _moment(when)},
            headings=[
                _("Indicator"),
                _("Series"),
                _("Kind"),
                _("Period"),
                _("Old value"),
                _("New value"),
                _("Unit"),
                _("Responsible unit"),
                _("When"),
                _("Why"),
            ],
            widths=[18, 36, 20, 32, 28, 28, 18, 36, 34, 60],
            rows=[_change(one) for one in _revisions(edition, when)],
        ),
    )


def _revisions(edition: Edition, when: datetime) -> QuerySet[Revision]:
    published = Publication.objects.filter(section__edition=edition)
    approved = Observation.objects.filter(
        series=OuterRef("series"),
        first_month=OuterRef("first_month"),
        last_month=OuterRef("last_month"),
        breakdown=WHOLE,
        approved_revision=OuterRef("revision"),
    )
    target = published.filter(_MEETS, kind=Publication.Kind.TARGET, series=OuterRef("series"))
    actual = published.filter(_MADE_OF, kind=Publication.Kind.ACTUAL)
    return (
        Revision.objects.filter(
            Q(kind=Revision.Kind.MILESTONE) & Exists(target)
            | Q(kind=Revision.Kind.FIGURE) & Exists(actual),
            Q(needs_approval=False) | Exists(approved),
            public_series("series__"),
            breakdown=WHOLE,
            batch__at__gte=when,
        )
        .select_related("batch", "series__indicator__agency")
        .order_by("-id")
    )


_MEETS = Q(first_month__lte=OuterRef("last_month"), last_month__gte=OuterRef("first_month"))
"""A printed figure is about some of the months of the change."""
_MADE_OF = _MEETS & (
    Q(series=OuterRef("series"))
    | Q(series__numerator=OuterRef("series"))
    | Q(series__denominator=OuterRef("series"))
) | Q(
    series__source=OuterRef("series"),
    last_month__gte=OuterRef("first_month"),
    series__base_year__lte=OuterRef("last_month__year"),
)
"""It is made of the changed figure, of which growth also takes those back to its base year."""


def _change(one: Revision) -> Row:
    series = one.series
    agency = series.indicator.agency
    # What a figure was before an approval may never have been approved itself.
    old = None if one.needs_approval else one.old_value
    return [
        Cell(series.indicator.code),
        Cell(series.name),
        Cell(one.get_kind_display()),
        Cell(Display().period(one.period)),
        _number(old),
        _number(one.new_value),
        Cell(series.unit),
        Cell(agency.name if agency else _("No responsible unit")),
        Cell(_moment(one.batch.at)),
        Cell(one.batch.reason),
    ]


def _moment(when: datetime) -> str:
    local = timezone.localtime(when) if timezone.is_aware(when) else when
    return date_format(local, "Y-m-d H:i")


def reconciliation_sheet(edition: Edition) -> Document:
    """Each figure as the edition printed it beside the computed one, and why they differ."""
    kinds = dict(Publication.Kind.choices)
    rows = [_reconciled(one, kinds) for one in reconcile(edition)]
    return _document(
        edition.title,
        Sheet(
            name=_("Reconciliation"),
            title=_("Printed figures against the data"),
            headings=[
                _("Indicator"),
                _("Series"),
                _("Kind"),
                _("Period"),
                _("Place"),
                _("As printed"),
                _("Printed value"),
                _("Computed value"),
                _("Exact value"),
                _("Difference"),
            ],
            widths=[18, 36, 18, 32, 46, 34, 28, 28, 34, 30],
            rows=rows,
        ),
    )


def _reconciled(one: Mapping[str, str], kinds: Mapping[str, object]) -> Row:
    return [
        Cell(one["indicator"]),
        Cell(one["series"]),
        Cell(str(kinds[one["kind"]])),
        Cell(Display().period(parse_period(one["period"]))),
        Cell(one["place"]),
        Cell(one["printed"]),
        *(_number(_decimal(one[name])) for name in ("printed_value", "computed", "exact")),
        Cell(str(DIFFERENCES[one["difference"]])),
    ]


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _number(value: Decimal | None) -> Cell:
    return Cell(value, decimals=_decimals(value))


MOST_DECIMALS = 8
"""Shown of a value that does not end; the cell holds all of it."""


def _decimals(value: Decimal | None) -> int:
    if value is None:
        return 0
    exponent = value.normalize().as_tuple().exponent
    return min(max(0, -exponent), MOST_DECIMALS) if isinstance(exponent, int) else 0


def _document(title: str, *sheets: Sheet) -> Document:
    language = "en" if Display().language == "en" else "zh-TW"
    return Document(f"{title} {sheets[0].title}".strip(), language, list(sheets))
