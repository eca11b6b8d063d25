"""What a command finds around it; a test gives another one."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from provisioning.commands.screen import Screen

if TYPE_CHECKING:
    from provisioning.graph.pace import Pace
    from provisioning.graph.patience import Clock
    from provisioning.operations.deployed import Run
    from provisioning.operations.rehearsal.emulator import Starter


@dataclass(slots=True)
class Surroundings:
    """The world of one command."""

    environment: Mapping[str, str]
    folder: Path
    screen: Screen
    clock: Clock | None = None
    """``None`` for the real one, which costs an import that ``--help`` does not need."""
    run: Run | None = None
    """Runs Pulumi; ``None`` for a process of its own."""
    start: Starter | None = None
    """Starts an emulator to rehearse in; ``None`` for a process of its own."""
    on_demand: Pace | None = None
    """The pace of provisioning on demand, where others of this process sign in alike."""
    stopped: Callable[[], Awaitable[object]] | None = None
    """Ends what goes on until Ctrl-C; ``None`` where that alone does."""
    stack: str = ""
    """Which stack was asked about, once that is known: errors say so."""

    @classmethod
    def real(cls) -> Self:
        """Take this process's own."""
        return cls(os.environ, Path.cwd(), Screen.real(os.environ))
