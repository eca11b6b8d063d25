"""Every row of the table of leaving (Learn: how-provisioning-works#deprovisioning)."""

from __future__ import annotations

from typing import Any

import pytest
from company import Company

DISABLED = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
}


async def a_company(**knobs: Any) -> Company:
    """Ada and Bob are assigned, and have their accounts."""
    contoso = Company(**knobs)
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True)
    await contoso.cycle()
    return contoso


async def test_a_who_is_unassigned_is_disabled_and_the_link_is_kept() -> None:
    contoso = await a_company()
    bob = contoso.directory.objects[contoso.job.sources[contoso.accounts["bob"]["id"]]]

    contoso.unassign(bob)
    await contoso.cycle()

    assert contoso.sent == ["GET /Users/bob", "PATCH /Users/bob"]
    assert contoso.bodies == [DISABLED]
    assert bob.id in contoso.job.links


async def test_a_who_stays_in_another_assigned_group_is_left_alone() -> None:
    contoso = Company()
    ada = contoso.hire("ada")
    first = contoso.group("First", ada, assigned=True)
    contoso.group("Second", ada, assigned=True)
    await contoso.cycle()

    contoso.directory.remove_member(first.id, ada.id)
    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.writes == ["PATCH /Groups/First"]


async def test_b_who_fails_the_filter_is_disabled() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True, department="Sales")
    contoso.filter("department", "EQUALS", "Sales")
    await contoso.cycle()

    contoso.change(ada, department="Finance")
    await contoso.cycle()

    assert contoso.bodies == [DISABLED]


async def test_c_whose_account_is_disabled_is_disabled() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.change(ada, accountEnabled=False)
    await contoso.cycle()

    assert contoso.bodies == [DISABLED]


async def test_d_who_is_in_the_recycle_bin_is_disabled_and_not_deleted() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    await contoso.cycle()

    assert contoso.writes == ["PATCH /Users/ada"]
    assert contoso.active == {"ada": False}


async def test_e_who_is_deleted_for_good_is_deleted() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.directory.delete(ada.id)
    await contoso.cycle()

    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert [one.partition(" ")[0] for one in contoso.sent] == ["DELETE"]
    assert contoso.active == {}
    assert contoso.job.links == {}


async def test_f_who_left_before_is_deleted_for_good_too() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.unassign(ada)
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    await contoso.cycle()
    soft = contoso.sent
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert soft == []
    assert contoso.active == {}


async def test_f_the_knob_says_that_who_left_before_is_never_deleted() -> None:
    contoso = Company(delete_after_unassign="never")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.unassign(ada)
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert contoso.active == {"ada": False}
    assert contoso.sent == []


async def test_g_who_is_deleted_and_purged_between_two_cycles_is_deleted() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert contoso.active == {}


async def test_g_the_knob_loses_such_a_purge() -> None:
    contoso = Company(lost_fast_purge=True)
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.sent == []


async def test_h_who_comes_back_is_enabled_with_what_changed_and_not_created_again() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True, jobTitle="Engineer")
    await contoso.cycle()
    contoso.directory.delete(ada.id)
    await contoso.cycle()

    contoso.directory.restore(ada.id)
    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert contoso.writes == ["PATCH /Users/ada"]
    assert contoso.bodies[0]["Operations"] == [
        {"op": "Replace", "path": "active", "value": "True"},
        {"op": "Replace", "path": "title", "value": "Manager"},
    ]


async def test_h_memberships_of_who_comes_back_are_not_sent_again() -> None:
    contoso = Company()
    ada = contoso.hire("ada")
    contoso.group("Team", ada, assigned=True)
    await contoso.cycle()
    contoso.change(ada, accountEnabled=False)
    await contoso.cycle()

    contoso.change(ada, accountEnabled=True)
    await contoso.cycle()

    assert contoso.writes == ["PATCH /Users/ada"]


async def test_i_when_a_group_is_unassigned_its_people_are_disabled_and_then_it_is_deleted() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"), contoso.hire("bob"), assigned=True)
    await contoso.cycle()

    contoso.unassign(team)
    await contoso.cycle()

    assert contoso.active == {"ada": False, "bob": False}
    assert contoso.teams == {}
    assert [one.partition(" ")[0] for one in contoso.writes] == ["PATCH", "PATCH", "DELETE"]


async def test_i_a_group_that_is_deleted_in_the_directory_is_deleted() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()

    contoso.directory.delete(team.id)
    await contoso.cycle()

    assert contoso.active == {"ada": False}
    assert contoso.teams == {}


async def test_i_a_group_that_is_deleted_for_good_is_deleted_and_its_people_are_disabled() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()

    contoso.directory.delete(team.id)
    contoso.directory.purge(team.id)
    await contoso.cycle()

    assert contoso.active == {"ada": False}
    assert contoso.teams == {}
    assert team.id not in contoso.job.links


async def test_i_nothing_is_sent_for_a_group_when_the_action_delete_is_off() -> None:
    contoso = Company()
    contoso.map("Group", flowTypes="Add,Update")
    team = contoso.group("Team", assigned=True)
    await contoso.cycle()

    contoso.unassign(team)
    await contoso.cycle()

    assert contoso.teams == {"Team": []}
    assert contoso.sent == []


