from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from asking import elium_job, graph_of, named

from emulator import Emulator
from emulator import seed as seeds
from emulator.refusal import Refusal
from emulator.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    from emulator.store import JsonObject


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
def test_what_is_no_snapshot_is_refused(emulator: Emulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="no snapshot"):
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
