"""Attribute flow (Learn: customize-application-attributes; known-issues)."""

from __future__ import annotations

import json

from company import ENTERPRISE, USER_ROLE, Company

from emulator.company.store import DEFAULT_ACCESS
from provisioning.language import Choices


async def a_person_changed(contoso: Company, before: dict[str, object], after: dict[str, object]) -> list[object]:
    """Provision Ada as she was, change her, run a cycle, and give the operations that were sent."""
    ada = contoso.hire("ada", assigned=True, **before)
    await contoso.cycle()
    contoso.change(ada, **after)
    await contoso.cycle()
    return [operation for body in contoso.bodies for operation in body["Operations"]]


async def test_a_new_account_has_what_is_mapped_and_no_nulls() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True, surname="Byron", jobTitle="Countess", department="R&D", employeeId="7")

    await contoso.cycle()

    assert contoso.bodies == [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": "ada@contoso.com",
            "active": True,
            "displayName": "Ada",
            "title": "Countess",
            "emails": [{"type": "work", "primary": True, "value": "ada@contoso.com"}],
            "name": {"givenName": "Ada", "familyName": "Byron", "formatted": "Ada Byron"},
            "externalId": "ada",
            ENTERPRISE: {"employeeNumber": "7", "department": "R&D"},
            "roles": [],
            "meta": {"resourceType": "User"},
        }
    ]


async def test_a_value_for_the_first_time_is_added_and_another_one_replaces() -> None:
    operations = await a_person_changed(Company(), {"jobTitle": "Engineer"}, {"jobTitle": "Lead", "city": "Ghent"})

    assert operations == [
        {"op": "Replace", "path": "title", "value": "Lead"},
        {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Ghent"},
    ]


async def test_null_does_not_flow() -> None:
    assert await a_person_changed(Company(), {"jobTitle": "Engineer"}, {"jobTitle": None}) == []


async def test_the_knob_lets_null_flow_as_a_removal() -> None:
    operations = await a_person_changed(Company(flow_null_values=True), {"jobTitle": "Engineer"}, {"jobTitle": None})

    assert operations == [{"op": "Remove", "path": "title"}]


async def test_a_default_is_used_at_creation_only() -> None:
    contoso = Company()
    contoso.flow("title", defaultValue="Employee")

    operations = await a_person_changed(contoso, {"department": "R&D"}, {"department": "Sales"})

    assert contoso.accounts["ada"]["title"] == "Employee"
    assert [one["path"] for one in operations] == [f"{ENTERPRISE}:department"]  # type: ignore[index]  # an operation


async def test_a_mapping_of_type_none_fills_an_empty_attribute_with_its_default() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.flow("locale", expression=None, defaultValue="en-BE")

    await contoso.cycle()
    first = contoso.bodies
    contoso.change(ada, jobTitle="Lead")
    contoso.flow("locale", defaultValue="fr-BE")
    await contoso.cycle()

    assert first[0]["Operations"] == [{"op": "Add", "path": "locale", "value": "en-BE"}]
    assert contoso.accounts["ada"]["locale"] == "en-BE"


async def test_object_add_only_flows_at_creation_and_never_again() -> None:
    contoso = Company()
    contoso.flow("title", flowType="ObjectAddOnly")

    assert await a_person_changed(contoso, {"jobTitle": "Engineer"}, {"jobTitle": "Lead"}) == []
    assert contoso.accounts["ada"]["title"] == "Engineer"


async def test_attribute_add_only_flows_only_into_an_empty_attribute() -> None:
    contoso = Company()
    contoso.flow("title", flowType="AttributeAddOnly")
    contoso.flow("nickName", expression="[city]", flowType="AttributeAddOnly")

    operations = await a_person_changed(contoso, {"jobTitle": "Engineer"}, {"jobTitle": "Lead", "city": "Ghent"})

    assert {"op": "Add", "path": "nickName", "value": "Ghent"} in operations
    assert contoso.accounts["ada"]["title"] == "Engineer"


async def test_flow_always_is_sent_although_nothing_changed() -> None:
    contoso = Company()
    contoso.flow("title", flowBehavior="FlowAlways")

    operations = await a_person_changed(contoso, {"jobTitle": "Engineer"}, {"description": "any"})

    assert operations == [{"op": "Replace", "path": "title", "value": "Engineer"}]


async def test_a_pure_change_of_case_is_no_change() -> None:
    assert await a_person_changed(Company(), {"jobTitle": "lead"}, {"jobTitle": "Lead"}) == []


async def test_a_change_of_case_counts_when_the_target_attribute_is_case_exact() -> None:
    contoso = Company()
    contoso.define("title", caseExact=True)

    operations = await a_person_changed(contoso, {"jobTitle": "lead"}, {"jobTitle": "Lead"})

    assert operations == [{"op": "Replace", "path": "title", "value": "Lead"}]


async def test_a_required_attribute_without_a_value_fails_the_object() -> None:
    contoso = Company()
    contoso.define("title", required=True)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "MandatoryFieldsMissing"
    assert contoso.accounts == {}


async def test_several_values_do_not_fit_into_one() -> None:
    contoso = Company()
    contoso.flow("nickName", expression="[otherMails]")
    contoso.hire("ada", assigned=True, otherMails=["a@x.com", "b@x.com"])

    await contoso.cycle()

    assert contoso.error == "SchemaPropertyCanOnlyAcceptValue"


async def test_one_value_of_many_fits_into_one() -> None:
    contoso = Company()
    contoso.flow("nickName", expression="[otherMails]")
    contoso.hire("ada", assigned=True, otherMails=["a@x.com"])

    await contoso.cycle()

    assert contoso.accounts["ada"]["nickName"] == "a@x.com"


async def test_an_expression_that_cannot_be_evaluated_fails_the_object_and_says_why() -> None:
    contoso = Company(language=Choices(iif_on_empty_attribute="fails"))
    contoso.flow("title", expression='IIF([city]="Ghent", "Gantois", "Other")')
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True, city="Ghent")

    await contoso.cycle()

    assert contoso.active == {"bob": True}
    failed = contoso.service.log(contoso.tenant)[0]["provisioningStatusInfo"]["errorInformation"]
    assert failed["errorCode"] == "EntrySynchronizationError"
    assert "title" in failed["reason"]


