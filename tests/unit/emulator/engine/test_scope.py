"""Who is in scope (Learn: how-provisioning-works#scoping)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from company import Company

from emulator.company.store import DEFAULT_ACCESS
from provisioning.language import Choices
from tools.manual.parity import witness


async def test_who_is_assigned_directly_is_in_scope() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_who_is_disabled_from_the_start_is_never_created() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True, accountEnabled=False)

    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.last["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "NotEffectivelyEntitled"


async def test_nested_membership_does_not_count() -> None:
    contoso = Company()
    inner = contoso.group("Inner", contoso.hire("ada"))
    contoso.group("Outer", inner, assigned=True)

    await contoso.cycle()

    assert contoso.active == {}
    assert contoso.teams == {"Outer": []}


async def test_a_group_that_is_no_security_group_does_not_count() -> None:
    contoso = Company()
    contoso.group("Mail", contoso.hire("ada"), assigned=True, securityEnabled=False)

    await contoso.cycle()

    assert contoso.active == {}


async def test_when_a_group_becomes_a_security_group_its_people_come_in() -> None:
    contoso = Company()
    team = contoso.group("Mail", contoso.hire("ada"), assigned=True, securityEnabled=False)
    await contoso.cycle()

    contoso.change(team, securityEnabled=True)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_a_group_is_provisioned_only_when_it_is_assigned_itself() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.group("Team", ada)

    await contoso.cycle()

    assert contoso.teams == {}


async def test_groups_are_not_provisioned_when_their_mapping_is_switched_off() -> None:
    contoso = Company()
    contoso.map("Group", enabled=False)
    contoso.group("Team", contoso.hire("ada"), assigned=True)

    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.teams == {}


async def test_with_sync_all_everybody_who_is_active_is_in_scope() -> None:
    contoso = Company(sync_all=True)
    contoso.hire("ada")
    contoso.hire("bob", accountEnabled=False)
    contoso.group("Team")

    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.teams == {"Team": []}


@pytest.mark.parametrize("written", ["True", "true", "TRUE"])
async def test_sync_all_is_read_in_any_case(written: str) -> None:
    contoso = Company()
    contoso.save(SyncAll=written)
    contoso.hire("ada")

    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_default_access_counts_like_any_role() -> None:
    contoso = Company()
    contoso.assign(contoso.hire("ada"), DEFAULT_ACCESS)

    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_the_knob_excludes_default_access_as_the_tutorials_say() -> None:
    contoso = Company(exclude_default_access=True)
    contoso.assign(contoso.hire("ada"), DEFAULT_ACCESS)

    await contoso.cycle()

    assert contoso.active == {}
    assert contoso.details("EntrySynchronizationScoping")["User has the required role"] == "False"


async def test_a_filter_that_admits_nobody_creates_nobody_and_says_why() -> None:
    contoso = Company()
    contoso.filter("department", "EQUALS", "Sales")
    contoso.hire("ada", assigned=True, department="Finance")

    await contoso.cycle()

    assert contoso.active == {}
    assert contoso.details("EntrySynchronizationScoping")["Scoping filter evaluation passed"] == "False"
    assert contoso.details("EntrySynchronizationSkip")["SkipReason"] == "EntrySynchronizationSkipped"


async def test_the_log_names_the_filter_and_what_it_said() -> None:
    contoso = Company()
    contoso.filter("department", "EQUALS", "Sales")
    contoso.hire("ada", assigned=True, department="Sales")

    await contoso.cycle()

    said = contoso.details("EntrySynchronizationScoping")["ScopeEvaluationResult"]
    assert said == "{\"Only.department EQUALS 'Sales'\":true}"


async def test_the_older_wording_of_the_scope_is_a_knob() -> None:
    contoso = Company(scoping_details="names")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.details("EntrySynchronizationScoping") == {
        "IsActive": "True",
        "Assigned": "True",
        "IsEffectivelyEntitledForProvisioning": "True",
        "IsInProvisioningScopeDisplayName": "True",
        "ScopeEvaluationResult": "{}",
    }


async def test_an_assignment_is_noticed_although_the_user_did_not_change() -> None:
    contoso = Company()
    ada = contoso.hire("ada")
    await contoso.cycle()

    contoso.assign(ada)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_people_come_in_when_their_group_is_assigned() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"))
    await contoso.cycle()

    contoso.assign(team)
    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.teams == {"Team": ["ada"]}


async def test_people_come_back_when_their_group_is_restored() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()
    contoso.directory.delete(team.id)
    await contoso.cycle()

    contoso.directory.restore(team.id)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_an_assignment_to_another_application_concerns_nobody_here() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.assign_elsewhere(ada)
    await contoso.cycle()

    assert contoso.sent == []


async def test_an_assignment_is_honoured_after_the_lag() -> None:
    contoso = Company(assignment_lag=timedelta(minutes=50))
    contoso.hire("ada", assigned=True)
    contoso.group("Team", contoso.hire("bob"), assigned=True)
    await contoso.cycle()
    at_first = contoso.active

    await contoso.pass_time(timedelta(minutes=90))

    assert at_first == {}
    assert contoso.active == {"ada": True, "bob": True}


async def test_the_log_says_that_everybody_is_synchronized() -> None:
    contoso = Company(sync_all=True)
    contoso.hire("ada")

    await contoso.cycle()

    assert contoso.details("EntrySynchronizationScoping")["Scope sync all"] == "True"


def early(name: str, value: str) -> dict[str, object]:
    clause = {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": [value]}}
    return {"groups": [], name: [{"name": "Early", "clauses": [clause]}]}


@pytest.mark.parametrize("name", ["inputFilterGroups", "categoryFilterGroups"])
async def test_whom_an_experimental_filter_keeps_out_is_not_provisioned(name: str) -> None:
    contoso = Company()
    contoso.map(scope=early(name, "Sales"))
    contoso.hire("ada", assigned=True, department="Sales")
    contoso.hire("bob", assigned=True, department="IT")

    await contoso.cycle()

    assert contoso.active == {"ada": True}


@witness("Input filters keep out without deprovisioning")
@pytest.mark.parametrize(("name", "active"), [("inputFilterGroups", True), ("categoryFilterGroups", False)])
async def test_who_stops_satisfying_an_input_filter_is_not_deprovisioned(name: str, *, active: bool) -> None:
    contoso = Company()
    contoso.map(scope=early(name, "Sales"))
    ada = contoso.hire("ada", assigned=True, department="Sales")
    await contoso.cycle()

    contoso.change(ada, department="IT")
    await contoso.cycle()

    assert contoso.active == {"ada": active}


async def test_whom_an_input_filter_keeps_out_is_not_in_the_log() -> None:
    contoso = Company()
    contoso.map(scope=early("inputFilterGroups", "Sales"))
    contoso.hire("bob", assigned=True, department="IT")

    await contoso.cycle()

    assert contoso.log == []


@pytest.mark.parametrize("name", ["inputFilterGroups", "categoryFilterGroups"])
async def test_that_experimental_filters_are_ignored_is_a_knob(name: str) -> None:
    contoso = Company(language=Choices(experimental_groups="are ignored"))
    contoso.map(scope=early(name, "Sales"))
    contoso.hire("bob", assigned=True, department="IT")

    await contoso.cycle()

    assert contoso.active == {"bob": True}


@pytest.mark.parametrize(("leaving", "active"), [("deprovisions", False), ("leaves alone", True)])
async def test_what_becomes_of_who_leaves_the_category_is_a_knob(
    leaving: Literal["deprovisions", "leaves alone"], *, active: bool
) -> None:
    contoso = Company(language=Choices(leaving_the_category=leaving))
    contoso.map(scope=early("categoryFilterGroups", "Sales"))
    ada = contoso.hire("ada", assigned=True, department="Sales")
    await contoso.cycle()

    contoso.change(ada, department="IT")
    await contoso.cycle()

    assert contoso.active == {"ada": active}


async def test_whom_a_filter_cannot_be_asked_about_fails_and_the_others_do_not() -> None:
    contoso = Company(language=Choices(regex_limit=0.01))
    contoso.filter("department", "REGEX MATCH", "(a|aa)+$|Sales")
    contoso.hire("ada", assigned=True, department=f"{'a' * 60}!")
    contoso.hire("bob", assigned=True, department="Sales")

    await contoso.cycle()

    assert contoso.active == {"bob": True}
    assert [line for line in contoso.log if line[2] == "failure"] == [("Ada", "other", "failure")]
    assert contoso.job.escrows != {}
