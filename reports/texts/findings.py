"""Findings: what the checks of an edition say, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from indicators.calculation.faults import Fault
from reports.models import Section


class Level(StrEnum):
    """How much a finding matters."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Fault):
    """A fault or a remark of an edition: how much it matters, and the section that it stands in.

    ``place`` is the line of the section; ``section`` is None for what concerns no single one.
    ``line`` counts from 1 and is 0 for the section as a whole.
    """

    level: Level
    section: Section | None = None
    line: int = 0

    @classmethod
    def at(
        cls,
        code: str,
        level: Level,
        section: Section | None,
        line: int,
        text: str,
        *,
        message: str,
        remedy: str,
        readings: tuple[str, ...] = (),
    ) -> Finding:
        """A finding at a line of a section, its place in the reader's words."""
        return cls(
            code=code,
            place=_("line %(line)s") % {"line": line} if line else "",
            text=text,
            readings=readings,
            message=message,
            remedy=remedy,
            level=level,
            section=section,
            line=line,
        )

    def as_data(self) -> dict[str, Any]:
        """The finding as plain values: those of the fault, with its level, section and line."""
        return {
            **Fault.as_data(self),
            "level": self.level.value,
            "section": self.section.key if self.section else "",
            "line": self.line,
        }


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a release."""
    return [one for one in findings if one.level == Level.BLOCKING]
