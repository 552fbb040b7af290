"""Rules of the source tree that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("config", "accounts", "indicators", "stakeholders", "reports", "tests", "benchmarks")
MOST_LINES = 400
MOST_MODULES = 20
NAMES_OF_NOTHING = {"utils", "helpers", "services", "common", "misc"}
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without a file": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
MODULES = [
    path
    for folder in CODE
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_holds_one_concept_and_is_named_for_it(path: Path) -> None:
    assert path.stem not in NAMES_OF_NOTHING
    assert len(path.read_text().splitlines()) <= MOST_LINES


FOLDERS = sorted({path.parent for path in MODULES if path.parent.name != "tests"})


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_room_can_be_taken_in_at_a_glance(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.stem != "__init__"]
    assert len(modules) <= MOST_MODULES


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_nothing_that_the_security_policy_refuses(path: Path) -> None:
    source = path.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(source)] == []
