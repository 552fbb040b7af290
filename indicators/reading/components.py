"""Small pieces of pages that recur by the hundred: each distinct one is rendered once."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@lru_cache(maxsize=256)
def standing_badge(standing: str, name: str) -> SafeString:
    """The badge of a standing: shape, word and colour."""
    return render_to_string("components/standing.html", {"standing": standing, "name": name})


@lru_cache(maxsize=256)
def goal_mark(code: str, colour: str) -> SafeString:
    """The small square of a goal in its colour, with its number."""
    return render_to_string("components/goal.html", {"code": code, "colour": colour})
