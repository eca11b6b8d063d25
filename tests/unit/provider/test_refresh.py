"""What is read back of a job, and what is told of it as it is, by preview, update and refresh alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, a_job
from pulumi_engine import Pulumi

from provisioning.errors import (
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    SignInError,
    UnavailableError,
)
from provisioning.model.identifiers import JobId
from provisioning.model.job import Quarantine
from provisioning.provider.turn import Turn

ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
TROUBLE = UnavailableError("Graph is away.", status=503)
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
FAULTS = [
    MissingPermissionError("You may not."),
    TROUBLE,
    SignInError("Sign in again."),
]


async def test_a_refresh_takes_three_calls_and_two_where_nothing_is_declared_about_the_schema() -> None:
    with_schema, without = await Pulumi.running(**TITLE), await Pulumi.running()

    await with_schema.refresh()
    await without.refresh()

    assert (with_schema.service.asked, without.service.asked) == (["jobs", "secrets", "schema"], ["jobs", "secrets"])


async def test_a_refresh_without_drift_changes_no_input() -> None:
    stack = await Pulumi.running(
        mappings={"users": {"title": "[mail]", "nickName": None}},
        filters={"users": ["mail IS NOT NULL"]},
        notification={"email": "it@acme.example"},
        deleteThreshold=5,
        acceptLeavers=3,
        impactLimit=100,
        onDestroy="retain",
        assignments=[{"principalId": "staff", "kind": "group", "name": "Staff"}],
    )
    inputs = dict(stack.inputs)

    await stack.refresh()

    assert stack.inputs == inputs


async def test_a_refresh_without_drift_leaves_nothing_to_do() -> None:
    stack = await Pulumi.running(**TITLE)
    await stack.refresh()
    stack.forget()

    await stack.up(**TITLE)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_drift_is_seen_in_the_declared_and_only_there() -> None:
    stack = await Pulumi.running(**TITLE, scope="assigned")
    stack.service.secrets_held |= {"SyncAll": "true", "Sandbox": "yes"}

    await stack.refresh()

    assert (stack.inputs["scope"], "Sandbox" in str(stack.inputs)) == ("all", False)


async def test_a_job_that_is_gone_is_read_as_gone_and_told() -> None:
    stack = await Pulumi.running()
    stack.service.held = None

    await stack.refresh()

    assert (stack.id, len(stack.warnings)) == ("", 1)
    assert "no longer exists" in stack.warnings[0]


async def test_after_a_refresh_a_job_that_is_gone_is_made_anew() -> None:
    stack = await Pulumi.running()
    stack.service.held = None
    await stack.refresh()
    stack.forget()

    await stack.up()

    assert (stack.service.writes, stack.id) == (["create job elium", "save secrets", "start"], ID)


@pytest.mark.parametrize("preview", [True, False])
async def test_without_a_refresh_a_job_that_is_gone_is_not_changed(preview: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stack = await Pulumi.running()
    stack.service.held = None

    with pytest.raises(NotFoundError, match="no longer exists, so it cannot be changed") as error:
        await stack.up(preview=preview, **TITLE)

    assert stack.service.writes == []
    assert error.value.hint == "Run `pulumi refresh`, and then `pulumi up`, which makes a new one."


async def test_a_job_beside_one_that_is_gone_is_not_taken_for_it() -> None:
    stack = await Pulumi.running()
    stack.service.held = replace(a_job(), id=JobId("elium.made.by.hand"))

    with pytest.raises(NotFoundError):
        await stack.up(**TITLE)

    assert stack.service.writes == []


async def test_an_import_gets_the_settings_of_the_tutorial(pulumi: Pulumi) -> None:
    pulumi.service.held = a_job(on=True)
    pulumi.service.secrets_held = {"BaseAddress": TARGET, "SecretToken": "*"}

    found = await pulumi.callbacks.read(Turn(id=ID))

    assert found is not None
    assert found.inputs == {
        "servicePrincipalId": PRINCIPAL,
        "templateId": "elium",
        "baseAddress": TARGET,
        "secretToken": "not known: the job was imported",
        "scope": "assigned",
        "status": "on",
        "skipOutOfScopeDeletions": False,
    }


async def test_the_first_up_after_an_import_saves_the_token_and_restarts_nothing(pulumi: Pulumi) -> None:
    pulumi.service.held = a_job(on=True, status="Active")
    pulumi.service.secrets_held = {"BaseAddress": TARGET, "SecretToken": "*", "SyncAll": "false"}
    found = await pulumi.callbacks.read(Turn(id=ID))
    assert found
    pulumi.kept.id, pulumi.kept.state, pulumi.kept.inputs = found.id, found.properties, found.inputs
    pulumi.forget()

    await pulumi.up()

    assert pulumi.service.writes == ["save secrets"]


def in_quarantine(stack: Pulumi) -> None:
    stack.service.let_it_run(is_on=False, status="Quarantine", quarantine=Quarantine("TooManyDeletes", None, ""))


def switched_off(stack: Pulumi) -> None:
    stack.service.let_it_run(is_on=False, status="Paused")


def beside_another(stack: Pulumi) -> None:
    stack.service.beside = (replace(a_job(template="other"), id=JobId("other.1")),)


def gone(stack: Pulumi) -> None:
    stack.service.held = None


TROUBLES = {
    in_quarantine: "The job is in quarantine (TooManyDeletes)",
    switched_off: "The job is switched off, although status is on",
    beside_another: "Another job of this app, other.1, is switched off",
    gone: "The job elium.7a1d5f0c.5c0e7d11 no longer exists",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
async def test_what_is_not_as_it_should_be_is_told_by_preview_up_and_refresh(trouble: Any) -> None:
    stack = await Pulumi.running()
    trouble(stack)

    await stack.up(preview=True)
    await stack.up()
    await stack.refresh()

    assert len(stack.warnings) == 3
    assert all(warning.startswith(TROUBLES[trouble]) for warning in stack.warnings)


async def test_the_status_that_was_last_seen_is_an_output() -> None:
    stack = await Pulumi.running()
    in_quarantine(stack)

    await stack.refresh()

    assert stack.state["jobStatus"] == {"code": "Quarantine", "quarantineReason": "TooManyDeletes"}


async def test_a_job_that_is_meant_to_be_off_is_not_told() -> None:
    stack = await Pulumi.running(status="off")
    switched_off(stack)

    await stack.up(status="off")

    assert stack.told == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_where_nobody_can_look_that_is_told_and_the_run_goes_on(fault: ProvisioningError) -> None:
    stack = await Pulumi.running()
    stack.service.refusing = {"jobs": fault}

    await stack.up()

    assert stack.warnings == [f"The job could not be looked at: {fault}"]
