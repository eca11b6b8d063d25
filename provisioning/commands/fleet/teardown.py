"""``elium fleet teardown``: the accounts of tenants are closed, with proof, and their stacks taken down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioning.commands.fleet.options import Form, Selection, over_many_tenants
from provisioning.commands.options import DoIt
from provisioning.commands.surroundings import Surroundings


@over_many_tenants
def teardown(  # noqa: PLR0913 - each is an option of the command
    surroundings: Surroundings,
    selection: Selection,
    form: Form,
    *,
    ask_elium: Annotated[
        bool, typer.Option("--ask-elium/--no-ask-elium", help="Let each Elium itself be the proof, by the row's token.")
    ] = True,
    reports: Annotated[
        Path | None, typer.Option("--reports", metavar="FOLDER", help="Keep each tenant's proof there, as HTML.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Keep the checksums, for a program to accept.")
    ] = None,
    doit: DoIt = "",
) -> None:
    """Close the accounts of tenants, prove it, and take their stacks down."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.leaving import Leaving, take_down  # noqa: PLC0415 - see above

    take_down(surroundings, selection, form, Leaving(doit, ask_elium, reports, out))
