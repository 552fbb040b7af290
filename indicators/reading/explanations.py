"""How a standing is called, and the one sentence in which it explains itself, for the reader."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculation.progress import Reason, Standing
from indicators.calculation.rules import Rule
from indicators.reading.display import DASH, Display
from indicators.reading.standings import SeriesStanding

STANDING_NAMES: dict[Standing, str | Promise] = {
    Standing.MET: gettext_lazy("Met"),
    Standing.MISSED: gettext_lazy("Missed"),
    Standing.ON_TRACK: gettext_lazy("On track"),
    Standing.BEHIND: gettext_lazy("Behind"),
    Standing.FAR_BEHIND: gettext_lazy("Far behind"),
    Standing.MOVING_AWAY: gettext_lazy("Moving away"),
    Standing.NO_DATA: gettext_lazy("No data"),
    Standing.NO_TARGET: gettext_lazy("No target"),
}


def sentence(standing: SeriesStanding, display: Display | None = None) -> str:
    """Why a series stands where it stands, with its numbers as the reader wants them."""
    show = display or Display()
    reason = standing.assessment.reason
    if reason == Reason.CLOSED:
        return _closed(standing, show)
    if reason in (Reason.PACE, Reason.HOLD):
        return _on_the_way(standing, show)
    if reason == Reason.NO_TARGET:
        return _without_target(standing, show)
    return _without_data(standing, show)


def _closed(standing: SeriesStanding, show: Display) -> str:
    found = standing.assessment
    texts = {
        (Standing.MET, "up"): _("%(when)s: %(actual)s, which reaches the target of %(target)s."),
        (Standing.MISSED, "up"): _(
            "%(when)s: %(actual)s, which falls short of the target of %(target)s by %(gap)s."
        ),
        (Standing.MET, "down"): _(
            "%(when)s: %(actual)s, which stays within the target of %(target)s; lower is better."
        ),
        (Standing.MISSED, "down"): _(
            "%(when)s: %(actual)s, which exceeds the target of %(target)s by %(gap)s; "
            "lower is better."
        ),
    }
    text = texts[found.standing, standing.series.direction]
    if standing.series.rule == Rule.GROWTH.value:
        text = text + _(" Judged on the level: %(now)s against %(base)s in the base year.")
    return text % _numbers(standing, show)


def _on_the_way(standing: SeriesStanding, show: Display) -> str:
    found = standing.assessment
    if found.reason == Reason.HOLD:
        text = _("%(actual)s by %(as_of)s; the target is to hold %(target)s.")
    elif found.standing == Standing.MOVING_AWAY:
        text = _("%(actual)s by %(as_of)s: further from the target of %(target)s than the base.")
    else:
        text = _(
            "%(actual)s by %(as_of)s is %(completion)s of the way to %(target)s; "
            "%(expected)s was due by then."
        )
    return text % _numbers(standing, show)


def _without_target(standing: SeriesStanding, show: Display) -> str:
    if standing.assessment.actual is None:
        return _("No target is set for %(period)s, and there are no figures.") % {
            "period": show.period(standing.period)
        }
    return _("No target is set for %(period)s; the figures up to %(as_of)s come to %(actual)s.") % (
        _numbers(standing, show)
    )


def _without_data(standing: SeriesStanding, show: Display) -> str:
    texts = {
        Reason.NO_FIGURES: _("There are no figures for %(period)s yet."),
        Reason.CONFLICT: _("Figures for %(period)s contradict each other; mend them first."),
        Reason.WINDOW_INCOMPLETE: _(
            "%(period)s is over, but only %(months)d of its %(of_months)d months have figures."
        ),
        Reason.BASE_MISSING: _("The base that the path to the target starts from is missing."),
        Reason.PARTS_DIFFER: _("Numerator and denominator do not cover the same months."),
        Reason.ZERO_DENOMINATOR: _("The denominator is zero, so there is no rate."),
    }
    return texts[standing.assessment.reason] % _numbers(standing, show)


def _numbers(standing: SeriesStanding, show: Display) -> dict[str, object]:
    found, series, reading = standing.assessment, standing.series, standing.reading

    is_level = series.rule in (Rule.LAST.value, Rule.GROWTH.value)
    period = show.period(standing.period)
    return {
        "when": show.month(found.as_of) if is_level else period,
        "period": period,
        "as_of": show.month(found.as_of),
        "actual": show.figure(found.actual, series),
        "target": show.exact(found.target, series.unit),
        "gap": DASH if found.margin is None else show.gap(abs(found.margin), series),
        "completion": show.share(found.completion),
        "expected": show.share(found.expected),
        "months": reading.months if reading else 0,
        "of_months": standing.period.months,
        "now": show.number(reading.numerator) if reading else DASH,
        "base": show.number(reading.denominator) if reading else DASH,
    }


def achievement_text(one: SeriesStanding, display: Display) -> str:
    """A percentage where higher is better; where lower is better the margin, in words."""
    found = one.assessment
    if found.achievement is not None:
        return display.percentage(found.achievement)
    if found.margin is None:
        return "—"
    gap = display.gap(abs(found.margin), one.series)
    if found.margin < 0:
        return _("%(gap)s above") % {"gap": gap}
    return _("%(gap)s below") % {"gap": gap}
