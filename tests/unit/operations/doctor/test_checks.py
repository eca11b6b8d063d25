"""Checks of what a rehearsal cannot bring about: a clock that is off, a person's token, an old engine."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from answers import answers, ok
from builders import PRINCIPAL

from provisioning.errors import ConfigurationError
from provisioning.graph.client import GraphClient
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.operations.deployed import Deployed, Ended, NoJobError
from provisioning.operations.doctor import before, here
from provisioning.operations.doctor.chart import Chart, Known
from provisioning.operations.doctor.checkup import CannotBeMadeError, Failure, Verdict
from provisioning.operations.doctor.needs import PROVISIONING, READING
from provisioning.operations.watching import StackJob

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
NOT_DEPLOYED = NoJobError("The stack dev has no synchronization job.")


async def untried(*_: object) -> None:
    raise AssertionError


class Holding:
    """A sign-in that gives one token, and the same once more to whom it was refused."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    def forget(self) -> None:
        pass


def chart(
    *given: httpx2.Response,
    claims: Mapping[str, Any] | None = None,
    version: str = "v3.259.0",
    resources: Sequence[Mapping[str, Any]] = (),
    why_not: ConfigurationError = NOT_DEPLOYED,
) -> Chart:
    """Make a chart over a Graph that answers so; *claims* are those of its token, ``None`` of one that is opaque."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answers(*given).answer))
    graph = GraphClient(http, Holding(f"e30.{payload}.s" if claims else "opaque"), "https://graph.example")
    job = StackJob("dev", JobAddress(PRINCIPAL, JobId("elium.7a.5c")))
    deployed = Deployed(job, {}, resources) if resources else None

    def run(command: Sequence[str], folder: Path) -> Ended:
        assert (command, folder) == (("pulumi", "version"), Path("somewhere"))
        return Ended(0, f"{version}\n", "")

    known = Known("dev", Path("somewhere"), {}, run, None, deployed, None if resources else why_not)
    return Chart(known, graph, now=lambda: NOW, wall=lambda: NOW, drift=lambda *_: (), probe=untried)


def dated(moment: str = "") -> httpx2.Response:
    return httpx2.Response(200, json={"value": []}, headers={"Date": moment} if moment else {})


@pytest.mark.parametrize(
    ("graphs", "verdict", "said"),
    [
        ("Thu, 15 Jan 2026 09:00:20 GMT", Verdict.OK, "The clock agrees with Graph's."),
        ("Thu, 15 Jan 2026 09:02:00 GMT", Verdict.HINT, "The clock is 120 s behind Graph's."),
        ("Thu, 15 Jan 2026 08:50:00 GMT", Verdict.WRONG, "The clock is 600 s ahead of Graph's: what is signed here is"),
    ],
)
async def test_a_clock_that_is_off_is_told_by_how_much(graphs: str, verdict: Verdict, said: str) -> None:
    asked = chart(dated(graphs))
    await (await asked.asked()).peek("users")
    result = await before.clock(asked)

    assert (result.verdict, result.sentence.startswith(said)) == (verdict, True)


async def test_answers_without_a_date_leave_the_clock_unknown() -> None:
    asked = chart(dated())
    await (await asked.asked()).peek("users")

    with pytest.raises(CannotBeMadeError, match="do not tell the time"):
        await before.clock(asked)


async def test_a_person_with_the_cli_is_told_that_it_has_no_scope_for_provisioning() -> None:
    person = {"tid": "t", "appid": CLI, "scp": "Directory.AccessAsUser.All"}
    result = await before.sign_in(chart(dated(), claims=person))

    assert (result.verdict, f"A person signed in, with {CLI}" in result.sentence) == (Verdict.HINT, True)


async def test_a_token_that_does_not_tell_leaves_permissions_unknown_and_reading_tried() -> None:
    unreadable = chart(dated())

    assert (await before.sign_in(unreadable)).verdict is Verdict.OK
    assert (await before.may_read(unreadable)).verdict is Verdict.OK
    for check in (before.tenant, before.may(PROVISIONING)):
        with pytest.raises(CannotBeMadeError):
            await check(unreadable)


async def test_a_right_that_was_lost_after_the_token_was_made_is_noticed() -> None:
    refused = httpx2.Response(403, json={"error": {"code": "Authorization_RequestDenied", "message": "no"}})
    holds = {"tid": "t", "appid": "a", "roles": READING.least}
    result = await before.may_read(chart(dated(), refused, claims=holds))

    assert result.verdict is Verdict.WRONG
    assert result.what_to_do == "Grant it the application permission GroupMember.Read.All."


async def test_a_token_that_graph_does_not_accept_is_wrong_and_no_permission_is_blamed() -> None:
    refused = httpx2.Response(401, json={"error": {"code": "InvalidAuthenticationToken", "message": "expired"}})
    holds = {"tid": "t", "appid": "a", "roles": READING.least}
    result = await before.may_read(chart(dated(), refused, claims=holds))

    assert (result.verdict, result.failure) == (Verdict.WRONG, Failure.SIGN_IN)
    assert result.what_to_do.startswith("Sign in again")


async def test_a_tenant_that_nobody_configured_is_a_hint() -> None:
    result = await before.tenant(chart(dated(), claims={"tid": "t"}))

    assert (result.verdict, result.what_to_do) == (Verdict.HINT, "Set ARM_TENANT_ID.")


async def test_a_tenant_without_a_premium_plan_is_a_hint() -> None:
    basic = {"skuPartNumber": "O365_BUSINESS", "capabilityStatus": "Enabled", "servicePlans": []}
    gone = {
        "skuPartNumber": "AAD_PREMIUM",
        "capabilityStatus": "Suspended",
        "servicePlans": [{"servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success"}],
    }
    result = await before.licence(chart(ok({"value": [basic, gone]})))

    assert (result.verdict, "No licence with Entra ID P1 is seen" in result.sentence) == (Verdict.HINT, True)


PLUGINS = (
    {"type": "pulumi:providers:azuread", "inputs": {"version": "6.10.0"}},
    {"type": "pulumi:providers:entrasync", "inputs": {"__internal": '{"version": "0.0.9"}'}},
)


@pytest.mark.parametrize(
    ("version", "resources", "verdict", "said"),
    [
        ("v3.259.0", (), Verdict.OK, "pulumi 3.259.0, entrasync 0.1.0."),
        ("v3.9.1", (), Verdict.HINT, "The engine is older than the SDK"),
        ("v3.300.0-dev.7", PLUGINS[:1], Verdict.OK, "azuread 6.10.0"),
        ("what", (), Verdict.OK, "pulumi what"),
        ("v3.259.0", PLUGINS, Verdict.HINT, "The stack was last deployed with entrasync 0.0.9."),
    ],
)
async def test_versions_are_compared_with_the_sdk_and_the_state(
    version: str, resources: Sequence[Mapping[str, Any]], verdict: Verdict, said: str
) -> None:
    result = await here.versions(chart(dated(), version=version, resources=resources))

    assert (result.verdict, said in result.sentence) == (verdict, True), result


async def test_a_stack_with_two_jobs_is_not_taken_for_one_that_was_never_deployed() -> None:
    two = ConfigurationError("The stack dev has 2 synchronization jobs: a, b.")
    asked = chart(dated(), why_not=two)

    assert not asked.known.is_new
    with pytest.raises(CannotBeMadeError, match="has 2 synchronization jobs"):
        await here.stack(asked)


@pytest.mark.parametrize(
    ("stack", "said"),
    [("dev", "There is no file of the stack"), ("dev@elium", "dev@elium is declared by a program in its own words")],
)
async def test_what_no_file_declares_is_not_looked_for_in_one(stack: str, said: str) -> None:
    asked = chart(dated())
    asked.known = replace(asked.known, stack=stack)

    with pytest.raises(CannotBeMadeError, match=said):
        await here.configuration(asked)
