"""Findings: what the checks of an edition say, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reports.models import Section


class Level(StrEnum):
    """How much a finding matters."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark: where it is, what it is, and how to mend it."""

    code: str
    level: Level
    section: Section | None
    line: int
    excerpt: str
    message: str
    remedy: str

    def as_data(self) -> dict[str, str | int]:
        """The finding as plain values."""
        return {
            "code": self.code,
            "level": self.level.value,
            "section": self.section.key if self.section else "",
            "line": self.line,
            "excerpt": self.excerpt,
            "message": self.message,
            "remedy": self.remedy,
        }


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a release."""
    return [one for one in findings if one.level == Level.BLOCKING]
