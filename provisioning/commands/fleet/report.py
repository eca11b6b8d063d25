"""``elium fleet report``: what came of the last run."""

from __future__ import annotations

import typer

from provisioning.commands.fleet.options import Folder, Form, JUnit, Lines, Markdown
from provisioning.commands.surroundings import Surroundings


def report(
    context: typer.Context,
    *,
    markdown: Markdown = False,
    junit: JUnit = None,
    json: Lines = False,
    cwd: Folder = None,
) -> None:
    """Tell what came of the last run."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import tell_of_last  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    tell_of_last(surroundings, cwd or surroundings.folder, Form(json, markdown, junit))
