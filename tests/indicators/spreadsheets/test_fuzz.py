"""Mangled spreadsheets and texts: a message or figures, never anything else, never a wrong one."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.calculation.numerals import NumberError, parse_number
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.figures import read_table
from indicators.spreadsheets.files import Book, Sheet, read_book, read_text
from indicators.spreadsheets.known import Known
from indicators.spreadsheets.limits import read_limited
from tests.indicators.spreadsheets.a_file import csv, ods, xlsx
from tests.indicators.spreadsheets.a_table import KNOWN, OFFICE

SEEDS = [xlsx(OFFICE), ods(OFFICE), csv(OFFICE), csv(OFFICE, encoding="cp950")]
ONE = [Known(1, "1.4.1", ("場次",), 1, "場次")]
no_deadline = settings(
    deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)

pieces = st.lists(
    st.tuples(st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 8)), max_size=8
)


def mangled(content: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    for at, new, cut in changes:
        place = at % (len(content) + 1)
        content = content[:place] + new + content[place + cut :]
    return content


@given(st.sampled_from(SEEDS[2:]), pieces)
@no_deadline
def test_mangled_texts(seed: bytes, changes: list[tuple[int, bytes, int]]) -> None:
    try:
        book = read_book(mangled(seed, changes))
    except FileError:
        return
    read_table(book, KNOWN)


@given(st.sampled_from(SEEDS[:2]), pieces)
@settings(no_deadline, max_examples=300)
def test_mangled_archives(seed: bytes, changes: list[tuple[int, bytes, int]]) -> None:
    try:
        book = read_book(mangled(seed, changes))
    except FileError:
        return
    read_table(book, KNOWN)


@given(st.sampled_from([0, 1]), st.integers(0, 50), pieces)
@settings(no_deadline, max_examples=500)
def test_mangled_members(which: int, member: int, changes: list[tuple[int, bytes, int]]) -> None:
    """The archive is whole, one of its members is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SEEDS[which])) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        for name in names:
            content = source.read(name)
            if name == names[member % len(names)]:
                content = mangled(content, changes)
            target.writestr(name, content)
    try:
        book = read_book(out.getvalue())
    except FileError:
        return
    read_table(book, KNOWN)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
@pytest.mark.parametrize("sixths", range(1, 6))
def test_files_cut_off_in_the_limited_process(seed: int, sixths: int) -> None:
    content = SEEDS[seed][: len(SEEDS[seed]) * sixths // 6]
    if seed < 2:
        with pytest.raises(FileError):
            read_limited(content)
        return
    try:
        read_table(read_limited(content), KNOWN)
    except FileError:
        return


cells = st.one_of(
    st.text(alphabet="0123456789.,萬億一二三百千年月-－/ 人次%()１２", max_size=12),
    st.text(max_size=8),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.sampled_from(
        ["指標", "期間", "數值", "1月", "2月", "十二月", "110年", "合計", "註：", "1.4.1"]
    ),
)


@given(st.lists(st.lists(cells, max_size=8), max_size=12))
@no_deadline
def test_any_cells_at_all(rows: list[list[str | float | int | bool]]) -> None:
    read_table(Book("xlsx", "", (Sheet("s", rows),)), KNOWN)


@given(st.text(max_size=300))
@no_deadline
def test_any_pasted_text(text: str) -> None:
    try:
        read_table(read_text(text), KNOWN)
    except FileError:
        return


@given(st.text(alphabet="0123456789.,萬億一二三四百千〇零兩 ４－-", min_size=1, max_size=10))
@no_deadline
def test_a_figure_is_the_number_of_its_text_or_there_is_a_message(text: str) -> None:
    table = read_table(
        Book("xlsx", "", (Sheet("s", [["指標", "期間", "數值"], ["1.4.1", "2021-03", text]]),)), ONE
    )
    try:
        expected = parse_number(text)
    except NumberError:
        assert not table.readings
        assert table.findings
        return
    assert [reading.value for reading in table.readings] == ([] if expected is None else [expected])


@given(st.decimals(min_value=0, max_value=10**10, places=4))
@no_deadline
def test_a_number_of_a_workbook_comes_in_as_it_was_typed(value: Decimal) -> None:
    rows: list[list[str | float | int | bool]] = [
        ["指標", "期間", "數值"],
        ["1.4.1", "2021-03", float(value)],
    ]
    (reading,) = read_table(Book("xlsx", "", (Sheet("s", rows),)), ONE).readings
    assert reading.value == value


@given(st.integers(0, 10**11 - 1), st.integers(1, 12), st.integers(100, 115))
@no_deadline
def test_months_land_where_they_stand(value: int, month: int, year: int) -> None:
    headings = [f"{number}月" for number in range(1, 13)]
    row: list[str | float | int | bool] = ["場次", *[""] * 12]
    row[month] = value
    book = Book("xlsx", "", (Sheet("s", [[f"{year}年"], ["項目", *headings], row]),))
    (reading,) = read_table(book, ONE).readings
    assert (reading.value, reading.period.iso()) == (value, f"{year + 1911}-{month:02}")
