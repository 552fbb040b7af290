"""What to say of a file or a cell that could not be read: what, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.calculation.faults import Fault
from indicators.calculation.numerals import NumberError
from indicators.entry.misreadings import number_fault

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
    "xlsb": _(
        "This is a binary workbook of Excel (XLSB). Open it in a spreadsheet program and save it as"
        " XLSX."
    ),
    "web_page": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program, look whether"
        " the figures are right, and save it as XLSX."
    ),
    "excel_2003_xml": _(
        "This is an XML table of Excel 2003, whatever its name says. Open it in a spreadsheet"
        " program and save it as XLSX."
    ),
    "flat_ods": _(
        "This is a flat OpenDocument file (FODS). Open it in a spreadsheet program and save it as"
        " XLSX or ODS."
    ),
    "pdf": _(
        "This is a PDF. Ask for the spreadsheet that it was printed from, or type the figures into"
        " the template."
    ),
    "word": _("This is a text document. Copy its table into a spreadsheet and save that as XLSX."),
    "slides": _("These are slides. Copy their table into a spreadsheet and save that as XLSX."),
    "numbers": _("This is a file of Numbers. Export it as an Excel workbook (XLSX)."),
    "gnumeric": _(
        "This file is packed as Gnumeric does it. Open it in a spreadsheet program and save it as"
        " XLSX, unpacked."
    ),
    "picture": _("This is a picture. Type its figures into the template."),
    "archive": _("This is an archive of files. Unpack it and bring the spreadsheet that is in it."),
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

IN_LINE = _("Line %(line)s: %(message)s")

FINDINGS: dict[str, str | Promise] = {
    "no_layout": _(
        "No table of figures was found: neither headings such as 指標, 期間, 數值 nor months"
        " beside each other."
    ),
    "no_year": _("The months have no year, or more than one."),
    "years_differ": _("The file names different years: %(years)s."),
    "year_far": _("%(year)s lies far outside the years of this series (%(first)s to %(last)s)."),
    "school_year": _(
        "“%(title)s” speaks of a school year, whose months lie in two calendar years."
    ),
    "no_period": _("Neither a column nor the title says which month these figures are of."),
    "title_words": _("The title says “%(words)s”: are these the figures themselves?"),
    "sheet_words": _("The sheet “%(sheet)s” says “%(words)s”: are its figures those to report?"),
    "heading_words": _(
        "“%(words)s” in the heading “%(heading)s” is not understood; its columns are not read."
    ),
    "running_only": _("“%(heading)s”: these are running totals, without the months' own figures."),
    "column_twice": _("Two columns could be meant: “%(first)s” and “%(heading)s”."),
    "column_unknown": _(
        "What is in the column “%(heading)s” is not understood; it may make the figures others."
    ),
    "row_length": _(
        "Line %(line)s has another number of parts than its headings: a figure with a comma"
        " may have been split."
    ),
    "sides_order": _(
        "The tables beside each other in “%(sheet)s” name their rows in another order (row"
        " %(line)s); one of them was sorted alone."
    ),
    "figures_above": _("This row has figures and stands above the headings that were found."),
    "words_left": _(
        "“%(words)s” in “%(label)s” is not understood beside %(candidates)s: is it a part of"
        " it, a target, a total?"
    ),
    "no_label": _("The row has figures, and no name says of what."),
    "scaled_unit": _("The unit is “%(unit)s”: each figure of the row is taken %(factor)s times."),
    "unit_unclear": _("The units are “%(unit)s”: which of them counts here?"),
    "months_order": _("The months do not run from January to December."),
    "merged_months": _("The cell is merged over several figures."),
    "beyond_headings": _(
        "“%(text)s” stands in a column without a heading: is a figure with a comma split in two?"
    ),
    "column_left_out": _("The column “%(heading)s” is not read."),
    "sheet_left_out": _(
        "No table of figures was found on the sheet “%(sheet)s”; its numbers are not read."
    ),
    "too_many_errors": _("More than %(most)s cells are wrong; from here on nothing was read."),
    "note_too_long": _("The note is longer than %(most)s characters."),
    "unknown_series": _("“%(label)s” is none of the series to report."),
    "nothing_near": _("“%(label)s” is none of the series to report, nor like one."),
    "ambiguous_series": _("“%(label)s” can be several series: %(candidates)s."),
    "twice": _("This series and period stand in the file twice (the other: %(first)s)."),
    "unit_differs": _("Written with “%(written)s”, the series is in “%(unit)s”. Is it the same?"),
    "unit_wrong": _("Written with “%(written)s”, the series is in “%(unit)s”."),
    "period_unreadable": _("“%(text)s” is not a period."),
    "period_ambiguous": _("“%(text)s” can be read as %(readings)s."),
    "period_month": _("“%(text)s”: there is no such month."),
    "period_year": _("“%(text)s”: there is no such year."),
    "period_day": _("“%(text)s”: there is no such day."),
    "period_reversed": _("“%(text)s” ends before it begins."),
    "period_missing": _("This row has no period."),
    "date_as_value": _("“%(text)s” is a date where a figure should stand."),
    "not_a_figure": _("“%(text)s” is no figure."),
    "error_value": _("The cell holds the error %(text)s."),
    "formula_without_value": _("The cell holds a formula without its result."),
    "scaled_format": _(
        "The cell holds %(text)s and shows it in another magnitude, without a word that says so."
    ),
    "hidden_by_format": _(
        "The cell holds %(text)s, but its number format shows nothing, or a mark, in its place."
    ),
    "hidden_row": _("Row %(which)s has figures and is hidden or filtered away."),
    "hidden_column": _("Column %(which)s has figures and is hidden."),
    "hidden_names": _("Column %(which)s names the rows and is hidden."),
    "hidden_sheet": _("The sheet “%(sheet)s” is hidden; its numbers are not read."),
    "percent_as_fraction": _(
        "%(text)s for a series in %%: is it a share of one? It is taken as it stands."
    ),
    "total_differs": _("The total says %(total)s, the months come to %(sum)s."),
}
REMEDIES: dict[str, str | Promise] = {
    "no_layout": _("Use the template, or correct the headings below."),
    "no_year": _("Write it in the title (110年), or choose it below."),
    "years_differ": _(
        "Write one year in title, sheet name and headings, or the year with each month."
    ),
    "year_far": _(
        "Look at the year of the title or of the row; years of the Republic and others may"
        " be mixed."
    ),
    "school_year": _("Write the calendar year with each month, as 110年2月."),
    "no_period": _("Write the month in the title (110年3月), or add a column 期間."),
    "title_words": _(
        "Bring the table of the figures alone, or say below that the words change nothing."
    ),
    "sheet_words": _("Leave the sheet out below, or say that its figures are meant."),
    "heading_words": _("Say below that the figures are meant, or leave the column out."),
    "running_only": _(
        "Give each month its own figure; where the series is a running total, say below that"
        " they are meant."
    ),
    "column_twice": _("Leave one of them out below."),
    "column_unknown": _("Say below what the column is, or leave it out."),
    "row_length": _(
        "Write figures without commas, or in quotation marks, or save the file as XLSX."
    ),
    "sides_order": _(
        "Give both the same order, or put one below the other, then upload the file again."
    ),
    "figures_above": _(
        "Put headings above it, or move it to a sheet of its own and leave that out."
    ),
    "words_left": _("Write the series' name alone, or choose below what the row is."),
    "no_label": _("Write the indicator and the series in the row."),
    "scaled_unit": _("Where it was rounded to that unit, give the whole number."),
    "unit_unclear": _("Write the unit in every row."),
    "months_order": _("Write the year with each, as 110年11月."),
    "merged_months": _("Give each month its figure, or one of the period by itself."),
    "beyond_headings": _("Give the column a heading, or delete the cell."),
    "column_left_out": _("Give notes in a table with a row for each figure."),
    "sheet_left_out": _("Leave the sheet out below, or give it headings as the template has them."),
    "note_too_long": _("Shorten it."),
    "unknown_series": _("Nearest: %(candidates)s."),
    "nothing_near": _("The template lists them."),
    "ambiguous_series": _("Name the one that is meant."),
    "twice": _("Keep one of them."),
    "unit_wrong": _("Give it in that unit."),
    "period_unreadable": _("Write for example 2021-03 or 110年3月."),
    "period_ambiguous": _("Write the one that is meant."),
    "date_as_value": _("Format the cell as a number."),
    "error_value": _("Mend the formula, or type the figure."),
    "scaled_format": _("Give the cell a plain number format, or type the figure that is meant."),
    "hidden_by_format": _("Show the figure, or empty the cell."),
    "hidden_row": _("Show it if it counts, or delete it."),
    "hidden_column": _("Show it if it counts, or delete it."),
    "hidden_names": _("Show it, so that what is read can be seen."),
    "formula_without_value": _(
        "Open the file in a spreadsheet program, save it, and bring it again."
    ),
}
"""What to do about a finding, where its own words do not say it."""


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


def file_message(code: str, line: int = 0) -> str:
    """Why a file could not be read, and in which line of a text."""
    message = str(FILE.get(code, FILE["damaged"]))
    return _fill(IN_LINE, {"line": line, "message": message}) if line else message


NEAREST = ("unknown_series", "ambiguous_series", "words_left")
NUMBER = "number_"
"""Begins the codes of what is wrong with a number, whose words are those of every door."""


def finding_fault(code: str, params: Mapping[str, Any], text: str, place: str = "") -> Fault:
    """What is wrong with a cell, or doubtful about it, and what to do, in the reader's language.

    ``place``: the cell, as its reader would point to it.
    """
    readings = tuple(filter(None, str(params.get("readings") or "").split(" / ")))
    if code.startswith(NUMBER):
        error = NumberError(text, code.removeprefix(NUMBER), readings)
        return replace(number_fault(error), place=place)
    if code in NEAREST:
        readings = tuple(filter(None, str(params.get("candidates") or "").split("、")))
    said = "nothing_near" if code == "unknown_series" and not readings else code
    given = {"text": text[:60]} | dict(params)
    return Fault(
        code=code,
        place=place,
        text=text,
        readings=readings,
        message=_fill(FINDINGS[said], given) if said in FINDINGS else f"{code}: {text}",
        remedy=_fill(REMEDIES.get(said, ""), given),
    )


def finding_message(code: str, params: Mapping[str, Any], text: str) -> str:
    """What is wrong with a cell and what to do, as one text."""
    fault = finding_fault(code, params, text)
    return " ".join(filter(None, (fault.message, fault.remedy)))


class _Gaps(dict[str, Any]):
    """A parameter that is not there leaves a dash, never an error page."""

    def __missing__(self, key: str) -> str:
        return "—"


def _fill(message: str | Promise, params: Mapping[str, Any]) -> str:
    return str(message) % _Gaps(params)
