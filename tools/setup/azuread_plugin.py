"""The azuread plugin: the official one, or where that cannot be had, the stand-in that talks to the emulator only.

Both lie where Pulumi looks for the version that an SDK names, in the clone's own ``PULUMI_HOME``.
A plugin that is not the stand-in is never touched, whoever installed it; the official one replaces the stand-in as soon
as it can be had.
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

if TYPE_CHECKING:
    from tools.setup.commands import Command
    from tools.setup.context import Context

PLUGIN = "pulumi-resource-azuread"
AT_MOST = 300.0
FIRST_LINES = "#!/bin/sh\n# The stand-in for the azuread plugin.\n"
"""By which the stand-in is known; whatever begins otherwise was put there by somebody."""


def azuread_plugin(context: Context, toolchain: Path, version: str) -> None:
    """See to it that Pulumi finds the azuread plugin in this clone, of the *version* that an SDK asks for."""
    home = context.clone.pulumi_home / "plugins" / f"resource-azuread-v{version}"
    if _is_somebodys(home):
        _leave_alone(home, version, context)
        return
    try:
        _require_downloads(context)
        with context.progress.step("azuread plugin, official", "up to 5 min") as outcome:
            _fetch(version, home, context, toolchain)
            outcome.text = version
    except UnavailableError:
        _stand_in(home, context)


def _is_somebodys(home: Path) -> bool:
    """Tell whether a plugin lies in *home* that is not the stand-in: fetched by us, or installed by hand."""
    plugin, ours = home / PLUGIN, FIRST_LINES.encode()
    if not plugin.exists():
        return False
    with plugin.open("rb") as content:
        return content.read(len(ours)) != ours


def _leave_alone(home: Path, version: str, context: Context) -> None:
    with context.progress.check("azuread plugin, official") as outcome:
        is_fetched = (home / MANIFEST).exists()
        outcome.text = version if is_fetched else f"{version}, installed by hand"
    flaw = flaw_of(home, [PLUGIN]) if is_fetched else None
    if flaw is not None:
        context.progress.say(
            f"{flaw}, or somebody put another one there; it is left as it is. To have it fetched again: rm -r {home}"
        )


def _require_downloads(context: Context) -> None:
    with context.progress.check("Pulumi's plugins") as outcome:
        if not is_reachable(context):
            raise UnavailableError("out of reach")
        outcome.text = "within reach"


def _stand_in(home: Path, context: Context) -> None:
    plugin, script = home / PLUGIN, stand_in(context.clone.python)
    context.progress.remark = "in place of the azuread plugin is the stand-in, for loopback only"
    if plugin.is_file() and plugin.read_text(encoding="utf-8") == script:
        with context.progress.check("azuread plugin, stand-in for the emulator") as outcome:
            outcome.text = "for loopback only"
        return
    with context.progress.step("azuread plugin, stand-in for the emulator", "seconds") as outcome:
        put_stand_in(home, context.clone.python)
        outcome.text = "for loopback only"


def stand_in(python: Path) -> str:
    """Give the script that runs our stand-in."""
    return f'{FIRST_LINES}exec {shlex.quote(str(python))} -P -m emulator.azuread "$@"\n'


def put_stand_in(home: Path, python: Path) -> None:
    """Put a script into *home* that runs our stand-in."""
    home.mkdir(parents=True, exist_ok=True)
    (home / MANIFEST).unlink(missing_ok=True)
    unfinished = home / f"{PLUGIN}.unfinished"
    unfinished.write_text(stand_in(python), encoding="utf-8")
    unfinished.chmod(0o755)
    unfinished.replace(home / PLUGIN)


def _fetch(version: str, home: Path, context: Context, toolchain: Path) -> None:
    """Fetch the official plugin apart, and move it into *home* when it is whole."""
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
