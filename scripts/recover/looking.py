"""One look: the state, a preview and Entra, and what follows from the three."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.recover.commands import commands
from scripts.recover.directory import directory_of
from scripts.recover.finding import findings
from scripts.recover.wanted import known_in, wanted, was_cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.recover.engine import Engine
    from scripts.recover.finding import Finding


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and what to do."""

    found: Sequence[Finding]
    lines: Sequence[list[str]]
    """Command lines, in order."""
    is_refused: bool
    """Whether the preview was refused, so that not everything that is missing is known."""


async def look_at(engine: Engine) -> Look:
    """Look at a stack once. Nothing is changed."""
    export, preview = engine.export(), engine.preview()
    async with directory_of(engine.environment) as directory:
        found = await findings(wanted(export, preview.steps), known_in(export), directory)
    lines = commands(found, engine.stack, was_cut=was_cut(export))
    return Look(found, lines, is_refused=preview.is_refused)
