"""Provision on demand (Learn: provision-on-demand; graph: synchronizationjob-provisionondemand)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from company import Company

from emulator.company.refusal import Refusal
from emulator.elium import Fault

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject


async def demand(contoso: Company, subject: DirectoryObject, *members: DirectoryObject, kind: str = "User") -> Any:
    """Ask for one object and read both texts of the answer."""
    rule = contoso.service.schema_of(contoso.job)["synchronizationRules"][0]["id"]
    asked: dict[str, Any] = {"objectId": subject.id, "objectTypeName": kind}
    if members:
        asked["links"] = {"members": [{"objectId": one.id, "objectTypeName": "User"} for one in members]}
    answer = await contoso.service.provision_on_demand(
        contoso.tenant, contoso.app.id, contoso.job, [{"ruleId": rule, "subjects": [asked]}]
    )
    return {**answer, "value": json.loads(answer["value"]), "key": _read(answer["key"])}


def _read(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text


async def test_a_person_is_provisioned_at_once_although_the_job_is_not_started() -> None:
    contoso = Company()

    answer = await demand(contoso, contoso.hire("ada", assigned=True))

    assert contoso.active == {"ada": True}
    assert answer["key"] == {"result": "Success", "details": {}}
    assert answer["value"]["action"] == "Create"
    assert answer["value"]["statusInfo"]["status"] == "Success"
    assert answer["value"]["targetIdentity"]["type"] == "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


async def test_the_steps_are_import_matching_scoping_and_export() -> None:
    contoso = Company()

    answer = await demand(contoso, contoso.hire("ada", assigned=True))

    assert [(step["name"], step["type"]) for step in answer["value"]["provisioningSteps"]] == [
        ("EntryImport", "Import"),
        ("EntrySynchronizationAdd", "Matching"),
        ("EntrySynchronizationScoping", "Scoping"),
        ("EntryExportAdd", "Export"),
    ]


async def test_who_is_equal_already_is_skipped_as_a_redundant_export() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    answer = await demand(contoso, ada)

    assert answer["key"]["result"] == "Skipped"
    assert answer["key"]["details"]["errorCode"] == "RedundantExport"


async def test_who_is_not_assigned_is_skipped() -> None:
    contoso = Company()

    answer = await demand(contoso, contoso.hire("eve"))

    assert answer["key"]["details"]["errorCode"] == "NotEffectivelyEntitled"


async def test_what_elium_refuses_is_a_failure_inside_a_good_answer() -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=409, method="POST"))

    answer = await demand(contoso, contoso.hire("ada", assigned=True))

    assert answer["key"]["result"] == "Failure"
    assert answer["key"]["details"]["errorCode"] == "Conflict"
    assert answer["value"]["statusInfo"]["errorCategory"] == "nonServiceFailure"


async def test_a_connection_that_fails_is_a_failure_inside_a_good_answer() -> None:
    contoso = Company()
    contoso.save(SecretToken="f4lse")

    answer = await demand(contoso, contoso.hire("ada", assigned=True))

    assert answer["key"]["details"]["errorCode"].endswith("CredentialValidationFailure")


async def test_the_flag_of_the_tenant_url_is_ignored() -> None:
    contoso = Company(url_flags="?aadOptscim062020")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.unassign(ada)
    contoso.sites.received.clear()

    await demand(contoso, ada)

    assert contoso.bodies[0]["Operations"] == [{"op": "Replace", "path": "active", "value": "False"}]


async def test_who_is_disabled_in_the_directory_is_not_disabled_on_demand() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.change(ada, accountEnabled=False)

    answer = await demand(contoso, ada)

    assert contoso.active == {"ada": True}
    assert answer["key"]["result"] == "Skipped"


async def test_a_group_is_provisioned_with_the_members_that_are_named() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada"), contoso.hire("bob")
    team = contoso.group("Team", ada, bob, assigned=True)

    await demand(contoso, team, ada, kind="Group")

    assert contoso.teams == {"Team": ["ada"]}
    assert contoso.active == {"ada": True}


async def test_more_than_five_members_are_refused() -> None:
    contoso = Company()
    people = [contoso.hire(f"p{number}") for number in range(6)]
    team = contoso.group("Team", *people, assigned=True)

    with pytest.raises(Refusal, match="At most 5 members") as refusal:
        await demand(contoso, team, *people, kind="Group")

    assert refusal.value.status == 400


async def test_a_sixth_call_within_ten_seconds_is_throttled() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    for _ in range(5):
        await demand(contoso, ada)

    with pytest.raises(Refusal) as refusal:
        await demand(contoso, ada)
    contoso.clock.advance(timedelta(seconds=10))
    await demand(contoso, ada)

    assert (refusal.value.status, refusal.value.retry_after) == (429, 10)


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        [],
        [{}],
        [{"ruleId": "other", "subjects": [{"objectId": "x", "objectTypeName": "User"}]}],
        [{"ruleId": "x", "subjects": []}],
        [{"ruleId": "x", "subjects": [{"objectId": "x", "objectTypeName": "User"}] * 2}],
    ],
)
async def test_anything_else_than_one_subject_of_a_known_rule_is_refused(parameters: Any) -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        await contoso.service.provision_on_demand(contoso.tenant, contoso.app.id, contoso.job, parameters)

    assert refusal.value.status == 400


async def test_that_the_type_of_an_object_is_case_sensitive_is_a_knob() -> None:
    contoso = Company(on_demand_any_case=False)

    with pytest.raises(Refusal, match="'user' is neither"):
        await demand(contoso, contoso.hire("ada", assigned=True), kind="user")


async def test_an_unknown_object_is_not_found() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.directory.delete(ada.id)

    with pytest.raises(Refusal) as refusal:
        await demand(contoso, ada)

    assert refusal.value.status == 404


async def test_a_kind_that_is_switched_off_is_refused() -> None:
    contoso = Company()
    contoso.map("Group", enabled=False)

    with pytest.raises(Refusal, match="not provisioned by this job"):
        await demand(contoso, contoso.group("Team", assigned=True), kind="Group")


async def test_a_rule_may_carry_a_suffix() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    rule = contoso.service.schema_of(contoso.job)["synchronizationRules"][0]["id"]
    subject = {"objectId": ada.id, "objectTypeName": "User"}

    await contoso.service.provision_on_demand(
        contoso.tenant, contoso.app.id, contoso.job, [{"ruleId": f"{rule}#V2", "subjects": [subject]}]
    )

    assert contoso.active == {"ada": True}


async def test_the_newer_answer_names_a_status_and_lists_what_happened() -> None:
    contoso = Company(on_demand_answer="v2023")

    answer = await demand(contoso, contoso.hire("ada", assigned=True))

    assert answer["key"] == "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
    assert [one["action"] for one in answer["value"]] == ["Create"]


async def test_the_answer_of_the_sync_fabric_says_nothing_about_a_group() -> None:
    contoso = Company(on_demand_answer="syncfabric")

    group = await demand(contoso, contoso.group("Team", assigned=True), kind="Group")
    person = await demand(contoso, contoso.hire("ada", assigned=True))

    assert group["value"] == {}
    assert "syncfabric.windowsazure.com" in group["@odata.context"]
    assert person["value"]["action"] == "Create"


async def test_what_was_done_on_demand_is_in_the_log() -> None:
    contoso = Company()

    await demand(contoso, contoso.hire("ada", assigned=True))

    assert contoso.log == [("Ada", "create", "success")]


async def test_the_texts_are_as_tight_as_the_sample_and_moments_have_seven_decimals() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    rule = contoso.service.schema_of(contoso.job)["synchronizationRules"][0]["id"]
    asked = [{"ruleId": rule, "subjects": [{"objectId": ada.id, "objectTypeName": "user"}]}]

    answer = await contoso.service.provision_on_demand(contoso.tenant, contoso.app.id, contoso.job, asked)

    assert answer["key"] == '{"result":"Success","details":{}}'
    assert json.loads(answer["value"])["startTime"] == "2026-01-15T09:00:00.0000000Z"


async def test_what_was_read_on_both_sides_is_shown() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True, department="Knowledge")
    await contoso.cycle()
    contoso.change(ada, department="Sales")

    steps = {step["type"]: step["details"] for step in (await demand(contoso, ada))["value"]["provisioningSteps"]}

    assert (steps["Import"]["department"], steps["Import"]["mail"]) == ("Sales", "ada@contoso.com")
    assert (steps["Matching"]["userName"], steps["Matching"]["active"]) == ("ada@contoso.com", "True")


async def test_a_redundant_export_says_in_its_last_step_and_in_the_key_that_both_sides_match() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    answer = await demand(contoso, ada)

    last = answer["value"]["provisioningSteps"][-1]
    sentence = "The state of the user in both the source and target systems already match."
    assert (last["type"], last["status"]) == ("Export", "Skipped")
    assert last["description"].startswith(sentence)
    assert answer["key"]["details"]["errorMessage"].startswith(sentence)
