"""What the reports keep: editions and their sections, texts, releases and printed figures."""

from .editions import Edition, Publication, Section
from .releases import Release, ReportFile
from .texts import SectionDraft, SectionPicture, SectionText

__all__ = [
    "Edition",
    "Publication",
    "Release",
    "ReportFile",
    "Section",
    "SectionDraft",
    "SectionPicture",
    "SectionText",
]
