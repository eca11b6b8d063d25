from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.plugin import Callbacks, Plugin, Servicer
from provisioning.provider.process import Process
from provisioning.provider.properties import Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.version import JOB, PLAN


@pytest.fixture
def service() -> RecordingService:
    return RecordingService()


@pytest.fixture
def pulumi() -> Pulumi:
    return Pulumi(RecordingService())


@pytest.fixture
def configurations() -> list[Plain]:
    """Write down what the callbacks are made with."""
    return []


@pytest.fixture
async def engine(service: RecordingService, configurations: list[Plain]) -> AsyncIterator[Any]:
    async def connect() -> RecordingService:
        return service

    def make(configuration: Plain) -> Mapping[str, Callbacks]:
        configurations.append(configuration)
        process = Process(connect)
        return {JOB: SynchronizationJobCallbacks(process), PLAN: PlanCallbacks(process)}

    server = grpc.aio.server()
    servicer = Servicer([], "0", Plugin(make), engine_address="")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    await server.stop(None)
