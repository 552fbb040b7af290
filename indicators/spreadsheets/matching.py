"""Which series a row speaks of: by its indicator's code, else by its name, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from indicators.spreadsheets.known import TRAILING_UNIT, Known, normal

CODE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2}|[a-z])\.(\d{1,3})(?:-(\d{1,2}))?(?![\d.])", re.I)


MOST_GUESSES = 50
LEFT_OUT = -1
"""In place of a series' key: rows with this label are left out, as a person chose."""


@dataclass(frozen=True, slots=True)
class Match:
    """The series of a row, or why there is none: unknown_series, ambiguous_series, left_out."""

    known: Known | None
    code: str = ""
    others: tuple[str, ...] = ()


class Matcher:
    """Finds series by the texts that name a row.

    A code with other words beside it than a name of the series is refused: “8.6.2 women” is not
    the whole of 8.6.2. ``aliases``: label → key, as a person chose once.
    """

    def __init__(self, known: Sequence[Known], aliases: Mapping[str, int] | None = None) -> None:
        self._by_code: dict[str, list[Known]] = defaultdict(list)
        self._known = known
        by_key = {one.key: one for one in known}
        for one in known:
            self._by_code[one.indicator].append(one)
        self.units = frozenset(
            normal(unit) for one in known for unit in (one.unit, *one.unit_names) if unit
        )
        self._chosen = {
            normal(label): Match(by_key.get(key), "" if key in by_key else "left_out")
            for label, key in (aliases or {}).items()
            if key in by_key or key == LEFT_OUT
        }
        self._found: dict[str, Match] = {}
        self._guesses = 0

    def find(self, label: str, carried: str = "") -> Match:
        """The series that a label names.

        ``carried``: the code of the block that the row stands in, for rows that name the series
        alone.
        """
        if label not in self._found:
            self._found[label] = self._chosen.get(normal(label)) or self._find(label)
        found = self._found[label]
        if (
            found.known is None
            and found.code != "left_out"
            and carried
            and not CODE.search(_one_width(label))
        ):
            named = _among(self._by_code[carried], label)
            return self._one(named) if named else found
        return found

    def _find(self, label: str) -> Match:
        plain = _one_width(label)
        code = CODE.search(plain)
        if code is None:
            found = _among(self._known, plain)
            return self._one(found) if found else self._unknown(label)
        candidates = self._by_code.get(f"{code[1]}.{code[2]}.{code[3]}".lower(), [])
        if code[4]:
            candidates = [one for one in candidates if one.position == int(code[4])]
        rest = plain[: code.start()] + plain[code.end() :]
        if _bare(rest):
            candidates = _among(candidates, rest)
        return self._one(candidates) if candidates else self._unknown(label)

    def _one(self, found: Sequence[Known]) -> Match:
        if len(found) == 1:
            return Match(found[0])
        return Match(None, "ambiguous_series", tuple(_named(one) for one in found))

    def _unknown(self, label: str) -> Match:
        code = CODE.search(_one_width(label))
        of_code = self._by_code.get(f"{code[1]}.{code[2]}.{code[3]}".lower(), []) if code else []
        spelt = {name: one for one in self._known for name in _names(one)[0]}
        self._guesses += 1  # each looks at every name; beyond a few nobody reads them
        few = self._guesses <= MOST_GUESSES
        close = get_close_matches(_bare(label)[:60], list(spelt), 3, 0.5) if few else []
        near = [*of_code, *(spelt[name] for name in close)]
        return Match(None, "unknown_series", tuple(dict.fromkeys(_named(one) for one in near))[:4])


def _one_width(label: str) -> str:
    return unicodedata.normalize("NFKC", label)


@cache
def _names(one: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Its names in full, and without what stands in parentheses at their end.

    Pairs of them count too: the indicator's name beside the series'.
    """

    def with_pairs(names: list[str]) -> frozenset[str]:
        pairs = (first + second for first in names for second in names if first != second)
        return frozenset((*names, *pairs))

    return (
        with_pairs([normal(name) for name in one.names]),
        with_pairs([_bare(name) for name in one.names]),
    )


def _among(candidates: Sequence[Known], text: str) -> list[Known]:
    """The series that a text names: in full, else without a parenthesis, which may be a unit."""
    full, bare = normal(text).removeprefix("指標"), _bare(text)
    for spelt, level in ((full, 0), (bare, 0), (bare, 1)):
        if found := [one for one in candidates if spelt in _names(one)[level]]:
            return found
    return []


def _bare(label: str) -> str:
    return normal(TRAILING_UNIT.sub("", label)).removeprefix("指標")


def _named(one: Known) -> str:
    return f"{one.indicator} {one.names[0]}" if one.names else one.indicator