async def test_j_who_is_removed_from_a_group_is_disabled_and_leaves_it() -> None:
    contoso = Company()
    ada = contoso.hire("ada")
    team = contoso.group("Team", ada, assigned=True)
    await contoso.cycle()

    contoso.directory.remove_member(team.id, ada.id)
    await contoso.cycle()

    assert contoso.writes == ["PATCH /Users/ada", "PATCH /Groups/Team"]
    member = {"$ref": None, "value": contoso.accounts["ada"]["id"]}
    assert contoso.bodies[1]["Operations"] == [{"op": "Remove", "path": "members", "value": [member]}]


async def test_k_who_was_never_in_scope_is_left_alone_and_logged_as_skipped() -> None:
    contoso = Company()
    contoso.hire("eve")

    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.log == [("Eve", "other", "skipped")]


async def test_without_the_action_update_nobody_is_disabled() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.map(flowTypes="Add,Delete")
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.active == {"ada": True}


async def test_without_the_action_delete_a_hard_delete_is_ignored() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.map(flowTypes="Add,Update")
    await contoso.cycle()

    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_without_the_action_create_nobody_is_created_but_who_exists_is_updated() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.map(flowTypes="Update")
    contoso.service.restart(contoso.job, frozenset())
    contoso.job.links.clear()

    contoso.hire("bob", assigned=True)
    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert len(contoso.job.links) == 1


async def test_without_a_mapping_of_is_soft_deleted_leaving_sends_nothing() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.flow("active", expression='"True"')
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.sent == []


async def test_a_mapping_of_is_soft_deleted_to_another_attribute_sets_that_one() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.flow("userType", expression='Switch([IsSoftDeleted], , "False", "Member", "True", "Gone")')
    contoso.flow("active", expression='"True"')
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.bodies[0]["Operations"] == [{"op": "Replace", "path": "userType", "value": "Gone"}]


async def test_skip_out_of_scope_deletions_keeps_everybody_who_leaves() -> None:
    contoso = Company()
    people = [contoso.hire(name, assigned=True) for name in ("ada", "bob", "cem")]
    contoso.save(SkipOutOfScopeDeletions="True")
    await contoso.cycle()

    contoso.unassign(people[0])
    contoso.change(people[1], accountEnabled=False)
    contoso.directory.delete(people[2].id)
    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.active == {"ada": True, "bob": True, "cem": True}


async def test_who_was_kept_is_disabled_once_the_skipping_ends_and_the_job_restarts() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    contoso.save(SkipOutOfScopeDeletions="True")
    await contoso.cycle()
    contoso.unassign(ada)
    await contoso.cycle()

    contoso.save(SkipOutOfScopeDeletions="")
    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.active == {"ada": False}


async def test_a_connector_that_cannot_disable_deletes() -> None:
    contoso = Company(supports_soft_delete=False)
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.active == {}


async def test_deleting_the_job_sends_nothing() -> None:
    contoso = await a_company()
    contoso.sites.received.clear()

    contoso.service.delete_job(contoso.tenant, contoso.app.id, contoso.job.id)

    assert contoso.service.next_due() is None
    assert len(contoso.sites.received) == 0


async def test_who_is_gone_at_elium_needs_no_disabling() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.writes == []
    assert contoso.job.links == {}


@pytest.mark.parametrize(("knob", "active"), [(False, True), (True, False)])
async def test_whether_a_disabled_account_alone_disables_is_a_knob(*, knob: bool, active: bool) -> None:
    contoso = Company(account_enabled_disables=knob)
    contoso.flow("active", expression="[accountEnabled]")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.change(ada, accountEnabled=False)
    await contoso.cycle()

    assert contoso.active == {"ada": active}


async def test_with_that_knob_who_is_unassigned_stays_active_all_the_same() -> None:
    contoso = Company(account_enabled_disables=True)
    contoso.flow("active", expression="[accountEnabled]")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


@pytest.mark.parametrize("told", ["True", "true", "TRUE", "1"])
async def test_skipping_out_of_scope_deletions_is_told_in_any_case_or_as_one(told: str) -> None:
    contoso = Company()
    contoso.save(SkipOutOfScopeDeletions=told)
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.active == {"ada": True}


@pytest.mark.parametrize("told", ["left", "hidden", "purged"])
async def test_references_of_who_is_not_provisioned_any_more_are_left_alone(told: str) -> None:
    contoso = Company()
    bob = contoso.hire("bob", assigned=True)
    ada = contoso.hire("ada", assigned=True, department="Sales")
    team = contoso.group("Team", bob, assigned=True)
    contoso.directory.set_manager(ada.id, bob.id)
    contoso.flow("active", expression="[accountEnabled]")
    contoso.map("Group", flowTypes="Add,Update")
    await contoso.cycle()

    if told == "left":
        contoso.unassign(ada)
    elif told == "hidden":
        clause = {"sourceOperandName": "department", "operatorName": "IS NULL", "targetOperand": {"values": []}}
        contoso.map(scope={"groups": [], "inputFilterGroups": [{"name": "x", "clauses": [clause]}]})
    else:
        contoso.directory.delete(team.id)
        contoso.directory.purge(team.id)
    contoso.directory.set_manager(ada.id, None if told != "purged" else bob.id)
    await contoso.cycle()

    assert contoso.writes == []


async def test_who_comes_back_is_looked_at_although_nothing_was_sent_of_the_leaving() -> None:
    contoso = Company()
    contoso.save(SkipOutOfScopeDeletions="True")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.unassign(ada)
    await contoso.cycle()
    contoso.change(ada, jobTitle="Lead")
    await contoso.cycle()

    contoso.assign(ada)
    await contoso.cycle()

    assert contoso.accounts["ada"]["title"] == "Lead"
