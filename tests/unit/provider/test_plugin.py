"""Over gRPC, as the engine speaks, with the engine's messages: both resources of the package."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import grpc
import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, a_job, an_assignment, some_people
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2
from recording import USER_ROLE, RecordingService

from provisioning.errors import UnavailableError
from provisioning.model.person import People
from provisioning.provider.package import package_schema
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.plugin import Callbacks, Plugin, Servicer
from provisioning.provider.process import Process
from provisioning.provider.properties import Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.version import JOB, PLAN

LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com/scim/v2", "secretToken": TOKEN}
JOB_URN = f"urn:pulumi:dev::elium::elium:index:EliumProvisioning${JOB}::elium-job"
PLAN_URN = f"urn:pulumi:dev::elium::elium:index:EliumProvisioning${PLAN}::elium-plan"
ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GONE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's mark for what is not known yet."""


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    built = struct_pb2.Struct()
    built.update(values)
    return built


@pytest.fixture
def service() -> RecordingService:
    return RecordingService()


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


async def checked(engine: Any, urn: str = JOB_URN, **written: Any) -> struct_pb2.Struct:
    answer = await engine.Check(provider_pb2.CheckRequest(urn=urn, news=struct(LEAST | written), randomSeed=b"salt"))
    assert not answer.failures
    inputs: struct_pb2.Struct = answer.inputs
    return inputs


# Check.


async def test_mistakes_are_failures_of_their_property(engine: Any) -> None:
    news = struct({"secretToken": TOKEN, "scope": "some", "servicePrincipalId": PRINCIPAL})

    answer = await engine.Check(provider_pb2.CheckRequest(urn=JOB_URN, news=news))

    assert [(failure.property, failure.reason) for failure in answer.failures] == [
        ("baseAddress", "is needed, such as https://acme.elium.com/scim/v2."),
        ("scope", "must be one of 'assigned' or 'all'."),
    ]


async def test_the_type_in_the_urn_says_which_resource_is_meant(engine: Any) -> None:
    job, plan = await checked(engine), await checked(engine, PLAN_URN, displayName="Elium")

    assert ("baseAddress" in job, "declaration" in job) == (True, False)
    assert ("baseAddress" in plan, "declaration" in plan, plan["displayName"]) == (False, True, "Elium")


async def test_neither_resource_hands_the_token_back(engine: Any) -> None:
    job, plan = await checked(engine), await checked(engine, PLAN_URN)

    assert TOKEN not in f"{job} {plan}"
    assert job["secretToken"] == plan["secretToken"]


async def test_what_a_plan_does_not_know_yet_travels_as_pulumis_mark(engine: Any) -> None:
    plan = await checked(engine, PLAN_URN, servicePrincipalId=GONE, scope=GONE)

    assert (plan["servicePrincipalId"], plan["declaration"]) == (GONE, GONE)


# Create.


async def test_a_creation_answers_id_and_outputs_and_no_token(engine: Any) -> None:
    answer = await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=await checked(engine)))

    assert answer.id == ID
    assert answer.properties["jobId"] == "elium.7a1d5f0c.5c0e7d11"
    assert TOKEN not in str(answer)


async def test_a_preview_of_a_creation_answers_marks(engine: Any, service: RecordingService) -> None:
    request = provider_pb2.CreateRequest(urn=JOB_URN, properties=await checked(engine), preview=True)

    answer = await engine.Create(request)

    assert (answer.id, answer.properties["jobId"], service.writes) == ("", GONE, [])


async def test_a_plan_is_judged_and_the_job_takes_it_over(engine: Any, service: RecordingService) -> None:
    service.people_held = People(some_people(2))
    plan = await checked(engine, PLAN_URN, assignments=[STAFF], role="User")
    job = await checked(engine, assignments=[{**STAFF, "role": USER_ROLE.id}])

    judged = await engine.Create(provider_pb2.CreateRequest(urn=PLAN_URN, properties=plan))
    before = list(service.asked)
    await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=job))

    assert (judged.id, judged.properties["roleId"]) == ("plan", USER_ROLE.id)
    assert before[-1] == f"validate {TARGET}"
    assert service.asked[len(before) :] == ["create job elium", "save secrets", "start"]


