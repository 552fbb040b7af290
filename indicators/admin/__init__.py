"""Administration of the reference tables, the figures, their returns and their history."""

from . import definitions, figures, reference, returns

__all__ = ["definitions", "figures", "reference", "returns"]
