from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import uvicorn
from asking import SCOPE

from emulator import Emulator
from emulator.web import server
from emulator.web.server import Served, opened_port, serving
from emulator.web.tls import StateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator import Seed


@pytest.fixture
def served(emulator: Emulator) -> Iterator[Served]:
    """Serve on a port."""
    with emulator.serve() as served:
        yield served


@pytest.fixture
def client(served: Served) -> Iterator[httpx2.Client]:
    """Open the port, trusting the emulator's authority, as the deployer."""
    context = ssl.create_default_context(cafile=served.ca_file)
    variables = served.environment
    form = {
        "grant_type": "client_credentials",
        "client_id": variables["ARM_CLIENT_ID"],
        "client_secret": variables["ARM_CLIENT_SECRET"],
        "scope": SCOPE,
    }
    with httpx2.Client(verify=context, base_url=served.origin, timeout=20) as http:
        token = http.post(f"/{variables['ARM_TENANT_ID']}/oauth2/v2.0/token", data=form).json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        yield http


def started(client: httpx2.Client, served: Served) -> str:
    template = client.get("/v1.0/applicationTemplates?$filter=displayName eq 'Elium'").json()["value"][0]["id"]
    made = client.post(f"/v1.0/applicationTemplates/{template}/instantiate", json={"displayName": "x"}).json()
    at = f"/v1.0/servicePrincipals/{made['servicePrincipal']['id']}/synchronization"
    job = client.post(f"{at}/jobs", json={"templateId": "elium"}).json()["id"]
    pairs = {
        "BaseAddress": f"{served.environment['ELIUM_TENANT_URL']}/scim/v2",
        "SecretToken": served.environment["ELIUM_SECRET_TOKEN"],
        "SyncAll": "true",
    }
    client.put(f"{at}/secrets", json={"value": [{"key": key, "value": value} for key, value in pairs.items()]})
    client.post(f"{at}/jobs/{job}/start")
    return str(job)


def accounts(client: httpx2.Client, served: Served) -> list[Any]:
    token = served.environment["ELIUM_SECRET_TOKEN"]
    address = f"{served.environment['ELIUM_TENANT_URL']}/scim/v2/Users"
    found: list[Any] = client.get(address, headers={"authorization": f"Bearer {token}"}).json()["Resources"]
    return found


def test_people_appear_at_elium_over_sockets(client: httpx2.Client, served: Served) -> None:
    job = started(client, served)
    served.run_cycle(job)

    assert "ada.byron@contoso.com" in {account["userName"] for account in accounts(client, served)}


def test_time_passes_from_another_thread(client: httpx2.Client, served: Served) -> None:
    started(client, served)
    served.run_due()

    assert served.advance(timedelta(hours=2)) == 3


def test_requests_are_counted_from_another_thread(client: httpx2.Client, served: Served) -> None:
    client.get("/v1.0/users")

    assert [exchange.path for exchange in served.requests("graph")] == ["/v1.0/users"]


def test_a_reset_from_another_thread_goes_back_to_the_seed(client: httpx2.Client, served: Served) -> None:
    started(client, served)
    served.reset()

    assert client.get("/_emulator/state").json()["jobs"] == []


def test_a_snapshot_is_taken_and_restored_from_another_thread(client: httpx2.Client, served: Served) -> None:
    started(client, served)
    taken = served.snapshot()
    served.reset()
    served.restore(taken)

    assert len(client.get("/_emulator/state").json()["jobs"]) == 1


def test_a_port_that_is_taken_is_told(emulator: Emulator) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(RuntimeError, match="did not start") as refused,
        emulator.serve(port=taken.getsockname()[1]),
    ):
        pass

    assert isinstance(refused.value.__cause__, OSError)


def test_the_port_is_free_afterwards_although_a_client_stays_connected(seed: Seed) -> None:
    with Emulator(seed=seed).serve() as served:
        port = httpx2.URL(served.origin).port
        context = ssl.create_default_context(cafile=served.ca_file)
        http = httpx2.Client(verify=context)
        http.get(f"{served.origin}/_emulator/state")
    http.close()
    with Emulator(seed=seed).serve(port=port or 0) as again:
        assert served.origin == again.origin


async def test_cycles_run_by_themselves_as_soon_as_they_are_due(emulator: Emulator, tmp_path: Path) -> None:
    async with serving(emulator, StateFolder(tmp_path), host="127.0.0.1", port=0) as served:
        context = ssl.create_default_context(cafile=served.ca_file)
        async with httpx2.AsyncClient(verify=context) as http:
            answer = await http.get(f"{served.origin}/metadata/endpoints")

    assert answer.status_code == 200


@pytest.mark.parametrize(("system", "passes_over"), [("posix", True), ("nt", False)])
def test_only_where_that_is_harmless_a_port_is_opened_over_connections_that_close(
    system: str, *, passes_over: bool
) -> None:
    with opened_port("127.0.0.1", 0, system=system) as opened:
        assert bool(opened.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) is passes_over


def test_what_is_asked_is_waited_for_as_long_as_it_takes(
    client: httpx2.Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(client, served)
    with monkeypatch.context() as impatient:
        impatient.setattr(server, "_PATIENCE", 0.0)
        ran = served.advance(timedelta(hours=2))

    assert ran > 0


def test_who_asks_an_emulator_that_has_ended_is_told(emulator: Emulator) -> None:
    with emulator.serve() as served:
        pass

    with pytest.raises(RuntimeError, match=r"^The emulator has ended\.$"):
        served.run_due()


def test_who_waits_for_an_emulator_that_ends_meanwhile_is_told(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    async def for_ever(*_: object) -> int:
        begun.set()
        await asyncio.get_running_loop().create_future()
        return 0

    monkeypatch.setattr(Emulator, "run_due", for_ever)
    with ThreadPoolExecutor(1) as pool:
        with emulator.serve() as served:
            asked = pool.submit(served.run_due)
            begun.wait()

        with pytest.raises(RuntimeError, match=r"^The emulator has ended\.$"):
            asked.result()


class Dying(uvicorn.Server):
    """A server that ends before it serves."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        pass


def test_an_emulator_that_dies_as_it_starts_is_not_waited_for(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_Server", Dying)
    with pytest.raises(RuntimeError, match=r"^The emulator did not start\.$") as refused, emulator.serve():
        pass

    assert str(refused.value.__cause__) == "The server ended before it started."
