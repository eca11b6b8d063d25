"""``elium panel``: a page on loopback to watch a stack."""

from __future__ import annotations

import asyncio
import secrets
import webbrowser
from dataclasses import dataclass
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.deployed import is_address

KEY_BYTES = 18


@dataclass(frozen=True, slots=True)
class Opened:
    """A panel that answers."""

    address: str
    """What to open, with the key of this run."""


WRITTEN = "This address is yours alone: whoever has it can steer what you can. Ctrl-C ends it."


def panel(
    context: typer.Context,
    stack: Stack,
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port of loopback; 0 takes any free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in this machine's browser.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Show a page to watch a stack."""
    surroundings: Surroundings = context.obj
    folder = cwd or surroundings.folder

    async def shown(asked: Asked) -> None:
        from provisioning.commands.plan import planned  # noqa: PLC0415 - it imports Pulumi's SDK, which takes its time

        # What serves and draws is an extra, and nobody else waits for its import.
        from provisioning.panel.company.opening import company_places  # noqa: PLC0415 - see above
        from provisioning.panel.serving import serving  # noqa: PLC0415 - see above
        from provisioning.panel.stack.place import StackPlace  # noqa: PLC0415 - see above
        from provisioning.panel.stack.planned import Declared  # noqa: PLC0415 - see above
        from provisioning.panel.stack.watched import WatchedStack  # noqa: PLC0415 - see above

        declared = Declared(
            stack,
            folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml",
            lambda: asyncio.run(planned(surroundings, stack, folder)),
            f"pulumi up --stack {stack}",
        )
        watched = WatchedStack(asked.meant, asked.graph, asked.clock)
        place = StackPlace(watched, asked.graph, None if is_address(stack) else declared)
        async with (
            company_places(surroundings.environment, asked.meant, asked.graph, folder) as demonstration,
            serving([*demonstration, place], port=port, key=secrets.token_urlsafe(KEY_BYTES)) as address,
        ):
            if json:
                asked.screen.document(Opened(address), is_line=True)
            else:
                asked.screen.show(address)
            asked.screen.tell(WRITTEN)
            if open_page:
                webbrowser.open(address)
            await (surroundings.stopped or asyncio.Event().wait)()

    ask(context, stack, cwd, shown)
