"""Who may use the control interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from emulator import Emulator
from emulator.web.environment import environment_of

if TYPE_CHECKING:
    from emulator import Seed


async def asked(emulator: Emulator, **headers: str) -> int:
    transport = httpx2.ASGITransport(emulator.app)
    async with httpx2.AsyncClient(transport=transport, base_url=emulator.origin) as http:
        return (await http.post("/_emulator/reset", headers=headers)).status_code


@pytest.mark.parametrize("host", ["localhost", "localhost:8443", "127.0.0.1:8443", "[::1]:8443"])
async def test_names_of_this_machine_are_answered(emulator: Emulator, host: str) -> None:
    assert await asked(emulator, host=host) == 200
    assert await asked(emulator, host=host, origin=f"https://{host}") == 200


@pytest.mark.parametrize("host", ["evil.com", "127.0.0.1.evil.com", "localhost.evil.com:8443", "[::1", ""])
async def test_a_name_that_only_leads_to_this_machine_is_refused(emulator: Emulator, host: str) -> None:
    assert await asked(emulator, host=host) == 403


@pytest.mark.parametrize("origin", ["https://evil.com", "null", "http://localhost:3000", "https://localhost.evil.com"])
async def test_a_page_of_another_origin_is_refused(emulator: Emulator, origin: str) -> None:
    assert await asked(emulator, origin=origin) == 403


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer k3y", 200), ("bearer  k3y", 200), ("", 401), ("Bearer other", 401), ("Basic k3y", 401), ("k3y", 401)],
)
async def test_with_a_key_only_who_has_it_may(seed: Seed, authorization: str, status: int) -> None:
    emulator = Emulator(seed=seed)
    emulator.control_key = "k3y"

    assert await asked(emulator, authorization=authorization) == status


def test_the_key_stands_in_the_environment(seed: Seed) -> None:
    without = environment_of(seed, "https://127.0.0.1:8443", "ca.pem")
    found = environment_of(seed, "https://127.0.0.1:8443", "ca.pem", control_key="k3y")

    assert "ELIUM_EMULATOR_KEY" not in without
    assert found["ELIUM_EMULATOR_KEY"] == "k3y"
