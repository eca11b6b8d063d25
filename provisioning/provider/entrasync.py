"""Both resources of the package, over one connection to Graph that is made when something must be asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping

from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.operations.archive import archive_in
from provisioning.operations.port import Graph
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.plugin import PULUMIS_OWN, Callbacks
from provisioning.provider.process import Process
from provisioning.provider.properties import Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.version import JOB, PLAN
from provisioning.settings.job import JobInputs
from provisioning.settings.plan import PlanInputs

REHEARSED = {
    "servicePrincipalId": "00000000-0000-4000-8000-000000000000",
    "baseAddress": "https://elium.invalid/scim/v2",
    "secretToken": "not-a-token-of-anybody",
    "notification": {"email": "nobody@example.com"},
    "mappings": {"users": {"userName": "[userPrincipalName]"}},
}
"""Inputs that need everything that a check may need: models, the parser of expressions, the check of addresses."""


def rehearse() -> None:
    """Check inputs that nobody wrote, so that what is built for the first check is there when one comes."""
    for model in (PlanInputs, JobInputs):
        model.model_validate(REHEARSED)


def callbacks_for(configuration: Plain) -> Mapping[str, Callbacks]:
    """Give the callbacks by resource type, for the identity that a provider instance is configured with.

    :raises ConfigurationError: when the configuration names what there is not.
    """
    return callbacks_over(_Connection(identity_in(configuration, os.environ)).graph, os.environ)


def identity_in(configuration: Plain, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Lay the configuration of a provider instance over an environment.

    :raises ConfigurationError: when it names what there is not.
    """
    return identity_of({name: value for name, value in configuration.items() if name not in PULUMIS_OWN}, environment)


def callbacks_over(connect: Callable[[], Awaitable[Graph]], environment: Mapping[str, str]) -> Mapping[str, Callbacks]:
    """Give the callbacks by resource type. *environment* is where tokens lie that are named by that."""
    process = Process(connect, archive_in(environment), tokens=SeenTokens(environment))
    return {JOB: SynchronizationJobCallbacks(process), PLAN: PlanCallbacks(process)}


class _Connection:
    """The one client of this process, made when something must be asked for the first time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._graph: Graph | None = None
        self._one_at_a_time = asyncio.Lock()

    async def graph(self) -> Graph:
        async with self._one_at_a_time:
            if self._graph is None:
                self._graph = await connect(self._environment)
            return self._graph
