"""From what was found to what Pulumi has to be told. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from provisioning.operations.recovery.finding import Finding


def commands(found: Sequence[Finding], stack: str, *, was_cut: bool) -> list[list[str]]:
    """Give the command lines that bring the state in line, in order; nothing is deleted by them.

    Imports come first: clearing forgets that a creation was begun, and with it what was to be imported. The engine's
    own ``--import-pending-creates`` is not used: without a terminal it forgets them and imports nothing (seen with
    Pulumi 3.259).
    """
    lines = [import_of(finding, stack) for finding in found if finding.import_id and finding.is_sure]
    if was_cut and not any(finding.is_open for finding in found):
        lines.append(["pulumi", "refresh", "--stack", stack, "--skip-preview", "--yes", "--clear-pending-creates"])
    return lines


def import_of(finding: Finding, stack: str) -> list[str]:
    """Give the command line that imports one resource, under its parent and as unprotected as ``up`` would make it."""
    wanted = finding.wanted
    parent = ["--parent", f"{wanted.parent.rpartition('::')[2]}={wanted.parent}"] if wanted.parent else []
    quietly = ["--stack", stack, "--skip-preview", "--yes", "--generate-code=false", "--protect=false"]
    return ["pulumi", "import", *quietly, *parent, wanted.type, wanted.name, finding.import_id]
