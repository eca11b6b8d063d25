"""``elium fleet unlock``: locks that a run on another machine has left are shown, and released on purpose."""

from __future__ import annotations

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
from provisioning.commands.options import DoIt
from provisioning.commands.surroundings import Surroundings


def unlock(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    tenants: Tenants = DEFAULT,
    only: Only = None,
    at_once: AtOnce = FOUR,
    doit: DoIt = "",
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Show who holds the stacks' locks, and release those whose holder is not at work, once that is accepted."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.releasing import release_all  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    selection = Selection(tenants, tuple(only or ()), at_once, cwd or surroundings.folder)
    release_all(surroundings, selection, Form(json, markdown, junit), doit=doit)
