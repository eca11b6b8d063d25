from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

NEW: dict[str, Any] = {
    "name": "main",
    "issuer": "https://issuer.example",
    "subject": "repo:contoso/x:ref:refs/heads/main",
    "audiences": ["api://AzureADTokenExchange"],
}


@pytest.fixture
def at(emulator: Emulator) -> str:
    """Tell where the deployer's federated credentials are."""
    return f"/applications/{named(emulator, Kind.APPLICATION, 'elium-deployer').id}/federatedIdentityCredentials"


@witness(
    "GET /applications/{id}/federatedIdentityCredentials",
    "POST /applications/{id}/federatedIdentityCredentials",
    "GET /applications/{id}/federatedIdentityCredentials/{credential}",
    "PATCH /applications/{id}/federatedIdentityCredentials/{credential}",
    "DELETE /applications/{id}/federatedIdentityCredentials/{credential}",
)
async def test_workloads_come_change_and_go(graph: httpx2.AsyncClient, at: str) -> None:
    made = await graph.post(at, json=NEW)
    changed = await graph.patch(f"{at}/main", json={"description": "ours", "name": "other"})
    shown = (await graph.get(f"{at}/{made.json()['id']}")).json()
    listed = (await graph.get(at, params={"$filter": "name eq 'main'"})).json()["value"]
    removed = await graph.delete(f"{at}/main")

    assert [made.status_code, changed.status_code, removed.status_code] == [201, 204, 204]
    assert (shown["name"], shown["description"], len(listed)) == ("main", "ours", 1)
    assert (await graph.get(f"{at}/main")).status_code == 404
    assert "key" not in shown


async def test_a_name_and_a_subject_are_taken_once(graph: httpx2.AsyncClient, at: str) -> None:
    await graph.post(at, json=NEW)
    answers = [await graph.post(at, json={**NEW, **other}) for other in ({"subject": "other"}, {"name": "other"})]

    assert [answer.status_code for answer in answers] == [409, 409]


async def test_what_is_needed_is_needed(graph: httpx2.AsyncClient, at: str) -> None:
    for missing in NEW:
        answer = await graph.post(at, json={name: value for name, value in NEW.items() if name != missing})

        assert answer.status_code == 400


async def test_an_application_has_twenty_at_most(graph: httpx2.AsyncClient, at: str) -> None:
    answers = [await graph.post(at, json={**NEW, "name": str(n), "subject": str(n)}) for n in range(20)]

    assert [answer.status_code for answer in answers] == [201] * 19 + [400]


async def test_a_workload_of_a_known_issuer_is_believed(emulator: Emulator, graph: httpx2.AsyncClient, at: str) -> None:
    reader = named(emulator, Kind.APPLICATION, "elium-reader")
    reader.properties["_federated"] = [{"issuer": NEW["issuer"], "subject": "x", "key": "known"}]
    await graph.post(at, json=NEW)
    held = named(emulator, Kind.APPLICATION, "elium-deployer").properties["_federated"]

    assert [each["key"] for each in held] == [None, "known"]
