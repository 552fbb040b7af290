"""What is wrong with an edition's text before it goes out: each finding with its place and remedy.

The checks are the functions in CHECKS, one for each kind of fault. A blocking finding stops the
release unless somebody gives a reason; a note says what the data are and asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from indicators.calculation.progress import Standing
from indicators.models import Activity, Series
from indicators.reading.standings import SeriesStanding
from reports.models import Section, SectionText
from reports.tables.reconciling import reconcile
from reports.texts.compilation import Compilation
from reports.texts.findings import Finding, Level
from reports.texts.known_numbers import Known, TypedNumber, judge, known_numbers, typed_numbers
from reports.texts.prose import Live, Part, Typed
from reports.texts.references import Kind, stray_braces

CLAIM = re.compile(
    r"(?:均|皆|都|全數|全部|悉數|一律)(?:已|能|可)?(?:如期)?(?:達成|達標|達到目標|符合目標)"
)
EXCEPTION = re.compile(r"除[^。；]*外[^。；]*$")
YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d|1[01]\d)\s?年")
ROUND = 12


def lint(compilation: Compilation) -> list[Finding]:
    """Every finding of an edition, the blocking ones first, in the order of the sections."""
    found = [finding for check in CHECKS for finding in check(compilation)]
    levels = list(Level)
    return sorted(
        found,
        key=lambda one: (
            levels.index(one.level),
            one.section.position if one.section else 0,
            one.line,
        ),
    )


def _broken(compilation: Compilation) -> Iterator[Finding]:
    reasons = {
        "parts": _("A reference has an indicator, a period and, if need be, a kind, parted by |."),
        "period": _("The period of the reference cannot be read."),
        "base": _("The period that the reference compares with cannot be read, or has no place."),
        "kind": _("The reference asks for a kind that does not exist."),
        "brace": _("The reference is not closed."),
    }
    remedy = _("Pick the figure from the list, or correct the reference.")
    for placed in compilation.placed:
        problem = reasons[placed.error] if placed.error else ""
        if placed.figure is not None:
            problem = placed.figure.problem
        if problem:
            yield Finding.at(
                "reference",
                Level.BLOCKING,
                placed.section,
                placed.line,
                placed.raw,
                message=problem,
                remedy=remedy,
            )
    for section in compilation.sections:
        for at in stray_braces(section.text):
            line = section.text.count("\n", 0, at) + 1
            excerpt = section.text[at : at + ROUND]
            yield Finding.at(
                "reference",
                Level.BLOCKING,
                section,
                line,
                excerpt,
                message=reasons["brace"],
                remedy=remedy,
            )


def _provisional(compilation: Compilation) -> Iterator[Finding]:
    for placed in compilation.placed:
        if placed.figure is not None and placed.figure.provisional and not placed.figure.problem:
            yield Finding.at(
                "provisional",
                Level.WARNING,
                placed.section,
                placed.line,
                placed.figure.text,
                message=_("Figures behind this number wait for approval; it may change."),
                remedy=_("Have the month approved first, or release with the approved figure."),
            )


def _moved(compilation: Compilation) -> Iterator[Finding]:
    for section in compilation.sections:
        if not section.is_approved:
            continue
        now = compilation.figures_of(section)
        for part, live in compilation.references_of(section):
            before = section.approved_figures.get(live.raw)
            if before and now.get(live.raw) and before != now[live.raw]:
                yield Finding.at(
                    "moved",
                    Level.BLOCKING,
                    section,
                    part.line,
                    f"{before} → {now[live.raw]}",
                    message=_("This figure has changed since the text was approved."),
                    remedy=_("Read the words around it and approve the text again."),
                )


def _typed_parts(
    compilation: Compilation,
) -> Iterator[tuple[Section, Part, Typed, Typed | Live | None]]:
    """Typed words, each with what stands before it in the same part."""
    for section in compilation.sections:
        for part in compilation.parts[section.pk]:
            before: Typed | Live | None = None
            for piece in part.inline:
                if isinstance(piece, Typed):
                    yield section, part, piece, before
                before = piece


def scope(section: Section, compilation: Compilation) -> frozenset[str]:
    """The codes of the indicators that a section is about: its own, its goal's, or all."""
    own = {one.code for one in section.indicators.all()}
    if not own and section.goal_id is not None:
        own = {
            one.series.indicator.code
            for one in compilation.standings
            if one.series.indicator.target.goal_id == section.goal_id
        }
    return frozenset(own or {one.series.indicator.code for one in compilation.standings})


