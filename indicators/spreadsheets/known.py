"""What a table may report, and the words by which offices head its columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WORDS = """
indicator 指標 指標代碼 指標編號 指標代號 對應指標 代碼 編號 代號 indicator indicatorcode code
series 數列 數列名稱 名稱 項目 指標名稱 統計項目 填報項目 項目名稱 series name item measure
period 期間 年月 資料期 資料期間 資料年月 統計期 統計期間 統計年月 period date yearmonth
year 年 年度 年份 民國年 西元年 year rocyear
month 月 月份 month
value 數值 值 填報數 實際值 實績 數量 數據 value figure amount actual
note 備註 說明 註記 附註 note notes remark remarks comment
unit 單位 計量單位 unit units
total 合計 總計 累計 全年 小計 年計 總和 total sum yeartotal
"""
HEADINGS = {line.split()[0]: frozenset(line.split()[1:]) for line in WORDS.strip().splitlines()}
FIELDS = (*HEADINGS, "ignore")
"""What a column can be; ``ignore`` leaves one out."""

PUNCTUATION = re.compile(r"[\s:：()（）\[\]【】<>〈〉《》「」、,，.。;；/／\\*＊_\-－–—]+")
TRAILING_UNIT = re.compile(r"[(（]([^()（）]*)[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Known:
    """One series that may be reported: its key with the caller, its indicator's code, its names."""

    key: int
    indicator: str
    names: tuple[str, ...]
    position: int
    unit: str
    unit_names: tuple[str, ...] = ()


def normal(text: str) -> str:
    """A text as names are compared: one width, one case, no blanks, no punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("臺", "台")
    return PUNCTUATION.sub("", folded)


def heading_field(text: str) -> str:
    """The field that a heading names; "" for none."""
    plain = normal(TRAILING_UNIT.sub("", text))
    return next((field for field, words in HEADINGS.items() if plain in words), "")
