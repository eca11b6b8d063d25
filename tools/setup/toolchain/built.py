"""A toolchain built from Go modules, whose versions and checksums are pinned in ``tools/pulumi*/go.sum``.

Two modules, because the language host is found in an older SDK than the engine's own.
The executor beside it is a plain script, taken from the engine's SDK: it must match the Python SDK, not the host.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.places import toolchain_home
from tools.setup.toolchain.cached import adding_to_cache
from tools.setup.toolchain.programs import ENGINE, EXECUTOR, LANGUAGE_HOST
from tools.versions import LEAST_GO, PULUMI, PULUMI_LANGUAGE_PYTHON, spelled, version_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.setup.commands import Command
    from tools.setup.context import Context

SDK = "github.com/pulumi/pulumi/sdk/v3"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one program is built."""

    program: str
    """Its name, and with ``tools/`` before it the folder of its module."""

    package: str
    version: str
    """Stamped into the program: the Automation API does not talk to an engine without a version."""

    def command(self, into: Path) -> Command:
        """Return the command that builds it, without debugging symbols: they would double the size."""
        stamp = f"-s -w -X {SDK}/go/common/version.Version=v{self.version}"
        return ["go", "build", "-ldflags", stamp, "-o", into / self.program, self.package]


RECIPES = (
    Recipe(ENGINE, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", PULUMI),
    Recipe(LANGUAGE_HOST, f"{SDK}/python/cmd/pulumi-language-python", PULUMI_LANGUAGE_PYTHON),
)
AT_MOST = 3600.0


def built_toolchain(context: Context) -> Path:
    """Build the toolchain into the cache and return its folder.

    :raises UnavailableError: when there is no recent Go, or when it cannot fetch or build the modules.
    """
    builder = _Builder(context)
    builder.require_go()
    with adding_to_cache(context) as home:
        for recipe in RECIPES:
            builder.go(recipe.program, recipe.command(home / "bin"))
        sdk = builder.go(ENGINE, ["go", "list", "-m", "-f", "{{.Dir}}", SDK])
        _copy_script(Path(sdk.strip()) / "python" / "cmd" / EXECUTOR, home / "bin" / EXECUTOR)
    return toolchain_home(context.cache) / "bin"


@dataclass(frozen=True, slots=True)
class _Builder:
    context: Context

    def require_go(self) -> None:
        if shutil.which("go", path=self.context.environment.get("PATH", "")) is None:
            raise UnavailableError("there is no Go")
        # Asked inside the module, an older Go first fetches the one that the module wants, if it may.
        version = version_in(self.go(ENGINE, ["go", "version"]))
        if version is None or version < LEAST_GO:
            raise UnavailableError(f"Go is older than {spelled(LEAST_GO)}")

    def go(self, module: str, command: Command) -> str:
        folder = self.context.clone.root / "tools" / module
        ended = self.context.run(command, within=AT_MOST, environment=self._environment(), where=folder)
        if not ended.succeeded:
            raise UnavailableError(f"failed ({ended.last_line})")
        return ended.output

    def _environment(self) -> Mapping[str, str]:
        """Return the user's environment, less what would make another program of the same source."""
        ours = {"GOFLAGS": "-trimpath -buildvcs=false -mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
        return {**self.context.environment, **ours}


def _copy_script(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)  # the module cache is read-only, and so would be a copy of its permissions
    target.chmod(0o755)
