"""What a preview of a change asks, says and refuses."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from builders import a_job, a_mapping_node, a_schema
from provisioning.operations.shelf import SchemaFolder
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.errors import ConfigurationError, ConflictError, UnavailableError, UnsafeChangeError
from provisioning.model.person import People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.provider.properties import UNKNOWN
from provisioning.provider.synchronization_job import UnfinishedError

ACTIVE = {"type": "Function", "expression": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'}
FILTER: dict[str, Any] = {"filters": {"users": ["department EQUALS Sales"]}}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
TEN = People(tuple(Person(str(number), f"P{number}", {"department": "IT", "mail": "x"}) for number in range(10)))


def a_service() -> RecordingService:
    matching = a_mapping_node("userName", "userPrincipalName", matchingPriority=1)
    return RecordingService(schema_held=a_schema(matching, a_mapping_node("active", "x", source=ACTIVE)))


@pytest.fixture
async def pulumi() -> Pulumi:
    """Give a stack that is up, in front of ten people."""
    stack = Pulumi(a_service())
    await stack.up()
    stack.service.people_held = TEN
    stack.service.asked.clear()
    stack.told.clear()
    return stack


def texts(stack: Pulumi) -> list[str]:
    return [notice.text for notice in stack.told]


async def test_a_changed_mapping_is_shown_with_whom_it_touches(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, **TITLE)

    assert pulumi.service.asked == ["secrets", "schema", "people assigned: mail"]
    plan, people, notes = texts(pulumi)
    assert plan.splitlines()[1:] == ["  + users.title = [mail]"]
    assert people.splitlines()[1:3] == [
        "  10 people in scope now, 10 people afterwards.",
        "  title: 10 people would get another value",
    ]
    assert "Restarts the initial cycle" in notes


async def test_a_preview_refuses_what_the_update_would(pulumi: Pulumi) -> None:
    with pytest.raises(UnsafeChangeError, match="10 of 10 people in scope would leave"):
        await pulumi.up(preview=True, **FILTER)

    assert any("10 people in scope now, nobody afterwards." in text for text in texts(pulumi))


async def test_the_update_refuses_it_again(pulumi: Pulumi) -> None:
    with pytest.raises(UnsafeChangeError):
        await pulumi.up(**FILTER)

    assert "save schema" not in pulumi.service.asked


async def test_an_accepted_number_lets_both_pass(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, acceptLeavers=10, **FILTER)
    await pulumi.up(acceptLeavers=10, **FILTER)

    assert "save schema" in pulumi.service.asked
    assert any(text.endswith("That is accepted by acceptLeavers: 10.") for text in texts(pulumi))


async def test_accepting_alone_asks_nobody_anything(pulumi: Pulumi) -> None:
    await pulumi.up(acceptLeavers=10)

    assert pulumi.service.asked == []


async def test_what_changes_nothing_that_people_notice_reads_nobody(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, deleteThreshold=7)

    assert pulumi.service.asked == []


async def test_a_harmless_mapping_still_takes_two_calls(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)

    assert pulumi.service.asked == ["schema", "save schema"]


async def test_a_target_that_elium_does_not_have_is_refused_in_the_preview(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError, match=r"mappings\.users\.titel: the app has no such attribute"):
        await pulumi.up(preview=True, mappings={"users": {"titel": "[mail]"}})


async def test_what_only_the_update_will_know_is_not_foreseen(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, scope=UNKNOWN)

    assert pulumi.service.asked == []


async def test_a_token_that_only_the_update_will_know_does_not_keep_from_foreseeing(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, secretToken=UNKNOWN, **TITLE)

    assert pulumi.service.asked == ["secrets", "schema", "people assigned: mail"]


async def test_the_estimate_can_be_switched_off(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, impactLimit=0, **TITLE)

    assert "The estimate is switched off (elium:impactLimit: 0)." in texts(pulumi)


async def test_the_version_that_was_replaced_is_told_and_kept(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    await pulumi.up(**TITLE, deleteThreshold=7)

    assert pulumi.state["replacedSchemaVersion"] == "v1.2"


async def test_the_schema_that_is_replaced_goes_to_the_shelf() -> None:
    shelf = Mock(spec=SchemaFolder)
    stack = Pulumi(a_service(), shelf=shelf)
    before = stack.service.schema_held

    await stack.up(**TITLE)

    (address, schema), _ = shelf.keep.call_args
    assert (str(address), schema) == (stack.id, before)


def moved(service: RecordingService, version: str) -> None:
    service.schema_held = SynchronizationSchema({**service.schema_held.document, "version": version})


async def test_a_schema_that_somebody_else_changed_since_a_refresh_is_not_replaced(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    moved(pulumi.service, "v2")
    await pulumi.refresh()
    moved(pulumi.service, "v3")
    other: dict[str, Any] = {"mappings": {"users": {"title": "[displayName]"}}}

    await pulumi.up(preview=True, **other)
    with pytest.raises(ConflictError, match="it was v2 when it was last looked at and is v3 now"):
        await pulumi.up(**other)

    assert texts(pulumi)[-1].startswith("Somebody else changed the schema of this job: it was v2")


async def test_what_we_saved_ourselves_is_no_surprise(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    moved(pulumi.service, "v2")

    await pulumi.up(mappings={"users": {"title": "[displayName]"}})

    assert pulumi.service.asked.count("save schema") == 2


async def test_a_refresh_makes_our_own_version_known(pulumi: Pulumi) -> None:
    await pulumi.up(**TITLE)
    ours = pulumi.state["schemaIsOurs"]
    moved(pulumi.service, "v2")

    await pulumi.refresh()

    assert (ours, pulumi.state.get("schemaIsOurs"), pulumi.state["schemaVersion"]) == (True, None, "v2")


async def test_a_refresh_keeps_what_the_service_never_hears_of(pulumi: Pulumi) -> None:
    await pulumi.up(acceptLeavers=3, impactLimit=100)

    await pulumi.refresh()

    assert (pulumi.inputs["acceptLeavers"], pulumi.inputs["impactLimit"]) == (3, 100)


async def test_a_job_that_was_there_is_guarded_and_leaves_no_state_when_refused() -> None:
    stack = Pulumi(a_service())
    stack.service.held, stack.service.people_held = a_job(on=True, status="Active"), TEN

    with pytest.raises(UnsafeChangeError):
        await stack.up(**FILTER)

    assert (stack.id, "save secrets" in stack.service.asked) == ("", False)


async def test_an_adopted_job_that_stopped_half_way_is_guarded_again() -> None:
    stack = Pulumi(a_service())
    stack.service.held = a_job(on=True, status="Active")
    stack.service.refusing = {"save secrets": UnavailableError("Graph is away.", status=503)}
    with pytest.raises(UnfinishedError) as stop:
        await stack.up(**FILTER)
    stack.id, stack.state = str(stop.value.address), stop.value.properties
    stack.service.refusing, stack.service.people_held = {}, TEN

    with pytest.raises(UnsafeChangeError):
        await stack.up(**FILTER)
