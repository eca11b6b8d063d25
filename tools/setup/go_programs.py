"""Programs built from Go modules, whose versions and checksums are pinned in ``go.sum`` of each folder in ``tools``."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.errors import SetUpError, UnavailableError
from tools.places import built_home
from tools.setup.commands import Command
from tools.setup.context import Context
from tools.setup.lock import locked
from tools.setup.manifest import flaw_of, whole_or_not_at_all
from tools.versions import LEAST_GO, spelled, version_in

SDK = "github.com/pulumi/pulumi/sdk/v3"
AT_MOST = 3600.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one program is built."""

    program: str
    """Its name, and with ``tools/`` before it the folder of its module."""

    package: str
    version: str
    stamp: str = f"{SDK}/go/common/version.Version"
    """The variable that the version is stamped into: the Automation API does not talk to an engine without one."""

    def command(self, into: Path) -> Command:
        """Return the command that builds it, without debugging symbols: they would double the size."""
        flags = f"-s -w -X {self.stamp}=v{self.version}"
        return ["go", "build", "-ldflags", flags, "-o", into / self.program, self.package]


@dataclass(frozen=True, slots=True)
class GoBuilder:
    """Runs Go in the modules of this clone."""

    context: Context

    def require_go(self, module: str) -> None:
        """Find a Go that is recent enough for a *module*.

        :raises UnavailableError: when there is none.
        """
        if shutil.which("go", path=self.context.environment.get("PATH", "")) is None:
            raise UnavailableError("there is no Go")
        # Asked inside the module, an older Go first fetches the one that the module wants, if it may.
        version = version_in(self.go(module, ["go", "version"]))
        if version is None or version < LEAST_GO:
            raise UnavailableError(f"Go is older than {spelled(LEAST_GO)}")

    def go(self, module: str, command: Command) -> str:
        """Run Go in a *module*, and give what it printed.

        :raises UnavailableError: when it fails.
        """
        folder = self.context.clone.root / "tools" / module
        ended = self.context.run(command, within=AT_MOST, environment=self._environment(), where=folder)
        if not ended.succeeded:
            raise UnavailableError(f"failed ({ended.last_line})")
        return ended.output

    def _environment(self) -> Mapping[str, str]:
        """Return the user's environment, less what would make another program of the same source."""
        ours = {"GOFLAGS": "-trimpath -buildvcs=false -mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
        return {**self.context.environment, **ours}


def built_program(recipe: Recipe, context: Context) -> Path:
    """Return a program, from the user's cache or built into it.

    :raises SetUpError: when it is not there and cannot be built.
    """
    home = built_home(context.cache, recipe.program, recipe.version)
    try:
        _see_in_cache(recipe, home, context)
    except UnavailableError:
        with locked(context.cache, when_waiting=lambda: _announce(context)):
            if flaw_of(home / "bin", [recipe.program]) is not None:  # who held the lock may have built it
                _build(recipe, home, context)
    return home / "bin" / recipe.program


def _see_in_cache(recipe: Recipe, home: Path, context: Context) -> None:
    with context.progress.check(f"{recipe.program} in the user's cache") as outcome:
        flaw = flaw_of(home / "bin", [recipe.program]) if home.exists() else "there is none yet"
        if flaw is not None:
            raise UnavailableError(flaw)
        outcome.text = recipe.version


def _announce(context: Context) -> None:
    context.progress.say("Another set-up is filling the user's cache; waiting for it.")


def _build(recipe: Recipe, home: Path, context: Context) -> None:
    builder = GoBuilder(context)
    try:
        with context.progress.step(f"{recipe.program} built from its Go module", "1 to 4 min, once") as outcome:
            builder.require_go(recipe.program)
            with whole_or_not_at_all(home, [recipe.program], lambda _: None) as unfinished:
                builder.go(recipe.program, recipe.command(unfinished / "bin"))
            outcome.text = recipe.version
    except UnavailableError as reason:
        raise SetUpError(
            f"{recipe.program} cannot be built, {reason}: install Go {spelled(LEAST_GO)} or newer (https://go.dev/dl), "
            "see that it reaches a module proxy (GOPROXY), and run it again."
        ) from reason
