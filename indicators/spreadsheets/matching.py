"""Which series a row speaks of: by its indicator's code, else by its name, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from indicators.spreadsheets.known import TRAILING_UNIT, Known, normal

CODE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2}|[a-z])\.(\d{1,3})(?:-(\d{1,2}))?(?![\d.])", re.I)


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
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        by_key = {one.key: one for one in known}
        for one in known:
            self._by_code[one.indicator].append(one)
            for name in dict.fromkeys(normal(name) for name in one.names):
                self._by_name[name].append(one)
        self._chosen = {
            normal(label): Match(by_key.get(key), "" if key in by_key else "left_out")
            for label, key in (aliases or {}).items()
            if key in by_key or key == LEFT_OUT
        }
        self._found: dict[str, Match] = {}

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
            named = [one for one in self._by_code[carried] if _bare(label) in _names(one)]
            return self._one(named) if named else found
        return found

    def _find(self, label: str) -> Match:
        plain = _one_width(label)
        code = CODE.search(plain)
        if code is None:
            found = self._by_name.get(_bare(label)) or self._by_name.get(normal(label))
            return self._one(found) if found else self._unknown(label)
        candidates = self._by_code.get(f"{code[1]}.{code[2]}.{code[3]}".lower(), [])
        if code[4]:
            candidates = [one for one in candidates if one.position == int(code[4])]
        rest = _bare(plain[: code.start()] + plain[code.end() :])
        if rest and candidates:
            candidates = [one for one in candidates if rest in _names(one)]
        return self._one(candidates) if candidates else self._unknown(label)

    def _one(self, found: Sequence[Known]) -> Match:
        if len(found) == 1:
            return Match(found[0])
        return Match(None, "ambiguous_series", tuple(_named(one) for one in found))

    def _unknown(self, label: str) -> Match:
        code = CODE.search(_one_width(label))
        of_code = self._by_code.get(f"{code[1]}.{code[2]}.{code[3]}".lower(), []) if code else []
        close = get_close_matches(_bare(label), list(self._by_name), 3, 0.5)
        near = [*of_code, *(self._by_name[name][0] for name in close)]
        return Match(None, "unknown_series", tuple(dict.fromkeys(_named(one) for one in near))[:4])


def _one_width(label: str) -> str:
    return unicodedata.normalize("NFKC", label)


def _names(one: Known) -> set[str]:
    """Its names, and pairs of them: the indicator's beside the series'."""
    names = [normal(name) for name in one.names]
    return {*names, *(first + second for first in names for second in names if first != second)}


def _bare(label: str) -> str:
    return normal(TRAILING_UNIT.sub("", label)).removeprefix("指標")


def _named(one: Known) -> str:
    return f"{one.indicator} {one.names[0]}" if one.names else one.indicator
