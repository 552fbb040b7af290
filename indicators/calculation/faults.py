"""The one shape of what is wrong with a text, a cell or an entry, from the parser to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    ``code`` names the kind for programs; ``place`` says where it stands, as its reader would
    point to it (``Sheet1!C4``, ``1.4.2 2021-03``, ``line 7``); ``text`` is what was read there;
    ``readings`` are the ways in which it could be meant, for a person to choose from. ``message``
    says what is wrong and ``remedy`` how to put it right, both in the language of the reader; they
    are empty where the language is not known yet.
    """

    code: str
    place: str = ""
    text: str = ""
    readings: tuple[str, ...] = ()
    message: str = ""
    remedy: str = ""

    def as_data(self) -> dict[str, Any]:
        """The fault as plain values, for answers in JSON."""
        return {
            "code": self.code,
            "place": self.place,
            "text": self.text,
            "readings": list(self.readings),
            "message": self.message,
            "remedy": self.remedy,
        }
