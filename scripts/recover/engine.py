"""Pulumi, asked what a stack's state has and what a preview says."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioning.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class EngineError(ProvisioningError):
    """Pulumi refused. Its own words are shown above, or are the message."""


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
        """Give the stack's state, secrets encrypted.

        :raises EngineError: when there is none to be had.
        """
        ended = self._ask("stack", "export")
        if ended.returncode:
            raise EngineError(f"Pulumi does not export the stack {self.stack}:\n{ended.stderr.strip()}")
        state: dict[str, Any] = json.loads(ended.stdout)
        return state

    def preview(self) -> Preview:
        """Give what ``up`` would do, as far as it got."""
        ended = self._ask("preview", "--json")
        try:
            printed: dict[str, Any] = json.loads(ended.stdout)
        except ValueError:
            printed = {}
        return Preview(printed.get("steps") or [], is_refused=ended.returncode != 0)

    def carry_out(self, command: Sequence[str]) -> None:
        """Run a command, its output shown.

        :raises EngineError: when it fails.
        """
        status = subprocess.run(command, cwd=self.root, env=self.environment, check=False).returncode  # noqa: S603
        if status:
            raise EngineError(f"`{command[0]} {command[1]}` ended with {status}.", hint="Its output is above.")

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the command is ours
            ["pulumi", *arguments, "--stack", self.stack, "--non-interactive"],  # noqa: S607 - the PATH is ours
            cwd=self.root,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )
