"""Layouts: where a sheet keeps its figures, found by looking at it.

*Long*: a row a figure, under headings. *Wide*: months beside each other, as offices keep them,
below a title with the year.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.calculation.numerals import DIGITS
from indicators.calculation.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    ROC_OFFSET,
    Month,
    PeriodError,
    parse_period,
)
from indicators.spreadsheets.files import Cell, Sheet
from indicators.spreadsheets.known import TRAILING_UNIT, heading_field, normal
from indicators.spreadsheets.units import BASES, is_scaled, scale_of

ROWS_LOOKED_AT = 60
FEWEST_MONTHS = 2
ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?$")
BARE_MONTH = re.compile(r"^(?P<digits>\d{1,2})月(?:份)?$")
CHINESE_MONTH = re.compile(r"^(十[一二]?|[一二三四五六七八九元])月(?:份)?$")
# A footnote's mark, or that a month is preliminary or revised.
HEADING_MARK = re.compile(
    r"(?:[*＊#†‡①-⑳⁰¹²³⁴-⁹]|[(（](?:[prPR]|初步|初估|修正|暫定|註?\s*[\d①-⑳]+)[)）])+\s*$"
)
ENGLISH = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
ROC_YEAR = re.compile(r"(?<!\d)(?:民國\s*)?(\d{2,3})\s*(?:學)?年")
DAY = re.compile(r"\d{2,4}\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|([./-])\d{1,2}\1\d{1,2}(?!\d))")
GREGORIAN_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
# 11 alone is the number of a column, 99年 and 110 are years.
YEAR_ALONE = re.compile(
    r"^(?:(?:民國|roc)\s*(\d{2,4})|(\d{2,4})\s*年度?|(\d{3,4}))(?:\s*年度?)?$", re.IGNORECASE
)
UNIT = re.compile(
    r"(?:單\s*位\s*(?:[:：為是]|(?=[(（]))|\bunits?\s*[:：])\s*[(（]?\s*([^\s()（）;；]+)",
    re.IGNORECASE,
)
IN_PARENTHESES = re.compile(r"[(（]([^()（）]{1,6})[)）]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the figures of a sheet stand; rows and columns are counted from 0.

    ``columns``: field → column. ``months``: column → (year or None, month). ``year`` is that of the
    title, ``years`` all that the title names. ``labels``: the columns that name a row. ``unclear``:
    column → the months that its heading may mean.
    """

    shape: str
    header_row: int
    columns: Mapping[str, int]
    months: Mapping[int, tuple[int | None, int]] = field(default_factory=dict)
    year: int | None = None
    years: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    unit: str = ""
    unclear: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def text_of(cell: Cell) -> str:
    """A cell as a person reads it; numbers as spreadsheets show them."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        shown = f"{cell:.15g}"
        return f"{cell:.0f}" if "e+" in shown and cell.is_integer() else shown
    return cell.strip() if isinstance(cell, str) else str(cell)


def month_heading(text: str) -> tuple[int | None, int] | None:
    """Year and month of a heading; the year is None where it names none."""
    text = HEADING_MARK.sub("", text)
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    if match := ISO_DATE.match(text.strip()):
        return int(match[1]), int(match[2])
    if match := BARE_MONTH.match(plain):
        number = int(match["digits"])
        return (None, number) if 1 <= number <= 12 else None
    if match := CHINESE_MONTH.match(plain):
        ten, one = match[1].startswith("十"), match[1].removeprefix("十")
        return None, 1 if one == "元" else 10 * ten + DIGITS.get(one, 0)
    if plain.rstrip(".") in ENGLISH:
        return None, ENGLISH[plain.rstrip(".")]
    if not re.search(r"[年/.\-a-z]", plain) and not re.fullmatch(r"\d{5,6}", plain):
        return None
    try:
        period = parse_period(text)
    except PeriodError:
        return None
    return (period.first.year, period.first.month) if period.is_month else None


def january_or_october(cell: Cell, text: str) -> tuple[str, ...]:
    """Both readings of the number 110.1, which is what a workbook keeps of 110.10 as well."""
    if not isinstance(cell, float) or not re.fullmatch(r"\d{3,4}\.1", text):
        return ()
    return tuple(parse_period(f"{text}{zero}").iso() for zero in ("", "0"))


def years_in(text: str) -> set[int]:
    """The Gregorian years that a text names, whichever calendar; the day of a print names none."""
    plain = DAY.sub("", unicodedata.normalize("NFKC", text))
    found = {int(year) for year in GREGORIAN_YEAR.findall(plain)}
    found |= {int(year) + ROC_OFFSET for year in ROC_YEAR.findall(plain) if int(year)}
    return {year for year in found if FIRST_YEAR <= year <= LAST_YEAR}


def find_layout(
    sheet: Sheet, *, corrections: Mapping[str, str] | None = None, start: int = 0
) -> Layout | None:
    """The layout of a sheet from a row on; None where there is no table of figures.

    ``corrections``: normalised heading → field, as a person corrected it.
    """
    corrections = corrections or {}
    for at, row in enumerate(sheet.rows[start : start + ROWS_LOOKED_AT], start):
        texts = [text_of(cell) for cell in row]
        fields = _fields(texts, corrections)
        months = {
            column: found
            for column, text in enumerate(texts)
            if column not in fields.values() and text and (found := month_heading(text))
        }
        ignored = {
            column for column, text in enumerate(texts) if corrections.get(normal(text)) == "ignore"
        }
        months = {column: found for column, found in months.items() if column not in ignored}
        if _is_long(fields) and len(months) < FEWEST_MONTHS:
            heading = TRAILING_UNIT.search(texts[fields["value"]])
            unit = heading[1] if heading else ""
            return Layout("long", at, fields, unit=unit or _unit(sheet, start, at))
        fewest = 1 if {"indicator", "series"} & set(fields) else FEWEST_MONTHS
        if len(set(months.values())) >= fewest:
            return _wide(sheet, (start, at), fields, months, ignored)
    return None


def _fields(texts: Sequence[str], corrections: Mapping[str, str]) -> dict[str, int]:
    fields: dict[str, int] = {}
    for column, text in enumerate(texts):
        name = corrections.get(normal(text)) or heading_field(text) if text else ""
        if name == "month" and month_heading(text):
            continue
        if name and name != "ignore":
            fields.setdefault(name, column)
    return fields


def _is_long(fields: Mapping[str, int]) -> bool:
    named = "indicator" in fields or "series" in fields
    dated = "period" in fields or "month" in fields
    return named and dated and "value" in fields


def _wide(
    sheet: Sheet,
    rows: tuple[int, int],
    fields: Mapping[str, int],
    months: dict[int, tuple[int | None, int]],
    ignored: set[int],
) -> Layout:
    start, at = rows
    above = [text_of(cell) for cell in sheet.rows[at - 1]] if at > start else []
    months = _with_years_above(above, months)
    titles = [text_of(cell) for row in sheet.rows[start:at] for cell in row if cell != ""]
    years: set[int] = set()
    for text in titles:
        years |= years_in(text)
    if not years and not start:
        years = years_in(sheet.name) or _year_alone(sheet.name)
    first = min(months)
    other = {fields[name] for name in ("unit", "note", "total", "year") if name in fields} | ignored
    return Layout(
        "wide",
        at,
        fields,
        months,
        next(iter(years)) if len(years) == 1 else None,
        tuple(sorted(years)),
        tuple(column for column in range(first) if column not in other),
        _unit(sheet, start, at),
        {
            column: readings
            for column, cell in enumerate(sheet.rows[at])
            if column in months and (readings := january_or_october(cell, text_of(cell)))
        },
    )


def _with_years_above(
    above: Sequence[str], months: dict[int, tuple[int | None, int]]
) -> dict[int, tuple[int | None, int]]:
    """Bare months under years: each year reaches to the next one."""
    marks = {column: year for column, text in enumerate(above) for year in _year_alone(text)}
    if not marks or any(year is not None for year, _month in months.values()):
        return months
    found: dict[int, tuple[int | None, int]] = {}
    for column, (_none, month) in months.items():
        before = [mark for mark in marks if mark <= column]
        found[column] = (marks[max(before)] if before else None, month)
    return found


def _year_alone(text: str) -> set[int]:
    match = YEAR_ALONE.match(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return set()
    number = int(match[1] or match[2] or match[3])
    year = number + ROC_OFFSET if number < 1000 else number
    return {year} if FIRST_YEAR <= year <= LAST_YEAR else set()


def _unit(sheet: Sheet, start: int, at: int) -> str:
    """The unit that a title, a heading or a footnote names; one in multiples before others."""
    above = [cell for row in sheet.rows[start : at + 1] for cell in row if isinstance(cell, str)]
    found = [match[1] for text in above for match in UNIT.finditer(text)]
    if not any(is_scaled(unit) for unit in found):
        # 單位 is an office, too, so a plain one does not end the search.
        titles = (cell for row in sheet.rows[start:at] for cell in row if isinstance(cell, str))
        found += [
            match[1]
            for text in titles
            for match in IN_PARENTHESES.finditer(text)
            if scale_of(match[1])[0] > 1 and scale_of(match[1])[1] in BASES
        ]
    if not found:
        found = [
            match[1]
            for row in sheet.rows[at + 1 :]
            for text in row
            if isinstance(text, str) and "位" in text
            for match in UNIT.finditer(text)
        ]
    return min(found, key=lambda unit: not is_scaled(unit), default="")


def heading_month(layout: Layout, column: int, year: int | None) -> Month | None:
    """The month of a column, in its heading's own year or else in ``year``; None without either."""
    own, month = layout.months[column]
    of_year = own or year
    return None if of_year is None else Month(of_year, month)
