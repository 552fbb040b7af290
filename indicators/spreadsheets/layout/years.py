"""The years of figures that a title, a sheet's name or a heading names, and those that are none."""

from __future__ import annotations

import re
import unicodedata

from indicators.calculation.periods import FIRST_YEAR, LAST_YEAR, ROC_OFFSET

DAY = re.compile(r"\d{2,4}\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|([./-])\d{1,2}\1\d{1,2}(?!\d))")
# When a table was made, or which rules it goes by, is no year of its figures.
ABOUT_THE_TABLE = re.compile(
    r"(?:更新|製表|編製|編印|列印|印製|公布|發布|修正|修訂|訂定|依據?|按照|產製|下載|擷取|核定|基期|截止收件)"
    r"(?:日期?|時間)?\s*[:：為自於]?\s*(?:中華)?(?:民國)?\s*\d{2,4}\s*年(?:\s*度)?(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?"
    r"|(?:中華)?(?:民國)?\s*\d{2,4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?\s*"
    r"(?:修正|修訂|訂定|公布|發布|編印|編製|編|印製|印|版|更新|製表|施行|為基期|基期)"
)
OTHER_CALENDAR = re.compile(r"(?:平成|昭和|令和|大正|明治)\s*\d{1,3}\s*年?度?")
SCHOOL_YEAR = re.compile(r"\d{2,4}\s*學\s*年")
# So many years of service or of age, within so many years: lengths of time.
LENGTH = re.compile(
    r"(?:滿|近|逾|未滿|超過|達|第|每|過去|最近|前|連續|年資|服務|工作|投保|歷)\s*\d{1,3}\s*年(?!\s*\d{1,2}\s*月)"
    r"|\d{1,3}\s*年(?:以[上下內來]|之?[內間]|期|來|資|滿|制|級|者|齡|前|後|[~～至到-]\s*\d{1,3}\s*年(?:以|者|資))"
)
ROC_YEAR = re.compile(r"(?<!\d)(?:中華)?(?:民國)?\s*(\d{2,3})\s*年")
SHORT_YEARS = re.compile(r"(?<!\d)(\d{2,3})\s*[-~～–至到]\s*(\d{2,3})\s*年")
GREGORIAN_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
# 11 alone is the number of a column, 99年 and 110 are years.
YEAR_ALONE = re.compile(
    r"^(?:(?:民國|中華民國|roc)\s*(\d{2,4})|(\d{2,4})\s*年度?|(\d{3,4}))(?:\s*年度?)?$",
    re.IGNORECASE,
)
MONTH_NAMED = re.compile(r"(?<![\d.~～至到–-])(\d{1,2})\s*月(?!\s*[-~～–至到]|\s*\d)")


def _about_figures(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    for other in (DAY, ABOUT_THE_TABLE, OTHER_CALENDAR, SCHOOL_YEAR, LENGTH):
        plain = other.sub(" ", plain)
    return plain


def years_in(text: str) -> set[int]:
    """The Gregorian years of figures that a text names, whichever calendar."""
    return _years_of(_about_figures(text))


def _years_of(plain: str) -> set[int]:
    found = {int(year) for year in GREGORIAN_YEAR.findall(plain)}
    roc = [
        *ROC_YEAR.findall(plain),
        *(year for pair in SHORT_YEARS.findall(plain) for year in pair),
    ]
    found |= {int(year) + ROC_OFFSET for year in roc if int(year)}
    return {year for year in found if FIRST_YEAR <= year <= LAST_YEAR}


def years_beside(text: str) -> set[int]:
    """The years that a text names as those in which a table was made or a rule was changed."""
    plain = unicodedata.normalize("NFKC", text)
    return {year for match in ABOUT_THE_TABLE.finditer(plain) for year in _years_of(match[0])}


def months_in(text: str) -> set[int]:
    """The single months that a text names, as ``110年3月`` does."""
    return {
        int(month) for month in MONTH_NAMED.findall(_about_figures(text)) if 1 <= int(month) <= 12
    }


def names_school_year(text: str) -> bool:
    """Whether a text speaks of a year that runs from August to July."""
    return bool(SCHOOL_YEAR.search(unicodedata.normalize("NFKC", text)))


def year_alone(text: str) -> set[int]:
    """The year that is all of a text."""
    match = YEAR_ALONE.match(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return set()
    number = int(match[1] or match[2] or match[3])
    year = number + ROC_OFFSET if number < 1000 else number
    return {year} if FIRST_YEAR <= year <= LAST_YEAR else set()