async def test_an_empty_text_does_not_flow_unless_the_knob_says_so() -> None:
    contoso, other = Company(), Company(empty_text_flows=True)
    for one in (contoso, other):
        one.flow("nickName", expression='Replace([mailNickname], "ada", , , "", , )')
        one.hire("ada", assigned=True)
        await one.cycle()

    assert "nickName" not in contoso.bodies[0]
    assert other.bodies[0]["nickName"] == ""


async def test_booleans_and_integers_are_written_as_such_in_a_new_account() -> None:
    contoso = Company()
    contoso.define("nickName", type="Integer")
    contoso.flow("nickName", expression="[employeeId]")
    contoso.hire("ada", assigned=True, employeeId="42")

    await contoso.cycle()

    assert contoso.bodies[0]["nickName"] == 42
    assert contoso.bodies[0]["active"] is True


async def test_a_role_becomes_the_primary_role() -> None:
    contoso = Company()
    contoso.flow('roles[primary eq "True"].value', expression="SingleAppRoleAssignment([appRoleAssignments])")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.bodies[0]["roles"] == [{"primary": True, "value": "User", "type": "WindowsAzureActiveDirectoryRole"}]


async def test_all_roles_become_the_list_of_roles() -> None:
    contoso = Company()
    contoso.flow("roles", expression="AppRoleAssignmentsComplex([appRoleAssignments])")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.bodies[0]["roles"] == [
        {"primary": False, "type": "WindowsAzureActiveDirectoryRole", "displayName": "User", "value": "User"}
    ]


