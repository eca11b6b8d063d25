"""A run is killed between any two calls that change something: the next one finishes it, and nobody is missing.

The client, Entra and Elium are real or the emulator's; Pulumi's engine is played, so that each place can be tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import graph_of, named
from played import Played

from emulator import Emulator
from emulator.company.store import Kind
from emulator.moods.replication import Lag
from provisioning.errors import UnsafeChangeError

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSIGNED, EVERYBODY = 10, 24
TITLE = {"users": {"title": "[department]"}}
FIRST = ["POST jobs", "PUT secrets", "PUT schema", "POST start"]
WIDER = ["PUT schema", "PUT secrets", "POST restart"]
ADOPTED = ["POST pause", "PUT secrets", "POST restart"]
LOOKS = ["GET jobs"]
LOOKS_WHO_IS_ASSIGNED = ["GET appRoleAssignedTo", "GET jobs"]
"""What a run with nothing to do asks, once a change was judged by which people came or went."""


@pytest.fixture
async def stack() -> Played:
    return await Played.of(Emulator())


def small(stack: Played) -> dict[str, Any]:
    """Declare one group, and a mapping so that the schema is ours."""
    return {"assignments": stack.group("Elium users"), "role": "User", "mappings": TITLE}


def wide(stack: Played) -> dict[str, Any]:
    """Declare everybody, another mapping, and more groups."""
    groups = stack.group("Elium users", "All of sales", "Engineering")
    other = {"users": {"title": "[jobTitle]"}}
    return {"assignments": groups, "role": "User", "mappings": other, "scope": "all", "acceptEntrants": 14}


def many(stack: Played) -> dict[str, Any]:
    """Declare groups that bring in six more."""
    groups = stack.group("Elium users", "All of sales", "Platform team", "Compiler team")
    return small(stack) | {"assignments": groups, "acceptEntrants": 6}


def hire(stack: Played, group: str, *names: str) -> None:
    """Let people join a group."""
    directory = stack.tenant.directory
    for name in names:
        directory.add_member(named(stack.emulator, Kind.GROUP, group).id, named(stack.emulator, Kind.USER, name).id)


async def finish(stack: Played, declared: Mapping[str, Any], *, refreshed: bool) -> None:
    """Run again after a kill, and once more, which has nothing to do."""
    if refreshed:
        await stack.refresh()
    assert await stack.run(**declared)
    assert await stack.run(**declared)
    assert stack.calls.made in (LOOKS, LOOKS_WHO_IS_ASSIGNED)


@pytest.mark.parametrize("refreshed", [False, True])
@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("number", range(len(FIRST)))
async def test_a_first_deployment_leaves_one_job_and_everybody(
    stack: Played, number: int, *, carried_out: bool, refreshed: bool
) -> None:
    assert not await stack.run(killed_at=number, carried_out=carried_out, **small(stack))
    assert stack.calls.writes == FIRST[: number + 1]

    await finish(stack, small(stack), refreshed=refreshed)

    accounts = await stack.accounts()
    assert (len(stack.held.jobs), len(accounts), set(accounts.values())) == (1, ASSIGNED, {True})
    assert "[department]" in str(stack.emulator.entra.service.schema_of(stack.job))


@pytest.mark.parametrize("refreshed", [False, True])
@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("number", range(len(WIDER)))
async def test_a_wider_scope_gets_the_restart_that_it_needs(
    stack: Played, number: int, *, carried_out: bool, refreshed: bool
) -> None:
    assert await stack.run(**small(stack))
    assert len(await stack.accounts()) == ASSIGNED
    job = stack.job

    assert not await stack.run(killed_at=number, carried_out=carried_out, **wide(stack))
    assert stack.calls.writes == WIDER[: number + 1]
    await finish(stack, wide(stack), refreshed=refreshed)

    assert (stack.job is job, len(await stack.accounts())) == (True, EVERYBODY)


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("number", range(len(ADOPTED)))
async def test_a_running_job_that_is_adopted_with_a_wider_scope_is_restarted(
    stack: Played, number: int, *, carried_out: bool
) -> None:
    declared: dict[str, Any] = {"assignments": stack.group("Elium users"), "role": "User"}
    assert await stack.run(**declared)
    assert len(await stack.accounts()) == ASSIGNED
    job, adopting = stack.job, Played(stack.emulator, stack.principal, stack.role)

    assert not await adopting.run(killed_at=number, carried_out=carried_out, **declared, scope="all", acceptEntrants=14)
    assert adopting.calls.writes == ADOPTED[: number + 1]
    await finish(adopting, declared | {"scope": "all", "acceptEntrants": 14}, refreshed=True)

    assert (adopting.job is job, len(await adopting.accounts())) == (True, EVERYBODY)


@pytest.mark.parametrize("refreshed", [False, True])
async def test_groups_that_were_judged_and_not_yet_assigned_are_assigned(stack: Played, *, refreshed: bool) -> None:
    assert await stack.run(**small(stack))
    await stack.accounts()

    assert not await stack.run(dies_before="assign", **many(stack))
    # After a refresh nobody can tell a run that was cut from somebody who took them out again: it takes another number.
    await finish(stack, many(stack) | ({"acceptEntrants": 7} if refreshed else {}), refreshed=refreshed)

    assert len(await stack.accounts()) == ASSIGNED + 6


@pytest.mark.parametrize("refreshed", [False, True])
async def test_a_group_that_was_accepted_to_leave_leaves(stack: Played, *, refreshed: bool) -> None:
    await stack.run(**many(stack))
    await stack.accounts()
    fewer = small(stack) | {"acceptLeavers": 6}

    assert not await stack.run(dies_before="unassign", **fewer)
    await finish(stack, fewer, refreshed=refreshed)

    accounts = await stack.accounts()
    assert (len(accounts), sum(accounts.values())) == (ASSIGNED + 6, ASSIGNED)


@pytest.mark.parametrize("refreshed", [False, True])
async def test_who_joined_a_group_that_was_accepted_to_leave_is_counted_before_it_does(
    stack: Played, *, refreshed: bool
) -> None:
    await stack.run(**many(stack))
    accounts = await stack.accounts()
    fewer = small(stack) | {"acceptLeavers": 6}
    assert not await stack.run(dies_before="unassign", **fewer)
    hire(stack, "Platform team", "Hypatia")
    if refreshed:
        await stack.refresh()

    with pytest.raises(UnsafeChangeError, match=r"^7 of 17 people in scope would leave"):
        await stack.run(**fewer)
    assert accounts.items() < (await stack.accounts()).items()

    await finish(stack, fewer | {"acceptLeavers": 7}, refreshed=refreshed)
    assert sum((await stack.accounts()).values()) == ASSIGNED


@pytest.mark.parametrize("refreshed", [False, True])
async def test_who_joined_a_group_that_was_accepted_to_enter_is_counted_before_it_does(
    stack: Played, *, refreshed: bool
) -> None:
    await stack.run(**small(stack))
    accounts = await stack.accounts()
    assert not await stack.run(dies_before="assign", **many(stack))
    hire(stack, "Platform team", "Hypatia")
    if refreshed:
        await stack.refresh()

    with pytest.raises(UnsafeChangeError, match=r"^7 people would enter, beside 10 in scope now"):
        await stack.run(**many(stack))

    assert await stack.accounts() == accounts


async def test_a_plan_that_was_carried_out_is_not_judged_again_when_its_group_grows(stack: Played) -> None:
    await stack.run(**small(stack))
    await stack.accounts()
    await stack.run(**many(stack))
    hire(stack, "Platform team", "Hypatia")

    assert await stack.run(**many(stack))

    assert stack.calls.made == LOOKS_WHO_IS_ASSIGNED


@pytest.mark.parametrize("other", [{}, {"skipOutOfScopeDeletions": True}], ids=["the same", "something else"])
async def test_a_lost_job_is_not_made_twice_while_lists_lag(stack: Played, other: dict[str, Any]) -> None:
    stack.emulator.entra.replication.set(Lag(lists=4))
    assert not await stack.run(killed_at=0, carried_out=True, **small(stack))

    await finish(stack, small(stack) | other, refreshed=False)

    assert len(stack.held.jobs) == 1
    assert "before another job is made, this one is looked for" in stack.said()


async def test_a_job_that_was_deleted_by_hand_is_made_anew_and_finds_everybody(stack: Played) -> None:
    assert await stack.run(**small(stack))
    accounts = await stack.accounts()
    stack.emulator.entra.service.delete_job(stack.tenant, stack.principal, stack.job.id)

    await finish(stack, small(stack), refreshed=True)

    assert await stack.accounts() == accounts


async def test_a_job_that_was_switched_off_by_hand_is_told_once_and_switched_on_after_a_refresh(stack: Played) -> None:
    assert await stack.run(**small(stack))
    await stack.accounts()
    stack.emulator.entra.service.pause(stack.job)

    await stack.refresh()
    assert stack.said().count("The job is switched off, although status is on") == 1
    assert await stack.run(**small(stack))

    assert stack.calls.writes == ["POST start"]


async def test_a_scope_that_was_widened_by_hand_is_put_back_after_a_refresh_by_its_number(stack: Played) -> None:
    assert await stack.run(**small(stack))
    stack.held.secrets["SyncAll"] = "true"
    stack.emulator.entra.service.restart(stack.job, frozenset())
    assert len(await stack.accounts()) == EVERYBODY

    await stack.refresh()
    with pytest.raises(UnsafeChangeError, match=r"^14 of 24 people in scope would leave"):
        await stack.run(**small(stack))
    assert await stack.run(**small(stack), acceptLeavers=14)

    assert sum((await stack.accounts()).values()) == ASSIGNED


async def test_an_assignment_by_hand_needs_no_run_of_ours(stack: Played) -> None:
    async with graph_of(stack.emulator) as graph:
        body = {"principalId": stack.group("Guests")[0]["principalId"], "resourceId": stack.principal}
        made = await graph.post(
            f"/servicePrincipals/{stack.principal}/appRoleAssignedTo", json=body | {"appRoleId": stack.role}
        )
    assert made.is_success

    await finish(stack, small(stack), refreshed=True)

    assert len(await stack.accounts()) == ASSIGNED
