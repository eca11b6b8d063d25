"""Putting the stand-in where Pulumi looks for its azuread plugin, for where that one cannot be had.

Whatever lies there that is not the stand-in was put there by somebody, and is left as it is.
"""

from __future__ import annotations

import os
import shlex
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PLUGIN = "pulumi-resource-azuread"

FIRST_LINES = "#!/bin/sh\n# The stand-in for the azuread plugin.\n"
"""By which the stand-in is known."""

INSTALLED = "installed"
"""Asks for the version of ``pulumi-azuread`` that is installed beside this package: a program asks for that."""


def script(python: Path) -> str:
    """Give the script that runs the stand-in."""
    return f'{FIRST_LINES}exec {shlex.quote(str(python))} -P -m emulator.azuread "$@"\n'


def install(wanted: str) -> int:
    """Put the stand-in into Pulumi's home as a version of the plugin, say where, and give the exit code."""
    number = version("pulumi-azuread") if wanted == INSTALLED else wanted.removeprefix("v")
    file = home_of_pulumi(os.environ) / "plugins" / f"resource-azuread-v{number}" / PLUGIN
    again = f"To be rid of it: pulumi plugin rm resource azuread {number}"
    try:
        if _is_somebodys(file):
            sys.stderr.write(f"{file} is not the stand-in: it is left as it is. {again}\n")
            return 1
        place(file, Path(sys.executable))
    except OSError as error:
        sys.stderr.write(f"{file} cannot be written: {error.strerror}. Name another home for Pulumi: PULUMI_HOME.\n")
        return 1
    sys.stdout.write(f"{file}\n")
    sys.stderr.write(f"It answers for an emulator on loopback, and for no tenant. {again}\n")
    return 0


def home_of_pulumi(environment: Mapping[str, str]) -> Path:
    """Give Pulumi's own folder: the one that is named, or the one in the home that the system knows, as Pulumi does.

    ``HOME`` counts only for who is unknown to the system (pulumi: GetPulumiHomeDir; Go: user.Current). The product
    knows the same; the emulator shares nothing with it but the language, so a test holds both equal.
    """
    named = environment.get("PULUMI_HOME")
    return Path(named) if named else _home() / ".pulumi"


def _home() -> Path:
    try:
        from pwd import getpwuid  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return Path.home()
    try:
        return Path(getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path.home()


def place(file: Path, python: Path) -> None:
    """Write the script, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{PLUGIN}.{os.getpid()}")
    unfinished.write_text(script(python), encoding="utf-8")
    unfinished.chmod(0o755)
    unfinished.replace(file)


def _is_somebodys(file: Path) -> bool:
    if not file.exists():
        return False
    with file.open("rb") as content:
        return content.read(len(FIRST_LINES)) != FIRST_LINES.encode()
