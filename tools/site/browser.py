"""``python -m tools.site.browser``: look at the built site in a real browser. ``make browser`` runs it.

Chromium is the system's: from Debian's packages where apt and root are at hand, and else whatever is on ``PATH``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from provisioning.commands.pages.printing import browser_on
from tools.errors import SetUpError
from tools.places import this_clone, user_cache
from tools.setup.commands import run
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.setup.python_environment import environment_beside

DESCRIPTION = "Look at the site that `make site` built in a real browser. Arguments are handed on to pytest."

INSTALL = (
    ("apt-get", "update", "--quiet"),
    ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"),
)
"""130 MB to fetch, 440 MB on the disk."""

AT_MOST = 900.0
"""Seconds that apt may take."""


WITHOUT_A_BROWSER = (
    "No page was looked at: neither Chromium nor Google Chrome is on PATH, and apt-get with root's rights, which would "
    "install one, is not at hand. Install Chromium and run it again."
)


def installed_browser(context: Context, *, is_root: bool) -> str | None:
    """Give the path of a browser, installed where that can be; ``None`` where there is none and no way to one.

    :raises SetUpError: when apt was to install it and did not.
    """
    if found := browser_on(context.environment):
        return found
    if not is_root or shutil.which("apt-get", path=context.environment.get("PATH", os.defpath)) is None:
        return None
    with context.progress.step("Chromium, from the system's packages", "1 min") as outcome:
        for command in INSTALL:
            ended = context.run(command, within=AT_MOST, environment=context.environment)
            if not ended.succeeded:
                raise SetUpError(f"`{' '.join(command)}` did not install Chromium: {ended.last_line}")
        outcome.text = "installed"
    return browser_on(context.environment)


def main(arguments: list[str]) -> int:
    """Prepare browser and environment, run the tests in them, and return their exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.site.browser", description=DESCRIPTION)
    _, for_pytest = parser.parse_known_args(arguments)
    environment = dict(os.environ)
    clone = this_clone()
    context = Context(clone, user_cache(environment), environment, run, Progress(sys.stderr))
    try:
        if installed_browser(context, is_root=os.geteuid() == 0) is None:
            sys.stderr.write(f"{WITHOUT_A_BROWSER}\n")
            return 1 if environment.get("CI") else 0
        commands = environment_beside(context, "browser", alone=False)
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    tests = clone.root / "tests" / "browser"
    command = [str(commands / "python"), "-m", "pytest", "-n", "2", "-q", str(tests), *for_pytest]
    return subprocess.call(command, env=environment)  # noqa: S603 - commands of our own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
