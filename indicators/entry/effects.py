"""What a change of a definition or a target would alter of what the system says.

What is said is asked of witnesses: the standings of every target year, the live figures of the
editions. They are heard before and after the change, in its own transaction, and whoever makes the
change sees the difference before it counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from indicators.entry.checks import Problem, Refused


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said: its key, where a reader meets it, and how it reads."""

    key: Hashable
    place: str
    text: str


type Witness = Callable[[], Iterable[Said]]
_witnesses: list[Witness] = []


def witness(one: Witness) -> None:
    """Let another room or app be heard; called while the apps are made ready."""
    _witnesses.append(one)


class Unconfirmed(Refused):
    """Nothing was saved yet: the change alters what is said, and nobody has agreed to that.

    ``lines``: what it would alter, for a person to read; ``digest``: what to hand back as ``seen``.
    """

    def __init__(self, lines: Sequence[str], problems: Sequence[Problem] = ()) -> None:
        super().__init__([*problems, *(Problem(0, "seen", line) for line in lines)])
        self.lines = tuple(lines)
        self.digest = digest(lines)


class Watch:
    """Hears the witnesses as it is made, and again when it is asked what has changed since.

    The change belongs into a transaction around both.
    """

    def __init__(self) -> None:
        self._before = _heard()

    def lines(self) -> list[str]:
        """What reads otherwise by now, a line each."""
        return [f"{place}: {old} → {new}" for place, old, new in self.moved()]

    def moved(self) -> list[tuple[str, str, str]]:
        """What reads otherwise by now: where, what it was and what it is."""
        after, found = _heard(), []
        for key in dict.fromkeys([*self._before, *after]):
            was, now = self._before.get(key), after.get(key)
            old, new = was.text if was else "—", now.text if now else "—"
            if old != new:
                place = (now or was).place  # type: ignore[union-attr]
                found.append((place, old, new))
        return found


def _heard() -> dict[Hashable, Said]:
    return {said.key: said for one in _witnesses for said in one()}


def digest(lines: Sequence[str]) -> str:
    """What stands for some lines in a form that was shown; empty for none."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""
