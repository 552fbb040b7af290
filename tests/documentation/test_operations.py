"""docs/operations.md: every setting, every command with its options; and docs/dependencies.md."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping

import pytest
from django.core.management import CommandParser, get_commands, load_command_class
from django.core.management.base import BaseCommand

from tests.documentation.documents import DOCUMENTS, ROOT, Table, bare, code, table, tables

OPERATIONS = "docs/operations.md"
OURS = ("accounts", "indicators", "stakeholders", "reports")
READ_BY = {"Settings": "config/settings.py", "The web server": "deploy/gunicorn.conf.py"}
COMMAND = re.compile(r"\bmanage\.py (?P<name>[a-z_]+)(?P<arguments>[^#;&)]*)")
OPTIONAL = re.compile(r"\[([^\]]*)\]")
ANY_VALUE = "2021"
"""A value that is a year, a text and a path at once, for the words in capitals of a synopsis."""
COMMANDS = get_commands()
WITH_COMMANDS = [
    (document, found["name"], found["arguments"].strip())
    for document, text in DOCUMENTS.items()
    for line in code(text.replace("\\|", "|"))
    if (found := COMMAND.search(line))
]


def below(heading: str) -> Table:
    (found,) = [one for one in tables(OPERATIONS) if one.section == heading]
    return found


def variables(path: str) -> Iterator[tuple[str, ast.expr | None]]:
    """What a module reads from the environment, each with the default that it gives."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not re.match(r"(env|os\.environ)\b", ast.unparse(node.func.value)):
            continue
        name, *rest = [*node.args, *(one.value for one in node.keywords if one.arg == "default")]
        if isinstance(name, ast.Constant):
            yield str(name.value), rest[0] if rest else None


@pytest.mark.parametrize("heading", READ_BY)
def test_every_setting_is_in_its_table_and_no_other(heading: str) -> None:
    said = [bare(row["variable"]) for row in below(heading).rows]
    assert sorted(said) == sorted({name for name, _default in variables(READ_BY[heading])})


@pytest.mark.parametrize("heading", READ_BY)
def test_a_plain_default_is_the_one_that_the_table_gives(heading: str) -> None:
    said = {bare(row["variable"]): bare(row["default"]) for row in below(heading).rows}
    given = {}
    for name, default in variables(READ_BY[heading]):
        try:
            value = ast.literal_eval(default) if default is not None else ""
        except ValueError:
            continue
        if value not in ("", []):
            given[name] = as_written(value)
    assert len(given) > 2
    assert {name: said[name] for name in given} == given


def as_written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(value)
    return {"consolemail://": "the console"}.get(str(value), str(value))


def parser(name: str) -> CommandParser:
    app = COMMANDS[name]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    return command.create_parser("manage.py", name)


def concrete(synopsis: str) -> Iterator[list[str]]:
    """A synopsis without and with all that is optional, once for each of the offered words."""
    for text in (OPTIONAL.sub("", synopsis), OPTIONAL.sub(r"\1", synopsis)):
        words = text.replace("{", "").replace("}", "").replace(",", "|").split()
        lines: list[list[str]] = [[]]
        for word in words:
            offered = (
                [ANY_VALUE] if re.fullmatch(r"[A-Z]|[A-Z]{3,}|檔案", word) else word.split("|")
            )
            lines = [[*line, one] for line in lines for one in offered]
        yield from lines


@pytest.mark.parametrize(("document", "name", "arguments"), WITH_COMMANDS)
def test_every_command_line_of_the_documents_is_understood(
    document: str, name: str, arguments: str
) -> None:
    assert name in COMMANDS
    known = parser(name)
    if document != OPERATIONS and not arguments:
        return  # a command that is only named
    for line in concrete(arguments):
        known.parse_args(line)


def test_every_command_is_in_the_table_and_no_other() -> None:
    said = [bare(row["command"]) for row in table(OPERATIONS, "command", "does")]
    names = [found["name"] for one in said if (found := COMMAND.search(one))]
    assert len(names) == len(said)
    assert sorted(names) == sorted(
        name for name, app in COMMANDS.items() if app in OURS or name == "db_worker"
    )


@pytest.mark.parametrize(
    "row", table(OPERATIONS, "command", "does"), ids=lambda row: row["command"]
)
def test_a_synopsis_has_every_option_and_every_choice(row: Mapping[str, str]) -> None:
    found = COMMAND.search(bare(row["command"]))
    assert found
    if COMMANDS[found["name"]] not in OURS:
        return
    words = set(re.split(r"[\s\[\]{}|,]+", found["arguments"]))
    everybodys = {
        option
        for action in BaseCommand().create_parser("manage.py", "any")._actions
        for option in action.option_strings
    }
    for action in parser(found["name"])._actions:
        own = set(action.option_strings) - everybodys
        if own or not action.option_strings:
            assert own & words or not own, action.option_strings
            assert {str(one) for one in action.choices or ()} <= words


def named(requirements: list[str | Mapping[str, str]]) -> set[str]:
    """The packages of a list of requirements, without versions, extras and included groups."""
    return {
        found[0].lower()
        for one in requirements
        if isinstance(one, str) and (found := re.match(r"[\w.-]+", one))
    }


@pytest.mark.parametrize("heading", ["To run", "To develop"])
def test_every_dependency_has_its_reason_and_no_other_has_one(heading: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = named(settings["project"]["dependencies"])
    if heading == "To develop":
        groups = settings["dependency-groups"].values()
        wanted = {name for group in groups for name in named(group)}
    (found,) = [one for one in tables("docs/dependencies.md") if one.section == heading]
    said = [name.strip() for row in found.rows for name in row["package"].split(",")]
    assert sorted(said) == sorted(wanted)
    assert [row for row in found.rows if not all(row.values())] == []
