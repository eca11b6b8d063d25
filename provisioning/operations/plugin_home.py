"""Where Pulumi looks for our plugin, and putting it there: a script that runs the command of this package.

The engine takes what lies in ``$PULUMI_HOME/plugins/resource-<name>-v<version>/`` without a word; of a program that is
on the ``PATH`` only, it warns in every run (pulumi: sdk/go/common/workspace, plugins.go). Where nobody asks for one
version, it takes the newest that is there.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import distribution
from pathlib import Path

import yaml

from provisioning.errors import ConfigurationError

NAME = "entrasync"

PROGRAM = f"pulumi-resource-{NAME}"
"""What the engine looks for."""

COMMAND = f"{NAME}-plugin"
"""The command of this package that is the plugin."""

MARK = "The plugin entrasync of elium-provisioning"
"""Stands in the first lines of what we put there, and of what a release's archive has; anything else is somebody's."""

FIRST_BYTES = 200
"""Within which the mark stands."""


class PluginOutcome(Enum):
    """What became of the plugin."""

    INSTALLED = "installed"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class PluginReport:
    """Where the plugin is, and what became of it."""

    outcome: PluginOutcome
    version: str
    file: str
    """Such as ``/home/ada/.pulumi/plugins/resource-entrasync-v0.1.0/pulumi-resource-entrasync``."""
    runs: str
    """Which command it runs: the one of the environment in which this package is installed."""
    newer: tuple[str, ...] = ()
    """Newer versions that lie beside it, of which Pulumi takes the newest."""

    @property
    def lines(self) -> Iterator[str]:
        """Tell it."""
        match self.outcome:
            case PluginOutcome.INSTALLED | PluginOutcome.REPLACED | PluginOutcome.UNCHANGED:
                yield f"{self.outcome.value}: {self.file}, which runs {self.runs}"
            case PluginOutcome.REMOVED:
                yield f"removed: {self.file}"
            case PluginOutcome.ABSENT:
                yield f"absent: there is no {self.file}"
        for version in self.newer:
            yield (
                f"Pulumi takes the newest, and {NAME} {version} is there as well. To be rid of it: "
                f"pulumi plugin rm resource {NAME} {version}"
            )


@dataclass(frozen=True, slots=True)
class PluginHome:
    """The folder of one version of the plugin."""

    plugins: Path
    """Pulumi's folder of all plugins."""
    version: str
    command: Path
    """What it runs, such as ``.venv/bin/entrasync-plugin``."""
    is_windows: bool = os.name == "nt"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> PluginHome:
        """Give the folder in Pulumi's home, for the package as it is installed here."""
        installed = distribution("elium-provisioning")
        listed = (Path(str(file.locate())) for file in installed.files or ())
        command = next(file for file in listed if file.stem == COMMAND)
        return cls(plugins_in(environment), installed.version, command.resolve())

    @property
    def folder(self) -> Path:
        """The folder, as the engine names it."""
        return self.plugins / f"resource-{NAME}-v{self.version}"

    @property
    def file(self) -> Path:
        """The program, which on Windows is looked for as ``.exe`` and ``.cmd`` (pulumi: getCandidateExtensions)."""
        return self.folder / f"{PROGRAM}{'.cmd' if self.is_windows else ''}"

    @property
    def script(self) -> str:
        """What lies there."""
        if self.is_windows:
            return f'@rem {MARK}\r\n@"{self.command}" %*\r\n'
        return f'#!/bin/sh\n# {MARK}\nexec {shlex.quote(str(self.command))} "$@"\n'

    def install(self) -> PluginReport:
        """Put the script there, whole or not at all.

        :raises ConfigurationError: when somebody else's plugin lies there, or nothing can be written.
        """
        try:
            found = self._found()
            if found == self.script:
                return self._report(PluginOutcome.UNCHANGED)
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self.file.with_name(f".{self.file.name}.{os.getpid()}")
            unfinished.write_text(self.script, encoding="utf-8", newline="")
            unfinished.chmod(0o755)
            unfinished.replace(self.file)
        except OSError as error:
            raise self._not_written(error) from error
        return self._report(PluginOutcome.INSTALLED if found is None else PluginOutcome.REPLACED)

    def uninstall(self) -> PluginReport:
        """Take it away.

        :raises ConfigurationError: when somebody else's plugin lies there, or nothing can be written.
        """
        try:
            if self._found() is None:
                return self._report(PluginOutcome.ABSENT)
            shutil.rmtree(self.folder)
        except OSError as error:
            raise self._not_written(error) from error
        return self._report(PluginOutcome.REMOVED)

    def _found(self) -> str | None:
        """Read what lies there of ours."""
        if not self.file.exists():
            return None
        with self.file.open("rb") as content:
            if MARK.encode() not in content.read(FIRST_BYTES):
                raise ConfigurationError(
                    f"{self.file} is a plugin that elium has not put there; it is left as it is.",
                    hint=f"Take it away first, if it may go: pulumi plugin rm resource {NAME} {self.version}",
                )
        return self.file.read_bytes().decode()

    def _not_written(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"{self.folder} cannot be written: {error.strerror}.",
            hint="Make it yours, or name another home for Pulumi: PULUMI_HOME.",
        )

    def _report(self, outcome: PluginOutcome) -> PluginReport:
        newer = [each for each in versions_in(self.plugins) if _order(each) > _order(self.version)]
        return PluginReport(outcome, self.version, str(self.file), str(self.command), tuple(newer))


def home_of_pulumi(environment: Mapping[str, str]) -> Path:
    """Give Pulumi's own folder: the one that is named, or the one in the home of whoever runs this.

    That home is the one that the system knows, whatever ``HOME`` says, as with Pulumi (pulumi: GetPulumiHomeDir; Go:
    user.Current): a pipeline's container may have two. Who is unknown to the system lives where ``HOME`` says.
    """
    return Path(environment.get("PULUMI_HOME") or _home() / ".pulumi")


def _home() -> Path:
    try:
        from pwd import getpwuid  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return Path.home()
    try:
        return Path(getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path.home()


def plugins_in(environment: Mapping[str, str]) -> Path:
    """Give Pulumi's folder of plugins."""
    return home_of_pulumi(environment) / "plugins"


def versions_in(plugins: Path) -> list[str]:
    """Give the versions of our plugin that lie there, the oldest first."""
    prefix = f"resource-{NAME}-v"
    found = (each.name.removeprefix(prefix) for each in plugins.glob(f"{prefix}*") if each.is_dir())
    return sorted(found, key=_order)


def is_found(folder: Path, environment: Mapping[str, str]) -> bool:
    """Tell whether Pulumi finds the plugin for the project in a folder: named by it, installed, or on the ``PATH``."""
    return (
        _is_named(folder / "Pulumi.yaml")
        or bool(versions_in(plugins_in(environment)))
        or shutil.which(PROGRAM, path=environment.get("PATH", "")) is not None
    )


def _is_named(project: Path) -> bool:
    """Look into a project's file; one that cannot be read is for Pulumi to tell of."""
    try:
        written = yaml.safe_load(project.read_text(encoding="utf-8"))
        return any(each["name"] == NAME for each in written["plugins"]["providers"])
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError):
        return False


def _order(version: str) -> tuple[tuple[int, ...], str]:
    """Put versions in an order, as far as they are numbers."""
    numbers, _, rest = version.partition("-")
    return tuple(int(part) if part.isdigit() else 0 for part in numbers.split(".")), rest
