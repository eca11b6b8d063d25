"""What ``start``, ``pause`` and ``restart`` have in common: show, ask, do."""

from __future__ import annotations

import typer

from provisioning.commands.asking import Asked
from provisioning.commands.consent import demand_consent
from provisioning.errors import ConfigurationError
from provisioning.operations.switching import Switching, carry_out, report_of


async def switch(asked: Asked, switching: Switching, *, yes: bool, doit: str, is_json: bool) -> None:
    """Show what is going to be done, ask, and do it.

    As JSON it is never asked about: what would be done is the document, with the checksum that accepts it.
    """
    if switching.is_needed:
        try:
            demand_consent(asked.screen, switching, yes=yes, doit=doit, is_json=is_json)
        except ConfigurationError as error:
            if not is_json:
                raise
            asked.screen.tell(f"{error.message} {error.hint}")
            asked.screen.document(report_of(switching, is_done=False))
            raise typer.Exit(error.exit_code) from None
        await carry_out(asked.graph, asked.meant.address, switching)
    if is_json:
        asked.screen.document(report_of(switching, is_done=switching.is_needed))
        return
    asked.screen.show(f"{switching.stack}: {switching.act.value} done" if switching.is_needed else switching.lines[0])
