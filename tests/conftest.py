"""Which database the suite runs on, said in its first lines, and what must run there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.test import SimpleTestCase
from django.utils import translation
from hypothesis import settings as properties
from pytest_django import Settings

ONLY_POSTGRESQL = "postgresql"
# How long an example takes says how busy the machine is, not whether the property holds.
properties.register_profile("suite", deadline=None)
properties.load_profile("suite")


def engine() -> str:
    """The database engine of this run: ``sqlite3`` or ``postgresql``."""
    return str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    """A run that was meant for PostgreSQL must not pass without it."""
    parser.addoption(
        "--require-postgresql",
        action="store_true",
        help="fail unless the run is on PostgreSQL and ran what only PostgreSQL can show",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse the wrong engine before anything runs."""
    if config.getoption("--require-postgresql") and engine() != ONLY_POSTGRESQL:
        raise pytest.UsageError(f"This run is on {engine()}: set DATABASE_URL to postgresql://…")


def pytest_report_header(config: pytest.Config) -> str:
    """The engine, and where to find out about the tests that it leaves out."""
    left_out = "" if engine() == ONLY_POSTGRESQL else " (tests marked postgresql are skipped)"
    return f"database: {engine()}{left_out}"


WITH_A_DATABASE = frozenset(
    {"db", "transactional_db", "site", "sample_site", "page", "new_page", "sign_in"}
)


def touches_a_database(item: pytest.Item) -> bool:
    """Whether a test has to do with the database, directly or through a site."""
    if item.get_closest_marker("django_db") or item.get_closest_marker(ONLY_POSTGRESQL):
        return True
    in_django_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return in_django_case or bool(WITH_A_DATABASE & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip on SQLite what needs several writers at a time.

    The run that must be on PostgreSQL leaves out what never touches a database: the run on SQLite
    has just shown it.
    """
    if config.getoption("--require-postgresql"):
        pure = [item for item in items if not touches_a_database(item)]
        config.hook.pytest_deselected(items=pure)
        items[:] = [item for item in items if touches_a_database(item)]
    if engine() == ONLY_POSTGRESQL:
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: make test-postgresql")
    for item in items:
        if item.get_closest_marker(ONLY_POSTGRESQL):
            item.add_marker(skip)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a required PostgreSQL run in which a test of its own was skipped or absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not session.config.getoption("--require-postgresql") or reporter is None:
        return
    if hasattr(session.config, "workerinput"):
        return
    ran = _marked(reporter.stats.get("passed", ())) + _marked(reporter.stats.get("failed", ()))
    skipped = _marked(reporter.stats.get("skipped", ()))
    if skipped or not ran:
        reporter.write_line(
            f"\n{ran} tests marked postgresql ran, {skipped} were skipped: all of them must run.",
            red=True,
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A request to an English page leaves English behind for the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """A hash that is slow on purpose would be most of the time of the suite."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _marked(reports: Iterable[pytest.TestReport]) -> int:
    return sum(ONLY_POSTGRESQL in report.keywords for report in reports)
