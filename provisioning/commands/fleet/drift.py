"""``elium fleet drift``: which tenants are at Entra otherwise than they were brought about."""

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
from provisioning.commands.surroundings import Surroundings


def drift(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    tenants: Tenants = DEFAULT,
    only: Only = None,
    at_once: AtOnce = FOUR,
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Say which tenants drifted: nothing else is declared of them than when they were brought about."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import find_drift  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    selection = Selection(tenants, tuple(only or ()), at_once, cwd or surroundings.folder)
    find_drift(surroundings, selection, Form(json, markdown, junit))
