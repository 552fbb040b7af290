"""Administration of the reference tables, the figures and their history."""

from . import figures, reference

__all__ = ["figures", "reference"]
