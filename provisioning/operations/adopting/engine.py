"""Pulumi, as far as an adoption tells it something. Each command is whole by itself, and may be repeated."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.operations.deployed import PULUMI, Ended, EngineError, NoStackError, StackEngine

QUIETLY = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
"""What is imported is as unprotected as the program would make it; otherwise the next ``up`` would change that."""


@dataclass(frozen=True, slots=True)
class AdoptingEngine:
    """Pulumi, told about one stack.

    :raises EngineError: when it fails; its own words are in the message.
    """

    engine: StackEngine

    def resources(self) -> Sequence[Mapping[str, Any]] | None:
        """Give what the stack's state holds; ``None`` when there is no such stack yet."""
        try:
            return self.engine.resources()
        except NoStackError:
            return None

    def make_stack(self) -> None:
        """Make the stack, which has nothing then."""
        hint = (
            "Where the backend keeps secrets by a passphrase, set PULUMI_CONFIG_PASSPHRASE; or make the stack by hand."
        )
        self._demand(self._ran("stack", "init"), f"Pulumi did not make the stack {self.engine.stack}", hint)

    def import_resources(self, listed: Mapping[str, Any]) -> None:
        """Let it read what exists in Entra into the state."""
        ended = self._ran("import", *QUIETLY, document=listed)
        self._demand(
            ended, f"Pulumi did not import into the stack {self.engine.stack}", "Mend what it names, and repeat."
        )

    def export(self) -> dict[str, Any]:
        """Give the state, secrets closed."""
        return self.engine.told("stack", "export")

    def bring_back(self, state: Mapping[str, Any]) -> None:
        """Replace the state as a whole."""
        ended = self._ran("stack", "import", document=state)
        self._demand(ended, f"Pulumi did not take the state of the stack {self.engine.stack}", "Repeat the command.")

    def preview(self) -> Ended:
        """Let the program say what it would do; the code is 0 when that is nothing."""
        return self._ran("preview", "--expect-no-changes")

    def _ran(self, *command: str, document: Mapping[str, Any] | None = None) -> Ended:
        told = (PULUMI, *command, "--stack", self.engine.stack, "--non-interactive")
        if command[:2] == ("stack", "init"):
            told = (PULUMI, *command, self.engine.stack, "--non-interactive")
        if document is None:
            return self.engine.run(told, self.engine.folder)
        # A folder that only this user may enter: a state says who is assigned.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "document.json"
            file.write_text(json.dumps(document), encoding="utf-8")
            return self.engine.run((*told, "--file", str(file)), self.engine.folder)

    def _demand(self, ended: Ended, sentence: str, hint: str) -> None:
        if ended.code:
            said = "\n".join(filter(None, (ended.stdout.strip(), ended.stderr.strip())))
            raise EngineError(f"{sentence}: {said}", hint=hint)
