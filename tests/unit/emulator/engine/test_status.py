"""A job as Graph shows it, in the captured shapes (graph: synchronization-synchronizationjob)."""

from __future__ import annotations

from typing import Any

from company import ADDRESS, TENANT, Company

from emulator.elium import Fault

NEVER = "0001-01-01T00:00:00Z"


def test_a_new_job_is_disabled_and_paused() -> None:
    contoso = Company()

    shown = contoso.service.as_graph(contoso.job)

    assert shown["schedule"] == {"expiration": None, "interval": "PT40M", "state": "Disabled"}
    assert shown["status"] == {
        "countSuccessiveCompleteFailures": 0,
        "escrowsPruned": False,
        "code": "Paused",
        "lastExecution": None,
        "lastSuccessfulExecution": None,
        "lastSuccessfulExecutionWithExports": None,
        "quarantine": None,
        "steadyStateFirstAchievedTime": NEVER,
        "steadyStateLastAchievedTime": NEVER,
        "troubleshootingUrl": None,
        "progress": [],
        "synchronizedEntryCountByType": [],
    }
    assert [one["name"] for one in shown["synchronizationJobSettings"]] == [
        "AzureIngestionAttributeOptimization",
        "LookaheadQueryEnabled",
    ]


def test_the_shape_of_the_reference_page_is_a_knob() -> None:
    contoso = Company(new_job_code="NotConfigured")

    shown = contoso.service.as_graph(contoso.job)

    assert shown["status"]["code"] == "NotConfigured"
    assert shown["schedule"]["interval"] == "P10675199DT2H48M5.4775807S"


def test_a_started_job_has_a_placeholder_that_says_failed_and_means_nothing() -> None:
    contoso = Company()

    contoso.service.start(contoso.job)

    shown = contoso.service.as_graph(contoso.job)
    assert shown["schedule"]["state"] == "Active"
    assert shown["status"]["code"] == "NotRun"
    placeholder = shown["status"]["lastExecution"]
    assert placeholder["state"] == "Failed"
    assert placeholder["timeBegan"] == NEVER
    assert placeholder["error"] == {"code": "None", "message": "", "tenantActionable": False}


async def test_a_steady_job_counts_what_it_did() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), contoso.hire("bob", accountEnabled=False), assigned=True)

    await contoso.cycle()

    status = contoso.status
    last = status["lastExecution"]
    assert (status["code"], last["state"], last["error"]) == ("Active", "Succeeded", None)
    assert (last["countImported"], last["countEntitled"], last["countExported"]) == (3, 2, 2)
    assert status["lastSuccessfulExecutionWithExports"] == last
    assert status["steadyStateFirstAchievedTime"] == "2026-01-15T09:00:00Z"
    assert status["synchronizedEntryCountByType"] == [
        {"key": "group to Group", "value": 1},
        {"key": "user to User", "value": 1},
    ]


async def test_a_cycle_with_failures_is_no_success() -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=500, method="POST"))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.status["lastExecution"]["state"] == "EntryLevelErrors"
    assert contoso.status["lastExecution"]["countEscrowed"] == 1
    assert contoso.status["lastSuccessfulExecution"] is None


async def test_the_counters_do_not_go_down_when_somebody_is_deleted() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)

    await contoso.cycle()

    assert contoso.status["synchronizedEntryCountByType"] == [{"key": "user to User", "value": 1}]


async def test_a_paused_job_is_not_active_and_how_that_is_written_is_a_knob() -> None:
    shown = []
    variants: list[dict[str, Any]] = [{}, {"paused_schedule_state": "Disabled"}]
    for knobs in variants:
        contoso = Company(**knobs)
        await contoso.cycle()
        contoso.service.pause(contoso.job)
        shown.append((contoso.service.as_graph(contoso.job)["schedule"]["state"], contoso.status["code"]))

    assert shown == [("Paused", "Paused"), ("Disabled", "Paused")]


def test_the_id_of_a_job_says_template_tenant_and_application() -> None:
    contoso = Company()

    assert contoso.job.id == f"elium.{TENANT.replace('-', '')}.{contoso.app.properties['appId']}"


def test_no_secret_is_part_of_a_job() -> None:
    contoso = Company()

    assert ADDRESS not in str(contoso.service.as_graph(contoso.job))
    assert "canary" not in repr(contoso.job) + repr(contoso.elium)


async def test_an_account_that_is_made_anew_is_counted_once() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")
    contoso.change(ada, jobTitle="Engineer")

    await contoso.cycle()

    assert contoso.status["synchronizedEntryCountByType"] == [{"key": "user to User", "value": 1}]


async def test_while_a_cycle_runs_it_tells_how_far_it_has_come() -> None:
    contoso = Company()
    for name in ("ada", "bob"):
        contoso.hire(name, assigned=True)
    seen: list[object] = []
    contoso.at_request("POST /Users", lambda: seen.extend(contoso.status["progress"]))

    await contoso.cycle()

    assert seen == [
        {
            "completedUnits": 0,
            "totalUnits": 2,
            "units": "Entries",
            "progressObservationDateTime": "2026-01-15T09:00:00Z",
        }
    ]
    assert contoso.status["progress"] == []
