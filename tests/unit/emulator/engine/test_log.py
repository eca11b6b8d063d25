"""The provisioning log in Graph's words (graph: provisioningobjectsummary)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from company import TENANT, Company

from emulator.elium import Fault


async def test_a_line_of_the_log_has_the_documented_shape() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)

    await contoso.cycle()

    line = contoso.last
    assert {key: line[key] for key in ("activityDateTime", "tenantId", "jobId", "provisioningAction")} == {
        "activityDateTime": "2026-01-15T09:00:00Z",
        "tenantId": TENANT,
        "jobId": contoso.job.id,
        "provisioningAction": "create",
    }
    assert line["initiatedBy"] == {
        "id": "",
        "displayName": "Azure AD Provisioning Service",
        "initiatorType": "system",
    }
    assert line["servicePrincipal"] == {"id": contoso.app.id, "displayName": "Elium"}
    assert line["sourceIdentity"]["id"] == ada.id
    assert line["sourceIdentity"]["details"]["UserPrincipalName"] == "ada@contoso.com"
    assert line["targetIdentity"]["id"] == contoso.accounts["ada"]["id"]
    assert line["provisioningStatusInfo"] == {"status": "success", "errorInformation": None}
    assert line["cycleId"] == contoso.status["lastExecution"]["activityIdentifier"]


async def test_a_creation_tells_its_steps_in_published_sentences() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert [step["description"] for step in contoso.last["provisioningSteps"]] == [
        "Received User 'ada@contoso.com' change of type (Add) from Microsoft Entra ID",
        (
            "User 'ada@contoso.com' will be created in Elium (User is active and assigned in Microsoft Entra ID, "
            "but no matching User was found in Elium)"
        ),
        "Determine if User in scope by evaluating against each scoping filter",
        "User 'ada@contoso.com' was created in Elium",
    ]


async def test_the_older_name_of_the_directory_is_a_knob() -> None:
    contoso = Company(directory_name="Azure Active Directory")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.last["provisioningSteps"][0]["description"].endswith("from Azure Active Directory")


async def test_a_redundant_export_tells_that_both_sides_match() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.service.restart(contoso.job, frozenset())

    await contoso.cycle()

    assert contoso.last["provisioningAction"] == "other"
    assert contoso.last["provisioningSteps"][-1]["description"] == (
        "The state of the user in both the source and target systems already match. "
        "No change to the User 'ada@contoso.com' currently needs to be made."
    )


async def test_changed_attributes_are_told_with_both_values() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True, jobTitle="Engineer")
    await contoso.cycle()

    contoso.change(ada, jobTitle="Lead")
    await contoso.cycle()

    assert contoso.last["modifiedProperties"] == [{"displayName": "title", "oldValue": "Engineer", "newValue": "Lead"}]


async def test_disable_and_delete_are_told_apart() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.directory.delete(ada.id)
    await contoso.cycle()
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert [action for _, action, _ in contoso.log] == ["create", "disable", "delete"]


async def test_a_membership_turns_nothing_to_do_into_an_update() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    team = contoso.group("Team", assigned=True)
    await contoso.cycle()

    contoso.directory.add_member(team.id, ada.id)
    await contoso.cycle()

    assert contoso.log[-1] == ("Team", "update", "success")
    assert contoso.last["modifiedProperties"][0]["displayName"] == "members"


async def test_ids_of_lines_differ_and_stay_the_same() -> None:
    contoso = Company()
    for name in ("ada", "bob"):
        contoso.hire(name, assigned=True)

    await contoso.cycle()

    first, again = contoso.service.log(contoso.tenant), contoso.service.log(contoso.tenant)
    assert first == again
    assert len({line["id"] for line in first}) == 2


@pytest.mark.parametrize(("days", "lines"), [(29, 1), (31, 0)])
async def test_lines_are_kept_for_thirty_days(days: int, lines: int) -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.service.pause(contoso.job)

    contoso.clock.advance(timedelta(days=days))

    assert len(contoso.log) == lines


async def test_the_log_of_a_deleted_job_stays() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.service.delete_job(contoso.tenant, contoso.app.id, contoso.job.id)

    assert contoso.log == [("Ada", "create", "success")]


@pytest.mark.parametrize(
    ("fails", "leave", "action", "step", "sentence"),
    [
        ("PATCH", "unassign", "disable", "EntryExportUpdate", "Failed to disable User 'ada@contoso.com' in Elium"),
        ("GET", "unassign", "disable", "EntryExportUpdate", "Failed to disable User 'ada@contoso.com' in Elium"),
        ("DELETE", "purge", "delete", "EntryExportDelete", "Failed to delete User 'ada@contoso.com' in Elium"),
    ],
)
async def test_a_leaving_that_fails_is_logged_as_what_it_would_have_been(
    fails: str, leave: str, action: str, step: str, sentence: str
) -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=500, method=fails, path=f"/Users/{contoso.accounts['ada']['id']}"))
    if leave == "unassign":
        contoso.unassign(ada)
    else:
        contoso.directory.delete(ada.id)
        contoso.directory.purge(ada.id)

    await contoso.cycle()

    assert contoso.log[-1][1:] == (action, "failure")
    last = contoso.last["provisioningSteps"][-1]
    assert (last["name"], last["description"]) == (step, sentence)


async def test_a_disable_that_fails_tells_what_it_would_have_changed() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=500, method="PATCH"))
    contoso.unassign(ada)

    await contoso.cycle()

    assert [(one["displayName"], one["newValue"]) for one in contoso.last["modifiedProperties"]] == [
        ("active", "False")
    ]


async def test_a_creation_that_lacks_a_value_is_logged_as_a_creation() -> None:
    contoso = Company()
    contoso.define("title", required=True)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert (contoso.log[-1][1:], contoso.error) == (("create", "failure"), "MandatoryFieldsMissing")
    assert contoso.last["provisioningSteps"][0]["name"] == "EntryImportAdd"


async def test_a_required_attribute_has_the_default_of_its_definition() -> None:
    contoso = Company()
    contoso.define("title", required=True, defaultValue="Staff")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.accounts["ada"]["title"] == "Staff"


async def test_a_group_whose_members_fail_was_created_all_the_same() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), assigned=True)
    contoso.elium.faults.append(Fault(status=500, method="PATCH", path="/Groups"))

    await contoso.cycle()

    steps = [(one["description"], one["status"]) for one in contoso.last["provisioningSteps"][-2:]]
    assert steps == [
        ("Group 'Team' was created in Elium", "success"),
        ("Failed to update Group 'Team' in Elium", "failure"),
    ]


async def test_a_conflict_is_not_a_failure_of_the_service() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.elium.faults.append(Fault(status=409, method="POST"))

    await contoso.cycle()

    told = contoso.last["provisioningStatusInfo"]["errorInformation"]
    assert (told["errorCode"], told["errorCategory"]) == ("Conflict", "nonServiceFailure")


async def test_a_reason_never_ends_with_two_full_stops() -> None:
    contoso = Company()
    contoso.define("title", required=True)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert ".." not in contoso.last["provisioningStatusInfo"]["errorInformation"]["reason"]
