"""The two appendices of an edition, as the ministry prints them, bound to the data.

Appendix 1 lists the tracked indicators with target and actual value; Appendix 2 the stakeholders
and how they were consulted.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.calculation.numerals import NumberStyle
from indicators.calculation.progress import Direction
from indicators.calculation.reconciliation import Difference, compare
from indicators.models import Series
from indicators.reading.display import Display
from indicators.reading.explanations import STANDING_NAMES
from indicators.reading.standings import SeriesStanding, by_indicator, standings
from reports.models import Edition, Publication, Section
from reports.tables.sheets import COVERED, Cell, Document, Row, Sheet
from stakeholders.models import StakeholderGroup

PRINTED_AS_IT_STANDS = (Difference.EQUAL, Difference.ROUNDED, Difference.TRUNCATED)


def indicators_appendix(edition: Edition, year: int, *, plain: bool = False) -> Document:
    """Appendix 1 for a target year.

    In report style values are texts as the edition printed them while the data still give them,
    else as the ministry would write them. ``plain``: numbers with a column for the unit, and the
    achievement as a formula.
    """
    return _document(edition, indicators_sheet(edition, standings(year), year, plain=plain))


def indicators_sheet(
    edition: Edition, found: Iterable[SeriesStanding], year: int, *, plain: bool = False
) -> Sheet:
    """The table of Appendix 1, from standings that were read already."""
    groups = list(by_indicator(found).values())
    printed = _publications(edition, year)
    headings = [
        _("Core goal"),
        _("Specific target"),
        _("Corresponding indicator and how it is worked out"),
    ]
    if plain:
        headings += [_("Series"), _("Unit")]
    headings += _value_headings(year)
    if plain:
        headings.append(_("Achievement"))
    rows: list[Row] = []
    for group in groups:
        for at, one in enumerate(group):
            first = len(group) if at == 0 else 0
            values = (
                _plain_values(one, len(headings), len(rows))
                if plain
                else _printed_values(one, len(group), printed)
            )
            rows.append([*_names(one, first), *values])
    _merge_equal(rows, 2)
    return Sheet(
        name=_("Appendix 1"),
        title=_("Appendix 1: list of tracked indicators, %(year)d") % {"year": year},
        headings=headings,
        widths=[30, 18, 80, 36, 18, 30, 30, 24] if plain else [40, 24, 110, 45, 45],
        rows=rows,
    )


def goal_sheet(edition: Edition, found: Iterable[SeriesStanding], year: int, title: str) -> Sheet:
    """How the indicators of a goal were set, what they came to, and where they stand."""
    printed = _publications(edition, year)
    rows: list[Row] = []
    for group in by_indicator(found).values():
        for at, one in enumerate(group):
            names = _names(one, len(group) if at == 0 else 0)[1:]
            standing = Cell(str(STANDING_NAMES[one.assessment.standing]))
            rows.append([*names, *_printed_values(one, len(group), printed), standing])
    _merge_equal(rows, 1)
    return Sheet(
        name=title,
        title=title,
        headings=[
            _("Specific target"),
            _("Corresponding indicator and how it is worked out"),
            *_value_headings(year),
            _("Standing"),
        ],
        widths=[24, 90, 36, 36, 24],
        rows=rows,
    )


def _value_headings(year: int) -> list[str]:
    return [
        _("Target value of %(year)d") % {"year": year},
        _("Actual value of %(year)d") % {"year": year},
    ]


def _publications(edition: Edition, year: int) -> dict[tuple[int, str], Publication]:
    """How the edition's first appendix printed the figures of a year."""
    rows = Publication.objects.filter(
        section__edition=edition,
        section__kind=Section.Kind.INDICATORS,
        last_month__year=year,
    )
    return {(one.series_id, one.kind): one for one in rows.order_by("first_month")}


def _names(one: SeriesStanding, rows: int) -> list[Cell | None]:
    """Goal, target and indicator; of an indicator's further series the cells above reach down."""
    if not rows:
        return [COVERED, COVERED, COVERED]
    indicator = one.series.indicator
    target, goal = indicator.target, indicator.target.goal
    method = _("Worked out as: %(method)s") % {"method": indicator.method}
    name = f"{indicator.code} {indicator.name}"
    return [
        Cell(f"{goal.code} {goal.name}", rows),
        Cell(f"{target.code} {target.name}".strip(), rows),
        Cell(f"{name}\n{method}" if indicator.method else name, rows),
    ]


