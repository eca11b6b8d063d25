"""What the two verbs have in common: which folder, and how it is told."""

from __future__ import annotations

from provisioning.commands.surroundings import Surroundings
from provisioning.operations.plugin_home import PluginHome, PluginReport


def home_in(surroundings: Surroundings) -> PluginHome:
    """Give the folder of this version."""
    return PluginHome.of(surroundings.environment)


def tell(surroundings: Surroundings, report: PluginReport, *, is_json: bool) -> None:
    """Show what became of it."""
    if is_json:
        surroundings.screen.document(report)
        return
    for line in report.lines:
        surroundings.screen.show(line)
