"""A restart that a new scope needs: it comes, whatever happened in between."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_job
from pulumi_engine import Pulumi
from recording import KilledError, RecordingService

from provisioning.errors import (
    MissingPermissionError,
    ProvisioningError,
    SignInError,
    UnavailableError,
)

TROUBLE = UnavailableError("Graph is away.", status=503)
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
FAULTS = [
    MissingPermissionError("You may not."),
    TROUBLE,
    SignInError("Sign in again."),
]


async def test_a_restart_that_is_due_is_kept_in_the_state_until_it_came(pulumi: Pulumi) -> None:
    await pulumi.up(status="off")
    await pulumi.up(status="off", scope="all")
    kept = pulumi.state["notes"]

    await pulumi.up(status="on", scope="all")

    assert kept["restartIsDue"]
    assert (pulumi.service.asked[-1], "restartIsDue" in pulumi.state["notes"]) == ("restart Watermark", False)


@pytest.mark.parametrize("is_refreshed", [False, True])
@pytest.mark.parametrize("how", ["refusing", "losing"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("verb", ["save schema", "save secrets", "restart"])
async def test_a_scope_that_changed_is_restarted_though_a_call_failed(
    verb: str,
    fault: ProvisioningError,
    how: str,
    is_refreshed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stack = await Pulumi.running()
    setattr(stack.service, how, {verb: fault})
    with pytest.raises(ProvisioningError):
        await stack.up(scope="all", **TITLE)
    setattr(stack.service, how, {})
    if is_refreshed:
        await stack.refresh()
    stack.forget()

    await stack.up(scope="all", **TITLE)

    assert (stack.service.writes[-1], stack.service.secrets_held["SyncAll"]) == ("restart Watermark", "true")
    assert stack.state["notes"].keys() <= {"schemaSeen"}


@pytest.mark.parametrize("is_refreshed", [False, True])
@pytest.mark.parametrize("how", ["refusing", "losing"])
async def test_a_scope_that_changed_while_the_job_was_off_is_restarted_though_the_save_failed(
    how: str,
    is_refreshed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stack = await Pulumi.running(status="off")
    setattr(stack.service, how, {"save secrets": TROUBLE})
    with pytest.raises(UnavailableError):
        await stack.up(status="off", scope="all")
    setattr(stack.service, how, {})
    if is_refreshed:
        await stack.refresh()

    await stack.up(status="off", scope="all")
    await stack.up(scope="all")

    assert stack.service.writes[-1] == "restart Watermark"


@pytest.mark.parametrize("is_refreshed", [False, True])
@pytest.mark.parametrize("verb", ["save schema", "save secrets"])
async def test_a_scope_that_changed_is_restarted_though_the_plugin_was_killed(
    verb: str,
    is_refreshed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stack = await Pulumi.running()
    stack.service.cutting = verb
    with pytest.raises(KilledError):
        await stack.up(scope="all", **TITLE)
    stack.service.cutting = ""
    if is_refreshed:
        await stack.refresh()
    stack.forget()

    await stack.up(scope="all", **TITLE)

    assert (stack.service.writes[-1], stack.service.secrets_held["SyncAll"]) == ("restart Watermark", "true")


async def test_after_the_restart_nothing_is_due_any_more() -> None:
    stack = await Pulumi.running()
    await stack.up(scope="all")
    stack.forget()

    await stack.up(scope="all")
    await stack.refresh()
    await stack.up(scope="all")

    assert stack.service.writes == []


async def test_a_scope_that_somebody_else_changed_is_restarted_when_it_is_put_back() -> None:
    stack = await Pulumi.running()
    stack.service.secrets_held["SyncAll"] = "true"
    await stack.refresh()
    stack.forget()

    await stack.up()

    assert stack.service.writes == ["save secrets", "restart Watermark"]


async def test_a_restart_that_is_due_waits_while_the_job_is_to_be_off() -> None:
    stack = await Pulumi.running()
    await stack.up(status="off", scope="all")
    stack.forget()

    await stack.up(status="off", scope="all")
    await stack.refresh()
    await stack.up(status="off", scope="all")

    assert (stack.service.writes, stack.state["notes"].get("restartIsDue")) == ([], True)


@pytest.mark.parametrize("is_refreshed", [False, True])
@pytest.mark.parametrize("how", ["refusing", "losing"])
@pytest.mark.parametrize("verb", ["save schema", "save secrets", "restart"])
async def test_a_scope_that_changed_by_a_plan_is_restarted_though_a_call_failed(
    verb: str,
    how: str,
    is_refreshed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stack = await Pulumi.running(is_planned=True)
    setattr(stack.service, how, {verb: TROUBLE})
    with pytest.raises(ProvisioningError):
        await stack.up(scope="all", **TITLE)
    setattr(stack.service, how, {})
    if is_refreshed:
        await stack.refresh()
    stack.forget()

    await stack.up(scope="all", **TITLE)

    assert (stack.service.writes[-1], stack.service.secrets_held["SyncAll"]) == ("restart Watermark", "true")


@pytest.mark.parametrize("written", [{}, TITLE], ids=["as it was", "with another change"])
@pytest.mark.parametrize("is_planned", [False, True])
@pytest.mark.parametrize("verb", ["pause", "save secrets"])
async def test_an_adoption_that_was_killed_is_restarted_by_the_next_run(
    verb: str,
    is_planned: bool,  # noqa: FBT001 - a parameter of the test
    written: dict[str, Any],
) -> None:
    service = RecordingService(held=a_job(on=True, status="Active"), secrets_held={"SyncAll": "false"})
    stack = Pulumi(service, is_planned=is_planned)
    service.cutting = verb
    with pytest.raises(KilledError):
        await stack.up(scope="all")
    service.cutting = ""
    stack.forget()

    await stack.up(scope="all", **written)

    assert service.writes[-1] == "restart Watermark"


@pytest.mark.parametrize("is_planned", [False, True])
@pytest.mark.parametrize("is_refreshed", [False, True])
async def test_an_adoption_that_was_killed_is_restarted_once_the_job_is_switched_on(
    *, is_refreshed: bool, is_planned: bool
) -> None:
    service = RecordingService(held=a_job(on=True, status="Active"), secrets_held={"SyncAll": "false"})
    stack = Pulumi(service, is_planned=is_planned)
    service.cutting = "save secrets"
    with pytest.raises(KilledError):
        await stack.up(scope="all")
    service.cutting = ""
    await stack.up(scope="all", status="off")
    if is_refreshed:
        await stack.refresh()
    stack.forget()

    await stack.up(scope="all", status="off")
    waited = list(service.writes)
    await stack.up(scope="all")

    assert (waited, service.writes) == ([], ["restart Watermark"])
