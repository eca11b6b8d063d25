"""azuread's plugin, kept running between the runs of a fleet: its start costs more than what a tenant needs of it.

One process serves one run at a time, since an engine that is interrupted cancels whatever its plugin is at (pulumi:
provider.proto, Cancel). What a run that failed may have left in it goes with its process. It has an identity in its
environment and nothing else of any tenant.

Whether the official plugin serves several engines, one after the other, is not known here [U]: with
``ELIUM_FLEET_AZUREAD=own`` each run starts its own.
"""

from __future__ import annotations

import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from provisioning.fleet.clients import identity_in
from provisioning.operations.plugin_home import plugins_in

SWITCH = "ELIUM_FLEET_AZUREAD"

OWN = "own"

NEEDED = ("PATH", "HOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PULUMI_HOME")
"""What a program needs of an environment to be started at all."""

KEEPER = '"$0" & plugin=$!; read -r _; kill "$plugin"'
"""Ends the plugin when whoever started it ends, in whatever way: its end of the pipe is closed then."""

Identity = frozenset[tuple[str, str]]


class Azuread:
    """The processes, by identity."""

    def __init__(self) -> None:
        """Have none yet."""
        self._free: dict[Identity, list[subprocess.Popen[str]]] = defaultdict(list)
        self._ports: dict[int, int] = {}
        self._guard = threading.Lock()

    @contextmanager
    def lent(self, environment: Mapping[str, str]) -> Iterator[int | None]:
        """Lend a plugin for one run and give its port; ``None`` where a run has to start its own."""
        program = None if environment.get(SWITCH) == OWN else _program(environment)
        if program is None:
            yield None
            return
        identity = identity_in(environment)
        process = self._taken(identity) or self._started(program, environment)
        try:
            yield self._ports.get(process.pid)
        except BaseException:
            self._end(process)
            raise
        with self._guard:
            self._free[identity].append(process)

    def close(self) -> None:
        """End all of them."""
        with self._guard:
            processes = [process for free in self._free.values() for process in free]
            self._free.clear()
        for process in processes:
            self._end(process)

    def _taken(self, identity: Identity) -> subprocess.Popen[str] | None:
        with self._guard:
            return self._free[identity].pop() if self._free[identity] else None

    def _started(self, program: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """Start one; a plugin that ends instead of saying its port is none that others can attach to."""
        needed = {name: environment[name] for name in NEEDED if name in environment}
        process = subprocess.Popen(  # noqa: S603 - azuread's own plugin
            ["sh", "-c", KEEPER, str(program)],  # noqa: S607 - POSIX has it
            env={**needed, **dict(identity_in(environment))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        said = process.stdout.readline().strip() if process.stdout else ""
        if said.isdigit():
            self._ports[process.pid] = int(said)
        return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        self._ports.pop(process.pid, None)
        process.communicate()


def _program(environment: Mapping[str, str]) -> Path | None:
    """Find the plugin where the engine would look for it first (pulumi: workspace, plugins)."""
    program = plugins_in(environment) / f"resource-azuread-v{version('pulumi-azuread')}" / "pulumi-resource-azuread"
    return program if program.is_file() else None