async def test_a_half_made_resource_keeps_its_id_and_what_is_due(engine: Any, service: RecordingService) -> None:
    service.refusing = {"start": UnavailableError("Graph is away.", status=503)}

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=await checked(engine)))

    detail = half_made(error.value)
    assert (detail.id, TOKEN in str(detail)) == (ID, False)
    assert detail.properties["notes"]["unfinished"] is True
    assert detail.reasons[0].startswith("The job elium.7a1d5f0c.5c0e7d11 exists, but its configuration stopped")


async def test_a_change_that_stopped_half_way_keeps_that_a_restart_is_due(
    engine: Any, service: RecordingService
) -> None:
    before, after = await checked(engine), await checked(engine, scope="all")
    made = await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=before))
    service.let_it_run()
    service.refusing = {"restart": UnavailableError("Graph is away.", status=503)}

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Update(updating(made.properties, before, after))

    assert half_made(error.value).properties["notes"]["restartIsDue"] is True


def half_made(error: grpc.aio.AioRpcError) -> Any:
    trailing = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)
    return detail


async def test_a_refusal_is_its_sentence_and_its_hint(engine: Any, service: RecordingService) -> None:
    service.held = a_job(on=True, status="Active")
    service.assignments_held, service.people_held = (an_assignment(),), People(some_people(6, department="IT"))
    inputs = await checked(engine, filters={"users": ["department EQUALS Sales"]})

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=inputs))

    details = (error.value.details() or "").splitlines()
    assert details[0].startswith("6 of 6 people in scope would leave")
    assert details[-1] == "If that is meant, accept it by name: acceptLeavers: 6"
    assert "grpc-status-details-bin" not in dict(error.value.trailing_metadata() or ())


# Diff and Update.


def differing(olds: Any, before: Any, after: Any) -> Any:
    return provider_pb2.DiffRequest(id=ID, urn=JOB_URN, olds=olds, old_inputs=before, news=after)


def updating(olds: Any, before: Any, after: Any) -> Any:
    return provider_pb2.UpdateRequest(id=ID, urn=JOB_URN, olds=olds, old_inputs=before, news=after)


async def test_a_diff_names_the_place_and_whether_it_replaces(engine: Any) -> None:
    before, after = await checked(engine), await checked(engine, scope="all", servicePrincipalId="other")

    answer = await engine.Diff(differing(before, before, after))

    kinds = {place: provider_pb2.PropertyDiff.Kind.Name(diff.kind) for place, diff in answer.detailedDiff.items()}
    assert kinds == {"scope": "ADD", "servicePrincipalId": "UPDATE_REPLACE"}
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["servicePrincipalId"], True)


async def test_nothing_differs_when_nothing_changed(engine: Any) -> None:
    before = await checked(engine)

    answer = await engine.Diff(differing(before, before, before))

    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


@pytest.mark.parametrize("notes", [{"unfinished": True}, {"restartIsDue": True}])
async def test_what_is_due_is_a_change_though_nothing_differs(engine: Any, notes: dict[str, bool]) -> None:
    before = await checked(engine)
    olds = struct(dict(before) | {"notes": notes})

    answer = await engine.Diff(differing(olds, before, before))

    assert (answer.changes, list(answer.replaces)) == (provider_pb2.DiffResponse.DIFF_SOME, [])


async def test_what_is_accepted_is_not_a_change(engine: Any) -> None:
    before, after = await checked(engine, acceptLeavers=3), await checked(engine)

    answer = await engine.Diff(differing(before, before, after))

    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


async def test_an_update_takes_only_the_calls_it_needs(engine: Any, service: RecordingService) -> None:
    before, after = await checked(engine), await checked(engine, mappings={"users": {"title": "[mail]"}})
    made = await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=before))
    service.asked.clear()

    await engine.Update(updating(made.properties, before, after))

    assert service.writes == ["save schema"]


async def test_a_preview_of_an_update_writes_nothing(engine: Any, service: RecordingService) -> None:
    before, after = await checked(engine), await checked(engine, scope="all")
    made = await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=before))
    service.asked.clear()
    request = updating(made.properties, before, after)
    request.preview = True

    answer = await engine.Update(request)

    assert (service.writes, answer.properties["jobId"]) == ([], "elium.7a1d5f0c.5c0e7d11")


