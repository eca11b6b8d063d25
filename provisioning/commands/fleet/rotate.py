"""``elium fleet rotate``: Entra gets the tokens that were rotated where they lie."""

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
from provisioning.commands.options import Yes
from provisioning.commands.surroundings import Surroundings


def rotate(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    tenants: Tenants = DEFAULT,
    only: Only = None,
    at_once: AtOnce = FOUR,
    yes: Yes = False,
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Give Entra the tokens that are new where they lie."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.examining import rotate_all  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    selection = Selection(tenants, tuple(only or ()), at_once, cwd or surroundings.folder)
    rotate_all(surroundings, selection, Form(json, markdown, junit), yes=yes)
