"""Start, pause, restart, and what makes a cycle an initial one (graph: synchronizationjob-restart)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from company import Company

from emulator.company.refusal import Refusal
from emulator.engine.job import ResetScope
from emulator.engine.states import TRANSITIONS, JobEvent, JobState, after


async def a_company() -> Company:
    """Ada and Bob have accounts."""
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True)
    await contoso.cycle()
    return contoso


async def test_start_makes_the_initial_cycle_due_at_once_and_the_next_one_forty_minutes_later() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    begin = contoso.clock.now()

    contoso.service.start(contoso.job)
    due = contoso.service.next_due()
    await contoso.service.run_due()

    assert due == begin
    assert contoso.active == {"ada": True}
    assert contoso.service.next_due() == begin + timedelta(minutes=40)


async def test_start_again_does_not_hurry_a_job_that_runs() -> None:
    contoso = await a_company()
    due = contoso.service.next_due()

    contoso.service.start(contoso.job)

    assert contoso.service.next_due() == due


async def test_nothing_is_due_before_its_time() -> None:
    contoso = await a_company()
    contoso.sites.received.clear()

    await contoso.pass_time(timedelta(minutes=39))

    assert len(contoso.sites.received) == 0


async def test_a_pause_keeps_everything_and_a_start_goes_on_from_there() -> None:
    contoso = await a_company()
    contoso.service.pause(contoso.job)
    watermark, links = contoso.job.watermark, dict(contoso.job.links)
    await contoso.pass_time(timedelta(days=1))
    contoso.hire("cem", assigned=True)

    contoso.service.start(contoso.job)
    await contoso.cycle()

    assert (watermark is not None, len(links)) == (True, 2)
    assert contoso.writes == ["POST /Users"]


async def test_a_pause_lets_the_running_cycle_finish() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True)
    contoso.service.start(contoso.job)
    contoso.at_request("POST /Users", lambda: contoso.service.pause(contoso.job))

    await contoso.service.run_cycle(contoso.job)

    assert contoso.active == {"ada": True, "bob": True}
    assert contoso.status["code"] == "Paused"
    assert contoso.service.next_due() is None


async def test_a_restart_while_a_cycle_runs_is_not_lost_when_it_ends() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.service.start(contoso.job)
    contoso.at_request("POST /Users", lambda: contoso.service.restart(contoso.job, frozenset()))

    await contoso.service.run_cycle(contoso.job)

    assert contoso.job.watermark is None


async def test_a_cycle_that_runs_is_not_run_a_second_time() -> None:
    contoso = await a_company()
    contoso.job.in_cycle = True
    contoso.sites.received.clear()

    await contoso.service.run_cycle(contoso.job)

    assert len(contoso.sites.received) == 0


async def test_a_restart_that_names_nothing_looks_at_everybody_again_and_keeps_the_links() -> None:
    contoso = await a_company()

    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.sent == ["GET /Users/ada", "GET /Users/bob"]


async def test_a_full_restart_drops_the_links_and_matches_again() -> None:
    contoso = await a_company()

    contoso.service.restart(contoso.job, frozenset({ResetScope.FULL}))
    await contoso.cycle()

    assert [one.partition("=")[0] for one in contoso.sent] == ["GET /Users?filter"] * 2
    assert len(contoso.accounts) == 2


async def test_dropping_the_links_alone_waits_for_the_next_look() -> None:
    contoso = await a_company()

    contoso.service.restart(contoso.job, frozenset({ResetScope.CONNECTOR_DATA_STORE}))
    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.status["synchronizedEntryCountByType"] == []


async def test_saving_mappings_makes_the_next_cycle_an_initial_one() -> None:
    contoso = await a_company()

    contoso.flow("nickName", expression="[mailNickname]")
    await contoso.cycle()

    assert contoso.writes == ["PATCH /Users/ada", "PATCH /Users/bob"]
    assert contoso.accounts["ada"]["nickName"] == "ada"


async def test_saving_a_filter_disables_whom_it_does_not_admit() -> None:
    contoso = await a_company()

    contoso.filter("mailNickname", "EQUALS", "ada")
    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": False}


async def test_resetting_the_schema_takes_the_filter_away() -> None:
    contoso = await a_company()
    contoso.filter("mailNickname", "EQUALS", "ada")
    await contoso.cycle()

    contoso.service.reset_schema(contoso.job)
    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": True}


async def test_from_all_to_assigned_only_takes_effect_with_a_restart() -> None:
    contoso = Company(sync_all=True)
    contoso.hire("ada", assigned=True)
    contoso.hire("bob")
    await contoso.cycle()

    contoso.save(SyncAll="false")
    await contoso.cycle()
    before = contoso.active
    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert before == {"ada": True, "bob": True}
    assert contoso.active == {"ada": True, "bob": False}


async def test_an_incremental_cycle_looks_at_what_changed_and_nothing_else() -> None:
    contoso = await a_company()
    ada = next(iter(contoso.job.links))

    contoso.change(contoso.directory.objects[ada], jobTitle="Manager")
    await contoso.cycle()

    assert contoso.sent == ["GET /Users/ada", "PATCH /Users/ada"]
    assert contoso.status["lastExecution"]["countImportedDeltas"] == 1


async def test_a_job_sleeps_while_its_service_principal_is_in_the_recycle_bin() -> None:
    contoso = await a_company()
    contoso.directory.delete(contoso.app.id)
    asleep = contoso.service.next_due()

    with pytest.raises(Refusal) as refused:
        await contoso.cycle()
    contoso.directory.restore(contoso.app.id)

    assert (refused.value.status, contoso.sent) == (409, [])
    assert asleep is None
    assert contoso.service.next_due() is not None


@pytest.mark.parametrize("state", list(JobState))
def test_every_state_knows_what_an_administrator_may_do(state: JobState) -> None:
    asked = {JobEvent.START, JobEvent.PAUSE, JobEvent.RESTART, JobEvent.RESTART_IN_QUARANTINE}

    assert asked <= TRANSITIONS[state].keys()


def test_every_state_can_be_reached_and_left() -> None:
    reached = {target for ways in TRANSITIONS.values() for target in ways.values()}

    assert reached == set(JobState)
    assert all(set(ways.values()) - {state} for state, ways in TRANSITIONS.items())


def test_only_a_quarantine_expires() -> None:
    assert [state for state, ways in TRANSITIONS.items() if JobEvent.EXPIRE in ways] == [JobState.QUARANTINE]
    assert after(JobState.QUARANTINE, JobEvent.EXPIRE) is JobState.DISABLED


@pytest.mark.parametrize("at_once", [1, 4])
async def test_how_many_objects_are_exported_at_the_same_time_is_a_knob(at_once: int) -> None:
    contoso = Company(requests_at_once=at_once)
    people = [contoso.hire(f"person{number}") for number in range(10)]
    contoso.group("Team", *people, assigned=True)

    await contoso.cycle()

    assert len(contoso.accounts) == 10
    assert len(contoso.teams["Team"]) == 10


@pytest.mark.parametrize(("knob", "active"), [(True, {"ada": True}), (False, {"ada": True, "bob": True})])
async def test_whether_a_switch_to_everybody_needs_a_restart_is_a_knob(*, knob: bool, active: dict[str, bool]) -> None:
    contoso = Company(scope_switch_needs_restart=knob)
    contoso.hire("ada", assigned=True)
    contoso.hire("bob")
    await contoso.cycle()

    contoso.save(SyncAll="true")
    await contoso.cycle()

    assert contoso.active == active
