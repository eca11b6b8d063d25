"""A page as PDF, printed by a browser where there is one.

The page loads nothing, and the browser is kept from asking for anything of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import Ended, Run

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
"""What prints pages without being seen, and what it is called, here and there."""

QUIET = (
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)

AT_MOST = 300.0
"""Seconds that printing may take."""

INSTEAD = "or write a page, and print that: -o report.html"


def browser_on(environment: Mapping[str, str]) -> str | None:
    """Give the path of a browser that is there."""
    path = environment.get("PATH", os.defpath)
    return next((found for name in BROWSERS if (found := shutil.which(name, path=path))), None)


def browser_to_print(environment: Mapping[str, str]) -> str:
    """Give the path of a browser that is there.

    :raises ConfigurationError: when none is.
    """
    if found := browser_on(environment):
        return found
    raise ConfigurationError(
        "A PDF is printed by Chromium or Google Chrome, and neither is on PATH.",
        hint=f"Install Chromium, {INSTEAD}.",
    )


def pdf_of(page: str, *, browser: str, run: Run, is_root: bool) -> bytes:
    """Print a page that is written for paper.

    :raises ConfigurationError: when the browser does not print it.
    """
    with TemporaryDirectory(prefix="elium-report-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        file, printed = folder / "page.html", folder / "page.pdf"
        file.write_text(page, encoding="utf-8", errors="replace")
        # A browser's sandbox refuses to be root's, and what it shows here is our own, in which no script may run.
        sandbox = ("--no-sandbox",) if is_root else ()
        profile = f"--user-data-dir={folder / 'profile'}"
        ended = run((browser, *QUIET, *sandbox, profile, f"--print-to-pdf={printed}", file.as_uri()), folder)
        if ended.code or not printed.exists():
            said = (ended.stderr.strip().splitlines() or ["It said nothing."])[-1]
            raise ConfigurationError(
                f"{browser} did not print the page: {said}", hint=f"Mend what it names, {INSTEAD}."
            )
        return printed.read_bytes()


def run_browser(command: Sequence[str], folder: Path) -> Ended:
    """Run a browser, which needs nothing of this process: not its secrets, and not its user's profile."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        ended = subprocess.run(  # noqa: S603 - ours
            command, cwd=folder, env=environment, text=True, capture_output=True, check=False, timeout=AT_MOST
        )
    except subprocess.TimeoutExpired:
        return Ended(1, "", f"It did not end within {AT_MOST:g} s.")
    return Ended(ended.returncode, ended.stdout, ended.stderr)
