"""The demonstration's own project: what it declares, and Pulumi on it.

It lies in a folder of its own, so that nothing of the clone is ever written: not when the demonstration is killed, and
not when ``Pulumi.dev.yaml`` says something else today than it did when it was cloned.

The emulator has a certificate authority of its own. Programs in Python are told of it by the environment, on any
system; the official azuread plugin, which is Go, asks the system on some. There the project names the stand-in.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from scripts.demo.processes import STACK, heard, run
from tools.setup.azuread_plugin import put_stand_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

NAME = STACK
PASSPHRASE = "contoso"  # noqa: S105 - the public passphrase of a made-up company's stack
GO_ASKS_THE_SYSTEM = ("darwin", "win32")
"""Where a program in Go does not read ``SSL_CERT_FILE``, and trusts whom the system trusts (Go: crypto/x509)."""
DECLARATION = Path(__file__).with_name("declaration.yaml")


class DemoStack:
    """The stack of the made-up company."""

    def __init__(
        self,
        clone: Path,
        folder: Path,
        environment: Mapping[str, str],
        console: Console,
        *,
        system: str = sys.platform,
    ) -> None:
        """Write the project for this *system*, named as :data:`sys.platform` does."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._environment = environment
        self._console = console
        self._settings: dict[str, Any] = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
        self._stand_in = folder / "stand-in" if system in GO_ASKS_THE_SYSTEM else None
        if self._stand_in:
            put_stand_in(self._stand_in, Path(sys.executable))
        (folder / "Pulumi.yaml").write_text(_project(clone, self._stand_in), encoding="utf-8")
        self.declare()

    @property
    def folder(self) -> Path:
        """Where the project lies."""
        return self._folder

    def declare(self, **settings: object) -> None:
        """Declare other *settings* than before, by name without ``elium:``; what Pulumi itself wrote stays."""
        self._settings |= {f"elium:{name}": value for name, value in settings.items()}
        file = self._folder / f"Pulumi.{NAME}.yaml"
        written = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
        file.write_text(yaml.safe_dump({**written, "config": self._settings}), encoding="utf-8")

    def map_user(self, attribute: str, expression: str) -> str:
        """Declare another expression for one attribute of users, and give the one before."""
        before = self._settings["elium:mappings"]["users"]
        self.declare(mappings={"users": {**before, attribute: expression}})
        return str(before[attribute])

    def environment_by_hand(self) -> dict[str, str]:
        """Give the environment in which a shell goes on with the clone's own project, which names no stand-in.

        A plugin on ``PATH`` is taken before one that is installed, and the engine says so (pulumi: workspace, plugins).
        """
        if not self._stand_in:
            return dict(self._environment)
        return {**self._environment, "PATH": os.pathsep.join((str(self._stand_in), self._environment["PATH"]))}

    def pulumi(self, *arguments: str) -> None:
        """Run ``pulumi`` on the stack, its output shown.

        :raises DemoError: when it fails.
        """
        run(["pulumi", *arguments, "--stack", NAME], self._environment, self._console, where=self._folder)

    def elium(self, verb: str, *options: str) -> str:
        """Run a verb of ``elium`` on the stack, and give what it said, which is shown as well.

        :raises DemoError: when it fails.
        """
        command = ["elium", verb, NAME, *options]
        return heard(command, self._environment, self._console, where=self._folder)


def _project(clone: Path, stand_in: Path | None) -> str:
    """Write the clone's project file for another folder: the same program, the same plugins, and azuread's stand-in."""
    project = yaml.safe_load((clone / "Pulumi.yaml").read_text(encoding="utf-8"))
    for provider in project["plugins"]["providers"]:
        provider["path"] = str(clone / provider["path"])
    if stand_in:
        project["plugins"]["providers"].append({"name": "azuread", "path": str(stand_in)})
    return str(yaml.safe_dump({**project, "main": str(clone)}))
