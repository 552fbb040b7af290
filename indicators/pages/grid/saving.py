"""Cells of the grid on their way through the door, from the script's JSON or from a plain form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from indicators.calculation.numerals import plain
from indicators.calculation.periods import Month, Period, PeriodError
from indicators.entry.checks import Conflict, Problem, Refused
from indicators.entry.door import save_figures
from indicators.entry.doubts import doubts_about
from indicators.entry.entries import Entry
from indicators.entry.misreadings import Misread, read_figure
from indicators.models import Observation, Return, Revision, Series
from indicators.models.figures import WHOLE, Via
from indicators.pages.grid.year import cell_state
from indicators.reading.display import Display

MOST_CELLS = 10_000


class BadRequest(ValueError):
    """What was sent is not what the grid sends; nothing a person can mend."""


@dataclass(frozen=True, slots=True)
class SentCell:
    """A cell as it was sent: the text that was typed and the revision that was seen."""

    series: Series
    month: Month
    text: str
    note: str
    evidence: str
    revision: int


def sent_cells(agency: Agency, sent: Any) -> list[SentCell]:
    """Read what the script sends.

    Raises:
        BadRequest: it has another shape, or names a series that the agency does not report.
    """
    if not isinstance(sent, list) or len(sent) > MOST_CELLS:
        raise BadRequest("cells")
    known = {one.pk: one for one in Series.entered_by(agency)}
    return [_sent_cell(known, cell) for cell in sent]


def _sent_cell(known: Mapping[int, Series], cell: Any) -> SentCell:
    try:
        if any("\x00" in str(text) for text in cell.values()):
            raise BadRequest("NUL")  # PostgreSQL keeps no such text
        year, month = str(cell["month"]).split("-")
        return SentCell(
            known[int(cell["series"])],
            Month(int(year), int(month)),
            str(cell["text"])[:100],
            str(cell["note"])[:300],
            str(cell["evidence"])[:500],
            int(cell["revision"]),
        )
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        ArithmeticError,
        PeriodError,
    ) as error:
        raise BadRequest("cell") from error


def save_cells(cells: Sequence[SentCell], *, actor: User, reason: str, key: str | None) -> None:
    """Read the texts and save the figures, all or none.

    Raises:
        Refused: a text could not be read, or the door refused the batch.
        Conflict: somebody else changed one of them.
    """
    entries, problems = [], []
    for position, cell in enumerate(cells):
        try:
            value = read_figure(cell.text, cell.series)
        except Misread as error:
            problems.append(Problem(position, "value", str(error), error.fault))
            continue
        entries.append(
            Entry(
                cell.series,
                Period(cell.month, cell.month),
                value,
                note=cell.note,
                evidence=cell.evidence,
                expected_revision=cell.revision,
            )
        )
    if problems:
        raise Refused(problems)
    save_figures(entries, actor=actor, via=Via.GRID, reason=reason, key=key)


def saved_answer(
    cells: Sequence[SentCell], agency: Agency, display: Display
) -> list[dict[str, Any]]:
    """The cells as they are stored by now."""
    stored = _stored(cells)
    months = {cell.month for cell in cells}
    returns = {
        row.period_month: row
        for row in Return.objects.filter(
            agency=agency, month__in=[month.first_day for month in months]
        )
    }
    warned = {
        (one.series.pk, one.month): one.text
        for one in doubts_about({cell.series for cell in cells}, months)
    }
    answer = []
    for cell in cells:
        figure = stored.get((cell.series.pk, cell.month))
        value = figure.value if figure else None
        state = cell_state(figure, returns.get(cell.month))
        answer.append(
            {
                "series": cell.series.pk,
                "month": str(cell.month),
                "value": "" if value is None else plain(value),
                "display": "" if value is None else display.number(value),
                "revision": figure.revision if figure else 0,
                "state": state,
                "note": figure.note if figure else "",
                "evidence": figure.evidence if figure else "",
                "warning": warned.get((cell.series.pk, cell.month), "") if state == "draft" else "",
            }
        )
    return answer


def conflict_answer(
    cells: Sequence[SentCell], conflict: Conflict, display: Display
) -> list[dict[str, Any]]:
    """What others stored in the cells in conflict, and who."""
    disputed = [cells[problem.position] for problem in conflict.problems]
    stored = _stored(disputed)
    latest = {
        (row.series_id, Month.of(row.first_month), row.revision): row
        for row in Revision.objects.filter(
            kind=Revision.Kind.FIGURE,
            series__in={cell.series.pk for cell in disputed},
            first_month__in={cell.month.first_day for cell in disputed},
        ).select_related("batch__actor")
    }
    answer = []
    for cell in disputed:
        figure = stored.get((cell.series.pk, cell.month))
        value = figure.value if figure else None
        change = latest.get((cell.series.pk, cell.month, figure.revision if figure else 0))
        answer.append(
            {
                "series": cell.series.pk,
                "month": str(cell.month),
                "value": "" if value is None else plain(value),
                "display": display.number(value),
                "revision": figure.revision if figure else 0,
                "who": str(change.batch.actor or _("the system")) if change else "",
                "note": figure.note if figure else "",
                "evidence": figure.evidence if figure else "",
            }
        )
    return answer


def problem_answer(cells: Sequence[SentCell], refused: Refused) -> list[dict[str, Any]]:
    """Why cells were refused, cell by cell; what concerns none of them stands by itself."""
    answer = []
    for problem in refused.problems:
        if problem.field in ("reason", "key") or problem.position >= len(cells):
            answer.append(problem.fault().as_data())
            continue
        cell = cells[problem.position]
        place = f"{cell.series.indicator.code} {cell.month}"
        fault = problem.fault(place=place, text=cell.text)
        answer.append({"series": cell.series.pk, "month": str(cell.month)} | fault.as_data())
    return answer


def _stored(cells: Sequence[SentCell]) -> dict[tuple[int, Month], Observation]:
    days = {cell.month.first_day for cell in cells}
    rows = Observation.objects.filter(
        series__in={cell.series.pk for cell in cells},
        first_month__in=days,
        last_month__in=days,
        breakdown=WHOLE,
    )
    return {(row.series_id, row.period.first): row for row in rows if row.period.is_month}
