"""Over gRPC, with the engine's messages: differences, updates, reads and deletions of both resources."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from builders import a_job, an_assignment, some_people
from over_grpc import ID, JOB_URN, PLAN_URN, STAFF, checked, struct, updating
from pulumi.runtime.proto import provider_pb2
from recording import RecordingService

from provisioning.model.person import People

# Diff and Update.


def differing(olds: Any, before: Any, after: Any) -> Any:
    return provider_pb2.DiffRequest(id=ID, urn=JOB_URN, olds=olds, old_inputs=before, news=after)


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
