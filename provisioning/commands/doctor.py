"""``elium doctor``: whether everything is in place."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import typer

from provisioning.commands.asking import run_command
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.wording import lines_of_checkup
from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.operations.deployed import deployed
from provisioning.operations.doctor.chart import Chart, Known
from provisioning.operations.doctor.checkup import Checkup
from provisioning.operations.doctor.examining import examine
from provisioning.operations.stack_configuration import stack_file


def doctor(context: typer.Context, stack: Stack, *, json: Json = False, cwd: Cwd = None) -> None:
    """Look whether everything is in place."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    checkup = asyncio.run(_examined(surroundings, stack, cwd or surroundings.folder))
    if json:
        surroundings.screen.document(checkup)
    else:
        for line in lines_of_checkup(checkup):
            surroundings.screen.show(line)
    if checkup.exit_code:
        raise typer.Exit(checkup.exit_code)


async def _examined(surroundings: Surroundings, stack: str, folder: Path) -> Checkup:
    """Look at all that can be looked at. Only a stack of which there is nothing at all ends the command at once."""
    from provisioning.provider.drift import drift_of  # noqa: PLC0415 - it imports Pulumi's SDK, which takes its time
    from provisioning.target.probe import probe  # noqa: PLC0415 - it imports httpx2, which takes its time

    run, environment = surroundings.run or run_command, surroundings.environment
    file, found, why_not = stack_file(stack, folder), None, None
    try:
        found = deployed(stack, folder=folder, environment=environment, run=run)
    except ProvisioningError as error:
        if file is None and isinstance(error, ConfigurationError):
            raise
        why_not = error
    identity = found.identity if found else identity_of(file.identity if file else {}, environment)
    known = Known(stack, folder, identity, run, file, found, why_not)
    try:
        graph = await connect(identity, surroundings.clock)
    except ProvisioningError as error:
        return await examine(Chart(known, error, now=_wall, wall=_wall, drift=drift_of, probe=probe))
    try:
        return await examine(Chart(known, graph, now=graph.clock.now, wall=_wall, drift=drift_of, probe=probe))
    finally:
        await graph.close()


def _wall() -> datetime:
    return datetime.now(UTC)
