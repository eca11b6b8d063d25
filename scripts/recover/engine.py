"""Pulumi, asked what a stack's state has and what a preview says."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioning.operations.deployed import PULUMI, Ended, EngineError, StackEngine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Preview:
    """What ``up`` would do."""

    steps: Sequence[Mapping[str, Any]]
    is_refused: bool
    """Whether something stopped it, so that later steps are not known."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Pulumi in the project's folder."""

    root: Path
    environment: Mapping[str, str]
    """All of it, the user's and ours."""
    stack: str

    def export(self) -> dict[str, Any]:
        """Give the stack's state, secrets encrypted. See :class:`StackEngine` for what is raised."""
        return StackEngine(self.stack, self.root, self._run).export()

    def preview(self) -> Preview:
        """Give what ``up`` would do, as far as it got."""
        command = (PULUMI, "preview", "--json", "--stack", self.stack, "--non-interactive")
        ended = self._run(command, self.root)
        try:
            printed: dict[str, Any] = json.loads(ended.stdout)
        except ValueError:
            printed = {}
        return Preview(printed.get("steps") or [], is_refused=ended.code != 0)

    def carry_out(self, command: Sequence[str]) -> None:
        """Run a command, its output shown.

        :raises EngineError: when it fails.
        """
        status = subprocess.run(command, cwd=self.root, env=self.environment, check=False).returncode  # noqa: S603
        if status:
            raise EngineError(f"`{command[0]} {command[1]}` ended with {status}.", hint="Its output is above.")

    def _run(self, command: Sequence[str], folder: Path) -> Ended:
        ended = subprocess.run(command, cwd=folder, env=self.environment, text=True, capture_output=True, check=False)  # noqa: S603 - ours
        return Ended(ended.returncode, ended.stdout, ended.stderr)
