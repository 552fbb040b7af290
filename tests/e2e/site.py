"""A site of its own for the browser: production settings, a fresh database, a real server.

The tables that keep the record of changes refuse to be emptied, so Django's live server, which
empties all tables after every test, is no choice.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
ONE_TIME_PASSWORD = re.compile(r"(?:password|密碼)[^:：\n]*[:：]\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it is, its first administrator, and its environment."""

    url: str
    administrator: Person
    environment: dict[str, str]
    log: Path

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py`` against the site's database and return what it printed."""
        return manage(self.environment, *arguments)

    def add_person(self, username: str, *roles: str, agency: str = "") -> Person:
        """Add somebody with roles (``planner`` …) for one agency's code, or the whole ministry."""
        person = Person(username, secrets.token_urlsafe(16))
        self.manage(
            "shell",
            "--verbosity=0",
            "--command",
            "from accounts.models import Agency, Membership, User\n"
            f"user = User.objects.create_user({username!r}, password={person.password!r})\n"
            f"agency = Agency.objects.get(code={agency!r}) if {agency!r} else None\n"
            f"for role in {roles!r}:\n"
            "    Membership.objects.create(user=user, role=role, agency=agency)\n",
        )
        return person


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run ``manage.py`` and return what it printed.

    Raises:
        RuntimeError: it failed; the message carries its output.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def running_site(directory: Path, *, sample: bool = False) -> Iterator[Site]:
    """Build a site in a directory, with the published review in it, and serve it.

    ``sample``: with the sample's months, people and returns; ``administrator`` is its planner.
    """
    with _database(directory) as database_url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DEBUG": "false",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "false",
            "DATABASE_URL": database_url,
            "STATIC_ROOT": str(directory / "static"),
            "MEDIA_ROOT": str(directory / "media"),
            "PYTHONUNBUFFERED": "1",
            "SAMPLE": str(sample).lower(),
        }
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "load_review")
        command = "load_sample" if sample else "create_first_administrator"
        printed = manage(environment, command)
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        found = ONE_TIME_PASSWORD.search(printed)
        if found is None:
            raise RuntimeError(f"No one-time password in:\n{printed}")
        administrator = Person("planner" if sample else "admin", found.group(1))
        log = directory / "server.log"
        with _server(environment, log) as url:
            yield Site(url, administrator, environment, log)


@contextlib.contextmanager
def _server(environment: dict[str, str], log: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        descriptor = listener.fileno()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "config.wsgi",
                f"--bind=fd://{descriptor}",
                "--workers=1",
                "--threads=4",
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[descriptor],
        )
        try:
            _wait(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """The socket is open already, so that the first request waits until the server takes it."""
    try:
        with urllib.request.urlopen(f"{url}/static/css/site.css", timeout=START_SECONDS):
            pass
    except urllib.error.HTTPError:
        pass
    except OSError as error:
        raise RuntimeError(f"The site did not start ({error}):\n{log.read_text()}") from error
    if server.poll() is not None:
        raise RuntimeError(f"The server ended:\n{log.read_text()}")


@contextlib.contextmanager
def _database(directory: Path) -> Iterator[str]:
    """An empty database: a file, or one on the server that this run uses."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{directory / 'site.sqlite3'}"
        return
    name = f"e2e_{secrets.token_hex(6)}"
    with _autocommitting(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with _autocommitting(url) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _autocommitting(url: str) -> Iterator[psycopg2.extensions.connection]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()
