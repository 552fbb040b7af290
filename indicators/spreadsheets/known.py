"""What a table may report, and the words by which offices head its columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WORDS = """
indicator 指標 指標代碼 指標編號 指標代號 對應指標 代碼 編號 代號 indicator indicatorcode code
series 數列 數列名稱 名稱 項目 指標名稱 統計項目 填報項目 項目名稱 項目別 series name item measure
period 期間 年月 年月別 資料期 資料期間 資料年月 統計期 統計期間 統計年月 期別 period date
period yearmonth
year 年 年度 年份 年別 民國年 西元年 year rocyear
month 月 月份 月別 month
value 數值 值 填報數 填報值 實際值 實際數 實績 實績值 數量 數據 本月 本月數 本月份 當月 當月數
value value figure amount actual
note 備註 說明 註記 附註 備考 note notes remark remarks comment
unit 單位 計量單位 unit units
total 合計 總計 全年 小計 年計 總和 全年合計 年度合計 total sum yeartotal
aside 序號 項次 序 次序 項號 no 主辦機關 主辦單位 責任單位 權責單位 權責機關 填報單位 填報機關
aside 承辦單位 業務單位 承辦人 填報人
aside 聯絡人 聯絡電話 電話 資料來源 核心目標 具體目標 更新日期 填報日期 source responsibleagency
aside agency updated
"""
HEADINGS: dict[str, frozenset[str]] = {}
for _line in WORDS.strip().splitlines():
    _field, *_words = _line.split()
    HEADINGS[_field] = HEADINGS.get(_field, frozenset()) | frozenset(_words)
FIELDS = (*HEADINGS, "ignore")
"""What a column can be; ``aside`` says nothing of a figure, ``ignore`` leaves one out."""

PUNCTUATION = re.compile(
    r"[\s\u00ad\u200b-\u200f\u2060\ufeff:：()（）\[\]【】<>〈〉《》「」、,，.。;；/／\\*＊_\-－–—]+"
)
TRAILING_UNIT = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]\s*$")


@dataclass(frozen=True, slots=True)
class Known:
    """One series that may be reported: its key with the caller, its indicator's code, its names.

    ``context``: names of its indicator that may stand beside its own, and do not name it alone.
    ``years``: the first and the last year that it has figures of; None where that is not known.
    """

    key: int
    indicator: str
    names: tuple[str, ...]
    position: int
    unit: str
    unit_names: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    years: tuple[int, int] | None = None


def normal(text: str) -> str:
    """A text as names are compared: one width, one case, no blanks, no punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("臺", "台")
    return PUNCTUATION.sub("", folded)
