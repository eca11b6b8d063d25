"""Who is told about a quarantine, and how long things take (Learn: application-provisioning-quarantine-status)."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
import pytest
from company import ADDRESS, TENANT, TOKEN, Company

from emulator.company.refusal import Refusal
from emulator.elium import Fault

if TYPE_CHECKING:
    from emulator import Emulator


def notified(**told: object) -> str:
    return json.dumps({"Enabled": True, "Recipients": "ops@contoso.com; boss@contoso.com", **told})


async def test_a_quarantine_is_told_once_and_again_when_its_reason_changes() -> None:
    contoso = Company(quarantine_from=1)
    contoso.save(SyncNotificationSettings=notified(), SecretToken="f4lse")
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.cycle()
    contoso.save(SecretToken=TOKEN)
    contoso.elium.faults.append(Fault(status=500, method="POST", times=None))
    await contoso.cycle()

    assert [(mail["to"], mail["jobId"]) for mail in contoso.service.outbox] == [
        (["ops@contoso.com", "boss@contoso.com"], contoso.job.id)
    ] * 2
    assert "EncounteredQuarantineException" in contoso.service.outbox[0]["body"]
    assert TOKEN not in json.dumps(contoso.service.outbox)


@pytest.mark.parametrize("told", [None, notified(Enabled=False), notified(Recipients="")])
async def test_nobody_is_told_who_is_not_to_be(told: str | None) -> None:
    contoso = Company()
    contoso.save(SecretToken="f4lse", **({"SyncNotificationSettings": told} if told else {}))

    await contoso.cycle()

    assert contoso.service.outbox == []


@pytest.mark.parametrize("told", ["on", "[1]", "{", '"x"'])
def test_settings_that_cannot_be_read_are_refused(told: str) -> None:
    contoso = Company()

    with pytest.raises(Refusal, match="must be a JSON object"):
        contoso.save(SyncNotificationSettings=told)


async def test_the_log_tells_how_long_something_took() -> None:
    contoso = Company()
    seconds = itertools.count(0, 0.25)
    contoso.service.stopwatch = lambda: next(seconds)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.last["durationInMilliseconds"] == 250


async def test_a_pause_that_the_target_asks_for_is_part_of_it() -> None:
    contoso = Company()
    contoso.service.stopwatch = lambda: 0.0
    contoso.elium.faults.append(Fault(status=429, method="POST", retry_after="7"))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.last["durationInMilliseconds"] == 7_000


async def test_without_a_secret_token_the_target_gets_entras_own() -> None:
    contoso = Company()
    asked: list[str] = []

    def own_token(tenant: str) -> str:
        asked.append(tenant)
        return TOKEN

    contoso.service.own_token = own_token
    contoso.service.save_secrets(contoso.tenant, contoso.app.id, [{"key": "BaseAddress", "value": ADDRESS}])
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert (contoso.active, set(asked)) == ({"ada": True}, {TENANT})


async def test_a_disabled_job_sends_nothing_until_it_is_started() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.save(SecretToken="f4lse")
    await contoso.cycle()
    await contoso.pass_time(timedelta(days=40))
    contoso.sites.received.clear()

    with pytest.raises(Refusal, match="start it first"):
        await contoso.service.run_cycle(contoso.job)

    assert (list(contoso.sites.received), contoso.status["code"]) == ([], "Paused")


@pytest.mark.parametrize("token", ["töken", "to\nken", "\x00"])
async def test_a_token_that_cannot_stand_in_a_header_is_told(token: str) -> None:
    contoso = Company()
    contoso.save(SecretToken=token)

    await contoso.cycle()

    message = contoso.status["quarantine"]["error"]["message"]
    assert "must contain only ASCII characters" in message
    assert token not in message


def test_entras_own_token_names_the_tenant(emulator: Emulator) -> None:
    claims = jwt.decode(emulator.entra.service.own_token(TENANT), options={"verify_signature": False})

    assert (claims["aud"], claims["iss"]) == (
        "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
        f"https://sts.windows.net/{TENANT}/",
    )
