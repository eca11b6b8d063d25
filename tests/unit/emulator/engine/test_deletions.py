"""Accidental-deletion prevention (Learn: accidental-deletions)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from company import Company

from emulator.engine.deletions import are_held, threshold
from emulator.engine.job import ResetScope
from emulator.moods.knobs import Knobs


async def a_company(limit: int = 1, **knobs: Any) -> Company:
    """Three people have accounts; more than one may not leave in a cycle."""
    contoso = Company(**knobs)
    settings = {"Enabled": True, "Recipients": "it@contoso.com", "DeleteThresholdEnabled": True}
    contoso.save(SyncNotificationSettings=json.dumps({**settings, "DeleteThresholdValue": limit}))
    for name in ("ada", "bob", "cem"):
        contoso.hire(name, assigned=True)
    await contoso.cycle()
    return contoso


def leave(contoso: Company, *names: str) -> None:
    for name in names:
        contoso.unassign(contoso.directory.objects[contoso.job.sources[contoso.accounts[name]["id"]]])


async def test_as_many_as_the_threshold_may_leave() -> None:
    contoso = await a_company()

    leave(contoso, "ada")
    await contoso.cycle()

    assert contoso.active == {"ada": False, "bob": True, "cem": True}


async def test_when_more_would_leave_nobody_is_disabled_and_the_job_is_quarantined() -> None:
    contoso = await a_company()

    leave(contoso, "ada", "bob")
    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": True, "cem": True}
    assert contoso.status["quarantine"]["reason"] == "TooManyDeletes"
    assert contoso.log[-2:] == [("Ada", "stagedDelete", "skipped"), ("Bob", "stagedDelete", "skipped")]


async def test_creations_and_updates_of_that_cycle_run() -> None:
    contoso = await a_company()

    leave(contoso, "ada", "bob")
    contoso.hire("dot", assigned=True)
    await contoso.cycle()

    assert contoso.active["dot"] is True


async def test_whether_they_run_is_a_knob_and_nothing_is_lost() -> None:
    contoso = await a_company(staged_cycle_continues=False)

    leave(contoso, "ada", "bob")
    contoso.hire("dot", assigned=True)
    await contoso.cycle()
    held = contoso.active
    contoso.service.restart(contoso.job, frozenset({ResetScope.FORCE_DELETES}))
    await contoso.cycle()

    assert held == {"ada": True, "bob": True, "cem": True}
    assert contoso.active == {"ada": False, "bob": False, "cem": True, "dot": True}


async def test_held_deletions_stay_held_cycle_after_cycle() -> None:
    contoso = await a_company()
    leave(contoso, "ada", "bob")
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.status["code"] == "Quarantine"
    assert contoso.active == {"ada": True, "bob": True, "cem": True}


async def test_force_deletes_lets_them_through_and_the_job_is_healthy_again() -> None:
    contoso = await a_company()
    leave(contoso, "ada", "bob")
    await contoso.cycle()

    contoso.service.restart(contoso.job, frozenset({ResetScope.FORCE_DELETES}))
    await contoso.cycle()

    assert contoso.active == {"ada": False, "bob": False, "cem": True}
    assert contoso.status["code"] == "Active"


async def test_force_deletes_counts_for_one_cycle_only() -> None:
    contoso = await a_company(limit=0)
    leave(contoso, "ada")
    await contoso.cycle()
    contoso.service.restart(contoso.job, frozenset({ResetScope.FORCE_DELETES}))
    await contoso.cycle()

    leave(contoso, "bob")
    await contoso.cycle()

    assert contoso.active == {"ada": False, "bob": True, "cem": True}


async def test_undoing_the_cause_and_restarting_rejects_the_deletions() -> None:
    contoso = await a_company()
    leave(contoso, "ada", "bob")
    await contoso.cycle()

    for person in contoso.job.staged:
        contoso.assign(contoso.directory.objects[person])
    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": True, "cem": True}
    assert contoso.status["code"] == "Active"
    assert contoso.writes == []


async def test_groups_and_hard_deletions_count_too() -> None:
    contoso = await a_company()
    team = contoso.group("Team", assigned=True)
    await contoso.cycle()

    ada = contoso.directory.objects[contoso.job.sources[contoso.accounts["ada"]["id"]]]
    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    contoso.unassign(team)
    await contoso.cycle()

    assert contoso.status["quarantine"]["reason"] == "TooManyDeletes"
    assert contoso.active["ada"] is True
    assert contoso.teams == {"Team": []}


@pytest.mark.parametrize(("knob", "held"), [("above", False), ("from", True)])
def test_whether_the_threshold_itself_is_held_is_a_knob(knob: str, *, held: bool) -> None:
    assert are_held(5, 5, Knobs(threshold_counts=knob)) is held  # type: ignore[arg-type]  # one of the two


@pytest.mark.parametrize(
    ("told", "settings", "limit"),
    [
        ("", {}, None),
        ("not json", {}, None),
        ("[]", {}, None),
        ('{"DeleteThresholdEnabled":false,"DeleteThresholdValue":5}', {}, None),
        ('{"DeleteThresholdEnabled":true,"DeleteThresholdValue":5}', {}, 5),
        ('{"DeleteThresholdEnabled":true}', {"QuarantineTooManyDeletesThreshold": "500"}, 500),
        ('{"DeleteThresholdEnabled":true}', {}, None),
    ],
)
def test_the_threshold_stands_in_the_notification_settings_or_in_the_job_settings(
    told: str, settings: dict[str, str], limit: int | None
) -> None:
    assert threshold({"SyncNotificationSettings": told}, settings) == limit


async def test_the_log_says_what_was_held() -> None:
    contoso = await a_company()
    leave(contoso, "ada", "bob")
    await contoso.cycle()

    told = contoso.last["provisioningSteps"][-1]["description"]

    assert told == "User 'bob@contoso.com' was not deleted in Elium, because the deletion threshold was exceeded"
