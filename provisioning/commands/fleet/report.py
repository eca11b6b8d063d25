"""``elium fleet report``: what came of the last run."""

from __future__ import annotations

import typer

from provisioning.commands.fleet.options import DEFAULT, Folder, Form, JUnit, Lines, Markdown, Tenants
from provisioning.commands.surroundings import Surroundings


def report(
    context: typer.Context,
    *,
    tenants: Tenants = DEFAULT,
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Tell what came of the last run."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import tell_of_last  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    tell_of_last(surroundings, cwd or surroundings.folder, tenants, Form(json, markdown, junit))
