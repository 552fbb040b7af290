"""The core: goals, targets, indicators, their series, milestones and figures."""

from .definitions import Defined, DefinitionRevision
from .figures import EntryBatch, Observation, Revision, YearlyValue
from .hierarchy import Activity, Goal, Indicator, Target
from .imports import EvidenceFile, FileImport, HeadingReading, Reminder
from .proposals import Proposal
from .returns import ReportingCalendar, Return, ReturnEvent
from .series import Milestone, Series
from .transfers import Transfer

__all__ = [
    "Activity",
    "Defined",
    "DefinitionRevision",
    "EntryBatch",
    "EvidenceFile",
    "FileImport",
    "Goal",
    "HeadingReading",
    "Indicator",
    "Milestone",
    "Observation",
    "Proposal",
    "Reminder",
    "ReportingCalendar",
    "Return",
    "ReturnEvent",
    "Revision",
    "Series",
    "Target",
    "Transfer",
    "YearlyValue",
]
