"""``elium panel``: a page on loopback to watch a stack, or the tenants of a file."""

from __future__ import annotations

import asyncio
import secrets
import shlex
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.options import STACK, Cwd, Json
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import is_whole

if TYPE_CHECKING:
    from provisioning.panel.place import Place

KEY_BYTES = 18

FLEET = "Many tenants instead: the file that declares them, YAML or CSV."


@dataclass(frozen=True, slots=True)
class Opened:
    """A panel that answers."""

    address: str
    """What to open, with the key of this run."""


@dataclass(frozen=True, slots=True)
class How:
    """How it is served and told of."""

    port: int
    opens: bool
    is_json: bool


WRITTEN = "This address is yours alone: whoever has it can steer what you can. Ctrl-C ends it."


def panel(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Annotated[str, typer.Argument(metavar="[STACK]", help=STACK)] = "",
    *,
    fleet: Annotated[Path | None, typer.Option("--fleet", metavar="FILE", help=FLEET)] = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port of loopback; 0 takes any free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in this machine's browser.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Show a page to watch a stack, or many."""
    surroundings: Surroundings = context.obj
    folder, how = cwd or surroundings.folder, How(port, open_page, json)
    if bool(stack) is bool(fleet):
        said = "Both a stack and --fleet are named" if fleet else "Neither a stack nor --fleet is named"
        raise ConfigurationError(
            f"{said}: a panel shows one stack, or the tenants of one file.", hint="Name one of them."
        )
    if fleet:
        # What works on tenants takes a second to load, and is an extra.
        from provisioning.commands.fleet.watching import fleet_place  # noqa: PLC0415 - see above

        with fleet_place(surroundings, folder, fleet) as place:
            asyncio.run(_served(surroundings, [place], how))
        return

    async def shown(asked: Asked) -> None:
        # What serves and draws is an extra, and nobody else waits for its import.
        from provisioning.commands.plan import planned_now  # noqa: PLC0415 - see above
        from provisioning.panel.company.opening import company_places  # noqa: PLC0415 - see above
        from provisioning.panel.stack.place import StackPlace  # noqa: PLC0415 - see above
        from provisioning.panel.stack.planned import Declared  # noqa: PLC0415 - see above
        from provisioning.panel.stack.watched import WatchedStack  # noqa: PLC0415 - see above

        file, declared = folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml", None
        if is_whole(stack):
            plan = partial(planned_now, surroundings, stack, folder)
            declared = Declared(stack, file, plan, f"pulumi up --stack {shlex.quote(stack)}")
        opening = company_places(surroundings.environment, asked.meant, asked.graph, asked.clock, file)
        async with opening as demonstration:
            clock = demonstration[0].watched.clock if demonstration else asked.clock
            place = StackPlace(WatchedStack(asked.meant, asked.graph.in_a_hurry(), clock), asked.graph, declared)
            for each in demonstration:
                each.and_then = place.look_now
            await _served(surroundings, [*demonstration, place], how)

    ask(context, stack, cwd, shown)


async def _served(surroundings: Surroundings, places: Sequence[Place], how: How) -> None:
    """Serve until somebody ends it."""
    from provisioning.panel.serving import serving  # noqa: PLC0415 - an extra, as above

    screen = surroundings.screen
    # A browser is started with the address, which the list of processes shows to everybody on this machine.
    key, once = secrets.token_urlsafe(KEY_BYTES), secrets.token_urlsafe(KEY_BYTES)
    async with serving(places, port=how.port, key=key, once=[once] if how.opens else ()) as address:
        if how.is_json:
            screen.document(Opened(address), is_line=True)
        else:
            screen.show(address)
        screen.tell(WRITTEN)
        if how.opens:
            webbrowser.open(address.replace(key, once))
        await (surroundings.stopped or asyncio.Event().wait)()