async def test_a_role_that_is_added_later_is_patched_as_json_in_the_legacy_dialect() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.flow("roles", expression="AppRoleAssignmentsComplex([appRoleAssignments])")

    await contoso.cycle()

    told = f'{{"id":"{USER_ROLE}","value":"User","displayName":"User"}}'
    assert ada.id in contoso.job.links
    assert contoso.bodies[0]["Operations"] == [{"op": "Add", "path": "roles", "value": [{"value": told}]}]


async def test_assertive_roles_replace_the_whole_list() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.flow("roles", expression="AssertiveAppRoleAssignmentsComplex([appRoleAssignments])")

    await contoso.cycle()

    role = {"primary": False, "type": "WindowsAzureActiveDirectoryRole", "display": "User", "value": "User"}
    assert contoso.bodies[0]["Operations"] == [{"op": "Replace", "path": "roles", "value": [role]}]


async def test_a_custom_extension_attribute_is_nested_and_not_listed_in_the_schemas() -> None:
    contoso = Company()
    custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User:floor"
    contoso.define(custom)
    contoso.flow(custom, expression="[physicalDeliveryOfficeName]")
    contoso.hire("ada", assigned=True, officeLocation="3/301")

    await contoso.cycle()

    body = contoso.bodies[0]
    assert body["urn:ietf:params:scim:schemas:extension:Contoso:2.0:User"] == {"floor": "3/301"}
    assert len(body["schemas"]) == 2


async def test_what_redact_gives_flows_and_is_hidden_in_the_log() -> None:
    contoso = Company()
    contoso.flow("nickName", expression="Redact([employeeId])")
    contoso.hire("ada", assigned=True, employeeId="secret-7")

    await contoso.cycle()

    shown = {one["displayName"]: one["newValue"] for one in contoso.last["modifiedProperties"]}
    assert contoso.accounts["ada"]["nickName"] == "secret-7"
    assert shown["nickName"] == "[Redact]"


async def test_with_the_knob_an_unchanged_attribute_is_not_seen_in_an_incremental_cycle() -> None:
    contoso = Company(delta_only_attributes=True)
    contoso.flow("nickName", expression='Switch([city], "nowhere", "Ghent", "Gantois")')

    operations = await a_person_changed(contoso, {"city": "Ghent", "jobTitle": "Engineer"}, {"jobTitle": "Lead"})

    assert {"op": "Replace", "path": "nickName", "value": "nowhere"} in operations


async def test_without_that_knob_the_whole_object_is_read() -> None:
    contoso = Company()
    contoso.flow("nickName", expression='Switch([city], "nowhere", "Ghent", "Gantois")')

    operations = await a_person_changed(contoso, {"city": "Ghent", "jobTitle": "Engineer"}, {"jobTitle": "Lead"})

    assert operations == [{"op": "Replace", "path": "title", "value": "Lead"}]


async def test_value_add_only_adds_roles_and_takes_none_away() -> None:
    contoso = Company()
    contoso.flow("roles", expression="AppRoleAssignmentsComplex([appRoleAssignments])", flowType="ValueAddOnly")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.assign(ada, DEFAULT_ACCESS)

    await contoso.cycle()

    (operation,) = contoso.bodies[0]["Operations"]
    assert [json.loads(one["value"])["displayName"] for one in operation["value"]] == ["Default Assignment"]


async def test_without_the_action_update_a_match_is_linked_and_left_alone() -> None:
    contoso = Company()
    contoso.map(flowTypes="Add,Delete")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.change(ada, jobTitle="Lead")
    await contoso.cycle()

    assert contoso.sent == ["GET /Users/ada"]
    assert contoso.log[-1] == ("Ada", "other", "skipped")


async def test_an_expression_that_fails_for_the_matching_attribute_fails_the_object() -> None:
    contoso = Company(language=Choices(iif_on_empty_attribute="fails"))
    contoso.flow("userName", expression='IIF([city]="Ghent", [mail], [userPrincipalName])')
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "EntrySynchronizationError"
