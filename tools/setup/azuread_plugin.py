"""The azuread plugin: the official one, or where that cannot be had, the stand-in that talks to the emulator only.

Both lie where Pulumi looks for the version that the ``pulumi_azuread`` wheel names, in the clone's own ``PULUMI_HOME``.
The stand-in never replaces the official plugin; the official one replaces the stand-in as soon as it can be had.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.setup.downloads import is_reachable
from tools.setup.manifest import MANIFEST, flaw_of, seal
from tools.setup.toolchain.programs import ENGINE
from tools.versions import locked_version

if TYPE_CHECKING:
    from tools.setup.commands import Command
    from tools.setup.context import Context

PLUGIN = "pulumi-resource-azuread"
AT_MOST = 300.0
STAND_IN = """\
#!/bin/sh
# The stand-in for the azuread plugin.
exec {python} -P -m emulator.azuread "$@"
"""


def azuread_plugin(context: Context, toolchain: Path) -> None:
    """See to it that Pulumi finds an azuread plugin in this clone."""
    version = locked_version("pulumi-azuread", lock=context.clone.root / "uv.lock")
    home = context.clone.pulumi_home / "plugins" / f"resource-azuread-v{version}"
    progress = context.progress
    if has_official_plugin(home):
        with progress.step("azuread plugin", "seconds") as outcome:
            outcome.text = f"official, {version}"
        return
    try:
        with progress.step("azuread plugin, official", "seconds without a network, else up to 5 min") as outcome:
            _fetch(version, home, context, toolchain)
            outcome.text = version
    except UnavailableError:
        with progress.step("azuread plugin, stand-in for the emulator", "seconds") as outcome:
            put_stand_in(home, context.clone.python)
            outcome.text = "for loopback only"


def has_official_plugin(home: Path) -> bool:
    """Tell whether the official plugin lies in *home*, whole."""
    plugin = home / PLUGIN
    if not plugin.is_file() or plugin.read_bytes()[:2] == b"#!":
        return False
    return flaw_of(home, [PLUGIN]) is None


def put_stand_in(home: Path, python: Path) -> None:
    """Put a script into *home* that runs our stand-in."""
    home.mkdir(parents=True, exist_ok=True)
    (home / MANIFEST).unlink(missing_ok=True)
    unfinished = home / f"{PLUGIN}.unfinished"
    unfinished.write_text(STAND_IN.format(python=shlex.quote(str(python))), encoding="utf-8")
    unfinished.chmod(0o755)
    unfinished.replace(home / PLUGIN)


def _fetch(version: str, home: Path, context: Context, toolchain: Path) -> None:
    """Fetch the official plugin apart, and move it into *home* when it is whole."""
    if not is_reachable(context):
        raise UnavailableError("out of reach")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=context.clone.state, prefix="azuread-unfinished-") as apart:
        environment = {**context.environment, "PULUMI_HOME": apart, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        install: Command = [toolchain / ENGINE, "plugin", "install", "resource", "azuread", version]
        ended = context.run(install, within=AT_MOST, environment=environment)
        fetched = Path(apart) / "plugins" / home.name
        if not ended.succeeded or not os.access(fetched / PLUGIN, os.X_OK):
            raise UnavailableError(f"failed ({ended.last_line})")
        seal(fetched, [PLUGIN])
        shutil.rmtree(home, ignore_errors=True)
        fetched.rename(home)
