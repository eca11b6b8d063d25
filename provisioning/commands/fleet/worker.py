"""``elium fleet worker``: one more machine works on what others have begun."""

from __future__ import annotations

import typer

from provisioning.commands.fleet.options import FOUR, AtOnce, Folder
from provisioning.commands.surroundings import Surroundings


def worker(
    context: typer.Context,
    *,
    at_once: AtOnce = FOUR,
    cwd: Folder = None,
) -> None:
    """Work until told to end."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import work  # noqa: PLC0415 - see above

    surroundings: Surroundings = context.obj
    work(surroundings, cwd or surroundings.folder, at_once)
