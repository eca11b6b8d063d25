"""``elium fleet plan``: what would be done for each tenant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.fleet.options import (
    DEFAULT,
    FOUR,
    AtOnce,
    Folder,
    Form,
    JUnit,
    Lines,
    Markdown,
    Only,
    Selection,
    Tenants,
)
from provisioning.commands.surroundings import Surroundings


def plan(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    tenants: Tenants = DEFAULT,
    only: Only = None,
    at_once: AtOnce = FOUR,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Keep the checksums, for elium fleet up --plan FILE.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 8 when something would change.")] = False,
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Say what would be done, tenant by tenant."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import plan_all  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    selection = Selection(tenants, tuple(only or ()), at_once, cwd or surroundings.folder)
    plan_all(surroundings, selection, Form(json, markdown, junit), out=out, exit_code=exit_code)
