"""The plugin on a port of loopback, whoever starts it: the engine, or a program that runs many."""

from __future__ import annotations

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from provisioning.provider.plugin import Plugin, Servicer
from provisioning.provider.version import VERSION

LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; what Pulumi's own providers allow."""


async def start(plugin: Plugin, engine: str = "") -> tuple[grpc.aio.Server, int]:
    """Answer on a free port, and tell which. *engine* is the address of the one that started this process, if any."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", LARGEST_MESSAGE)])
    servicer = Servicer([engine], VERSION, plugin, engine_address=engine)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
