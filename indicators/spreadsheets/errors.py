"""What can be wrong with a whole file."""

from __future__ import annotations


class FileError(ValueError):
    """A file that is not read; ``code`` says why.

    too_large, too_slow, damaged, encrypted, not_a_table, entities, empty, encoding, binary,
    line_too_long, quotes; what it is instead of a table: xlsb, web_page, excel_2003_xml,
    flat_ods, pdf, word, numbers, gnumeric, picture, archive. ``line``: the line of a text, from 1,
    where it is wrong; 0 where no line can be named.
    """

    def __init__(self, code: str, *, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