def _typed(compilation: Compilation) -> Iterator[Finding]:
    units = units_in_use()
    found = [
        (section, part, typed)
        for section, part, piece, _before in _typed_parts(compilation)
        for typed in typed_numbers(piece.text, units)
    ]
    if found:
        known = known_numbers(compilation.standings, [typed.value for *_place, typed in found])
        for section, part, typed in found:
            yield _judged(section, part, typed, known, compilation)


def units_in_use() -> list[str]:
    """The units that series and activities count in."""
    counted = {*Series.objects.values_list("unit_zh", flat=True)}
    counted |= {*Activity.objects.values_list("unit_zh", flat=True)}
    return sorted(unit for unit in counted if unit)


def _judged(
    section: Section, part: Part, typed: TypedNumber, known: list[Known], compilation: Compilation
) -> Finding:
    verdict = judge(typed, known, scope(section, compilation))
    one = verdict.known
    place = (section, part.line, typed.text)
    if verdict.kind == "matches" and one is not None:
        return Finding.at(
            "typed",
            Level.WARNING,
            *place,
            message=_(
                "This number is typed, though the data hold it; it will not follow a correction."
            ),
            remedy=_("Put the reference in its place: %(reference)s")
            % {"reference": one.reference},
            readings=(one.reference,),
        )
    if verdict.kind == "unit" and one is not None:
        return Finding.at(
            "unit",
            Level.WARNING,
            *place,
            message=_("The data count this in %(unit)s.") % {"unit": one.unit},
            remedy=_("Put the reference in its place: %(reference)s")
            % {"reference": one.reference},
            readings=(one.reference,),
        )
    if verdict.kind == "contradicts" and one is not None:
        return Finding.at(
            "contradiction",
            Level.BLOCKING,
            *place,
            message=_("The data say otherwise: %(value)s%(unit)s.")
            % {"value": f"{one.value.normalize():f}", "unit": one.unit},
            remedy=_("Put the reference in its place: %(reference)s")
            % {"reference": one.reference},
            readings=(one.reference,),
        )
    return Finding.at(
        "unknown",
        Level.WARNING,
        *place,
        message=_("This number is nowhere in the data, so nobody can check it."),
        remedy=_("Enter the figure first and refer to it, or leave the number out."),
    )


def _units(compilation: Compilation) -> Iterator[Finding]:
    """A unit typed behind a live figure: twice, or another one."""
    units = sorted(units_in_use(), key=len, reverse=True)
    for section, part, piece, before in _typed_parts(compilation):
        if not isinstance(before, Live) or before.reference is None:
            continue
        series = compilation.figure(before.reference).series
        typed = next((unit for unit in units if piece.text.startswith(unit)), "")
        kind = before.reference.kind
        if series is None or not typed or kind not in (Kind.VALUE, Kind.NUMBER, Kind.TARGET):
            continue
        if kind != Kind.NUMBER or typed != series.unit_zh:
            yield Finding.at(
                "unit",
                Level.WARNING,
                section,
                part.line,
                f"{before.raw}{typed}",
                message=_("The unit of this figure is %(unit)s.") % {"unit": series.unit_zh},
                remedy=_("Leave the typed unit out; the figure brings its own.")
                if kind != Kind.NUMBER
                else _("Type the unit that the data have."),
            )


def _claims(compilation: Compilation) -> Iterator[Finding]:
    for section in compilation.sections:
        for part in compilation.parts[section.pk]:
            words = "".join(piece.text if isinstance(piece, Typed) else "" for piece in part.inline)
            for match in CLAIM.finditer(words):
                sentence = re.split(r"[。！？\n]", words[: match.start()])[-1]
                if EXCEPTION.search(sentence):
                    continue
                codes = scope(section, compilation)
                short = [one for one in compilation.standings if _falls_short(one, codes)]
                if short:
                    yield Finding.at(
                        "claim",
                        Level.BLOCKING,
                        section,
                        part.line,
                        words[max(0, match.start() - ROUND) : match.end()],
                        message=_("Not everything was met: %(series)s.")
                        % {"series": "、".join(str(one.series) for one in short)},
                        remedy=_("Name the exception, or take the claim out."),
                    )


