"""``elium plugin install``: put the plugin where Pulumi finds it."""

from __future__ import annotations

import typer

from provisioning.commands.options import Json
from provisioning.commands.plugin.telling import home_in, tell


def install(context: typer.Context, *, json: Json = False) -> None:
    """Put the plugin where Pulumi finds it."""
    tell(context.obj, home_in(context.obj).install(), is_json=json)
