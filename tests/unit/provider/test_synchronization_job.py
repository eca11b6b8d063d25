"""The job when it stands alone: the token, what differs, what is changed, what is taken away, and mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from builders import ADDRESS as TARGET
from builders import PRINCIPAL, TOKEN, some_people
from pulumi_engine import LEAST, Pulumi
from recording import RecordingService

from provisioning.errors import (
    ConfigurationError,
    NotFoundError,
    UnsafeChangeError,
)
from provisioning.model.credentials import Fingerprint, SecretToken
from provisioning.model.person import People
from provisioning.provider.properties import UNKNOWN, Difference
from provisioning.provider.turn import Turn

ID = f"{PRINCIPAL}/elium.7a1d5f0c.5c0e7d11"
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
VALIDATE = f"validate {TARGET}"


async def test_the_token_never_comes_out_of_check(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert TOKEN not in str((pulumi.state, pulumi.inputs, pulumi.told))
    fingerprint = Fingerprint.parse(pulumi.inputs["secretToken"])
    assert fingerprint
    assert fingerprint.fits(SecretToken(TOKEN))


async def test_the_same_token_keeps_its_fingerprint_whatever_the_salt(pulumi: Pulumi) -> None:
    await pulumi.up()

    assert pulumi.callbacks.check(pulumi.inputs, LEAST, salt=b"other") == pulumi.inputs


async def test_a_token_that_lies_in_the_environment_is_named_and_never_kept() -> None:
    stack = Pulumi(RecordingService(), environment={"ELIUM": TOKEN})

    await stack.up(secretToken="env:ELIUM")

    assert stack.service.writes == ["create job elium", "save secrets", "start"]
    assert TOKEN not in str((stack.state, stack.inputs))


async def test_without_the_program_a_token_cannot_be_saved_again(pulumi: Pulumi) -> None:
    await pulumi.up()
    turn = Turn(pulumi.id, pulumi.state, pulumi.inputs, pulumi.inputs | {"scope": "all"})

    with pytest.raises(ConfigurationError, match="only its fingerprint"):
        await pulumi.callbacks.update(turn)


async def test_running_it_again_asks_for_the_jobs_alone() -> None:
    stack = await Pulumi.running()

    await stack.up()

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_a_preview_without_a_change_asks_the_same() -> None:
    stack = await Pulumi.running()

    await stack.up(preview=True)

    assert (stack.service.asked, stack.told) == (["jobs"], [])


async def test_accepting_or_reading_less_is_not_a_change() -> None:
    stack = await Pulumi.running()

    await stack.up(acceptLeavers=10, acceptEntrants=3, impactLimit=5)

    assert (stack.service.asked, stack.inputs["acceptLeavers"]) == (["jobs"], 10)


async def diff_of(stack: Pulumi, **written: Any) -> Any:
    callbacks = stack.callbacks
    checked = callbacks.check(stack.inputs, LEAST | written, salt=b"")
    return await callbacks.diff(Turn(stack.id, stack.state, stack.inputs, checked))


async def test_a_diff_points_at_the_one_line_that_changed() -> None:
    email = 'emails[type eq "work"].value'
    stack = await Pulumi.running(mappings={"users": {email: "[mail]", "title": "[jobTitle]"}})

    found = await diff_of(stack, mappings={"users": {email: "[otherMails]", "title": "[jobTitle]"}})

    assert found.places == {'mappings.users["emails[type eq \\"work\\"].value"].source': Difference.ALTERED}


async def test_another_service_principal_replaces_the_job() -> None:
    stack = await Pulumi.running()

    assert (await diff_of(stack, servicePrincipalId="other")).replaces == ("servicePrincipalId",)


async def test_writing_down_what_is_the_default_restarts_nothing() -> None:
    stack = await Pulumi.running()

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
    stack = await Pulumi.running(**before)

    assert (await diff_of(stack, **after)).replaces == replaces


async def test_naming_the_template_that_the_job_has_writes_nothing() -> None:
    stack = await Pulumi.running()

    await stack.up(templateId="elium")

    assert stack.service.writes == []


async def test_a_job_that_would_be_replaced_while_it_provisions_people_is_not() -> None:
    stack = await Pulumi.running()
    stack.service.people_held = People(some_people(2))
    stack.service.assignments_held, stack.service.template_ids = (), ("elium", "other")
    stack.service.secrets_held["SyncAll"] = "true"

    with pytest.raises(UnsafeChangeError, match="2 people are provisioned by this job"):
        await stack.up(templateId="other", scope="all")

    assert stack.service.writes == []


async def test_a_changed_mapping_is_saved_after_one_look_at_everything() -> None:
    stack = await Pulumi.running()

    await stack.up(**TITLE)

    assert stack.service.asked == ["jobs", "jobs", "assignments", "secrets", "schema", "save schema"]


async def test_a_new_token_is_tested_and_saved() -> None:
    stack = await Pulumi.running()

    await stack.up(secretToken="another-token-of-this-year")

    assert stack.service.asked[-2:] == [VALIDATE, "save secrets"]


async def test_an_error_of_graph_travels_as_it_is() -> None:
    stack = await Pulumi.running()
    stack.service.refusing = {"secrets": NotFoundError("gone", status=404)}

    with pytest.raises(NotFoundError, match="gone"):
        await stack.up(scope="all")


async def test_a_destroy_pauses_first() -> None:
    stack = await Pulumi.running()

    await stack.destroy()

    assert (stack.service.writes, stack.id) == (["pause", "delete job"], "")


async def test_a_destroy_is_refused_while_people_are_provisioned_and_the_job_goes_on() -> None:
    stack = await Pulumi.running(scope="all")
    stack.service.people_held = People(some_people(2))

    with pytest.raises(UnsafeChangeError, match="Up to 2 people are provisioned by this job"):
        await stack.destroy()

    assert (stack.service.writes, stack.id) == ([], ID)


async def test_what_an_earlier_up_saved_retains_the_accounts_and_says_so() -> None:
    stack = await Pulumi.running(scope="all")
    stack.service.people_held = People(some_people(2))
    await stack.up(scope="all", onDestroy="retain")
    stack.forget()

    await stack.destroy()

    assert stack.service.writes == ["pause", "delete job"]
    assert "because onDestroy is retain" in stack.warnings[0]


async def test_saying_what_a_destroy_does_writes_nothing() -> None:
    stack = await Pulumi.running()

    await stack.up(onDestroy="retain")

    assert (stack.service.writes, stack.state["onDestroy"]) == ([], "retain")


async def test_a_limit_that_was_said_last_is_the_one_that_a_destroy_counts_by() -> None:
    stack = await Pulumi.running(impactLimit=0)
    await stack.up(impactLimit=100)

    await stack.destroy()

    assert stack.service.writes == ["pause", "delete job"]


def test_every_mistake_in_the_inputs_is_told(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        pulumi.callbacks.check({}, {"secretToken": "", "baseAddress": UNKNOWN, "scop": "all"}, salt=b"")

    assert refusal.value.reasons == (
        "servicePrincipalId: is needed.",
        "secretToken: must not be empty.",
        "scop: there is no such setting; did you mean scope.",
    )


async def test_an_id_of_another_form_is_refused(pulumi: Pulumi) -> None:
    with pytest.raises(ConfigurationError, match="'nonsense' does not name a synchronization job"):
        await pulumi.callbacks.read(Turn(id="nonsense"))
