"""What was found, and what to do about it, as a script for a shell. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from provisioning.operations.recovery.commands import import_of
from provisioning.operations.recovery.finding import Finding

ENTER = 'eval "$(.venv/bin/python -m tools.environment --keep-backend)"'
"""Without it, the commands would speak to another Pulumi's state."""


def script(found: Sequence[Finding], lines: Sequence[Sequence[str]], stack: str, *, yes: bool) -> str:
    """Write findings and command *lines* as a script for a shell; the sentences are its comments."""
    comments = [f"# {finding.wanted.name}: {finding.sentence}" for finding in found]
    comments += [f"#   If it is yours: {shlex.join(import_of(one, stack))}" for one in found if not one.is_sure]
    if not lines:
        return "\n".join([*comments, "# There is nothing to be imported or cleared.", ""])
    how = "" if yes else f"# To do all of this: make recover STACK={stack} ARGS=--yes\n"
    return "\n".join([*comments, ENTER, *map(shlex.join, lines), how])
