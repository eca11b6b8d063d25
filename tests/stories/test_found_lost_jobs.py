"""A job that lists lack for a minute is not lost; one that was deleted by hand leaves nobody's account open unseen.

The client, Entra and Elium are real or the emulator's; Pulumi's engine is played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from played import Played

from emulator import Emulator
from emulator.moods.replication import Lag
from provisioning.errors import UnsafeChangeError

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE = {"users": {"title": "[department]"}}
USERS, TEAMS = ["Elium users"], ["Elium users", "Platform team", "Compiler team"]


@pytest.fixture
async def stack() -> Played:
    return await Played.of(Emulator())


def declared(stack: Played, groups: Iterable[str], **written: Any) -> dict[str, Any]:
    return {"assignments": stack.group(*groups), "role": "User", "displayName": "Elium"} | written


def delete_by_hand(stack: Played) -> None:
    stack.emulator.entra.service.delete_job(stack.tenant, stack.principal, stack.job.id)


@pytest.mark.parametrize("is_refreshed", [False, True])
async def test_a_job_that_lists_lack_right_after_the_first_up_is_changed_and_not_forgotten(
    stack: Played, *, is_refreshed: bool
) -> None:
    stack.emulator.entra.replication.set(Lag(lists=9))
    assert await stack.run(**declared(stack, USERS))
    identifier = stack.id

    await stack.up(preview=True, **declared(stack, USERS))
    if is_refreshed:
        await stack.refresh()
    assert await stack.run(**declared(stack, USERS, mappings=TITLE))

    assert (stack.id, len(stack.held.jobs)) == (identifier, 1)
    assert "no longer exists" not in stack.said()
    assert "[department]" in str(stack.emulator.entra.service.schema_of(stack.job))


async def test_who_leaves_after_a_job_was_lost_leaves_by_the_way_that_closes_their_accounts(stack: Played) -> None:
    assert await stack.run(**declared(stack, TEAMS))
    before = await stack.accounts()
    delete_by_hand(stack)
    await stack.refresh()

    with pytest.raises(UnsafeChangeError, match=r"No job of this app is found.* That is about") as refusal:
        await stack.run(**declared(stack, USERS))
    assert stack.calls.writes == []
    assert "Take them out once it has had a cycle." in refusal.value.message

    assert await stack.run(**declared(stack, TEAMS))
    assert await stack.accounts() == before
    assert await stack.run(**declared(stack, USERS, acceptLeavers=len(before)))

    after = await stack.accounts()
    assert (len(after), sum(after.values())) == (len(before), 10)


async def test_a_lost_job_is_not_destroyed_over_open_accounts_and_the_way_on_closes_them(stack: Played) -> None:
    assert await stack.run(**declared(stack, USERS))
    before = await stack.accounts()
    delete_by_hand(stack)

    with pytest.raises(UnsafeChangeError, match=r"is gone already.* Up to 10 people were provisioned.* at Elium"):
        await stack.destroy()

    await stack.refresh()
    assert await stack.run(**declared(stack, USERS))
    assert await stack.accounts() == before
    assert await stack.run(**declared(stack, [], acceptLeavers=10))
    assert set((await stack.accounts()).values()) == {False}
    await stack.destroy()

    assert (stack.id, stack.held.jobs) == ("", {})


async def test_the_other_way_on_leaves_the_accounts_after_it_was_told_twice(stack: Played) -> None:
    assert await stack.run(**declared(stack, USERS))
    before = await stack.accounts()
    delete_by_hand(stack)
    with pytest.raises(UnsafeChangeError):
        await stack.destroy()

    await stack.refresh()
    await stack.destroy()

    assert stack.said().count("Whoever it provisioned may still have an active account") == 1
    assert (stack.plan.id, await stack.accounts()) == ("", before)
