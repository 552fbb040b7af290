"""Which series a row speaks of: by its indicator's code, else by its name, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from indicators.spreadsheets.known import TRAILING_UNIT, Known, normal
from indicators.spreadsheets.layout.headings import FOOTNOTE_DIGITS, seen
from indicators.spreadsheets.layout.words import WHOLE, Vocabulary
from indicators.spreadsheets.units import units_of

CODE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2}|[a-z])\.(\d{1,3})(?:-(\d{1,2}))?(?![\d.])", re.I)
NUMBERING = re.compile(
    r"^\s*(?:[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|\d{1,2}、)\s*"
)
FOOTNOTE_MARK = re.compile(r"(?:[*#†‡§]|[(（]?註\s*\d*[)）]?)+\s*$")
BESIDE_A_NAME = (
    *(
        "指標",
        "項目",
        "數列",
        "期末",
        "期底",
        "月底",
        "年底",
        "實際值",
        "實績值",
        "實績",
        "填報數",
        "填報值",
    ),
    *("本月數", "本月", "當月", "實際數", "actual", "endofperiod"),
)
"""Words beside a name that leave the figure what it is."""
SHORT = re.compile(r"^[a-z\d]+$")

MOST_GUESSES = 50
LEFT_OUT = -1
"""In place of a series' key: rows with this label are left out, as a person chose."""


@dataclass(frozen=True, slots=True)
class Match:
    """The series of a row, or why there is none.

    ``code``: unknown_series, words_left (``rest`` says which), ambiguous_series or left_out.
    """

    known: Known | None
    code: str = ""
    others: tuple[str, ...] = ()
    rest: str = ""


