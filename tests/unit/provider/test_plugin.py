"""Over gRPC, as the engine speaks, with the engine's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from builders import PRINCIPAL, TOKEN
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2
from recording import RecordingService

from provisioning.errors import UnavailableError
from provisioning.provider.package import package_schema
from provisioning.provider.plugin import Plugin, Servicer
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com", "secretToken": TOKEN}
URN = "urn:pulumi:dev::elium::entrasync:index:SynchronizationJob::elium-job"


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    built = struct_pb2.Struct()
    built.update(values)
    return built


@pytest.fixture
def service() -> RecordingService:
    return RecordingService()


@pytest.fixture
async def engine(service: RecordingService) -> AsyncIterator[Any]:
    async def connect() -> RecordingService:
        return service

    server = grpc.aio.server()
    servicer = Servicer([], "0", Plugin(SynchronizationJobCallbacks(connect)), engine_address="")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    await server.stop(None)


async def checked(engine: Any, **written: Any) -> struct_pb2.Struct:
    answer = await engine.Check(provider_pb2.CheckRequest(urn=URN, news=struct(LEAST | written), randomSeed=b"salt"))
    inputs: struct_pb2.Struct = answer.inputs
    return inputs


async def test_mistakes_are_failures_of_their_property(engine: Any) -> None:
    news = struct({"secretToken": TOKEN, "scope": "some", "servicePrincipalId": PRINCIPAL})

    answer = await engine.Check(provider_pb2.CheckRequest(urn=URN, news=news))

    assert [(failure.property, failure.reason) for failure in answer.failures] == [
        ("baseAddress", "is needed, such as https://acme.elium.com/scim/v2."),
        ("scope", "must be one of 'assigned' or 'all'."),
    ]


async def test_a_creation_answers_id_and_outputs_and_no_token(engine: Any) -> None:
    answer = await engine.Create(provider_pb2.CreateRequest(urn=URN, properties=await checked(engine)))

    assert answer.id == f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
    assert answer.properties["jobId"] == "elium.7a1d5f0c.5c0e7d11"
    assert TOKEN not in str(answer)


async def test_a_half_made_resource_keeps_its_id(engine: Any, service: RecordingService) -> None:
    service.refusing = {"start": UnavailableError("Graph is away.", status=503)}

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Create(provider_pb2.CreateRequest(urn=URN, properties=await checked(engine)))

    trailing = dict(error.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)
    assert (detail.id, TOKEN in str(detail)) == (f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11", False)
    assert detail.reasons[0].startswith("The job elium.7a1d5f0c.5c0e7d11 exists, but its configuration stopped")


async def test_a_diff_names_the_place_and_whether_it_replaces(engine: Any) -> None:
    before, after = await checked(engine), await checked(engine, scope="all", servicePrincipalId="other")

    answer = await engine.Diff(provider_pb2.DiffRequest(id="a/b", urn=URN, olds=before, old_inputs=before, news=after))

    kinds = {place: provider_pb2.PropertyDiff.Kind.Name(diff.kind) for place, diff in answer.detailedDiff.items()}
    assert kinds == {"scope": "ADD", "servicePrincipalId": "UPDATE_REPLACE"}


async def test_nothing_differs_when_nothing_changed(engine: Any) -> None:
    before = await checked(engine)

    answer = await engine.Diff(provider_pb2.DiffRequest(id="a/b", urn=URN, olds=before, old_inputs=before, news=before))

    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


async def test_an_update_takes_only_the_calls_it_needs(engine: Any, service: RecordingService) -> None:
    before, after = await checked(engine), await checked(engine, mappings={"users": {"title": "[mail]"}})
    olds = struct(dict(before) | {"templateId": "elium"})

    await engine.Update(provider_pb2.UpdateRequest(id="a/b", urn=URN, olds=olds, old_inputs=before, news=after))

    assert service.asked == ["schema", "save schema"]


async def test_a_job_that_is_gone_is_answered_with_no_id(engine: Any) -> None:
    answer = await engine.Read(provider_pb2.ReadRequest(id="a/b", urn=URN))

    assert (answer.id, answer.HasField("properties")) == ("", False)


async def test_an_id_of_another_form_is_refused_in_a_sentence(engine: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Read(provider_pb2.ReadRequest(id="nonsense", urn=URN))

    assert error.value.details() == (
        "'nonsense' does not name a synchronization job.\n"
        "Write it as <servicePrincipalId>/<jobId>, with the object id of the service principal."
    )


async def test_a_deletion_pauses_and_deletes(engine: Any, service: RecordingService) -> None:
    await engine.Delete(provider_pb2.DeleteRequest(id="a/b", urn=URN))

    assert service.asked == ["pause", "delete job"]


def test_the_package_describes_every_input_and_marks_the_token_as_secret() -> None:
    resource = package_schema()["resources"]["entrasync:index:SynchronizationJob"]

    assert resource["requiredInputs"] == ["servicePrincipalId", "baseAddress", "secretToken"]
    assert [name for name, node in resource["inputProperties"].items() if node.get("secret")] == ["secretToken"]
    assert [name for name, node in resource["inputProperties"].items() if not node["description"]] == []
