from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL, TOKEN, a_job
from pulumi_engine import LEAST, Pulumi
from recording import RecordingService

from provisioning.errors import ConfigurationError, NotFoundError, UnavailableError
from provisioning.model.credentials import Fingerprint, SecretToken
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.provider.properties import UNKNOWN, Difference
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks, UnfinishedError

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c.5c0e7d11"))
TROUBLE = UnavailableError("Graph is away.", status=503)


@pytest.fixture
def pulumi() -> Pulumi:
    return Pulumi(RecordingService())


async def test_the_token_never_comes_out_of_check(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert TOKEN not in str((pulumi.state, pulumi.inputs))
    fingerprint = Fingerprint.parse(pulumi.inputs["secretToken"])
    assert fingerprint
    assert fingerprint.fits(SecretToken(TOKEN))


async def test_the_same_token_keeps_its_fingerprint_whatever_the_salt(pulumi: Pulumi) -> None:
    await pulumi.up()

    again = pulumi.callbacks.check(pulumi.inputs, LEAST, salt=b"other")

    assert again == pulumi.inputs


async def test_a_preview_asks_nobody_anything(pulumi: Pulumi) -> None:
    await pulumi.up(preview=True, servicePrincipalId=UNKNOWN)

    assert (pulumi.connections, pulumi.state["jobId"]) == (0, UNKNOWN)


async def test_running_it_again_asks_nobody_anything(pulumi: Pulumi) -> None:
    await pulumi.up()
    asked = len(pulumi.service.asked)

    await pulumi.up()

    assert (pulumi.connections, len(pulumi.service.asked)) == (1, asked)


async def test_a_diff_points_at_the_one_line_that_changed(pulumi: Pulumi) -> None:
    await pulumi.up(mappings={"users": {'emails[type eq "work"].value': "[mail]", "title": "[jobTitle]"}})

    changed = {"users": {'emails[type eq "work"].value': "[otherMails]", "title": "[jobTitle]"}}
    checked = pulumi.callbacks.check(pulumi.inputs, LEAST | {"mappings": changed}, salt=b"")

    places = pulumi.callbacks.diff(pulumi.state, pulumi.inputs, checked).places
    assert places == {'mappings.users["emails[type eq \\"work\\"].value"].source': Difference.ALTERED}


async def test_another_service_principal_replaces_the_job(pulumi: Pulumi) -> None:
    await pulumi.up()

    checked = pulumi.callbacks.check(pulumi.inputs, LEAST | {"servicePrincipalId": "other"}, salt=b"")

    assert pulumi.callbacks.diff(pulumi.state, pulumi.inputs, checked).replaces == ("servicePrincipalId",)


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [
        ({}, {"templateId": "elium"}, ()),
        ({"templateId": "elium"}, {}, ()),
        ({}, {"templateId": "other"}, ("templateId",)),
    ],
)
async def test_only_another_template_than_the_job_has_replaces_it(
    pulumi: Pulumi, before: dict[str, Any], after: dict[str, Any], replaces: tuple[str, ...]
) -> None:
    await pulumi.up(**before)

    checked = pulumi.callbacks.check(pulumi.inputs, LEAST | after, salt=b"")

    assert pulumi.callbacks.diff(pulumi.state, pulumi.inputs, checked).replaces == replaces


async def test_naming_the_template_that_the_job_has_asks_nobody_anything(pulumi: Pulumi) -> None:
    await pulumi.up()
    asked = list(pulumi.service.asked)

    await pulumi.up(templateId="elium")

    assert pulumi.service.asked == asked


async def test_what_stopped_half_way_keeps_its_id_and_is_finished_later(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"save secrets": TROUBLE}
    with pytest.raises(UnfinishedError) as stop:
        await pulumi.up()
    pulumi.id, pulumi.state, pulumi.service.refusing = str(stop.value.address), stop.value.properties, {}

    await pulumi.up()

    assert pulumi.service.asked[-2:] == ["save secrets", "start"]
    assert "unfinished" not in pulumi.state


