"""Over gRPC, with the engine's messages: checks and creations of both resources, and the provider itself."""

from __future__ import annotations

import json
from typing import Any

import grpc
import pulumi
import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, a_job, an_assignment, some_people
from over_grpc import GONE, ID, JOB_URN, LEAST, PLAN_URN, STAFF, checked, half_made, struct, updating
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.resource import DependencyResource
from pulumi.runtime.proto import alias_pb2, provider_pb2
from recording import USER_ROLE, RecordingService

from provisioning.components import remote
from provisioning.errors import UnavailableError
from provisioning.model.person import People
from provisioning.provider.constructing import OUTPUT_VALUE, SIGNATURE, complete, with_what_is_left_out
from provisioning.provider.package import package_schema
from provisioning.provider.properties import UNKNOWN, Plain
from provisioning.provider.version import JOB, PLAN, READY
from provisioning.provider.wire import plain

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""How Pulumi marks a secret on its way (pulumi: resource signatures)."""

# Check.


async def test_mistakes_are_failures_of_their_property(engine: Any) -> None:
    news = struct({"secretToken": TOKEN, "scope": "some", "servicePrincipalId": PRINCIPAL})

    answer = await engine.Check(provider_pb2.CheckRequest(urn=JOB_URN, news=news))

    assert [(failure.property, failure.reason) for failure in answer.failures] == [
        ("baseAddress", "is needed, such as https://acme.elium.com/scim/v2."),
        ("scope", "must be 'assigned' or 'all'."),
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


async def test_a_refusal_is_its_sentence_and_its_hint(engine: Any, service: RecordingService) -> None:
    service.held = a_job(on=True, status="Active")
    service.assignments_held, service.people_held = (an_assignment(),), People(some_people(6, department="IT"))
    inputs = await checked(engine, filters={"users": ["department EQUALS Sales"]})

    with pytest.raises(grpc.aio.AioRpcError) as error:
        await engine.Create(provider_pb2.CreateRequest(urn=JOB_URN, properties=inputs))

    details = (error.value.details() or "").splitlines()
    assert details[0].startswith("6 of 6 people in scope would leave")
    assert details[-1] == "If that is meant, set this, spelled as your other settings are: acceptLeavers: 6"
    assert "grpc-status-details-bin" not in dict(error.value.trailing_metadata() or ())


# The provider itself.


async def test_the_callbacks_are_made_once_with_the_configuration_of_the_provider(
    engine: Any, configurations: list[Plain]
) -> None:
    await engine.Configure(provider_pb2.ConfigureRequest(args=struct({"tenantId": "contoso"})))

    await checked(engine)
    await checked(engine, PLAN_URN)

    assert configurations == [{"tenantId": "contoso"}]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({"clientSecret": "old", "version": "2"}, (False, [], [])),
        ({"clientSecret": "new"}, (True, ["clientSecret"], [])),
        ({"clientSecret": "old", "tenantId": "fabrikam"}, (True, ["tenantId"], ["tenantId"])),
    ],
)
async def test_another_identity_is_a_change_and_another_tenant_makes_everything_anew(
    engine: Any, after: Plain, told: Any
) -> None:
    request = provider_pb2.DiffRequest(olds=struct({"clientSecret": "old", "version": "1"}), news=struct(after))

    answer = await engine.DiffConfig(request)

    is_some = answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert (is_some, list(answer.diffs), list(answer.replaces)) == told


async def test_what_is_wrong_with_a_secret_is_told_without_its_property_whose_value_the_engine_prints(
    engine: Any,
) -> None:
    address = {SIGNATURE: SECRET, "value": "http://acme.elium.com"}
    news = struct(LEAST | {"secretToken": "two words", "baseAddress": address, "deleteThreshold": -1})

    answer = await engine.Check(provider_pb2.CheckRequest(urn=JOB_URN, news=news, randomSeed=b"salt"))

    told = {failure.property: failure.reason for failure in answer.failures if failure.property}
    assert told == {"deleteThreshold": "must be 0 or more."}
    others = sorted(failure.reason.partition(": ")[0] for failure in answer.failures if not failure.property)
    assert others == ["baseAddress", "secretToken"]


async def test_a_token_that_is_not_where_it_should_lie_is_told_with_what_to_do(engine: Any) -> None:
    news = struct(LEAST | {"secretToken": "env:NOT_SET"})

    (failure,) = (await engine.Check(provider_pb2.CheckRequest(urn=JOB_URN, news=news, randomSeed=b"salt"))).failures

    sentence = "secretToken: the variable NOT_SET is not set. Set it where Pulumi runs, from a vault."
    assert (failure.property, failure.reason) == ("", sentence)


async def test_what_was_secret_is_secret_in_every_answer(engine: Any) -> None:
    default = {SIGNATURE: SECRET, "value": "of nobody's business"}
    news = struct(LEAST | {"mappings": {"users": {"title": {"source": None, "default": default}}}})

    checked_ = await engine.Check(provider_pb2.CheckRequest(urn=JOB_URN, news=news, randomSeed=b"salt"))

    assert checked_.inputs["mappings"][SIGNATURE] == SECRET
    assert SIGNATURE not in str(checked_.inputs["baseAddress"])


async def test_a_component_is_not_made_by_a_plugin_that_serves_one_program(engine: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="entrasync:index:EliumProvisioning cannot be made here"):
        await engine.Construct(provider_pb2.ConstructRequest(type="entrasync:index:EliumProvisioning", name="elium"))


def test_what_the_sdk_cannot_read_of_an_output_is_written_out() -> None:
    late = struct({"groups": [{SIGNATURE: OUTPUT_VALUE}], "tenantUrl": {SIGNATURE: OUTPUT_VALUE, "value": "https://a"}})

    complete(late)

    read = PropertyValue.unmarshal_map(late)
    assert plain(read) == {"groups": [UNKNOWN], "tenantUrl": "https://a"}


async def test_what_another_program_says_of_a_component_is_read_where_the_sdk_leaves_it_out() -> None:
    moved = alias_pb2.Alias.Spec(name="before", noParent=True)
    asked = provider_pb2.ConstructRequest(
        aliases=[alias_pb2.Alias(urn="urn:pulumi:dev::p::t::n"), alias_pb2.Alias(spec=moved)],
        retainOnDelete=False,
        deletedWith="urn:pulumi:dev::p::t::other",
        customTimeouts=provider_pb2.ConstructRequest.CustomTimeouts(create="5m"),
        ignoreChanges=["status"],
    )

    read = with_what_is_left_out(pulumi.ResourceOptions(protect=True), asked)

    urn, alias = read.aliases or ()
    assert isinstance(alias, pulumi.Alias)
    assert urn == "urn:pulumi:dev::p::t::n"
    assert vars(alias) == vars(pulumi.Alias(name="before", parent=None))
    assert (read.protect, read.retain_on_delete, read.delete_before_replace) == (True, False, None)
    assert (read.ignore_changes, read.replace_on_changes) == (["status"], None)
    assert read.custom_timeouts
    assert (read.custom_timeouts.create, read.custom_timeouts.update) == ("5m", None)
    assert isinstance(read.deleted_with, DependencyResource)


async def test_who_wants_the_plugin_to_be_there_needs_no_identity(engine: Any, configurations: list[Plain]) -> None:
    answer = await engine.Invoke(provider_pb2.InvokeRequest(tok=READY))

    assert (list(answer.failures), configurations) == ([], [])


async def test_a_function_that_there_is_not_is_refused_by_its_name(engine: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="entrasync has no function entrasync:index:getJob"):
        await engine.Invoke(provider_pb2.InvokeRequest(tok="entrasync:index:getJob"))


@pytest.mark.parametrize("name", [JOB, PLAN])
def test_the_package_describes_every_input_and_marks_the_token_as_secret(name: str) -> None:
    resource = package_schema()["resources"][name]

    assert [each for each, node in resource["inputProperties"].items() if node.get("secret")] == ["secretToken"]
    assert [each for each, node in resource["inputProperties"].items() if not node["description"]] == []


def test_the_package_says_what_a_generator_needs() -> None:
    described = package_schema(remote.described())

    assert described["publisher"] == "The Elium provisioning authors"
    assert described["license"] == "MIT"
    components = {name for name, each in described["resources"].items() if each["isComponent"]}
    assert components == {"entrasync:index:EliumProvisioning", "entrasync:index:GalleryAppProvisioning"}
    enums = {name.rpartition(":")[2] for name, each in described["types"].items() if "enum" in each}
    assert enums == {"FlowBehavior", "FlowType", "ObjectAction", "OnDestroy", "PrincipalKind", "Scope", "Status"}
    words = [word for each in described["types"].values() for word in each.get("enum", [])]
    assert len(words) == 18
    assert [word for word in words if not word["description"]] == []
    switches = {name for name, each in described["provider"]["inputProperties"].items() if each["type"] == "boolean"}
    assert switches == {"useOidc", "useMsi", "useCli"}
    assert "``" not in str(described).replace("```", "")
    assert "remove" in described["types"]["entrasync:index:Mapping"]["properties"]
    lists = [each for each in unions(described) if sum(kind.get("type") in {"array", "object"} for kind in each) > 1]
    assert lists == []


def unions(node: Any) -> list[Any]:
    match node:
        case dict():
            return [*([node["oneOf"]] if "oneOf" in node else []), *(u for each in node.values() for u in unions(each))]
        case list():
            return [u for each in node for u in unions(each)]
        case _:
            return []


def test_the_package_says_what_is_needed() -> None:
    resources = package_schema()["resources"]

    assert sorted(resources[JOB]["requiredInputs"]) == ["baseAddress", "secretToken", "servicePrincipalId"]
    assert sorted(resources[PLAN]["requiredInputs"]) == ["baseAddress", "secretToken"]


async def test_the_package_is_described_over_the_wire_too(engine: Any) -> None:
    answer = await engine.GetSchema(provider_pb2.GetSchemaRequest())

    assert json.loads(answer.schema) == package_schema()
