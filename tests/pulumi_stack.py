"""A stack in a folder of its own, driven by the real ``pulumi`` command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tools.environment import environment
from tools.errors import SetUpError
from tools.places import this_clone
from tools.setup.azuread_plugin import put_stand_in

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
SECONDS_AT_MOST = 120
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / ".venv" / "bytecode")}
"""A command starts four Pythons: where bytecode is not to be written beside the sources, half of its time is theirs."""


@dataclass(frozen=True)
class Stack:
    """A stack of a program, in a folder of its own, with plugins in a home of its own."""

    folder: Path
    variables: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path, variables: Mapping[str, str]) -> Stack:
        """Prepare a stack for the program that lies in *folder*; skip the test before ``make setup`` has run."""
        try:
            ours = environment(this_clone(), os.environ)
        except SetUpError as reason:
            pytest.skip(str(reason))
        home, state = folder / "home", folder / "state"
        put_stand_in(home / "plugins" / f"resource-azuread-v{version('pulumi-azuread')}", Path(sys.executable))
        state.mkdir()
        own = {"PULUMI_HOME": str(home), "PULUMI_BACKEND_URL": state.as_uri(), **COMPILED_ONCE}
        stack = cls(folder, {**os.environ, **ours, **variables, **own})
        stack.run("stack", "init", "dev")
        return stack

    @classmethod
    def of_this_project(cls, folder: Path, variables: Mapping[str, str], **settings: Any) -> Stack:
        """Prepare a stack for the project's own program, with the given ``elium:`` settings."""
        project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
        for provider in project["plugins"]["providers"]:
            provider["path"] = str(ROOT / provider["path"])
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
        shutil.copy(ROOT / "__main__.py", folder)
        stack = cls.of(folder, variables)
        stack.declare(**settings)
        return stack

    def declare(self, **settings: Any) -> None:
        """Write the stack's ``elium:`` settings, all of them; its encryption salt stays."""
        file = self.folder / "Pulumi.dev.yaml"
        written = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        written["config"] = {f"elium:{name}": value for name, value in settings.items()}
        file.write_text(yaml.safe_dump(written), encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """Give the command line."""
        return ["pulumi", *arguments, "--non-interactive", "--color=never"]

    def run(self, *arguments: str, succeeds: bool = True) -> str:
        """Run ``pulumi`` and give all that it said."""
        ended = subprocess.run(  # noqa: S603 - the command is ours
            self.command(*arguments),
            cwd=self.folder,
            env=dict(self.variables),
            text=True,
            capture_output=True,
            check=False,
            timeout=SECONDS_AT_MOST,
        )
        said = ended.stdout + ended.stderr
        assert (ended.returncode == 0) is succeeds, said
        return said

    def up(self, *arguments: str, succeeds: bool = True) -> str:
        """Run ``pulumi up`` without a preview."""
        return self.run("up", "--yes", "--skip-preview", *arguments, succeeds=succeeds)

    def outputs(self) -> dict[str, Any]:
        """Give what the stack exports."""
        told: dict[str, Any] = json.loads(self.run("stack", "output", "--json"))
        return told

    def state(self) -> dict[str, Any]:
        """Tell what the engine keeps, resource by resource, by name."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        return {resource["urn"].rpartition("::")[2]: resource for resource in deployment["resources"]}
