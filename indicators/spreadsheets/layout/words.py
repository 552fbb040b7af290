"""What a word beside a name, a month or in a title makes of a figure: nothing, or another one.

Labels, headings and the words above or below months are understood whole, or what is left of them
is named. A title is prose: it is searched for words that make its figures others than the whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from indicators.spreadsheets.known import HEADINGS, TRAILING_UNIT, Known, normal
from indicators.spreadsheets.units import BASES, scale_of

ACTUAL = (
    "實際值 實際數 實際執行數 實際 實績值 實績 填報數 填報值 數值 值 數量 數據 執行數 完成數"
    " 統計數 統計值 本月份 本月數 本月 當月份 當月數 當月 本期數 本期 本季 單月 actual figure"
    " value amount thismonth"
)
RUNNING = (
    "本年累計至本月 累計至本月 本年累計 年度累計 全年累計 年累計 累計數 累計值 累計 累積數"
    " 累積值 累積 cumulative runningtotal yeartodate ytd"
)
NEUTRAL = (
    "中華民國 民國 西元 年度 年份 年 月份 月別 月底 月 期末 期底 年底 底 止 份 統計表 統計"
    " 月報表 月報 季報 年報 報表 一覽表 彙總表 彙整表 表 辦理情形 執行情形 填報情形 情形"
    " 執行成果 成果 各月 每月 逐月 按月 各季 單位 指標 項目 數列 名稱 期間 製表日期 列印日期"
    " 更新日期 填報日期 month months monthly year quarter figures"
)
WHOLE = frozenset({"合計", "總計", "全體", "全部", "不分", "計", "total", "all"})
"""In a cell of its own beside a series: all of it, and no part."""
PERSON_OR_PLACE = re.compile(
    r"^(?:填表|製表|填報|聯絡|承辦|主辦|審核|主管|機關|單位主管|資料來源|來源|電話|傳真|電子)[^:：]{0,8}[:：]"
)
PERIODS = re.compile(
    r"(?:\d{2,4}[年./-]\d{1,2}(?:[月./-]\d{1,2})?[日月]?|(?:\d{2,4}年)|\d{1,2}月?[-~–—至到]\d{1,2}月|\d{1,2}月"
    r"|第?[1-4一二三四]季|[上下]半年|\bq[1-4]\b)(?:份|底|止|末)*",
    re.IGNORECASE,
)
STATED_UNIT = re.compile(r"(?:單\s*位|\bunits?\b)\s*[:：為]\s*\S+", re.IGNORECASE)
PIECES = re.compile(r"[\s()（）\[\]【】〔〕/、,，:：;；|]+")

OTHER_THAN_ACTUAL = (
    "目標 預算 預定 預計 預估 推估 概估 估計 估算 預測 初步 初估 暫定 暫估 分配數 應辦 門檻"
    " 累計 累積 上年 去年 前年 上期 前期 上月 前月 上季 同期 比較 增減 成長 年增 月增 變動率"
    " 占比 比重 結構比 百分比 達成率 執行率 完成率 指數 女 男 縣市別 地區別 區域別 年齡"
    " 教育程度 國籍別 身分別 類別 行業別 職業別 業別 規模別 歲 分署 原鄉 離島 外籍 移工 製造業"
    " 營造業 服務業 農業 礦業 運輸業 批發 零售 target budget planned forecast estimate"
    " preliminary provisional cumulative yeartodate previous lastyear growth women female men"
    " male"
)
PLACES = (
    "台北市 新北市 桃園市 桃園縣 台中市 台中縣 台南市 台南縣 高雄市 高雄縣 基隆市 新竹市"
    " 新竹縣 苗栗縣 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 屏東縣 宜蘭縣 花蓮縣 台東縣 澎湖縣"
    " 金門縣 連江縣"
)
GROUPS = (
    "性別 青年 青少年 中高齡 高齡 老年 婦 原住民 新住民 身心障礙 低收入 弱勢 失業者 在職"
    " 二度就業 更生 遊民 單親"
)
"""Groups of people: the subject of some indicators, a part of others."""
HARMLESS = (
    "永續發展目標 發展目標 核心目標 具體目標 對應目標 各目標 目標編號 子女 各分署 所屬分署"
    " 五分署 月別 男女平等 兩性平等 性別平等"
)
HARMLESS_BEHIND = "政府 市府 縣府"


def _any_of(words: str | Sequence[str]) -> str:
    listed = words.split() if isinstance(words, str) else words
    return "|".join(re.escape(word) for word in sorted(set(listed), key=len, reverse=True))


IS_RUNNING = re.compile(_any_of(RUNNING))
UNDERSTOOD = re.compile(_any_of(f"{RUNNING} {ACTUAL} {NEUTRAL}"))
CHANGING = re.compile(
    rf"{_any_of(OTHER_THAN_ACTUAL)}|(?:{_any_of(PLACES)})(?!{_any_of(HARMLESS_BEHIND)})"
)
GROUP = re.compile(_any_of(GROUPS))
NO_CHANGE = re.compile(_any_of(HARMLESS))


def _field_of(plain: str) -> str:
    return next((field for field, words in HEADINGS.items() if plain in words), "")


class Vocabulary:
    """The words that are understood: those above, and the names and units of the series."""

    def __init__(self, known: Sequence[Known] = ()) -> None:
        self.units = frozenset(
            normal(unit) for one in known for unit in (one.unit, *one.unit_names) if unit
        )
        names = {normal(name) for one in known for name in (*one.names, *one.context)}
        self._names = re.compile(_any_of(list(names - {""}))) if names - {""} else None
        self._subjects = frozenset(match[0] for name in names for match in GROUP.finditer(name))
        self.role = lru_cache(maxsize=4096)(self._role)

    def is_unit(self, text: str) -> bool:
        """Whether a text is a unit of some series, or a multiple of one."""
        plain = text.strip("()（）[]【】 ")
        if not plain:
            return False
        factor, single = scale_of(plain)
        known = normal(plain) in self.units or plain in BASES
        return known or (factor > 1 and (normal(single) in self.units or single in BASES))

    def field(self, text: str) -> tuple[str, str]:
        """What a column is by its heading, "" for none; and what is left of the heading."""
        plain = normal(text)
        if found := _field_of(plain):
            return found, ""
        match = TRAILING_UNIT.search(text)
        if match and (found := _field_of(normal(text[: match.start()]))):
            role, rest = self.role(match[1])
            return found, rest or (match[1] if role == "running" else "")
        without_period = normal(PERIODS.sub(" ", unicodedata.normalize("NFKC", text)))
        return ("total", "") if without_period in HEADINGS["total"] else ("", "")

    def _role(self, text: str) -> tuple[str, str]:
        """What words beside a month make of its figures: ``actual`` or ``running``, and the rest.

        The rest is what was not understood; "" where all was.
        """
        plain = unicodedata.normalize("NFKC", text)
        if PERSON_OR_PLACE.match(plain):
            return "actual", ""
        plain = PERIODS.sub(" ", STATED_UNIT.sub(" ", plain))
        pieces = [piece for piece in PIECES.split(plain) if piece and not self.is_unit(piece)]
        found = normal("".join(pieces))
        role = "running" if IS_RUNNING.search(found) else "actual"
        return role, UNDERSTOOD.sub("", found)

    def changing(self, text: str) -> str:
        """The first word of a title, or of a sheet's name, that makes its figures others."""
        plain = normal(PERIODS.sub(" ", unicodedata.normalize("NFKC", text)))
        if self._names is not None:
            plain = self._names.sub("　", plain)
        plain = NO_CHANGE.sub("　", plain)
        if match := CHANGING.search(plain):
            return match[0]
        groups = (match[0] for match in GROUP.finditer(plain))
        return next((word for word in groups if word not in self._subjects), "")
