"""``elium fleet doctor``: whether everything is in place, for each tenant."""

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


def doctor(  # noqa: PLR0913 - each is an option of the command
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
    """Look whether everything is in place, for each."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.examining import examine_all  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    selection = Selection(tenants, tuple(only or ()), at_once, cwd or surroundings.folder)
    examine_all(surroundings, selection, Form(json, markdown, junit))
