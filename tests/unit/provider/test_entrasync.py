from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from builders import TOKEN
from pulumi_engine import LEAST
from recording import RecordingService

from provisioning.errors import ConfigurationError
from provisioning.provider import entrasync
from provisioning.provider.entrasync import callbacks_for
from provisioning.provider.plugin import Callbacks
from provisioning.provider.turn import Turn
from provisioning.provider.version import JOB, PLAN


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Write down with which surroundings Graph is reached."""
    made: list[dict[str, str]] = []

    async def connect(environment: dict[str, str]) -> RecordingService:
        made.append(dict(environment))
        return RecordingService()

    monkeypatch.setattr(entrasync, "connect", connect)
    return made


async def created(callbacks: Callbacks) -> None:
    await callbacks.create(Turn(after=callbacks.check({}, dict(LEAST), salt=b"salt")))


async def test_both_resources_reach_graph_once(connections: list[dict[str, str]]) -> None:
    callbacks = callbacks_for({})

    await asyncio.gather(created(callbacks[PLAN]), created(callbacks[JOB]))

    assert len(connections) == 1


def test_nobody_is_reached_before_something_must_be_asked(connections: list[dict[str, str]]) -> None:
    callbacks_for({})[JOB].check({}, dict(LEAST), salt=b"salt")

    assert connections == []


async def test_a_provider_instance_has_its_own_identity(connections: list[dict[str, str]]) -> None:
    await created(callbacks_for({"tenantId": "6babcaad-604b-40ac-a9d7-9fd97c0b779f", "version": "1.0.0"})[PLAN])

    assert connections[0]["ARM_TENANT_ID"] == "6babcaad-604b-40ac-a9d7-9fd97c0b779f"


def test_a_configuration_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="tenantID"):
        callbacks_for({"tenantID": "x"})


def test_a_token_may_lie_where_pulumi_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELIUM", TOKEN)

    inputs = callbacks_for({})[JOB].check({}, {**LEAST, "secretToken": "env:ELIUM"}, salt=b"salt")

    assert inputs["secretToken"].startswith("scrypt:")


CHECKED = """
import sys
from provisioning.provider.entrasync import REHEARSED, callbacks_for, rehearse
{first}
before = set(sys.modules)
for callbacks in callbacks_for({{}}).values():
    callbacks.check({{}}, dict(REHEARSED, filters={{"users": ["department EQUALS Sales"]}}), salt=b"salt")
print({{name.partition(".")[0] for name in sys.modules.keys() - before}})
"""


def imported_by_a_check(*, first: str) -> str:
    command = [sys.executable, "-c", CHECKED.format(first=first)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our interpreter


def test_what_is_rehearsed_spares_the_first_check_every_import() -> None:
    assert "lark" in imported_by_a_check(first="")
    assert imported_by_a_check(first="rehearse()") == "set()\n"
