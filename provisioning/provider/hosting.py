"""The plugin inside a program that runs the engine many times: it is imported once, and each run has its own.

A run of the engine finds it by ``PULUMI_DEBUG_PROVIDERS`` and says itself who it is (pulumi: provider.proto, Attach).
Each has a server of its own, so that messages reach the right engine, and each has its own environment: identities of
several Entra tenants, and their tokens, lie side by side in one process and never meet.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from provisioning.operations.port import Graph
from provisioning.provider.entrasync import callbacks_over, identity_in
from provisioning.provider.plugin import Callbacks, Plugin
from provisioning.provider.properties import Plain
from provisioning.provider.serving import start

Connect = Callable[[Mapping[str, str]], Awaitable[Graph]]
"""Gives Graph for an identity, an environment in azuread's words. Who gives it also closes it."""


@asynccontextmanager
async def hosted(environment: Mapping[str, str], connect: Connect) -> AsyncIterator[int]:
    """Serve the plugin for one run until the block ends; gives its port."""

    def make(configuration: Plain) -> Mapping[str, Callbacks]:
        identity = identity_in(configuration, environment)

        async def graph() -> Graph:
            return await connect(identity)

        return callbacks_over(graph, environment)

    plugin = Plugin(make)
    server, port = await start(plugin)
    try:
        yield port
    finally:
        await server.stop(grace=None)
        await plugin.hang_up()
