"""Provisioning on demand over the wire: what is asked, the three published shapes of the answer, and the pace."""

from __future__ import annotations

import json

import pytest
from answers import answers, ok
from builders import PRINCIPAL

from provisioning.errors import UnavailableError
from provisioning.model.assignment import PrincipalKind
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.model.on_demand import OnDemandAnswer, Result, Subject

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a.5c"))
TOLD = {"action": "Disable", "changeId": "c1", "targetIdentity": {"id": "t1"}, "statusInfo": {"status": "Success"}}
SUCCESS = {"result": "Success", "details": {}}
STATUS_INFO = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
DONE = OnDemandAnswer(Result.SUCCESS, "disable", change_id="c1", target_id="t1")


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        (json.dumps(SUCCESS), json.dumps(TOLD), DONE),
        (json.dumps(SUCCESS), "{}", OnDemandAnswer(Result.SUCCESS)),
        (STATUS_INFO, json.dumps([TOLD]), DONE),
        (
            json.dumps({"result": "Skipped", "details": {"errorCode": "RedundantExport", "errorMessage": "match"}}),
            json.dumps({"action": "Other", "targetIdentity": None, "statusInfo": None}),
            OnDemandAnswer(Result.SKIPPED, "other", "RedundantExport", "match"),
        ),
        (
            STATUS_INFO,
            json.dumps([{"statusInfo": {"status": "Failure", "errorCode": "Conflict", "reason": "taken"}}]),
            OnDemandAnswer(Result.FAILURE, code="Conflict", reason="taken"),
        ),
    ],
)
async def test_every_published_shape_is_read(key: str, value: str, read: OnDemandAnswer) -> None:
    graph = answers(ok({"key": key, "value": value})).graph()

    assert await graph.provision_on_demand(ADDRESS, "rule", Subject("u1")) == read


async def test_an_answer_without_a_result_is_not_taken_for_success() -> None:
    graph = answers(ok({"key": "{}", "value": "{}"})).graph()

    with pytest.raises(UnavailableError, match="cannot be read"):
        await graph.provision_on_demand(ADDRESS, "rule", Subject("u1"))


async def test_a_group_names_the_members_that_come_along() -> None:
    script = answers(ok({"key": json.dumps(SUCCESS), "value": "{}"}))

    await script.graph().provision_on_demand(ADDRESS, "rule#V2", Subject("g1", PrincipalKind.GROUP, ("u1",)))

    links = {"members": [{"objectId": "u1", "objectTypeName": "User"}]}
    subject = {"objectId": "g1", "objectTypeName": "Group", "links": links}
    assert script.body() == {"parameters": [{"ruleId": "rule#V2", "subjects": [subject]}]}


async def test_all_who_use_a_client_keep_one_pace() -> None:
    script = answers(ok({"key": json.dumps(SUCCESS), "value": "{}"}))
    graph = script.graph()

    for number in range(11):
        await graph.provision_on_demand(ADDRESS, "rule", Subject(f"u{number}"))

    assert script.clock.slept == [10.0, 10.0]
