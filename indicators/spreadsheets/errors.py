"""What can be wrong with a whole file."""

from __future__ import annotations


class FileError(ValueError):
    """A file that is not read; ``code`` says why.

    too_large, too_slow, damaged, encrypted, not_a_table, entities, empty, encoding, binary,
    line_too_long, quotes
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
