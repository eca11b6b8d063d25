"""The plugin over gRPC, as the engine speaks to it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from emulator.azuread.faults import PluginError
from emulator.azuread.serving import serve, start
from emulator.azuread.values import plain_map, wire_map

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pulumi.provider.experimental.provider import Provider

    PluginWith = Callable[[dict[str, Any]], Awaitable[Provider]]

TEMPLATE = "11111111-1111-4111-8111-111111111111"
URN = "urn:pulumi:dev::elium::azuread:index/applicationFromTemplate:ApplicationFromTemplate::elium"
MADE = {"application": {"id": "app"}, "servicePrincipal": {"id": "sp"}}
INSTANTIATE = {f"POST /v1.0/applicationTemplates/{TEMPLATE}/instantiate": (201, MADE)}


def struct(values: dict[str, Any]) -> Any:
    return PropertyValue.marshal_map(wire_map(values))


INPUTS = struct({"displayName": "Elium", "templateId": TEMPLATE})


@asynccontextmanager
async def engine_of(plugin: Provider) -> AsyncIterator[Any]:
    """Speak to *plugin* as the engine does."""
    server, port = await start("127.0.0.1:1", plugin)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        await server.stop(grace=1)


async def test_the_plugin_ends_with_the_engine(plugin_with: PluginWith) -> None:
    engine, announced = grpc.aio.server(), asyncio.Future[int]()
    port = engine.add_insecure_port("127.0.0.1:0")
    await engine.start()
    plugin, short = await plugin_with({}), timedelta(milliseconds=200)
    serving = asyncio.create_task(serve(f"127.0.0.1:{port}", plugin, within=short, announce=announced.set_result))
    assert await announced > 0

    await engine.stop(grace=None)
    await asyncio.wait_for(serving, timeout=10)


async def test_without_an_engine_there_is_no_plugin(plugin_with: PluginWith) -> None:
    with pytest.raises(PluginError, match=r"No engine of Pulumi answers at 127\.0\.0\.1:1\."):
        await serve("127.0.0.1:1", await plugin_with({}), within=timedelta(milliseconds=20))


async def test_the_plugin_is_of_the_version_of_the_wheel(plugin_with: PluginWith) -> None:
    async with engine_of(await plugin_with({})) as engine:
        info = await engine.GetPluginInfo(Empty())

    assert info.version == version("pulumi-azuread")


async def test_a_resource_is_made_over_the_wire(plugin_with: PluginWith) -> None:
    there = INSTANTIATE | {"GET /v1.0/applications/app": {"id": "app", "displayName": "Elium"}}
    async with engine_of(await plugin_with(there)) as engine:
        made = await engine.Create(provider_pb2.CreateRequest(urn=URN, properties=INPUTS))

    assert made.id == f"/applicationTemplates/{TEMPLATE}/instantiate/app/sp"
    assert plain_map(PropertyValue.unmarshal_map(made.properties))["servicePrincipalObjectId"] == "sp"


async def test_a_fault_arrives_as_its_sentence(plugin_with: PluginWith) -> None:
    token, arguments = "azuread:index/getGroup:getGroup", struct({"objectId": "9"})
    async with engine_of(await plugin_with({})) as engine:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await engine.Invoke(provider_pb2.InvokeRequest(tok=token, args=arguments))

    assert caught.value.details() == 'No group found with object ID: "9"'


async def test_what_is_gone_is_answered_with_nothing_at_all(plugin_with: PluginWith) -> None:
    async with engine_of(await plugin_with({})) as engine:
        read = await engine.Read(
            provider_pb2.ReadRequest(urn=URN, id=f"/applicationTemplates/{TEMPLATE}/instantiate/a/s")
        )

    assert (read.id, read.HasField("properties"), read.HasField("inputs")) == ("", False, False)


async def test_what_stops_half_way_is_kept_by_the_engine(plugin_with: PluginWith) -> None:
    async with engine_of(await plugin_with(INSTANTIATE)) as engine:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await engine.Create(provider_pb2.CreateRequest(urn=URN, properties=INPUTS))
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    kept = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(details).details[0].Unpack(kept)

    assert kept.id == f"/applicationTemplates/{TEMPLATE}/instantiate/app/sp"
    assert kept.inputs == INPUTS
    assert "Timed out whilst waiting" in kept.reasons[0]


async def test_what_the_library_does_not_implement_is_said_so(plugin_with: PluginWith) -> None:
    async with engine_of(await plugin_with({})) as engine:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await engine.Handshake(provider_pb2.ProviderHandshakeRequest())

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
