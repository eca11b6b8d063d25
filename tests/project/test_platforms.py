"""What the page on platforms says is so, as far as one machine can tell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.places import this_clone

OF_UNIX_ALONE = ("fcntl", "grp", "posix_ipc", "pty", "pwd", "syslog", "termios", "tty")
"""Modules that Windows does not have (Python: unix), less those that libraries import by the name of the system."""

EVERYTHING = """
import importlib, pkgutil, sys
sys.modules |= dict.fromkeys(sys.argv[2:])
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    importlib.import_module(module.name)
"""


@pytest.mark.parametrize("package", ["provisioning", "emulator"])
def test_nothing_is_imported_that_windows_does_not_have(package: str) -> None:
    command = [sys.executable, "-c", EVERYTHING, package, *OF_UNIX_ALONE]

    ended = subprocess.run(command, cwd=this_clone().root, capture_output=True, text=True, check=False)  # noqa: S603 - ours

    assert (ended.returncode, ended.stderr) == (0, "")
