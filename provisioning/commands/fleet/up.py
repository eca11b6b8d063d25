"""``elium fleet up``: what the file declares is brought about, for each tenant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.options import DoIt, Yes
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.spans import span_of


@over_tenants
def up(  # noqa: PLR0913 - each is an option of the command
    surroundings: Surroundings,
    selection: Selection,
    form: Form,
    *,
    canary: Annotated[
        int, typer.Option("--canary", metavar="N", min=0, help="These first; the rest only when they are well.")
    ] = 0,
    stop_after: Annotated[
        int, typer.Option("--stop-after", metavar="N", min=0, help="Begin no other after so many failures; 0 never.")
    ] = 0,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Do exactly what elium fleet plan --out kept.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run that was cut.")] = False,
    wait: Annotated[
        str, typer.Option("--wait", metavar="SPAN", help="Wait for each first cycle, so long at most, such as 2h.")
    ] = "",
    yes: Yes = False,
    doit: DoIt = "",
) -> None:
    """Bring about what the file declares."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import Care, bring_about, go_on  # noqa: PLC0415 - see above

    longest = span_of(wait, option="--wait") if wait else timedelta()
    if resume:
        go_on(surroundings, selection, form)
    else:
        bring_about(surroundings, selection, form, Care(canary, stop_after, yes, doit, plan, longest))
