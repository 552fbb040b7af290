"""The browser of the tests: whichever Chromium is there, else one that is fetched.

``python -m tests.e2e.browser`` sees to it that there is one, a font for Chinese, and LibreOffice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

OFFICE = {
    "libreoffice-writer-nogui": "/usr/lib/libreoffice/program/libswlo.so",
    "libreoffice-calc-nogui": "/usr/lib/libreoffice/program/libsclo.so",
}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root, as in a container, Chromium starts only without its sandbox.
ARGUMENTS = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def installed() -> str | None:
    """The system's own Chromium or Chrome that really starts, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path and _succeeds(path, "--version"):
            return path
    return None


def launch(playwright: Playwright) -> Browser:
    """Start it without a window."""
    return playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)


def ensure() -> None:
    """Install what is missing: as root on Debian from its archive, else Playwright's own."""
    debian = _is_debian() and os.geteuid() == 0
    missing = [] if installed() or _fetched() else ["chromium"]
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    if debian or not shutil.which("soffice"):
        missing += [name for name, file in OFFICE.items() if not Path(file).exists()]
    if not missing:
        return
    if debian:
        _run("apt-get", "update", "--quiet")
        _run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing)
        return
    if "chromium" in missing:
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    if "fonts-noto-cjk" in missing:
        print("No font for Chinese was found; pages will be tested with empty boxes for glyphs.")
    if set(OFFICE) & set(missing):
        print("LibreOffice was not found; tests that open files with it are skipped.")


def _fetched() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in "\n" + release.read_text()


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return not _is_debian()
    listed = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str) -> None:
    subprocess.run(command, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    ensure()
