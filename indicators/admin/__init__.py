"""Administration of the reference tables, the figures, their returns and their history."""

from . import figures, reference, returns

__all__ = ["figures", "reference", "returns"]
