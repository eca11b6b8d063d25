from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from asking import elium_job, graph_of, named

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import JsonObject


async def provisioned(emulator: Emulator) -> str:
    async with graph_of(emulator) as graph:
        at = await elium_job(emulator, graph)
        await emulator.run_due()
        await graph.delete("/users/claude.shannon@contoso.com")
    return at


async def snapshot_of(emulator: Emulator) -> JsonObject:
    """Take a snapshot as it comes out of a file."""
    written: JsonObject = json.loads(json.dumps(emulator.snapshot()))
    return written


async def test_a_world_goes_on_where_it_was_written_down(emulator: Emulator) -> None:
    at = await provisioned(emulator)
    other = Emulator(seed=seeds.read())
    other.restore(await snapshot_of(emulator))
    async with graph_of(other) as graph:
        job = (await graph.get(at)).json()
        group, ada = named(other, Kind.GROUP, "Elium users").id, named(other, Kind.USER, "Ada Byron").id
        await graph.delete(f"/groups/{group}/members/{ada}/$ref")
    ran = await other.advance(timedelta(minutes=40))
    accounts = {account["userName"]: account["active"] for account in other.elium.tenant("contoso").users}

    assert (job["status"]["code"], ran) == ("Active", 1)
    assert (len(accounts), accounts["ada.byron@contoso.com"], accounts["alan.turing@contoso.com"]) == (10, False, True)


async def test_a_second_cycle_after_a_snapshot_sends_nothing_but_the_probe(emulator: Emulator) -> None:
    await provisioned(emulator)
    other = Emulator(seed=seeds.read())
    other.restore(await snapshot_of(emulator))
    await other.advance(timedelta(minutes=40))

    assert not [received for received in other.elium.received if received.method == "POST"]


async def test_a_snapshot_of_a_snapshot_is_the_same(emulator: Emulator) -> None:
    await provisioned(emulator)
    first = await snapshot_of(emulator)
    other = Emulator(seed=emulator.seed)
    other.restore(first)

    assert first == await snapshot_of(other)


async def test_no_secret_is_written_down(emulator: Emulator) -> None:
    await provisioned(emulator)
    text = json.dumps(await snapshot_of(emulator))

    assert str(emulator.seed.elium[0].token) not in text
    assert str(emulator.seed.clients[0].secret) not in text


async def test_a_secret_of_another_target_is_left_out(emulator: Emulator) -> None:
    at = await provisioned(emulator)
    secrets = f"{at.rpartition('/jobs/')[0]}/secrets"
    pairs = [{"key": "SecretToken", "value": "of another target"}, {"key": "SyncAll", "value": "true"}]
    async with graph_of(emulator) as graph:
        await graph.put(secrets, json={"value": pairs})
        emulator.restore(await snapshot_of(emulator))
        left = (await graph.get(secrets)).json()["value"]

    assert left == [{"key": "SyncAll", "value": "true"}]


@pytest.mark.parametrize("wrong", [{}, {"format": 0}])
def test_what_is_not_a_snapshot_is_refused(emulator: Emulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="not a snapshot"):
        emulator.restore(wrong)


@witness("GET /_emulator/snapshot", "PUT /_emulator/snapshot")
async def test_snapshots_go_over_the_control_interface(emulator: Emulator) -> None:
    await provisioned(emulator)
    transport = httpx2.ASGITransport(emulator.app)
    async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as http:
        taken = (await http.get("/_emulator/snapshot")).json()
        await http.post("/_emulator/reset")
        await http.put("/_emulator/snapshot", json=taken)

    assert (len(emulator.entra.jobs()), len(emulator.elium.tenant("contoso").users)) == (1, 10)


async def spoilt(emulator: Emulator, spoil: Callable[[JsonObject], object]) -> JsonObject:
    """Take a snapshot of a provisioned company, and spoil it."""
    await provisioned(emulator)
    written = await snapshot_of(emulator)
    spoil(written)
    return written


