"""What the database refuses by itself, told as the door tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from indicators.append_only import words_of
from indicators.entry.checks import Problem, Refused


@contextmanager
def told() -> Iterator[None]:
    """A transaction in which a guard of the database refuses as a check would.

    Raises:
        Refused: in the words of the guard; nothing was saved.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        words = words_of(error)
        if not words:
            raise
        raise Refused([Problem(0, "state", words)]) from error
