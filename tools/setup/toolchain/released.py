"""The official release, fetched by the Pulumi SDK. It brings the language host and its executor along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.downloads import is_reachable
from tools.setup.toolchain.cached import adding_to_cache
from tools.versions import PULUMI

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.commands import Command
    from tools.setup.context import Context

# The SDK's own reader of the download knows no time limit, so it runs apart, where it can be ended.
INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(sys.argv[1], VersionInfo.parse(sys.argv[2]))
"""
AT_MOST = 300.0


def released_toolchain(context: Context) -> Path:
    """Fetch the official release into the cache and return its folder.

    :raises UnavailableError: when it cannot be fetched.
    """
    if not is_reachable(context):
        raise UnavailableError("out of reach")
    with adding_to_cache(context) as home:
        install: Command = [context.clone.python, "-c", INSTALL, home, PULUMI]
        ended = context.run(install, within=AT_MOST, environment=context.environment)
        if not ended.succeeded:
            raise UnavailableError(f"failed ({ended.last_line})")
    return toolchain_home(context.cache) / "bin"
