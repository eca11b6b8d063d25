"""One look: the state, what a preview says, and Entra; and what follows from the three."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.operations.recovery.commands import commands
from provisioning.operations.recovery.directory import Apps, Directory
from provisioning.operations.recovery.finding import Finding, findings
from provisioning.operations.recovery.wanted import known_in, wanted, was_cut


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and what to do."""

    found: Sequence[Finding]
    lines: Sequence[list[str]]
    """Command lines, in order."""

    @property
    def unsure(self) -> Sequence[Finding]:
        """What a person has to decide."""
        return [finding for finding in self.found if finding.is_open or not finding.is_sure]


async def look_at(graph: Apps, stack: str, export: Mapping[str, Any], steps: Iterable[Mapping[str, Any]] = ()) -> Look:
    """Look at a stack once; nothing is changed.

    *export* is what ``pulumi stack export`` prints, *steps* those of a preview, as far as it got; without them, only
    what was begun is looked for.
    """
    found = await findings(wanted(export, steps), known_in(export), Directory(graph))
    return Look(found, commands(found, stack, was_cut=was_cut(export)))
