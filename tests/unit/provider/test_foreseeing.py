"""What a job that stands alone foresees of a change, says and refuses: in the preview, and again in the update."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_job, a_mapping_node, a_schema, an_assignment, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import ConfigurationError, ConflictError, UnavailableError, UnsafeChangeError
from provisioning.model.identifiers import JobAddress
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.provider.properties import UNKNOWN
from provisioning.provider.unfinished import UnfinishedError

ACTIVE = {"type": "Function", "expression": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'}
FILTER: dict[str, Any] = {"filters": {"users": ["department EQUALS Sales"]}}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
OTHER: dict[str, Any] = {"mappings": {"users": {"title": "[displayName]"}}}
TEN = People(some_people(10, department="IT", mail="x@acme.example", displayName="X"))
LOOKED_AT = ["jobs", "jobs", "assignments", "secrets", "schema"]


def a_service() -> RecordingService:
    matching = a_mapping_node("userName", "userPrincipalName", matchingPriority=1)
    schema = a_schema(matching, a_mapping_node("active", "x", source=ACTIVE))
    return RecordingService(schema_held=schema, assignments_held=(an_assignment(),))


@pytest.fixture
async def pulumi() -> Pulumi:
    """Give a stack that is up and has run, in front of ten people."""
    stack = Pulumi(a_service())
    await stack.up()
    stack.service.let_it_run()
    stack.service.people_held = TEN
    stack.forget()
    return stack


async def test_a_changed_mapping_is_shown_with_its_calls_and_whom_it_touches(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, **TITLE)

    assert pulumi.service.asked == [*LOOKED_AT, "people Staff: mail, userPrincipalName"]
    unsaid, plan = pulumi.texts
    assert unsaid.startswith("assignments is not said, so nobody is counted who comes or goes")
    assert plan.splitlines()[1:7] == [
        "  + users.title = [mail]",
        "calls",
        "  save the schema",
        "people",
        "  10 people in scope now, 10 people afterwards.",
        "  title: 10 people would get another value",
    ]
    assert "good to know\n  Restarts the initial cycle" in plan


async def test_preview_and_update_know_the_plan_by_the_same_word(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, **TITLE)
    await pulumi.up(**TITLE)

    first, second = (text.split()[1] for text in pulumi.texts if text.startswith("plan "))
    assert first == second


async def test_a_preview_refuses_what_the_update_would(pulumi: Pulumi) -> None:
    with pytest.raises(UnsafeChangeError, match="10 of 10 people in scope would leave"):
        await pulumi.up(preview=True, **FILTER)

    assert any("10 people in scope now, nobody afterwards." in text for text in pulumi.texts)


async def test_the_update_refuses_it_again(pulumi: Pulumi) -> None:
    with pytest.raises(UnsafeChangeError):
        await pulumi.up(**FILTER)

    assert pulumi.service.writes == []


async def test_an_accepted_number_lets_both_pass_and_says_so(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, acceptLeavers=10, **FILTER)
    await pulumi.up(acceptLeavers=10, **FILTER)

    assert pulumi.service.writes == ["save schema"]
    assert any(text.endswith("That is accepted by acceptLeavers: 10.") for text in pulumi.warnings)


async def test_what_changes_nothing_that_people_notice_reads_nobody(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, deleteThreshold=7)

    assert pulumi.service.asked == LOOKED_AT


async def test_a_preview_writes_nothing_and_keeps_nothing(pulumi: Pulumi) -> None:
    kept = (dict(pulumi.state), dict(pulumi.inputs))

    await pulumi.up(preview=True, scope="all", acceptEntrants=99, **TITLE)

    assert (pulumi.service.writes, (pulumi.state, pulumi.inputs)) == ([], kept)


async def test_a_target_that_the_app_does_not_have_is_refused_in_the_preview(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError, match=r"mappings\.users\.titel: the app has no such attribute"):
        await pulumi.up(preview=True, mappings={"users": {"titel": "[mail]"}})


@pytest.mark.parametrize("unknown", [{"scope": UNKNOWN}, {"assignments": UNKNOWN}])
async def test_what_only_the_update_will_know_is_not_foreseen(pulumi: Pulumi, unknown: dict[str, Any]) -> None:
    await pulumi.up(preview=True, **unknown)

    assert pulumi.service.asked == ["jobs"]


async def test_a_token_that_only_the_update_will_know_does_not_keep_from_foreseeing(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, secretToken=UNKNOWN, **TITLE)

    assert any("+ users.title = [mail]" in text for text in pulumi.texts)


async def test_the_estimate_can_be_switched_off(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, impactLimit=0, **TITLE)

    assert "The estimate is switched off (impactLimit: 0)." in pulumi.warnings


async def test_who_is_assigned_is_planned_by_the_job_too_where_it_is_told() -> None:
    stack = Pulumi(a_service())
    await stack.up(assignments=[{"principalId": "staff", "kind": "group", "name": "Staff"}])
    stack.service.let_it_run()
    stack.service.people_held = TEN

    with pytest.raises(UnsafeChangeError, match="10 of 10 people in scope would leave"):
        await stack.up(preview=True, assignments=[])


# What was replaced.


async def test_the_version_that_was_replaced_is_told_and_kept(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    await pulumi.up(**TITLE, deleteThreshold=7)
    await pulumi.refresh()

    assert pulumi.state["replacedSchemaVersion"] == "v1.2"


class Kept:
    """An archive that writes down what it is given."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, SynchronizationSchema]] = []

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        self.kept.append((str(address), schema))


