"""The folder in which a tenant is a stack like any other: ``pulumi`` and ``elium`` work there without a fleet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from provisioning.errors import ConfigurationError
from provisioning.fleet.tenant import Tenant
from provisioning.graph.identity import FIELDS
from provisioning.model.token_source import TokenSource
from provisioning.settings.stack import PLACE

HEADER = "# Written from the file of tenants, where it is changed.\n"

JOB = "job"
"""The file that names the stack's job. What the engine keeps is right where the two differ."""

KEPT = ("encryptionsalt", "encryptedkey", "secretsprovider")
"""What Pulumi writes into a stack's file, and needs again."""


@dataclass(frozen=True, slots=True)
class StackFolder:
    """The folder of one tenant. The project's own is left as it is, so that a hundred tenants do not litter it."""

    path: Path
    project: Path
    """The folder that has the program and its ``Pulumi.yaml``."""

    def write(self, tenant: Tenant) -> None:
        """Write the project's file and the stack's, as the row says.

        :raises ConfigurationError: when the project's own cannot be read.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self.path / "Pulumi.yaml", self._project_file())
        stack = self.path / f"Pulumi.{tenant.name}.yaml"
        kept = {name: value for name, value in _table_in(stack).items() if name in KEPT} if stack.exists() else {}
        _write(stack, {"config": dict(_configuration(tenant)), **kept})

    @property
    def job(self) -> str:
        """The job that was noted here, ``<servicePrincipalId>/<jobId>``; empty when none was."""
        try:
            return (self.path / JOB).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def note(self, job: str) -> None:
        """Note which job the stack has, so that whoever asks how it is need not ask the engine first."""
        (self.path / JOB).write_text(f"{job}\n", encoding="utf-8")

    def _project_file(self) -> Mapping[str, Any]:
        """Give the project's file, with what it names found from another folder."""
        written = dict(_table_in(self.project / "Pulumi.yaml"))
        if not written.get("name"):
            raise ConfigurationError(
                f"There is no Pulumi project in {self.project}.", hint="Go to its folder, or name it with --cwd."
            )
        plugins = written.get("plugins") or {}
        providers = [
            {**each, "path": str(self.project / each["path"])} if "path" in each else each
            for each in plugins.get("providers") or ()
        ]
        written["main"] = str(self.project / str(written.get("main") or "."))
        return {**written, "plugins": {**plugins, "providers": providers}} if providers else written


def written_in(folder: Path, name: str) -> Tenant:
    """Read what the row of a tenant said when its stack's file was written; nothing where there is no such file."""
    held = _table_in(folder / f"Pulumi.{name}.yaml").get("config") or {}
    return Tenant(name, {key.removeprefix(PLACE): value for key, value in held.items() if key.startswith(PLACE)})


def _configuration(tenant: Tenant) -> list[tuple[str, Any]]:
    """Write a row as a stack's configuration. The identity is for both plugins; a secret of it stays out of files."""
    settings = [(f"{PLACE}{name}", value) for name, value in tenant.written.items() if _is_the_plugin_s(name, value)]
    plain = [(name, value) for name, value in tenant.entra.items() if not FIELDS[name].is_secret]
    return settings + [(f"{plugin}:{name}", value) for plugin in ("azuread", "entrasync") for name, value in plain]


def _is_the_plugin_s(name: str, value: object) -> bool:
    """Leave out a token that lies where only a command finds it: the plugin runs none, and asks no vault."""
    try:
        return name != "secretToken" or TokenSource.parse(str(value)) is not None
    except ConfigurationError:
        return False


def _table_in(path: Path) -> Mapping[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read.", hint="Correct the file: it is YAML.") from error
    return read if isinstance(read, Mapping) else {}


def _write(path: Path, table: Mapping[str, Any]) -> None:
    """Write a file whole or not at all, and only when it says something else."""
    text = HEADER + yaml.safe_dump(dict(table), sort_keys=False, allow_unicode=True)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
