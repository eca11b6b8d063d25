"""What ``start``, ``pause`` and ``restart`` have in common: show, ask, do."""

from __future__ import annotations

from functools import partial

from provisioning.commands.asking import Asked
from provisioning.commands.consent import consent_or_document
from provisioning.operations.switching import Switching, carry_out, report_of


async def switch(asked: Asked, switching: Switching, *, yes: bool, doit: str, is_json: bool) -> None:
    """Show what is going to be done, ask, and do it."""
    if switching.is_needed:
        shown = partial(report_of, switching, is_done=False)
        consent_or_document(asked.screen, switching, shown, yes=yes, doit=doit, is_json=is_json)
        await carry_out(asked.graph, asked.meant.address, switching)
    if is_json:
        asked.screen.document(report_of(switching, is_done=switching.is_needed))
        return
    asked.screen.show(f"{switching.stack}: {switching.act.value} done" if switching.is_needed else switching.lines[0])
