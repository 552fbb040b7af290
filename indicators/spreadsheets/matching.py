"""Which series a row speaks of: by its indicator's code, else by its name, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from indicators.spreadsheets.known import TRAILING_UNIT, Known, normal

CODE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2}|[a-z])\.(\d{1,3})(?:-(\d{1,2}))?(?![\d.])", re.I)


@dataclass(frozen=True, slots=True)
class Match:
    """The series of a row, or why there is none: unknown_series, ambiguous_series."""

    known: Known | None
    code: str = ""
    others: tuple[str, ...] = ()


class Matcher:
    """Finds series by the texts that name a row."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._by_code: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self._by_code[one.indicator].append(one)
            for name in dict.fromkeys(normal(name) for name in one.names):
                self._by_name[name].append(one)
        self._spelt = {normal(name): name for one in known for name in one.names}
        self._found: dict[str, Match] = {}

    def find(self, label: str) -> Match:
        """The series that a label names; the same label is looked up once."""
        if label not in self._found:
            self._found[label] = self._find(label)
        return self._found[label]

    def _find(self, label: str) -> Match:
        plain = unicodedata.normalize("NFKC", label)
        code = CODE.search(plain)
        if code is None:
            return self._by_names(label)
        indicator = f"{code[1]}.{code[2]}.{code[3]}".lower()
        candidates = self._by_code.get(indicator, [])
        if not candidates:
            return Match(None, "unknown_series", self._close(label))
        if code[4]:
            numbered = [one for one in candidates if one.position == int(code[4])]
            return self._one(numbered or candidates)
        rest = plain[: code.start()] + plain[code.end() :]
        return self._among(candidates, _bare(rest))

    def _among(self, candidates: Sequence[Known], rest: str) -> Match:
        """Of an indicator's series the one whose name the rest of the label is, or holds."""
        if len(candidates) == 1:
            return Match(candidates[0])
        names = {one.key: {normal(name) for name in one.names} for one in candidates}
        same = [one for one in candidates if rest in names[one.key]]
        if same or not rest:
            return self._one(same or candidates)
        held = [one for one in candidates if any(name in rest for name in names[one.key])]
        return self._one(held or candidates)

    def _by_names(self, label: str) -> Match:
        bare = _bare(label)
        found = self._by_name.get(bare) or self._by_name.get(normal(label)) or []
        if found:
            return self._one(found)
        return Match(None, "unknown_series", self._close(label))

    def _one(self, found: Sequence[Known]) -> Match:
        if len(found) == 1:
            return Match(found[0])
        return Match(None, "ambiguous_series", tuple(_named(one) for one in found))

    def _close(self, label: str) -> tuple[str, ...]:
        close = get_close_matches(_bare(label), list(self._by_name), 3, 0.5)
        return tuple(_named(self._by_name[name][0]) for name in close)


def _bare(label: str) -> str:
    return normal(TRAILING_UNIT.sub("", label)).removeprefix("指標")


def _named(one: Known) -> str:
    return f"{one.indicator} {one.names[0]}" if one.names else one.indicator
