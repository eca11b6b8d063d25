from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from provisioning.provider.engine import Engine
from provisioning.provider.messages import Message


class Log(engine_pb2_grpc.EngineServicer):
    """An engine that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str, str]] = []

    async def Log(self, request: Any, context: object) -> empty_pb2.Empty:  # noqa: N802 - the interface's name
        del context
        self.told.append((request.severity, request.message, request.urn))
        return empty_pb2.Empty()


async def test_notices_are_printed_under_their_resource() -> None:
    log, server = Log(), grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(log, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    engine = Engine(f"127.0.0.1:{port}")

    await engine.say("urn:1", Message("careful"))
    await engine.say("urn:1", Message("by the way", is_warning=False))
    await engine.close()
    await server.stop(None)

    assert log.told == [
        (engine_pb2.LogSeverity.WARNING, "careful", "urn:1"),
        (engine_pb2.LogSeverity.INFO, "by the way", "urn:1"),
    ]


async def test_an_engine_that_is_killed_is_noticed() -> None:
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    engine = Engine(f"127.0.0.1:{port}")

    watching = asyncio.create_task(engine.until_it_is_gone(longer_than=timedelta(milliseconds=50)))
    await server.stop(None)
    await watching
    await engine.close()

    assert watching.done()