async def test_what_failed_before_the_job_was_made_leaves_no_id(pulumi: Pulumi) -> None:
    pulumi.service.refusing = {"create job": TROUBLE}

    with pytest.raises(UnavailableError):
        await pulumi.up()


async def test_a_restart_that_is_due_is_kept_in_the_state_until_it_came(pulumi: Pulumi) -> None:
    await pulumi.up(status="off")
    await pulumi.up(status="off", scope="all")
    kept = pulumi.state["restartIsDue"]

    await pulumi.up(status="on", scope="all")

    assert (kept, pulumi.service.asked[-1], "restartIsDue" in pulumi.state) == (True, "restart Watermark", False)


async def test_a_refresh_without_drift_changes_no_input(pulumi: Pulumi) -> None:
    declared: dict[str, Any] = {
        "mappings": {"users": {"title": "[mail]", "nickName": None}},
        "filters": {"users": ["mail IS NOT NULL"]},
    }
    await pulumi.up(**declared, notification={"email": "it@acme.example"}, deleteThreshold=5)
    pulumi.service.held = a_job(on=True)
    inputs = pulumi.inputs

    await pulumi.refresh()

    assert {key: value for key, value in pulumi.inputs.items() if value != inputs.get(key)} == {}


async def test_drift_is_seen_in_the_declared_and_only_there(pulumi: Pulumi) -> None:
    await pulumi.up(mappings={"users": {"title": "[mail]"}}, scope="assigned")
    pulumi.service.held = a_job(on=False)
    pulumi.service.secrets_held |= {"SyncAll": "true", "Sandbox": "yes"}

    await pulumi.refresh()

    assert (pulumi.inputs["scope"], "Sandbox" in str(pulumi.inputs)) == ("all", False)


async def test_a_job_that_is_gone_is_read_as_gone(pulumi: Pulumi) -> None:
    assert await pulumi.callbacks.read(ADDRESS, {}, {}) is None


async def test_an_import_gets_the_settings_of_the_tutorial(pulumi: Pulumi) -> None:
    pulumi.service.held = a_job(on=True)
    pulumi.service.secrets_held = {"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*"}

    found = await pulumi.callbacks.read(ADDRESS, {}, {})

    assert found is not None
    assert found.inputs == {
        "servicePrincipalId": PRINCIPAL,
        "templateId": "elium",
        "baseAddress": "https://acme.elium.com/scim/v2",
        "secretToken": "not known: the job was imported",
        "scope": "assigned",
        "status": "on",
        "skipOutOfScopeDeletions": False,
    }


async def test_without_the_program_a_token_cannot_be_saved_again(pulumi: Pulumi) -> None:
    await pulumi.up()
    later = SynchronizationJobCallbacks(pulumi.connect)
    changed = pulumi.inputs | {"scope": "all"}

    with pytest.raises(ConfigurationError, match="only its fingerprint"):
        await later.update(ADDRESS, pulumi.state, pulumi.inputs, changed, preview=False)


async def test_deleting_pauses_first(pulumi: Pulumi) -> None:
    await pulumi.callbacks.delete(ADDRESS)

    assert pulumi.service.asked == ["pause", "delete job"]


def test_every_mistake_in_the_inputs_is_told(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        pulumi.callbacks.check({}, {"secretToken": "", "baseAddress": UNKNOWN, "scop": "all"}, salt=b"")

    assert refusal.value.reasons == (
        "servicePrincipalId: is needed.",
        "secretToken: must not be empty.",
        "scop: there is no such setting; did you mean scope.",
    )


async def test_an_error_of_graph_travels_as_it_is(pulumi: Pulumi) -> None:
    await pulumi.up()
    pulumi.service.refusing = {"secrets": NotFoundError("gone", status=404)}

    with pytest.raises(NotFoundError):
        await pulumi.up(scope="all")