async def test_the_schema_that_is_replaced_goes_to_the_archive() -> None:
    archive = Kept()
    stack = Pulumi(a_service(), archive=archive)
    before = stack.service.schema_held

    await stack.up(**TITLE)

    assert archive.kept == [(stack.id, before)]


# Somebody else.


def move(service: RecordingService, source: str = "jobTitle") -> None:
    """Let somebody else change the mapping of the nickname."""
    users = service.schema_held.document["synchronizationRules"][0]["objectMappings"][0]
    others = [each for each in users["attributeMappings"] if each["targetAttributeName"] != "nickName"]
    service.schema_held = a_schema(*others, a_mapping_node("nickName", source))


async def test_a_schema_that_somebody_else_changed_since_a_refresh_is_not_replaced(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    move(pulumi.service)
    await pulumi.refresh()
    move(pulumi.service, "surname")
    pulumi.forget()

    await pulumi.up(preview=True, **OTHER)
    with pytest.raises(ConflictError, match="Somebody else changed the schema of this job") as conflict:
        await pulumi.up(**OTHER)

    assert pulumi.service.writes == []
    assert "`pulumi up` will refuse to replace it" in pulumi.warnings[-1]
    assert conflict.value.hint.startswith("Run `pulumi refresh`")


async def test_a_schema_that_somebody_else_changed_after_our_own_save_is_not_replaced(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    move(pulumi.service)
    pulumi.forget()

    with pytest.raises(ConflictError):
        await pulumi.up(**OTHER)

    assert pulumi.service.writes == []


async def test_after_a_refresh_what_somebody_else_did_is_known(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    move(pulumi.service)
    await pulumi.refresh()

    await pulumi.up(**OTHER)

    assert pulumi.service.writes == ["save schema", "save schema"]
    assert "nickName" in str(pulumi.service.schema_held.document)


async def test_a_new_version_of_what_we_saved_ourselves_is_no_surprise(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    held = pulumi.service.schema_held
    pulumi.service.schema_held = SynchronizationSchema({**held.document, "version": "v2"})

    await pulumi.up(**OTHER)

    assert pulumi.service.writes == ["save schema", "save schema"]


# A job that was there.


async def test_a_job_that_was_there_is_guarded_and_leaves_no_state_when_refused() -> None:
    stack = Pulumi(a_service())
    stack.service.held, stack.service.people_held = a_job(on=True, status="Active"), TEN

    with pytest.raises(UnsafeChangeError):
        await stack.up(**FILTER)

    assert (stack.id, stack.service.writes) == ("", [])


async def test_an_adopted_job_that_stopped_half_way_is_guarded_again() -> None:
    stack = Pulumi(a_service())
    stack.service.held = a_job(on=True, status="Active")
    stack.service.refusing = {"save secrets": UnavailableError("Graph is away.", status=503)}
    with pytest.raises(UnfinishedError):
        await stack.up(**OTHER)
    stack.service.refusing, stack.service.people_held = {}, TEN

    with pytest.raises(UnsafeChangeError):
        await stack.up(**FILTER)
