"""Programs in TypeScript and YAML, each in a folder of its own, in front of the real ``pulumi`` command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pulumi_stack import ROOT, Stack

from tools.places import this_clone
from tools.setup.azuread_plugin import put_stand_in
from tools.setup.language_hosts import hand_on_language_hosts
from tools.versions import npm_locked_version

PAGE = ROOT / "docs" / "how-to" / "use-it-from-typescript-or-yaml.md"
"""Where the programs are that people copy."""

PLUGIN = ROOT / "plugin"
"""The folder of the plugin in a clone, as the project's own ``Pulumi.yaml`` names it."""

COMPILED = {"module": "nodenext", "target": "es2022", "strict": True, "outDir": "bin", "types": ["node"]}
"""As ``pulumi new typescript`` writes it, but that libraries are checked too."""


def shown(language: str, *, having: str = "") -> str:
    """Give the one program in a *language* that the manual shows, *having* some text in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (program,) = [block for block in blocks if having in block]
    return str(program)


@dataclass(frozen=True)
class NodeProject:
    """A folder with a program in TypeScript, and the packages that it imports."""

    folder: Path
    modules: Path
    """The packages of other people."""

    @classmethod
    def of(cls, folder: Path, program: str, *, sdk: Path, modules: Path) -> NodeProject:
        """Lay out a project whose one file is *program*, with the *sdk* installed as npm would install it."""
        (folder / "node_modules").symlink_to(modules)
        inner = folder / "program"
        name = json.loads((sdk / "package.json").read_text(encoding="utf-8"))["name"]
        # A copy, as from a registry: what it needs itself is looked for from here on upwards.
        shutil.copytree(sdk, inner / "node_modules" / name)
        (inner / "package.json").write_text(json.dumps({"main": "bin/index.js"}), encoding="utf-8")
        (inner / "tsconfig.json").write_text(
            json.dumps({"compilerOptions": COMPILED, "files": ["index.ts"]}), encoding="utf-8"
        )
        project = cls(inner, modules)
        project.write(program)
        return project

    def write(self, program: str) -> None:
        """Put another program in place of the one that is there."""
        (self.folder / "index.ts").write_text(program, encoding="utf-8")

    def complaints(self) -> list[str]:
        """Compile it, and give what the compiler has against it."""
        command = [str(self.modules / ".bin" / "tsc"), "--project", str(self.folder), "--pretty", "false"]
        ended = subprocess.run(command, text=True, capture_output=True, check=False)  # noqa: S603 - ours
        return ended.stdout.splitlines() if ended.returncode else []

    def stack(self, variables: Mapping[str, str]) -> Stack:
        """Compile it and prepare a stack of it."""
        complaints = self.complaints()
        assert complaints == [], complaints
        project = {"name": "elium", "runtime": {"name": "nodejs", "options": {"typescript": False}}}
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump({**project, **_plugins()}), encoding="utf-8")
        return _stack_of(self.folder, variables)


def yaml_stack(folder: Path, program: str, variables: Mapping[str, str]) -> Stack:
    """Prepare a stack of a program in YAML, which is its ``Pulumi.yaml`` with the plugin's place in it."""
    declare_yaml(folder, program)
    return _stack_of(folder, variables)


def declare_yaml(folder: Path, program: str) -> None:
    """Write a program in YAML, or another one in its place."""
    written = {**yaml.safe_load(program), **_plugins()}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")


def _plugins() -> dict[str, Any]:
    return {"plugins": {"providers": [{"name": "entrasync", "path": str(PLUGIN)}]}}


def _stack_of(folder: Path, variables: Mapping[str, str]) -> Stack:
    stack = Stack.of(folder, variables)
    home = Path(stack.variables["PULUMI_HOME"])
    # An engine asks for the plugin of the version that the program's SDK has, and npm is behind PyPI.
    of_npm = npm_locked_version("@pulumi/azuread", lock=this_clone().npm_lock)
    put_stand_in(home / "plugins" / f"resource-azuread-v{of_npm}", Path(sys.executable))
    hand_on_language_hosts(this_clone(), home)
    return stack