class Matcher:
    """Finds series by the texts that name a row.

    A label is understood whole: what stands beside a code or a name must be another name of the
    series, its unit, or a word that changes nothing. “8.6.2 women” is not the whole of 8.6.2.
    ``aliases``: label → key, as a person chose once.
    """

    def __init__(
        self,
        known: Sequence[Known],
        aliases: Mapping[str, int] | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self._by_code: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._known = known
        self._vocabulary = vocabulary or Vocabulary(known)
        self.units = self._vocabulary.units
        by_key = {one.key: one for one in known}
        for one in known:
            self._by_code[one.indicator].append(one)
            for name in _spelt(one)[0]:
                self._by_name[name].append(one)
        self._chosen = {
            normal(label): Match(by_key.get(key), "" if key in by_key else "left_out")
            for label, key in (aliases or {}).items()
            if key in by_key or key == LEFT_OUT
        }
        self._found: dict[tuple[str, str], Match] = {}
        self._guesses = 0

    def find(self, label: str, carried: str = "", unit: str = "") -> Match:
        """The series that a label names.

        ``carried``: the code of the block that the row stands in, for rows that name the series
        alone. ``unit``: what a column says of it, where the name fits several.
        """
        if (label, unit) not in self._found:
            found = self._chosen.get(normal(label)) or self._find(label, unit)
            self._found[label, unit] = found
        found = self._found[label, unit]
        if found.known is None and found.code != "left_out" and carried and label:
            plain = _plain(label)
            if not CODE.search(plain):
                named = self._among(self._by_code[carried], plain)
                return self._one(named, unit) if named else found
        return found

    def _find(self, label: str, unit: str) -> Match:
        plain = _plain(label)
        codes = list(CODE.finditer(plain))
        if not codes:
            found = self._named(plain)
            return self._one(found, unit) if found else self._unknown(label, plain, self._known)
        code = codes[0]
        of_code = self._by_code.get(f"{code[1]}.{code[2]}.{code[3]}".lower(), [])
        candidates = of_code
        if code[4]:
            candidates = [one for one in of_code if one.position == int(code[4])]
        rest = plain[: code.start()] + " " + plain[code.end() :]
        if candidates and self._bare(rest):
            named = self._among(candidates, rest, by_code=True)
            return self._one(named, unit) if named else self._unknown(label, rest, of_code)
        return self._one(candidates, unit) if candidates else self._unknown(label, rest, of_code)

    def _one(self, found: Sequence[Known], unit: str) -> Match:
        if len(found) > 1 and unit:
            found = [one for one in found if normal(unit) in units_of(one)] or found
        if len(found) == 1:
            return Match(found[0])
        return Match(None, "ambiguous_series", tuple(_called(one) for one in found))

    def _unknown(self, label: str, plain: str, candidates: Sequence[Known]) -> Match:
        """What is left of a label that names a series and more, else the names that are near."""
        text = normal(plain)
        near, rest = self._nearest(text, candidates)
        if near is not None:
            return Match(None, "words_left", (_called(near),), rest)
        spelt = {name: one for one in self._known for name in _spelt(one)[0]}
        self._guesses += 1  # each looks at every name; beyond a few nobody reads them
        few = self._guesses <= MOST_GUESSES
        close = get_close_matches(self._bare(label)[:60], list(spelt), 3, 0.5) if few else []
        of_code = [] if candidates is self._known else candidates
        found = [*of_code, *(spelt[name] for name in close)]
        return Match(
            None, "unknown_series", tuple(dict.fromkeys(_called(one) for one in found))[:4]
        )

    def _nearest(self, text: str, candidates: Sequence[Known]) -> tuple[Known | None, str]:
        """The candidate whose name leaves the fewest words of a label, and those words."""
        if candidates is not self._known and len(candidates) == 1 and text:
            tokens = (*_tokens(candidates[0]), *BESIDE_A_NAME)
            return candidates[0], _without(text, tokens) or text
        if self._guesses > MOST_GUESSES:
            return None, ""
        found = [
            (_without(text, (*_tokens(one), *BESIDE_A_NAME)), one)
            for one in candidates
            if any(len(name) > 1 and name in text for name in _spelt(one)[0])
        ]
        rest, near = min(found, key=lambda pair: len(pair[0]), default=("", None))
        return near, rest

    def _bare(self, text: str) -> str:
        """A label without its numbering and without the unit in parentheses behind it."""
        plain = FOOTNOTE_MARK.sub("", NUMBERING.sub("", text))
        match = TRAILING_UNIT.search(plain)
        if match and self._vocabulary.is_unit(match[1]):
            plain = plain[: match.start()]
        return normal(plain).removeprefix("指標")

    def _named(self, plain: str) -> list[Known]:
        """The series that a label without a code names."""
        for text in (normal(plain).removeprefix("指標"), self._bare(plain)):
            if found := self._by_name.get(text):
                return found
        return self._among(self._known, plain)

    def _among(
        self, candidates: Sequence[Known], text: str, *, by_code: bool = False
    ) -> list[Known]:
        """The candidates that a text names, in full or else without what may be left out."""
        pieces = [piece for piece in text.split() if normal(piece) not in WHOLE]
        if not pieces:
            return list(candidates) if by_code else []
        shorter = " ".join(pieces)
        spellings = dict.fromkeys((normal(shorter).removeprefix("指標"), self._bare(shorter)))
        for level in (0, 1):
            for spelt in spellings:
                found = [one for one in candidates if spelt in _spelt(one)[level]]
                if found:
                    return found
        for level in (0, 1):
            for spelt in spellings:
                found = [
                    one
                    for one in candidates
                    if _made_of(spelt, _spelt(one)[level], _beside(one), needs_name=not by_code)
                ]
                if found:
                    own = [
                        one
                        for one in found
                        if _made_of(spelt, _spelt(one)[level], _beside(one), needs_name=True)
                    ]
                    return own or found
        return []


def _plain(label: str) -> str:
    """A label in one width, without marks of footnotes."""
    return unicodedata.normalize("NFKC", FOOTNOTE_DIGITS.sub("*", seen(label)))


@cache
def _spelt(one: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Its names in full, and without a parenthesis at their end that may be left out."""
    full = frozenset(normal(name) for name in one.names)
    bare = set()
    for name in one.names:
        match = TRAILING_UNIT.search(name)
        if match and _may_be_left_out(normal(match[1]), one):
            bare.add(normal(name[: match.start()]))
    return full, frozenset(full | bare)


def _may_be_left_out(inside: str, one: Known) -> bool:
    return inside in BESIDE_A_NAME or inside in units_of(one) or bool(SHORT.match(inside))


@cache
def _beside(one: Known) -> tuple[str, ...]:
    """What may stand beside its name: the indicator's names, the unit, words without effect."""
    return (*(normal(name) for name in one.context), *units_of(one), *BESIDE_A_NAME)


@cache
def _tokens(one: Known) -> tuple[str, ...]:
    return (*_spelt(one)[1], *(normal(name) for name in one.context), *units_of(one))


def _made_of(text: str, names: Iterable[str], beside: Iterable[str], *, needs_name: bool) -> bool:
    """Whether a text is put together of names and of words beside them, nothing left over."""
    if needs_name and not any(name and name in text for name in names):
        return False
    pieces = [(name, True) for name in names if name] + [(word, False) for word in beside if word]
    reached: set[tuple[int, bool]] = {(0, not needs_name)}
    waiting = list(reached)
    while waiting:
        at, named = waiting.pop()
        for piece, is_name in pieces:
            if text.startswith(piece, at):
                step = at + len(piece), named or is_name
                if step == (len(text), True):
                    return True
                if step not in reached:
                    reached.add(step)
                    waiting.append(step)
    return False


def _without(text: str, tokens: Iterable[str]) -> str:
    for token in sorted(set(tokens) - {""}, key=len, reverse=True):
        text = text.replace(token, "")
    return text


def _called(one: Known) -> str:
    return f"{one.indicator} {one.names[0]}" if one.names else one.indicator
