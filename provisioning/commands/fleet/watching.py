"""The tenants of a file, for the panel: asked as ``elium fleet status`` does, opened as a stack of their own."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.commands.fleet.each import within_tenant
from provisioning.commands.fleet.working import acts_in
from provisioning.commands.plan import planned_now
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from provisioning.fleet.acts import Acts
from provisioning.fleet.file import fleet_in
from provisioning.fleet.tenant import Tenant
from provisioning.graph.connect import connect
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.deployed import NoStackError
from provisioning.operations.status import StatusReport
from provisioning.operations.watching import StackJob
from provisioning.panel.aside import Aside
from provisioning.panel.fleet.place import FleetPlace
from provisioning.panel.fleet.watched import WatchedFleet
from provisioning.panel.stack.place import StackPlace
from provisioning.panel.stack.planned import Declared
from provisioning.panel.stack.watched import WatchedStack

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient
    from provisioning.provider.preview import Preview


@contextmanager
def fleet_place(surroundings: Surroundings, folder: Path, file: Path) -> Iterator[FleetPlace]:
    """Open the place of the tenants of a file, until the block ends.

    :raises ConfigurationError: with every mistake in the file.
    """
    # Before anything is looked for that only tenants would need.
    fleet_in(folder / file, option="--fleet")
    with acts_in(surroundings, folder, in_a_hurry=True) as acts:
        yield FleetPlace(WatchedFleet(FileOfTenants(surroundings, acts, folder / file), acts.clock))


@dataclass(slots=True)
class FileOfTenants:
    """What the panel asks about the tenants of a file."""

    surroundings: Surroundings
    acts: Acts
    file: Path
    _tenants: dict[str, Tenant] = field(default_factory=dict)
    _jobs: dict[str, JobAddress] = field(default_factory=dict)
    """The job of each that was asked about."""
    _opened: list[GraphClient] = field(default_factory=list)

    def read(self) -> Sequence[str]:
        """Read the file anew, and give the names.

        :raises ConfigurationError: with every mistake.
        """
        self._tenants = {tenant.name: tenant for tenant in fleet_in(self.file).tenants}
        return [*self._tenants]

    def ask(self, name: str) -> StatusReport:
        """Ask how one is. :raises ProvisioningError: when nobody can tell."""
        report = self.acts.report(self._tenants[name])
        self._jobs[name] = JobAddress(ServicePrincipalId(report.service_principal_id), JobId(report.job_id))
        return report

    async def open(self, name: str, aside: Aside) -> StackPlace:
        """Sign in for one, and make its place.

        :raises ProvisioningError: when that cannot be done, or it has no job.
        """
        environment = await aside.do(partial(self._prepared, name))
        graph = await connect(environment, self.surroundings.clock, self.acts.clients.on_demand(environment))
        self._opened.append(graph)
        stack = WatchedStack(StackJob(name, self._jobs[name]), graph.in_a_hurry(), graph.clock)
        return StackPlace(stack, graph, Declared(name, self.file, partial(self._plan, name), self._up(name)))

    async def close(self) -> None:
        """Hang up for all who were opened."""
        for graph in self._opened:
            await graph.close()

    def _prepared(self, name: str) -> Mapping[str, str]:
        """Give the environment of one whose job is known."""
        if name not in self._jobs:
            self.ask(name)
        return self._tenants[name].environment(self.acts.here)

    def _plan(self, name: str) -> Preview:
        """Say what a run would do for one now, by the file as it is now."""
        tenant = {each.name: each for each in fleet_in(self.file).tenants}.get(name)
        if tenant is None:
            raise ConfigurationError(f"There is no tenant {name!r} in {self.file.name} any more.")
        within = within_tenant(self.surroundings, self.acts, tenant, io.StringIO(), io.StringIO())
        try:
            return planned_now(within, name, within.folder)
        except NoStackError as error:
            # Its own hint would make a stack beside the fleet's.
            raise NoStackError(error.message, hint=f"Run `{self._up(name)}`, which makes it.") from error

    def _up(self, name: str) -> str:
        return f"elium fleet up --tenants {shlex.quote(str(self.file))} --only {shlex.quote(name)}"
