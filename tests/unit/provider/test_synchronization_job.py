"""The job when it stands alone: what it asks, what it keeps in the state, and what it finishes later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, a_job, an_assignment, some_people
from pulumi_engine import LEAST, Pulumi
from recording import KilledError, RecordingService

from provisioning.errors import (
    ConfigurationError,
    CredentialsRejectedError,
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    SignInError,
    UnavailableError,
    UnsafeChangeError,
)
from provisioning.model.credentials import Fingerprint, SecretToken
from provisioning.model.identifiers import JobId
from provisioning.model.job import Quarantine
from provisioning.model.person import People
from provisioning.provider.properties import UNKNOWN, Difference
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.turn import Turn
from provisioning.provider.unfinished import UnfinishedError

ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
TROUBLE = UnavailableError("Graph is away.", status=503)
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
VALIDATE = f"validate {TARGET}"


@pytest.fixture
def pulumi() -> Pulumi:
    return Pulumi(RecordingService())


async def up_and_running(**written: Any) -> Pulumi:
    """Give a stack that is up, whose job has run, and of which nothing was asked yet."""
    stack = Pulumi(RecordingService())
    await stack.up(**written)
    stack.service.let_it_run(is_on=written.get("status") != "off")
    stack.forget()
    return stack


def job_callbacks(pulumi: Pulumi) -> SynchronizationJobCallbacks:
    return SynchronizationJobCallbacks(pulumi.process())


# The token.


async def test_the_token_never_comes_out_of_check(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert TOKEN not in str((pulumi.state, pulumi.inputs, pulumi.told))
    fingerprint = Fingerprint.parse(pulumi.inputs["secretToken"])
    assert fingerprint
    assert fingerprint.fits(SecretToken(TOKEN))


async def test_the_same_token_keeps_its_fingerprint_whatever_the_salt(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert job_callbacks(pulumi).check(pulumi.inputs, LEAST, salt=b"other") == pulumi.inputs


async def test_a_token_that_lies_in_the_environment_is_named_and_never_kept() -> None:
    stack = Pulumi(RecordingService(), environment={"ELIUM": TOKEN})

    await stack.up(secretToken="env:ELIUM")

    assert stack.service.writes == ["create job elium", "save secrets", "start"]
    assert TOKEN not in str((stack.state, stack.inputs))


async def test_without_the_program_a_token_cannot_be_saved_again(pulumi: Pulumi) -> None:
    await pulumi.up()
    turn = Turn(pulumi.id, pulumi.state, pulumi.inputs, pulumi.inputs | {"scope": "all"})

    with pytest.raises(ConfigurationError, match="only its fingerprint"):
        await job_callbacks(pulumi).update(turn)


# A first deployment.


async def test_a_creation_plans_and_judges_by_itself(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert pulumi.service.asked == [
        "jobs",
        "templates",
        "assignments",
        "people nobody:",
        VALIDATE,
        "create job elium",
        "save secrets",
        "start",
    ]


async def test_a_creation_leaves_what_the_service_told_and_notes_without_a_worry(pulumi: Pulumi) -> None:
    await pulumi.up()

    told = {name: pulumi.state[name] for name in ("jobId", "templateId", "jobStatus")}
    assert pulumi.id == ID
    assert told == {"jobId": "elium.7a1d5f0c.5c0e7d11", "templateId": "elium", "jobStatus": {"code": "Paused"}}
    assert pulumi.state["portalUrl"].endswith(f"/objectId/{PRINCIPAL}")
    assert not {"unfinished", "restartIsDue"} & pulumi.state["notes"].keys()


async def test_a_first_preview_changes_nothing_and_knows_no_id(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, servicePrincipalId=UNKNOWN)

    assert (pulumi.service.asked, pulumi.id, pulumi.inputs) == (["people nobody:"], "", {})


async def test_a_first_preview_of_an_app_that_is_there_looks_at_it(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True)

    assert pulumi.service.asked == ["jobs", "templates", "assignments", "people nobody:"]


async def test_what_only_the_update_will_know_is_not_foreseen(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, servicePrincipalId=UNKNOWN, scope=UNKNOWN)

    assert pulumi.service.asked == []


async def test_rejected_credentials_leave_nothing_behind(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"validate": CredentialsRejectedError("no")}

    with pytest.raises(CredentialsRejectedError):
        await pulumi.up()

    assert (pulumi.service.writes, pulumi.id) == ([], "")


async def test_what_failed_before_the_job_was_made_leaves_no_id(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"create job": TROUBLE}

    with pytest.raises(UnavailableError):
        await pulumi.up()

    assert pulumi.id == ""


@pytest.mark.parametrize("verb", ["save secrets", "schema", "save schema", "start"])
async def test_what_stopped_half_way_keeps_its_id_and_is_finished_by_running_it_again(verb: str) -> None:
    stack = Pulumi(RecordingService(refusing={verb: TROUBLE}))
    with pytest.raises(UnfinishedError, match=r"elium\.7a1d5f0c\.5c0e7d11 exists, but .*half-way: Graph is away"):
        await stack.up(**TITLE)
    kept, stack.service.refusing = stack.id, {}

    await stack.up(**TITLE)

    assert (kept, stack.service.asked.count("create job elium"), stack.service.writes[-1]) == (ID, 1, "start")
    assert "unfinished" not in stack.state["notes"]


@pytest.mark.parametrize("verb", ["save secrets", "save schema", "start"])
async def test_what_stopped_half_way_is_finished_though_somebody_refreshed(verb: str) -> None:
    stack = Pulumi(RecordingService(refusing={verb: TROUBLE}))
    with pytest.raises(UnfinishedError):
        await stack.up(**TITLE)
    stack.service.refusing = {}

    await stack.refresh()
    await stack.up(**TITLE)

    assert stack.service.held
    assert (stack.service.held.is_on, stack.service.secrets_held["BaseAddress"]) == (True, TARGET)
    assert "title" in str(stack.service.schema_held.document["synchronizationRules"][0]["objectMappings"])


@pytest.mark.parametrize("verb", ["create job", "save secrets", "save schema", "start"])
async def test_a_creation_that_was_killed_makes_no_second_job(verb: str) -> None:
    stack = Pulumi(RecordingService(cutting=verb))
    with pytest.raises(KilledError):
        await stack.up(**TITLE)
    stack.service.cutting = ""

    await stack.up(**TITLE)

    assert stack.service.asked.count("create job elium") == 1
    assert (stack.id, stack.service.held and stack.service.held.is_on) == (ID, True)
    assert stack.service.secrets_held["BaseAddress"] == TARGET


async def test_a_half_made_job_is_finished_without_a_brake_because_it_never_ran() -> None:
    stack = Pulumi(RecordingService(refusing={"start": TROUBLE}))
    filtered = {"filters": {"users": ["department EQUALS Sales"]}}
    with pytest.raises(UnfinishedError):
        await stack.up(**filtered)
    ours, others = some_people(1, department="Sales"), some_people(9, through="others", department="IT")
    stack.service.refusing, stack.service.people_held = {}, People((*ours, *others))
    stack.service.assignments_held = (an_assignment(), an_assignment("Others"))

    await stack.up(**filtered)

    assert stack.service.writes[-1] == "start"


# Running it again.


async def test_running_it_again_asks_for_the_jobs_alone() -> None:
    stack = await up_and_running()

    await stack.up()

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_a_preview_without_a_change_asks_the_same() -> None:
    stack = await up_and_running()

    await stack.up(preview=True)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_accepting_or_reading_less_is_not_a_change() -> None:
    stack = await up_and_running()

    await stack.up(acceptLeavers=10, acceptEntrants=3, impactLimit=5)

    assert (stack.service.asked, stack.inputs["acceptLeavers"]) == (["jobs"], 10)


async def diff_of(stack: Pulumi, **written: Any) -> Any:
    callbacks = job_callbacks(stack)
    checked = callbacks.check(stack.inputs, LEAST | written, salt=b"")
    return await callbacks.diff(Turn(stack.id, stack.state, stack.inputs, checked))


async def test_a_diff_points_at_the_one_line_that_changed() -> None:
    email = 'emails[type eq "work"].value'
    stack = await up_and_running(mappings={"users": {email: "[mail]", "title": "[jobTitle]"}})

    found = await diff_of(stack, mappings={"users": {email: "[otherMails]", "title": "[jobTitle]"}})

    assert found.places == {'mappings.users["emails[type eq \\"work\\"].value"].source': Difference.ALTERED}


async def test_another_service_principal_replaces_the_job() -> None:
    stack = await up_and_running()

    assert (await diff_of(stack, servicePrincipalId="other")).replaces == ("servicePrincipalId",)


async def test_writing_down_what_is_the_default_restarts_nothing() -> None:
    stack = await up_and_running()

    await stack.up(scope="assigned", status="on")

    assert stack.service.writes == []


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [
        ({}, {"templateId": "elium"}, ()),
        ({"templateId": "elium"}, {}, ()),
        ({}, {"templateId": "other"}, ("templateId",)),
    ],
)
async def test_only_another_template_than_the_job_has_replaces_it(
    before: dict[str, Any], after: dict[str, Any], replaces: tuple[str, ...]
) -> None:
    stack = await up_and_running(**before)

    assert (await diff_of(stack, **after)).replaces == replaces


async def test_naming_the_template_that_the_job_has_writes_nothing() -> None:
    stack = await up_and_running()

    await stack.up(templateId="elium")

    assert stack.service.writes == []


async def test_a_job_that_would_be_replaced_while_it_provisions_people_is_not() -> None:
    stack = await up_and_running()
    stack.service.people_held = People(some_people(2))
    stack.service.assignments_held, stack.service.template_ids = (), ("elium", "other")
    stack.service.secrets_held["SyncAll"] = "true"

    with pytest.raises(UnsafeChangeError, match="2 people are provisioned by this job"):
        await stack.up(templateId="other", scope="all")

    assert stack.service.writes == []


async def test_a_changed_mapping_is_saved_after_one_look_at_everything() -> None:
    stack = await up_and_running()

    await stack.up(**TITLE)

    assert stack.service.asked == ["jobs", "jobs", "assignments", "secrets", "schema", "save schema"]


async def test_a_new_token_is_tested_and_saved() -> None:
    stack = await up_and_running()

    await stack.up(secretToken="another-token-of-this-year")

    assert stack.service.asked[-2:] == [VALIDATE, "save secrets"]


async def test_an_error_of_graph_travels_as_it_is() -> None:
    stack = await up_and_running()
    stack.service.refusing = {"secrets": NotFoundError("gone", status=404)}

    with pytest.raises(NotFoundError, match="gone"):
        await stack.up(scope="all")


# A restart that is due.


async def test_a_restart_that_is_due_is_kept_in_the_state_until_it_came(pulumi: Pulumi) -> None:
    await pulumi.up(status="off")
    await pulumi.up(status="off", scope="all")
    kept = pulumi.state["notes"]

    await pulumi.up(status="on", scope="all")

    assert kept["restartIsDue"]
    assert (pulumi.service.asked[-1], "restartIsDue" in pulumi.state["notes"]) == ("restart Watermark", False)


FAULTS = [
    MissingPermissionError("You may not."),
    TROUBLE,
    SignInError("Sign in again."),
]


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
    stack = await up_and_running()
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
    stack = await up_and_running(status="off")
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
    stack = await up_and_running()
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
    stack = await up_and_running()
    await stack.up(scope="all")
    stack.forget()

    await stack.up(scope="all")
    await stack.refresh()
    await stack.up(scope="all")

    assert stack.service.writes == []


async def test_a_scope_that_somebody_else_changed_is_restarted_when_it_is_put_back() -> None:
    stack = await up_and_running()
    stack.service.secrets_held["SyncAll"] = "true"
    await stack.refresh()
    stack.forget()

    await stack.up()

    assert stack.service.writes == ["save secrets", "restart Watermark"]


async def test_a_restart_that_is_due_waits_while_the_job_is_to_be_off() -> None:
    stack = await up_and_running()
    await stack.up(status="off", scope="all")
    stack.forget()

    await stack.up(status="off", scope="all")
    await stack.refresh()
    await stack.up(status="off", scope="all")

    assert (stack.service.writes, stack.state["notes"].get("restartIsDue")) == ([], True)


# A refresh.


async def test_a_refresh_takes_three_calls_and_two_where_nothing_is_declared_about_the_schema() -> None:
    with_schema, without = await up_and_running(**TITLE), await up_and_running()

    await with_schema.refresh()
    await without.refresh()

    assert (with_schema.service.asked, without.service.asked) == (["jobs", "secrets", "schema"], ["jobs", "secrets"])


async def test_a_refresh_without_drift_changes_no_input() -> None:
    stack = await up_and_running(
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
    stack = await up_and_running(**TITLE)
    await stack.refresh()
    stack.forget()

    await stack.up(**TITLE)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_drift_is_seen_in_the_declared_and_only_there() -> None:
    stack = await up_and_running(**TITLE, scope="assigned")
    stack.service.secrets_held |= {"SyncAll": "true", "Sandbox": "yes"}

    await stack.refresh()

    assert (stack.inputs["scope"], "Sandbox" in str(stack.inputs)) == ("all", False)


async def test_a_job_that_is_gone_is_read_as_gone_and_told() -> None:
    stack = await up_and_running()
    stack.service.held = None

    await stack.refresh()

    assert (stack.id, len(stack.warnings)) == ("", 1)
    assert "no longer exists" in stack.warnings[0]


async def test_after_a_refresh_a_job_that_is_gone_is_made_anew() -> None:
    stack = await up_and_running()
    stack.service.held = None
    await stack.refresh()
    stack.forget()

    await stack.up()

    assert (stack.service.writes, stack.id) == (["create job elium", "save secrets", "start"], ID)


@pytest.mark.parametrize("preview", [True, False])
async def test_without_a_refresh_a_job_that_is_gone_is_not_changed(preview: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stack = await up_and_running()
    stack.service.held = None

    with pytest.raises(NotFoundError, match="no longer exists, so it cannot be changed") as error:
        await stack.up(preview=preview, **TITLE)

    assert stack.service.writes == []
    assert error.value.hint == "Run `pulumi refresh`, and then `pulumi up`, which makes a new one."


async def test_a_job_beside_one_that_is_gone_is_not_taken_for_it() -> None:
    stack = await up_and_running()
    stack.service.held = replace(a_job(), id=JobId("elium.made.by.hand"))

    with pytest.raises(NotFoundError):
        await stack.up(**TITLE)

    assert stack.service.writes == []


async def test_an_import_gets_the_settings_of_the_tutorial(pulumi: Pulumi) -> None:
    pulumi.service.held = a_job(on=True)
    pulumi.service.secrets_held = {"BaseAddress": TARGET, "SecretToken": "*"}

    found = await job_callbacks(pulumi).read(Turn(id=ID))

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
    found = await job_callbacks(pulumi).read(Turn(id=ID))
    assert found
    pulumi.kept.id, pulumi.kept.state, pulumi.kept.inputs = found.id, found.properties, found.inputs
    pulumi.forget()

    await pulumi.up()

    assert pulumi.service.writes == ["save secrets"]


# What is told of a job as it is.


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
    stack = await up_and_running()
    trouble(stack)

    await stack.up(preview=True)
    await stack.up()
    await stack.refresh()

    assert len(stack.warnings) == 3
    assert all(warning.startswith(TROUBLES[trouble]) for warning in stack.warnings)


async def test_the_status_that_was_last_seen_is_an_output() -> None:
    stack = await up_and_running()
    in_quarantine(stack)

    await stack.refresh()

    assert stack.state["jobStatus"] == {"code": "Quarantine", "quarantineReason": "TooManyDeletes"}


async def test_a_job_that_is_meant_to_be_off_is_not_told() -> None:
    stack = await up_and_running(status="off")
    switched_off(stack)

    await stack.up(status="off")

    assert stack.told == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_where_nobody_can_look_that_is_told_and_the_run_goes_on(fault: ProvisioningError) -> None:
    stack = await up_and_running()
    stack.service.refusing = {"jobs": fault}

    await stack.up()

    assert stack.warnings == [f"The job could not be looked at: {fault}"]


# Destroy.


async def test_a_destroy_pauses_first() -> None:
    stack = await up_and_running()

    await stack.destroy()

    assert (stack.service.writes, stack.id) == (["pause", "delete job"], "")


async def test_a_destroy_is_refused_while_people_are_provisioned_and_the_job_goes_on() -> None:
    stack = await up_and_running(scope="all")
    stack.service.people_held = People(some_people(2))

    with pytest.raises(UnsafeChangeError, match="Up to 2 people are provisioned by this job"):
        await stack.destroy()

    assert (stack.service.writes, stack.id) == ([], ID)


async def test_what_an_earlier_up_saved_retains_the_accounts_and_says_so() -> None:
    stack = await up_and_running(scope="all")
    stack.service.people_held = People(some_people(2))
    await stack.up(scope="all", onDestroy="retain")
    stack.forget()

    await stack.destroy()

    assert stack.service.writes == ["pause", "delete job"]
    assert "because onDestroy is retain" in stack.warnings[0]


async def test_saying_what_a_destroy_does_writes_nothing() -> None:
    stack = await up_and_running()

    await stack.up(onDestroy="retain")

    assert (stack.service.writes, stack.state["onDestroy"]) == ([], "retain")


async def test_a_limit_that_was_said_last_is_the_one_that_a_destroy_counts_by() -> None:
    stack = await up_and_running(impactLimit=0)
    await stack.up(impactLimit=100)

    await stack.destroy()

    assert stack.service.writes == ["pause", "delete job"]


# Mistakes.


def test_every_mistake_in_the_inputs_is_told(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        job_callbacks(pulumi).check({}, {"secretToken": "", "baseAddress": UNKNOWN, "scop": "all"}, salt=b"")

    assert refusal.value.reasons == (
        "servicePrincipalId: is needed.",
        "secretToken: must not be empty.",
        "scop: there is no such setting; did you mean scope.",
    )


async def test_an_id_of_another_form_is_refused(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError, match="'nonsense' does not name a synchronization job"):
        await job_callbacks(pulumi).read(Turn(id="nonsense"))
