"""From a stack's name to the job at Graph: what every verb does first."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.connect import connect
from provisioning.operations.deployed import Ended, deployed
from provisioning.operations.watching import StackJob

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient
    from provisioning.graph.patience import Clock


@dataclass(frozen=True, slots=True)
class Asked:
    """A job, and a way to ask Graph about it."""

    graph: GraphClient
    meant: StackJob
    clock: Clock
    screen: Screen
    declared: Mapping[str, Any] = field(default_factory=dict)
    """The job's inputs of the last ``up``, as the stack's state holds them; empty where the job was named itself."""


def ask(context: typer.Context, stack: str, cwd: Path | None, verb: Callable[[Asked], Awaitable[Any]]) -> None:
    """Find the job of *stack*, sign in as its provider does, and let *verb* do its work."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    asyncio.run(_asked(surroundings, stack, cwd or surroundings.folder, verb))


async def _asked(surroundings: Surroundings, stack: str, folder: Path, verb: Callable[[Asked], Awaitable[Any]]) -> None:
    run = surroundings.run or run_command
    found = deployed(stack, folder=folder, environment=surroundings.environment, run=run)
    graph = await connect(found.identity, surroundings.clock, surroundings.on_demand)
    try:
        await verb(Asked(graph, found.meant, graph.clock, surroundings.screen, found.job.get("inputs") or {}))
    finally:
        await graph.close()


def run_command(command: Sequence[str], folder: Path) -> Ended:
    """Run a command to its end."""
    ended = subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False)  # noqa: S603 - ours
    return Ended(ended.returncode, ended.stdout, ended.stderr)
