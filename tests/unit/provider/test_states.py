"""States that the earlier release left behind are taken over: no replacement, no second job, nothing due forgotten.

Each file in ``states`` was recorded by running that release: what its engine kept of the resource, and what the service
then held. That release had no plan resource, and its job did not know who is assigned.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import TOKEN, a_job, an_assignment, some_people
from pulumi_engine import LEAST, Kept, Pulumi
from recording import RecordingService

from provisioning.errors import ConflictError, UnsafeChangeError
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.provider.notes import Notes
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.turn import Turn

STATES = sorted(file.stem for file in (Path(__file__).parent / "states").glob("*.json"))
STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
PLANNED: dict[str, Any] = {
    "galleryTemplateId": "gallery",
    "displayName": "Elium",
    "role": "User",
    "assignments": [STAFF],
}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[displayName]"}}}


def taken_over(name: str, *, is_planned: bool = True) -> tuple[Pulumi, dict[str, Any]]:
    """Give the stack of a recorded state, and what its program wrote besides the least."""
    recorded = json.loads((Path(__file__).parent / "states" / f"{name}.json").read_text(encoding="utf-8"))
    is_on = recorded["service"]["isOn"]
    service = RecordingService(
        held=a_job(on=is_on, status="Active" if is_on else "Paused"),
        secrets_held=recorded["service"]["secrets"],
        schema_held=SynchronizationSchema(recorded["service"]["schema"]),
        assignments_held=(an_assignment(),),
        people_held=People(some_people(3, mail="x@acme.example")),
    )
    stack = Pulumi(service, is_planned=is_planned)
    stack.kept = Kept(recorded["id"], recorded["outputs"], recorded["inputs"])
    return stack, {key: value for key, value in recorded["inputs"].items() if key not in LEAST}


@pytest.mark.parametrize("name", STATES)
async def test_a_state_of_the_earlier_release_is_not_replaced(name: str) -> None:
    stack, written = taken_over(name)
    callbacks = SynchronizationJobCallbacks(stack.process())
    checked = callbacks.check(stack.inputs, LEAST | written, salt=b"other")

    found = await callbacks.diff(Turn(stack.id, stack.state, stack.inputs, checked))

    assert (found.places, found.replaces) == ({}, ())


@pytest.mark.parametrize(
    "written", ["https://acme.elium.com", "https://acme.elium.com/scim", "https://Acme.Elium.com/"]
)
@pytest.mark.parametrize("name", ["configured", "least", "refreshed"])
async def test_an_address_that_the_earlier_release_completed_stays_as_it_was(name: str, written: str) -> None:
    stack, declared = taken_over(name, is_planned=False)

    await stack.up(**declared | {"baseAddress": written})
    await stack.up(**declared | {"baseAddress": written} | TITLE)

    assert (stack.service.writes, stack.inputs["baseAddress"]) == (["save schema"], LEAST["baseAddress"])


async def test_another_address_than_the_earlier_release_had_is_saved_as_it_is() -> None:
    stack, declared = taken_over("least", is_planned=False)

    await stack.up(**declared | {"baseAddress": "https://acme.elium.com/elsewhere", "acceptLeavers": 50})

    assert stack.service.secrets_held["BaseAddress"] == "https://acme.elium.com/elsewhere"


@pytest.mark.parametrize("name", STATES)
async def test_the_next_up_makes_no_second_job_and_keeps_the_id(name: str) -> None:
    stack, written = taken_over(name)
    identifier = stack.id

    await stack.up(**written, **PLANNED)

    assert (stack.id, [asked for asked in stack.service.writes if asked.startswith("create")]) == (identifier, [])
    assert TOKEN not in str((stack.state, stack.plan.state))


@pytest.mark.parametrize("name", ["configured", "least", "refreshed"])
async def test_the_next_up_of_a_job_that_is_as_declared_writes_nothing(name: str) -> None:
    stack, written = taken_over(name)

    await stack.up(preview=True, **written, **PLANNED)
    await stack.up(**written, **PLANNED)
    await stack.refresh()
    await stack.up(**written, **PLANNED)

    assert stack.service.writes == []


@pytest.mark.parametrize("name", ["configured", "least", "refreshed"])
async def test_without_a_plan_the_next_up_asks_for_the_jobs_alone(name: str) -> None:
    stack, written = taken_over(name, is_planned=False)

    await stack.up(**written)

    assert stack.service.asked == ["jobs"]


async def test_the_number_that_was_accepted_then_is_no_longer_a_change() -> None:
    stack, written = taken_over("configured", is_planned=False)
    del written["acceptLeavers"]

    await stack.up(**written)

    assert stack.service.asked == ["jobs"]


async def test_who_is_assigned_and_not_declared_any_more_is_judged_though_nothing_remembers_them() -> None:
    stack, written = taken_over("least")

    with pytest.raises(UnsafeChangeError, match="All 3 people in scope would leave"):
        await stack.up(**written, **(PLANNED | {"assignments": []}))

    assert stack.service.writes == []


async def test_what_was_unfinished_is_finished() -> None:
    stack, written = taken_over("unfinished")

    await stack.up(**written, **PLANNED)

    assert stack.service.writes == ["save schema", "save secrets", "start"]
    assert not Notes.of(stack.state).is_unfinished


async def test_a_restart_that_was_due_comes_when_the_job_is_switched_on() -> None:
    stack, written = taken_over("restart-due")

    await stack.up(**written, **PLANNED)
    await stack.refresh()
    still = Notes.of(stack.state).restart_is_due
    await stack.up(**(written | {"status": "on"}), **PLANNED)

    assert (still, stack.service.writes) == (True, ["restart Watermark"])


def moved(stack: Pulumi) -> None:
    """Let somebody else change the schema."""
    held = stack.service.schema_held
    stack.service.schema_held = SynchronizationSchema({**held.document, "version": "v9"})


async def test_a_schema_that_moved_since_it_was_last_read_is_not_replaced() -> None:
    stack, written = taken_over("refreshed")
    moved(stack)

    with pytest.raises(ConflictError, match="Somebody else changed the schema"):
        await stack.up(**(written | TITLE), **PLANNED)


@pytest.mark.parametrize(("name", "moves"), [("refreshed", False), ("configured", True)])
async def test_a_schema_that_did_not_move_or_was_saved_by_us_is_replaced(name: str, moves: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stack, written = taken_over(name)
    if moves:
        moved(stack)

    await stack.up(**(written | TITLE), **PLANNED)

    assert stack.service.writes == ["save schema"]


async def test_a_job_of_the_earlier_release_that_is_in_use_is_not_destroyed() -> None:
    stack, _ = taken_over("least")
    assert stack.service.held
    stack.service.held = replace(stack.service.held, status="Active")

    with pytest.raises(UnsafeChangeError, match="Up to 3 people"):
        await stack.destroy()
