"""A job that stands alone and is made: what it asks, what it keeps, and what is finished later."""

from __future__ import annotations

from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import KilledError, RecordingService

from provisioning.errors import (
    CredentialsRejectedError,
    UnavailableError,
)
from provisioning.model.person import People
from provisioning.provider.properties import UNKNOWN
from provisioning.provider.unfinished import UnfinishedError

ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
TROUBLE = UnavailableError("Graph is away.", status=503)
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
VALIDATE = f"validate {TARGET}"


async def test_a_creation_plans_and_judges_by_itself(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert pulumi.service.asked == [
        "jobs",
        "templates",
        "assignments",
        VALIDATE,
        "create job elium",
        "save secrets",
        "start",
    ]


async def test_a_creation_leaves_what_the_service_told_and_notes_without_a_worry(pulumi: Pulumi) -> None:
    await pulumi.up()

    told = {name: pulumi.state[name] for name in ("jobId", "templateId", "jobStatus")}
    assert pulumi.id == ID
    assert told == {"jobId": "elium.7a1d5f0c.5c0e7d11", "templateId": "elium", "jobStatus": {"code": "NotRun"}}
    assert pulumi.state["portalUrl"].endswith(f"/objectId/{PRINCIPAL}")
    assert not {"unfinished", "restartIsDue"} & pulumi.state["notes"].keys()


async def test_a_first_preview_changes_nothing_and_knows_no_id(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, servicePrincipalId=UNKNOWN)

    assert (pulumi.service.asked, pulumi.id, pulumi.inputs) == ([], "", {})


async def test_a_first_preview_of_an_app_that_is_there_looks_at_it(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True)

    assert pulumi.service.asked == ["jobs", "templates", "assignments"]


async def test_what_only_the_update_will_know_is_not_foreseen(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, servicePrincipalId=UNKNOWN, scope=UNKNOWN)

    assert pulumi.service.asked == []


async def test_rejected_credentials_leave_nothing_behind(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"validate": CredentialsRejectedError("no")}

    with pytest.raises(CredentialsRejectedError):
        await pulumi.up()

    assert (pulumi.service.writes, pulumi.id) == ([], "")


async def test_what_failed_before_the_job_was_made_leaves_no_id(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"create job": TROUBLE}

    with pytest.raises(UnavailableError):
        await pulumi.up()

    assert pulumi.id == ""


@pytest.mark.parametrize("verb", ["save secrets", "schema", "save schema", "start"])
async def test_what_stopped_half_way_keeps_its_id_and_is_finished_by_running_it_again(verb: str) -> None:
    stack = Pulumi(RecordingService(refusing={verb: TROUBLE}))
    with pytest.raises(UnfinishedError, match=r"elium\.7a1d5f0c\.5c0e7d11 exists, but .*half-way: Graph is away"):
        await stack.up(**TITLE)
    kept, stack.service.refusing = stack.id, {}

    await stack.up(**TITLE)

    assert (kept, stack.service.asked.count("create job elium"), stack.service.writes[-1]) == (ID, 1, "start")
    assert "unfinished" not in stack.state["notes"]


@pytest.mark.parametrize("verb", ["save secrets", "save schema", "start"])
async def test_what_stopped_half_way_is_finished_though_somebody_refreshed(verb: str) -> None:
    stack = Pulumi(RecordingService(refusing={verb: TROUBLE}))
    with pytest.raises(UnfinishedError):
        await stack.up(**TITLE)
    stack.service.refusing = {}

    await stack.refresh()
    await stack.up(**TITLE)

    assert stack.service.held
    assert (stack.service.held.is_on, stack.service.secrets_held["BaseAddress"]) == (True, TARGET)
    assert "title" in str(stack.service.schema_held.document["synchronizationRules"][0]["objectMappings"])


@pytest.mark.parametrize("verb", ["create job", "save secrets", "save schema", "start"])
async def test_a_creation_that_was_killed_makes_no_second_job(verb: str) -> None:
    stack = Pulumi(RecordingService(cutting=verb))
    with pytest.raises(KilledError):
        await stack.up(**TITLE)
    stack.service.cutting = ""

    await stack.up(**TITLE)

    assert stack.service.asked.count("create job elium") == 1
    assert (stack.id, stack.service.held and stack.service.held.is_on) == (ID, True)
    assert stack.service.secrets_held["BaseAddress"] == TARGET


async def test_a_half_made_job_is_finished_without_a_brake_because_it_never_ran() -> None:
    stack = Pulumi(RecordingService(refusing={"start": TROUBLE}))
    filtered: dict[str, Any] = {"filters": {"users": ["department EQUALS Sales"]}}
    with pytest.raises(UnfinishedError):
        await stack.up(**filtered)
    ours, others = some_people(1, department="Sales"), some_people(9, through="others", department="IT")
    stack.service.refusing, stack.service.people_held = {}, People((*ours, *others))
    stack.service.assignments_held = (an_assignment(), an_assignment("Others"))

    await stack.up(**filtered)

    assert stack.service.writes[-1] == "start"
