"""What to say of a file or a cell that could not be read: what, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.calculation.numerals import NumberError
from indicators.entry.misreadings import Misread, number_fault

FILE: dict[str, str | Promise] = {
    "too_large": _(
        "The file is too large, or far larger inside than it looks; it was not opened. Delete what"
        " lies beyond the table, or split it."
    ),
    "too_slow": _(
        "The file takes too long to read; it was given up. Save it anew and keep only the table."
    ),
    "damaged": _("The file is damaged. Open it in a spreadsheet program and save it anew."),
    "encrypted": _("The file has a password. Save it without one."),
    "not_a_table": _("This is no spreadsheet. XLSX, XLS, ODS, CSV and TSV can be read."),
    "entities": _("The file defines entities, as no spreadsheet does; it was not opened."),
    "empty": _("There is nothing in the file: no visible sheet has a row with text."),
    "encoding": _(
        "The characters cannot be read as UTF-8, UTF-16 or Big5. Choose the encoding, or save the"
        " file as XLSX or ODS."
    ),
    "binary": _("The text has NUL characters in it, as no table does; it was not read."),
    "quotes": _(
        "A quotation mark in the text is opened and not closed. Save the file anew, or as XLSX."
    ),
    "line_too_long": _("A line of the text is longer than any table's; it was not read."),
}

FINDINGS: dict[str, str | Promise] = {
    "no_layout": _(
        "No table of figures was found: neither headings such as 指標, 期間, 數值 nor months beside"
        " each other. Use the template, or correct the headings below."
    ),
    "no_year": _("The months have no year. Write it in the title (110年), or choose it below."),
    "scaled_unit": _(
        "The unit is “%(unit)s”: each figure of the row is taken %(factor)s times. Where it was"
        " rounded to that unit, give the whole number."
    ),
    "unit_unclear": _(
        "The units are “%(unit)s”: which of them counts here? Write the unit in every row."
    ),
    "months_order": _(
        "The months do not run from January to December. Write the year with each, as 110年11月."
    ),
    "split_months": _(
        "The months have several columns each, as targets beside actuals. Keep the figures alone."
    ),
    "merged_months": _(
        "The cell is merged over several months. Give each month its figure, or one of the period"
        " by itself."
    ),
    "beyond_headings": _(
        "“%(text)s” stands in a column without a heading: is a figure with a comma split in two?"
    ),
    "column_left_out": _("The column “%(heading)s” is not read. Is it not needed?"),
    "sheet_left_out": _("No table of months was found on this sheet; its numbers are not read."),
    "too_many_errors": _("More than %(most)s cells are wrong; from here on nothing was read."),
    "note_too_long": _("The note is longer than %(most)s characters; shorten it."),
    "unknown_series": _("“%(label)s” is none of the series to report. Nearest: %(candidates)s."),
    "nothing_near": _(
        "“%(label)s” is none of the series to report, nor like one. The template lists them."
    ),
    "ambiguous_series": _(
        "“%(label)s” can be several series: %(candidates)s. Name the one that is meant."
    ),
    "twice": _(
        "This series and period stand in the file twice; keep one of them (the other: %(first)s)."
    ),
    "unit_differs": _("Written with “%(written)s”, the series is in “%(unit)s”. Is it the same?"),
    "unit_wrong": _(
        "Written with “%(written)s”, the series is in “%(unit)s”. Give it in that unit."
    ),
    "period_unreadable": _("“%(text)s” is not a period. Write for example 2021-03 or 110年3月."),
    "period_ambiguous": _("“%(text)s” can be read as %(readings)s. Write the one that is meant."),
    "period_month": _("“%(text)s”: there is no such month."),
    "period_year": _("“%(text)s”: there is no such year."),
    "period_day": _("“%(text)s”: there is no such day."),
    "period_reversed": _("“%(text)s” ends before it begins."),
    "period_missing": _("This row has no period."),
    "date_as_value": _(
        "“%(text)s” is a date where a figure should stand. Format the cell as a number."
    ),
    "not_a_figure": _("“%(text)s” is no figure."),
    "error_value": _("The cell holds the error %(text)s. Mend the formula, or type the figure."),
    "formula_without_value": _(
        "The cell holds a formula without its result. Open the file in a spreadsheet program, save"
        " it, and bring it again."
    ),
    "percent_as_fraction": _(
        "%(text)s for a series in %%: is it a share of one? It is taken as it stands."
    ),
    "total_differs": _("The total says %(total)s, the months come to %(sum)s."),
}


FIELD_NAMES: dict[str, str | Promise] = {
    "indicator": _("Indicator"),
    "series": _("Series"),
    "period": _("Period"),
    "year": _("Year"),
    "month": _("Month"),
    "value": _("Value"),
    "note": _("Note"),
    "unit": _("Unit"),
    "total": _("Total"),
    "ignore": _("leave out"),
}


IGNORED: dict[str, str | Promise] = {
    "blank": _("blank rows"),
    "footnote": _("footnotes"),
    "subtotal": _("sub-totals"),
    "heading": _("repeated headings"),
    "without a figure": _("rows without a figure"),
    "by choice": _("rows left out by choice"),
}


def file_message(code: str) -> str:
    """Why a file could not be read."""
    return str(FILE.get(code, FILE["damaged"]))


NUMBER = "number_"
"""Begins the codes of what is wrong with a number, whose words are those of every door."""


def finding_message(code: str, params: Mapping[str, Any], text: str) -> str:
    """What is wrong with a cell, or doubtful about it."""
    if code == "unknown_series" and not params.get("candidates"):
        code = "nothing_near"
    if code.startswith(NUMBER):
        readings = tuple(str(params.get("readings") or "").split(" / "))
        error = NumberError(text, code.removeprefix(NUMBER), tuple(filter(None, readings)))
        return str(Misread(number_fault(error)))
    known = FINDINGS.get(code)
    if known is None:
        return f"{code}: {text}"
    return _fill(known, {"text": text[:60]} | dict(params))


class _Gaps(dict[str, Any]):
    """A parameter that is not there leaves a dash, never an error page."""

    def __missing__(self, key: str) -> str:
        return "—"


def _fill(message: str | Promise, params: Mapping[str, Any]) -> str:
    return str(message) % _Gaps(params)
