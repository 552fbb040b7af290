"""A stranger's file is read in a process of its own: short of memory, of time, and of a disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from indicators.spreadsheets.books import Book, unpacked
from indicators.spreadsheets.errors import FileError
from indicators.spreadsheets.files import MOST_BYTES

ROOT = Path(__file__).resolve().parents[2]
# The child limits itself before it reads the first byte. macOS does not know the limit on memory.
CHILD = """
import resource, sys
def limit(name, most):
    try:
        resource.setrlimit(getattr(resource, name), (most, most))
    except (AttributeError, ValueError, OSError):
        pass
limit("RLIMIT_AS", int(sys.argv[2]) << 20)
limit("RLIMIT_CPU", int(sys.argv[3]))
limit("RLIMIT_FSIZE", 0)
limit("RLIMIT_CORE", 0)
sys.path.insert(0, sys.argv[1])
from indicators.spreadsheets.files import main
main(sys.argv[4:])
"""


def read_limited(
    content: bytes, *, encoding: str = "", seconds: int = 30, megabytes: int = 512
) -> Book:
    """Read a file as ``files.read_book`` does, within limits; nothing is written to a disk.

    Raises:
        FileError: also where the limits are reached or the reader is brought down.
    """
    if len(content) > MOST_BYTES:
        raise FileError("too_large")
    command = [sys.executable, "-I", "-c", CHILD, str(ROOT), str(megabytes), str(seconds), encoding]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and our own words
            command, input=content, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileError("too_slow") from error
    if done.returncode:
        # Out of memory the reader is aborted, out of time it is killed; both for want of room.
        raise FileError("too_large")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise FileError(answer["error"], line=answer["line"])
    return unpacked(answer)