def _falls_short(one: SeriesStanding, codes: frozenset[str]) -> bool:
    met = one.assessment.standing in (Standing.MET, Standing.NO_TARGET)
    return one.series.indicator.code in codes and not met


def _sections(compilation: Compilation) -> Iterator[Finding]:
    for section in compilation.sections:
        if section.is_required and not section.text.strip():
            yield Finding.at(
                "missing",
                Level.BLOCKING,
                section,
                0,
                section.title,
                message=_("This section has no text."),
                remedy=_("Have it written by those whose section it is."),
            )
        elif section.text.strip() and not section.is_approved:
            yield Finding.at(
                "unapproved",
                Level.BLOCKING,
                section,
                0,
                section.title,
                message=_("The text has not been approved as it stands."),
                remedy=_("Read it and approve it."),
            )
        for picture in section.pictures.all():
            if not picture.alternative.strip():
                yield Finding.at(
                    "picture",
                    Level.BLOCKING,
                    section,
                    0,
                    picture.caption,
                    message=_("The picture has no words for those who cannot see it."),
                    remedy=_("Say in a sentence what it shows."),
                )


def _stale(compilation: Compilation) -> Iterator[Finding]:
    """What came over from the edition before and has not been looked at."""
    previous = compilation.edition.previous
    if previous is None:
        return
    origins = {
        (section, number): origin
        for section, number, origin in SectionText.objects.filter(
            section__edition=compilation.edition
        ).values_list("section_id", "number", "origin")
    }
    for section in compilation.sections:
        if origins.get((section.pk, section.revision)) == SectionText.Origin.CARRIED:
            yield Finding.at(
                "carried",
                Level.WARNING,
                section,
                0,
                section.title,
                message=_("These are still the words of the edition before."),
                remedy=_("Read them, change what is no longer so, and save."),
            )
    for section, part, piece, _before in _typed_parts(compilation):
        for match in YEAR.finditer(piece.text):
            year = int(match["year"])
            year += 0 if year > 1911 else 1911
            if year <= previous.year:
                yield Finding.at(
                    "year",
                    Level.WARNING,
                    section,
                    part.line,
                    piece.text[max(0, match.start() - ROUND) : match.end() + ROUND],
                    message=_("A year of the edition before is typed here."),
                    remedy=_("Change the year, or let a reference write the period."),
                )


def _truths(compilation: Compilation) -> Iterator[Finding]:
    """What the data hold and no text may hide: missed targets, and figures printed otherwise."""
    appendix = next(
        (one for one in compilation.sections if one.kind == Section.Kind.INDICATORS), None
    )
    if appendix is None:
        return
    for one in compilation.standings:
        if one.assessment.standing == Standing.MISSED:
            yield Finding.at(
                "missed",
                Level.NOTE,
                appendix,
                0,
                str(one.series),
                message=_("This target was missed, and the edition says so."),
                remedy=_("Nothing to mend."),
            )
    for row in reconcile(compilation.edition):
        difference = row["difference"]
        if difference in ("equal", "rounded"):
            continue
        yield Finding.at(
            f"printed_{difference}",
            Level.NOTE if difference == "truncated" else Level.WARNING,
            appendix,
            0,
            f"{row['indicator']} {row['series']}",
            message=_("Printed as %(printed)s; the data give %(computed)s.") % row
            if row["computed"]
            else _("Printed as %(printed)s; the data give nothing.") % row,
            remedy=_(
                "The printed figure was cut off instead of rounded; it stays as it was printed."
            )
            if difference == "truncated"
            else _("See the reconciliation, and correct the figure or the print."),
        )


CHECKS: tuple[Callable[[Compilation], Iterator[Finding]], ...] = (
    _broken,
    _provisional,
    _moved,
    _typed,
    _units,
    _claims,
    _sections,
    _stale,
    _truths,
)