def _merge_equal(rows: list[Row], end: int, start: int = 0) -> None:
    """Let equal neighbours of some columns reach over each other, as the ministry prints it."""
    for column in range(start, end):
        texts = [cell.value if (cell := row[column]) is not COVERED else None for row in rows]
        at = 0
        while at < len(rows):
            after = at + 1
            while after < len(rows) and texts[after] in (None, texts[at]):
                after += 1
            for place in range(at, after):
                changed = list(rows[place])
                changed[column] = Cell(texts[at], after - at) if place == at else COVERED
                rows[place] = changed
            at = after


def _printed_values(
    one: SeriesStanding, series: int, printed: dict[tuple[int, str], Publication]
) -> list[Cell | None]:
    found = one.assessment
    return [
        Cell(_printed(one.series, value, printed.get((one.series.pk, kind)), series))
        for kind, value in (("target", found.target), ("actual", found.actual))
    ]


def _printed(
    series: Series, value: Decimal | None, publication: Publication | None, series_count: int
) -> str:
    """As the edition printed it, while the data still give it; else in the ministry's own style."""
    if value is None:
        return "－"
    if publication is not None:
        compared = compare(publication.value, value, publication.decimals)
        if compared.kind in PRINTED_AS_IT_STANDS:
            return publication.printed
    display = Display(style=NumberStyle.WAN)
    text = display.figure(value, series).replace(" ", "")
    return f"{series.name}{text}" if series_count > 1 else text


def _plain_values(one: SeriesStanding, columns: int, at: int) -> list[Cell | None]:
    found, series = one.assessment, one.series
    row = 3 + at
    target, actual = chr(64 + columns - 2), chr(64 + columns - 1)
    formula = ""
    if Direction(series.direction) == Direction.UP and found.target and found.actual is not None:
        formula = f"{actual}{row}/{target}{row}"
    share = None if found.achievement is None else found.achievement / 100
    return [
        Cell(series.name),
        Cell(series.unit),
        Cell(found.target, decimals=_decimals(found.target)),
        Cell(found.actual, decimals=series.decimals),
        Cell(share, decimals=1, percent=True, formula=formula),
    ]


def _decimals(value: Decimal | None) -> int:
    if value is None:
        return 0
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def channels_appendix(edition: Edition) -> Document:
    """Appendix 2: category, channel and frequency, summary of what was talked about."""
    return _document(edition, channels_sheet())


def channels_sheet() -> Sheet:
    """The table of Appendix 2."""
    rows: list[Row] = []
    for group in StakeholderGroup.objects.prefetch_related("channels"):
        channels = list(group.channels.all())
        topics = _topics(group, len(channels))
        for place, (channel, topic) in enumerate(zip(channels, topics, strict=True)):
            name = f"{channel.name}（{channel.frequency}）" if channel.frequency else channel.name
            category = Cell(f"{group.number} {group.name}", len(channels))
            rows.append([category if place == 0 else COVERED, Cell(name), Cell(topic)])
        if len(set(topics)) == 1:
            _merge_equal_from(rows, len(rows) - len(channels), 2)
    return Sheet(
        name=_("Appendix 2"),
        title=_("Appendix 2: stakeholders and how they were consulted"),
        headings=[
            _("Category"),
            _("Channel and frequency"),
            _("Summary of what was talked about"),
        ],
        widths=[50, 100, 110],
        rows=rows,
    )


def _topics(group: StakeholderGroup, count: int) -> list[str]:
    """What was talked about, channel by channel where the group has as many subjects."""
    parts = [part.strip() for part in group.topics.split("／")]
    return parts if len(parts) == count else [group.topics] * count


def _merge_equal_from(rows: list[Row], first: int, column: int) -> None:
    some = rows[first:]
    _merge_equal(some, column + 1, column)
    rows[first:] = some


def _document(edition: Edition, sheet: Sheet) -> Document:
    return Document(
        f"{edition.title} {sheet.title}", "en" if Display().language == "en" else "zh-TW", [sheet]
    )
