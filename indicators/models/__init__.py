"""The core: goals, targets, indicators, their series, milestones and figures."""

from .figures import EntryBatch, Observation, Revision, YearlyValue
from .hierarchy import Activity, Goal, Indicator, Target
from .series import Milestone, Series

__all__ = [
    "Activity",
    "EntryBatch",
    "Goal",
    "Indicator",
    "Milestone",
    "Observation",
    "Revision",
    "Series",
    "Target",
    "YearlyValue",
]
