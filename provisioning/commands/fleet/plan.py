"""``elium fleet plan``: what would be done for each tenant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.surroundings import Surroundings


@over_tenants
def plan(
    surroundings: Surroundings,
    selection: Selection,
    form: Form,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Keep the checksums, for elium fleet up --plan FILE.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 8 when something would change.")] = False,
) -> None:
    """Say what would be done, tenant by tenant."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import plan_all  # noqa: PLC0415 - see above

    plan_all(surroundings, selection, form, out=out, exit_code=exit_code)
