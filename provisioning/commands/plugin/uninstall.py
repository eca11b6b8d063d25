"""``elium plugin uninstall``: take the plugin away again."""

from __future__ import annotations

import typer

from provisioning.commands.options import Json
from provisioning.commands.plugin.telling import home_in, tell


def uninstall(context: typer.Context, *, json: Json = False) -> None:
    """Take the plugin away again."""
    tell(context.obj, home_in(context.obj).uninstall(), is_json=json)
