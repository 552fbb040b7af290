"""A small report that holds one of everything, for the tests of the formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reports.documents.tree import Heading, Listing, Paragraph, Picture, Report, Run, Table
from reports.tables.sheets import COVERED, Cell, Row, Sheet

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40" width="160mm" height="40mm">'
    b'<rect x="40" y="10" width="90" height="8" fill="#0f6f7c"/>'
    b'<text x="2" y="17" font-family="Noto Sans TC" font-size="6">\xe5\x9f\xb9\xe8\xa8\x93</text>'
    b"</svg>"
)


ROWS: list[Row] = [
    [Cell("1 消除貧窮", 2), Cell("1.4.1 場次"), Cell(Decimal("618"))],
    [COVERED, Cell("1.4.2 人次\n計算方式：合計"), Cell("=1+1")],
    *([Cell(f"列{n}"), Cell("讓表格跨頁的一列文字" * 6), Cell(n)] for n in range(40)),
]


def a_report(*, figure: str = "1萬7,168人次", day: date | None = date(2022, 3, 1)) -> Report:
    """A report whose one live figure is as given."""
    return Report(
        title="永續發展目標自願檢視報告",
        subtitle="2021年",
        language="zh-Hant-TW",
        day=day,
        remark="示範文字。<b>&\"'#$[]*_`\\",
        blocks=(
            Heading(1, "推動重點", "priorities"),
            Paragraph((Run("本部"), Run("重點", strong=True), Run("如下：#[eval] *不* _算_ $x$"))),
            Listing(((Run("第一項"),), (Run("第二項"), Run("粗體", strong=True)))),
            Listing(((Run("一"),), (Run("二"),)), numbered=True),
            Heading(1, "核心目標及推動亮點", "goals"),
            Heading(2, "核心目標1 消除貧窮", "goal-1"),
            Heading(3, "指標訂定情形", "goal-1-setting"),
            Paragraph((Run("共"), Run(figure, figure="1.4.2|2017-01/2020-12|value"), Run("。"))),
            Table(
                "表 1　追蹤指標",
                Sheet(
                    name="表1",
                    title="表 1　追蹤指標",
                    headings=["核心目標", "對應指標", "2020年實際值"],
                    widths=[40, 90, 40],
                    rows=ROWS,
                ),
                "table-1",
            ),
            Picture(
                "圖 1　實際值與目標值",
                "長條圖：培訓人數超過目標",
                DRAWING,
                "image/svg+xml",
                160,
                40,
                "figure-1",
            ),
            Heading(4, "小標題", "goal-1-small"),
            Paragraph((Run("末段。"),)),
        ),
    )
