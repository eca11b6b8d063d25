"""``elium provision``: provision people or a group at once."""

from __future__ import annotations

from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.consent import consent_or_document
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.options import Cwd, DoIt, Json, Stack, Yes
from provisioning.commands.wording import line_of_provisioned
from provisioning.errors import ConfigurationError
from provisioning.operations import on_demand
from provisioning.operations.on_demand import Outcome, ProvisionedRow, Provisioning, ProvisionReport, provisioning_of

Persons = Annotated[
    list[str] | None, typer.Argument(metavar="[PERSON]...", help="User principal names, or object ids.")
]
OfGroup = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="A group with its members; may be repeated.")
]


def provision(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    persons: Persons = None,
    *,
    group: OfGroup = None,
    yes: Yes = False,
    doit: DoIt = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Provision people or a group at once."""
    if not persons and not group:
        raise ConfigurationError("Nobody is named.", hint="Name people, or a group: --group NAME.")

    async def provisioned(asked: Asked) -> None:
        planned = await provisioning_of(asked.graph, asked.meant, persons or (), group or ())
        shown = _report(planned, (), is_done=False)
        consent_or_document(asked.screen, planned, lambda: shown, yes=yes, doit=doit, is_json=json)
        rows = await _carry_out(asked, planned, is_json=json)
        if json:
            asked.screen.document(_report(planned, rows))
        if any(row.outcome is Outcome.FAILED for row in rows):
            raise typer.Exit(ExitCode.OTHER)

    ask(context, stack, cwd, provisioned)


async def _carry_out(asked: Asked, planned: Provisioning, *, is_json: bool) -> tuple[ProvisionedRow, ...]:
    rows = []
    async for row in on_demand.provision(asked.graph, asked.meant, planned):
        rows.append(row)
        write = asked.screen.tell if is_json else asked.screen.show
        write(line_of_provisioned(row))
    return tuple(rows)


def _report(planned: Provisioning, rows: tuple[ProvisionedRow, ...], *, is_done: bool = True) -> ProvisionReport:
    calls = len(planned.calls)
    return ProvisionReport(planned.stack, rows, is_done, calls, planned.takes, planned.closing, planned.checksum)
