"""What the documents name is there: files, modules, classes, make targets, rooms, states."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

import pytest

from indicators.models import FileImport, Return
from indicators.returns import acts
from tests.documentation.documents import DOCUMENTS, FENCE, ROOT, bare, code, table

ARCHITECTURE = "docs/architecture.md"
APPS = ("config", "accounts", "indicators", "stakeholders", "reports", "tests", "benchmarks")
FILE = re.compile(r"^[\w./*{},-]+(?:/|\.(?:py|js|md|toml|html|lock|conf|typ|po|png|sha256))$")
LINK = re.compile(r"\]\((?!https?:|#)(?P<path>[^)#]+)")
MODULE = re.compile(rf"(?<![\w./])(?:{'|'.join(APPS)})(?:\.\w+)+")
NAME = re.compile(r"^[A-Za-z_]\w{2,}$")
MADE_BY_USE = {"var/", "locale/"}
MAKE = re.compile(r"(?<![\w-])make ([a-z][a-z-]*)")
ARROW = re.compile(
    r"^\s*(?P<before>\w+|\[\*\]) --> (?P<after>\w+)(?: : (?P<act>.*))?$", re.MULTILINE
)
WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
}


@cache
def files() -> tuple[PurePosixPath, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(PurePosixPath(name) for name in listed.stdout.splitlines())


def alternatives(name: str) -> list[str]:
    """``documents/{odt,docx}`` names two."""
    if not (braces := re.search(r"\{([^}]*)\}", name)):
        return [name]
    before, after = name[: braces.start()], name[braces.end() :]
    return [f"{before}{one}{after}" for one in braces[1].split(",")]


def is_there(name: str) -> bool:
    """Whether a file, or a folder with a stroke behind it, is there under this end of its path."""
    if name in MADE_BY_USE:
        return True
    if name.endswith("/"):
        inside = f"/{name}"
        return any(inside in f"/{path}" for path in files())
    return any(path.match(name) for path in files())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    text = DOCUMENTS[document]
    named = [part for one in code(text) for part in one.split() if FILE.match(part)]
    named = [one for name in named for one in alternatives(name) if not one.startswith("/")]
    if document == ARCHITECTURE:
        assert len(named) > 60
    assert [name for name in named if not is_there(name)] == []
    beside = (ROOT / document).parent
    linked = [found["path"] for found in LINK.finditer(text)]
    assert [path for path in linked if not (beside / path).exists()] == []


def resolves(dotted: str) -> bool:
    """Whether a module is there, or something that a module or a class of one holds."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_a_document_names_is_there(document: str) -> None:
    named = {found for one in code(DOCUMENTS[document]) for found in MODULE.findall(one)}
    named = {name for name in named if not name.endswith((".py", ".md"))}
    assert sorted(name for name in named if not resolves(name)) == []


def test_every_name_of_the_architecture_occurs_in_the_code() -> None:
    words = set()
    for path in files():
        if path.suffix in (".py", ".js") and path.parts[0] in (*APPS, "static"):
            words |= set(re.findall(r"\w+", (ROOT / path).read_text()))
    text = FENCE.sub("", DOCUMENTS[ARCHITECTURE])
    named = {
        part for one in code(text) for part in one.split(".") if NAME.match(one.replace(".", ""))
    }
    assert len(named) > 30
    assert sorted(named - words) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_a_document_names_is_there(document: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {found for one in code(DOCUMENTS[document]) for found in MAKE.findall(one)}
    assert sorted(named - targets) == []


def layers(contract: str) -> list[set[str]]:
    """The rooms of a contract, from what is imported by all to what imports all."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (found,) = [
        one for one in settings["tool"]["importlinter"]["contracts"] if one["id"] == contract
    ]
    return [
        {room.strip().rpartition(".")[2] for room in re.split("[:|]", layer)}
        for layer in reversed(found["layers"])
    ]


@pytest.mark.parametrize("app", ["indicators", "reports"])
def test_the_rooms_and_their_direction_are_those_that_lint_holds(app: str) -> None:
    (line,) = re.findall(rf"^{app} +(\S.* → .*)$", DOCUMENTS[ARCHITECTURE], re.MULTILINE)
    drawn = [set(layer.split(", ")) for layer in line.split(" → ")]
    assert drawn == layers(f"{app}-rooms")
    part = DOCUMENTS[ARCHITECTURE].split(f"## The rooms of `{app}/`")[1].split("\n## ")[0]
    headings = "".join(re.findall(r"^### .*$", part, re.MULTILINE))
    rooms = {room for layer in drawn for room in layer if (ROOT / app / room).is_dir()}
    assert {bare(room).rstrip("/") for room in re.findall(r"`\w+/`", headings)} == rooms


def writers(models: set[str]) -> set[tuple[str, str]]:
    """(model, module) wherever a module calls a writing method on a model's manager."""
    found = set()
    for path in files():
        if path.suffix != ".py" or path.parts[0] not in ("indicators", "reports"):
            continue
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            chain = ast.unparse(node.func).split(".objects", 1)
            if node.func.attr in WRITES and len(chain) == 2 and chain[0] in models:
                found.add((chain[0], str(path)))
    return found


def test_rows_are_written_where_the_architecture_says() -> None:
    rows = table(ARCHITECTURE, "rows", "written by", "on the way")
    said = {
        (model, name)
        for row in rows
        for model in re.findall(r"`(\w+)`", row["rows"])
        for name in re.findall(r"`([\w/.]+)`", row["written by"])
    }
    models = {model for model, _name in said}
    assert {"Observation", "YearlyValue", "Return", "FileImport", "Release"} <= models
    unsaid = [
        (model, path)
        for model, path in sorted(writers(models))
        if not any(model == one and path.endswith(f"/{name}") for one, name in said)
    ]
    assert unsaid == []


def diagram(heading: str) -> list[tuple[str, str, str]]:
    """The arrows of the state diagram below a heading, as (before, after, label)."""
    block = FENCE.search(DOCUMENTS[ARCHITECTURE].split(f"\n### {heading}\n")[1])
    assert block
    return [
        (found["before"], found["after"], found["act"] or "")
        for found in ARROW.finditer(block["code"])
    ]


def test_the_states_of_a_return_and_what_leads_from_one_to_the_next() -> None:
    drawn = {arrow for arrow in diagram("Return") if arrow[0] != "[*]"}
    moves = (acts.SUBMIT, acts.SEND_BACK, acts.APPROVE, acts.REOPEN)
    assert drawn == {
        (before.value, move.after.value, move.act.value) for move in moves for before in move.before
    }
    assert {state for arrow in drawn for state in arrow[:2]} == set(Return.State.values)


def test_the_states_of_a_file() -> None:
    drawn = {state for arrow in diagram("FileImport") for state in arrow[:2]} - {"[*]"}
    assert drawn == set(FileImport.State.values)
