"""The executable ``pulumi-resource-entrasync``: the engine starts it and talks to it over gRPC on loopback."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from provisioning.graph.connect import connect
from provisioning.operations.shelf import shelf_in
from provisioning.provider.package import VERSION
from provisioning.provider.plugin import Plugin, Servicer
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.telling import Engine

if TYPE_CHECKING:
    from provisioning.operations.port import Synchronization

LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; what Pulumi's own providers allow."""


GONE_AFTER = timedelta(seconds=5)
"""An engine that does not answer for so long was killed."""


def main() -> None:
    """Serve until the engine ends the process, or is gone itself."""
    engine = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")
    if not engine:
        sys.exit("pulumi-resource-entrasync is a Pulumi plugin: the engine starts it. Run `pulumi up` instead.")
    asyncio.run(serve(engine))


async def serve(address: str) -> None:
    """Serve the plugin on a free port and print the port, which is what the engine waits for."""
    connection, engine = _Connection(), Engine(address)
    plugin = Plugin(SynchronizationJobCallbacks(connection.graph, shelf=shelf_in(os.environ)), engine)
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", LARGEST_MESSAGE)])
    servicer = Servicer([address], VERSION, plugin, engine_address=address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)  # noqa: T201 - the protocol between engine and plugin
    await engine.until_it_is_gone(longer_than=GONE_AFTER)
    await server.stop(grace=None)
    await engine.close()


class _Connection:
    """The one client of this process, made when something must be asked for the first time."""

    def __init__(self) -> None:
        self._graph: Synchronization | None = None
        self._one_at_a_time = asyncio.Lock()

    async def graph(self) -> Synchronization:
        async with self._one_at_a_time:
            if self._graph is None:
                self._graph = await connect(os.environ)
            return self._graph


if __name__ == "__main__":
    main()