# Read.


async def test_a_job_that_is_gone_is_answered_with_no_id(engine: Any) -> None:
    answer = await engine.Read(provider_pb2.ReadRequest(id=ID, urn=JOB_URN))

    assert (answer.id, answer.HasField("properties")) == ("", False)


async def test_a_plan_drops_assignments_that_vanished(engine: Any) -> None:
    inputs = await checked(engine, PLAN_URN, assignments=[STAFF])

    answer = await engine.Read(provider_pb2.ReadRequest(id="plan", urn=PLAN_URN, properties=inputs, inputs=inputs))

    assert (answer.id, list(answer.inputs["assignments"])) == ("plan", [])


async def test_an_id_of_another_form_is_refused_in_a_sentence(engine: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Read(provider_pb2.ReadRequest(id="nonsense", urn=JOB_URN))

    assert error.value.details() == (
        "'nonsense' does not name a synchronization job.\n"
        "Write it as <servicePrincipalId>/<jobId>, with the object id of the service principal."
    )


# Delete.


async def test_a_deletion_pauses_and_deletes(engine: Any, service: RecordingService) -> None:
    service.held = a_job()

    await engine.Delete(provider_pb2.DeleteRequest(id=ID, urn=JOB_URN))

    assert service.writes == ["pause", "delete job"]


@pytest.fixture
def provisioning_two(service: RecordingService) -> None:
    """Let the job provision two people."""
    service.held = a_job(on=True, status="Active")
    service.assignments_held, service.people_held = (an_assignment(),), People(some_people(2))


@pytest.mark.usefixtures("provisioning_two")
async def test_a_deletion_that_would_leave_people_behind_is_refused(engine: Any, service: RecordingService) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Delete(provider_pb2.DeleteRequest(id=ID, urn=JOB_URN))

    assert "Up to 2 people are provisioned by this job" in (error.value.details() or "")
    assert service.writes == []


@pytest.mark.usefixtures("provisioning_two")
@pytest.mark.parametrize(
    ("state", "inputs"),
    [
        ({}, {"onDestroy": "retain"}),
        ({"onDestroy": "refuse"}, {"onDestroy": "retain"}),
        # An engine that hands no inputs over.
        ({"onDestroy": "retain"}, {}),
    ],
)
async def test_a_deletion_hears_what_the_last_inputs_said(
    engine: Any, service: RecordingService, state: dict[str, str], inputs: dict[str, str]
) -> None:
    request = provider_pb2.DeleteRequest(id=ID, urn=JOB_URN, properties=struct(state), old_inputs=struct(inputs))

    await engine.Delete(request)

    assert service.writes == ["pause", "delete job"]


async def test_a_plan_is_forgotten_without_a_call(engine: Any, service: RecordingService) -> None:
    await engine.Delete(provider_pb2.DeleteRequest(id="plan", urn=PLAN_URN))

    assert service.asked == []


# The provider itself.


async def test_the_callbacks_are_made_once_with_the_configuration_of_the_provider(
    engine: Any, configurations: list[Plain]
) -> None:
    await engine.Configure(provider_pb2.ConfigureRequest(args=struct({"tenantId": "contoso"})))

    await checked(engine)
    await checked(engine, PLAN_URN)

    assert configurations == [{"tenantId": "contoso"}]


@pytest.mark.parametrize("name", [JOB, PLAN])
def test_the_package_describes_every_input_and_marks_the_token_as_secret(name: str) -> None:
    resource = package_schema()["resources"][name]

    assert [each for each, node in resource["inputProperties"].items() if node.get("secret")] == ["secretToken"]
    assert [each for each, node in resource["inputProperties"].items() if not node["description"]] == []


def test_the_package_says_what_is_needed() -> None:
    resources = package_schema()["resources"]

    assert sorted(resources[JOB]["requiredInputs"]) == ["baseAddress", "secretToken", "servicePrincipalId"]
    assert sorted(resources[PLAN]["requiredInputs"]) == ["baseAddress", "secretToken"]
