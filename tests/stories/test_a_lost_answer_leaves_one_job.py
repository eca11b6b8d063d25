"""Each call of the first configuration fails, before it is carried out or after: one job results, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from played import Played

from emulator import Emulator
from emulator.moods.faults import Fault
from provisioning.errors import ProvisioningError

CALLS = 8
"""Of a first configuration with a mapping, as far as synchronization is asked."""


@pytest.fixture
async def stack() -> Played:
    return await Played.of(Emulator())


def declared(stack: Played) -> dict[str, Any]:
    return {"assignments": stack.group("Elium users"), "role": "User", "mappings": {"users": {"title": "[department]"}}}


def a_fault(number: int, *, committed: bool, times: int | None) -> Fault:
    return Fault(
        route="* /servicePrincipals/*/synchronization/*", after=number, drop=True, committed=committed, times=times
    )


def ends_well(stack: Played) -> bool:
    """Tell whether there is one job, switched on, with the secrets and the mapping that were declared."""
    described = stack.emulator.entra.service.as_graph(stack.job)
    schema = str(stack.emulator.entra.service.schema_of(stack.job))
    is_on = described["schedule"]["state"] == "Active"
    return is_on and stack.held.secrets["SecretToken"] == stack.least["secretToken"] and "[department]" in schema


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("number", range(CALLS))
async def test_one_lost_answer_is_made_up_for_in_the_same_run(stack: Played, number: int, *, committed: bool) -> None:
    stack.emulator.entra.faults.add([a_fault(number, committed=committed, times=1)])

    assert await stack.run(**declared(stack))
    assert ends_well(stack)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("number", range(CALLS))
async def test_when_graph_goes_away_in_the_middle_the_next_run_finishes(
    stack: Played, number: int, *, committed: bool
) -> None:
    stack.emulator.entra.faults.add([a_fault(number, committed=committed, times=None)])
    with pytest.raises(ProvisioningError):
        await stack.run(**declared(stack))
    stack.emulator.entra.faults.clear()

    assert await stack.run(**declared(stack))
    assert ends_well(stack)


async def test_those_are_all_the_calls(stack: Played) -> None:
    stack.emulator.entra.faults.add([a_fault(CALLS, committed=False, times=None)])

    assert await stack.run(**declared(stack))
    assert ends_well(stack)