def tenant_of(written: JsonObject) -> JsonObject:
    told: JsonObject = next(iter(written["tenants"].values()))
    return told


def job_in(written: JsonObject) -> JsonObject:
    (synchronization,) = tenant_of(written)["synchronization"].values()
    told: JsonObject = next(iter(synchronization["jobs"].values()))
    return told


SPOILS: dict[str, Callable[[JsonObject], object]] = {
    "a time at the end of the calendar": lambda one: one.update(time="9999-12-31T00:00:00+00:00"),
    "a time without a zone": lambda one: one.update(time="2026-01-15T09:00:00"),
    "a time that is none": lambda one: one.update(time=5),
    "no time": lambda one: one.pop("time"),
    "no gallery": lambda one: one.pop("gallery"),
    "a gallery that is none": lambda one: one.update(gallery=[1]),
    "a gallery entry that is not complete": lambda one: one["gallery"].update(x={"id": "x"}),
    "no tenants": lambda one: one.update(tenants={}),
    "tenants that are a list": lambda one: one.update(tenants=[]),
    "a tenant that is a number": lambda one: one["tenants"].update(x=5),
    "a tenant under another id": lambda one: one["tenants"].update(x=tenant_of(one)),
    "a class that there is not": lambda one: tenant_of(one).update({"$is": "Castle"}),
    "a directory that is a job": lambda one: tenant_of(one).update(directory=job_in(one)),
    "an object without an id": lambda one: object_in(one)["properties"].pop("id"),
    "an object whose list is a number": lambda one: object_in(one)["properties"].update(proxyAddresses=5),
    "an object whose text is a list": lambda one: object_in(one)["properties"].update(mail=["x"]),
    "an object whose truth is a text": lambda one: object_in(one)["properties"].update(accountEnabled="yes"),
    "an object of no kind": lambda one: object_in(one).update(kind="user"),
    "an object that is a text": lambda one: tenant_of(one)["directory"]["objects"].update(x="x"),
    "an assignment that leads nowhere": lambda one: assignment_in(one).update(principal_id="nobody"),
    "an assignment that one side does not know": lambda one: tenant_of(one)["directory"].update(_assignments_of={}),
    "a membership that one side does not know": lambda one: tenant_of(one)["directory"].update(_groups={}),
    "a job in no state": lambda one: job_in(one).update(state="running"),
    "a job due at no moment": lambda one: job_in(one).update(next_cycle="soon"),
    "a job under another id": lambda one: job_in(one).update(id="x"),
    "a job without a schema": lambda one: job_in(one).update(schema={}),
    "a job of no template": lambda one: job_in(one).update(template_id="x"),
    "links that are a list": lambda one: job_in(one).update(links=[]),
    "accounts that are none": lambda one: one["elium"].update(contoso=[{"userName": "x"}]),
    "accounts that are text": lambda one: one["elium"].update(contoso="x"),
    "secrets that are none": lambda one: next(iter(tenant_of(one)["synchronization"].values())).update(secrets=5),
}


def object_in(written: JsonObject) -> JsonObject:
    told: JsonObject = next(iter(tenant_of(written)["directory"]["objects"].values()))
    return told


def assignment_in(written: JsonObject) -> JsonObject:
    told: JsonObject = next(iter(tenant_of(written)["directory"]["assignments"].values()))
    return told


@pytest.mark.parametrize("what", SPOILS)
async def test_a_spoilt_snapshot_is_refused_and_nothing_moves(emulator: Emulator, what: str) -> None:
    written = await spoilt(Emulator(seed=emulator.seed), SPOILS[what])
    await provisioned(emulator)
    before, world = await snapshot_of(emulator), emulator.world

    with pytest.raises(Refusal) as refused:
        emulator.restore(written)

    assert refused.value.status == 400
    assert emulator.world is world
    assert await snapshot_of(emulator) == before
