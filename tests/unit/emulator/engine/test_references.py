"""Managers and members: the second pass (Learn: how-provisioning-works; known-issues)."""

from __future__ import annotations

import pytest
from company import ENTERPRISE, Company

from emulator.elium import QUIRKY, Fault

MANAGER = f"{ENTERPRISE}:manager"


async def a_manager_later(contoso: Company) -> None:
    """Ada and Bob have accounts; then Bob becomes Ada's manager."""
    ada, bob = contoso.hire("ada", assigned=True), contoso.hire("bob", assigned=True)
    await contoso.cycle()
    contoso.directory.set_manager(ada.id, bob.id)
    await contoso.cycle()


async def test_a_manager_is_asked_for_before_it_is_written_as_a_text() -> None:
    contoso = Company()

    await a_manager_later(contoso)

    bob = contoso.accounts["bob"]["id"]
    assert contoso.sent == [
        "GET /Users/ada",
        "GET /Users?attributes=id&filter=id+eq+%22ada%22+and+manager+eq+%22bob%22",
        "PATCH /Users/ada",
    ]
    assert contoso.bodies[0]["Operations"] == [{"op": "Add", "path": MANAGER, "value": bob}]


async def test_a_manager_that_is_set_already_is_not_written_again() -> None:
    contoso = Company()
    await a_manager_later(contoso)

    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.writes == []


async def test_a_manager_that_elium_never_tells_is_found_by_the_question() -> None:
    contoso = Company()
    contoso.elium.behaviour = QUIRKY
    await a_manager_later(contoso)

    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.writes == []


async def test_the_shape_of_the_tutorial_is_a_knob() -> None:
    contoso = Company(manager_shape="reference-list")

    await a_manager_later(contoso)

    bob = contoso.accounts["bob"]["id"]
    value = [{"$ref": f"https://elium.test/dev/scim/v2/Users/{bob}", "value": bob}]
    assert contoso.bodies[0]["Operations"] == [{"op": "Add", "path": "manager", "value": value}]
    assert contoso.accounts["ada"][ENTERPRISE]["manager"]["value"] == bob


async def test_a_manager_who_is_gone_is_removed() -> None:
    contoso = Company()
    await a_manager_later(contoso)
    ada, _ = contoso.job.links

    contoso.directory.set_manager(ada, None)
    await contoso.cycle()

    assert contoso.bodies[0]["Operations"][0]["op"] == "Remove"
    assert "manager" not in contoso.accounts["ada"].get(ENTERPRISE, {})


async def test_a_manager_is_not_removed_when_the_knob_says_so() -> None:
    contoso = Company(remove_references=False)
    await a_manager_later(contoso)
    ada, _ = contoso.job.links

    contoso.directory.set_manager(ada, None)
    await contoso.cycle()

    assert contoso.writes == []


async def test_a_manager_out_of_scope_is_left_out_with_a_warning() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada", assigned=True), contoso.hire("bob")
    contoso.directory.set_manager(ada.id, bob.id)

    await contoso.cycle()

    line = next(one for one in contoso.service.log(contoso.tenant) if one["sourceIdentity"]["displayName"] == "Ada")
    told = [step["description"] for step in line["provisioningSteps"] if step["status"] == "warning"]
    assert line["provisioningStatusInfo"]["status"] == "warning"
    assert told[0] == f"We were unable to assign {bob.id} as the manager of ada@contoso.com."
    assert "manager" not in contoso.accounts["ada"].get(ENTERPRISE, {})


async def test_a_manager_who_comes_into_scope_later_is_made_up_for_by_a_restart_only() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada", assigned=True), contoso.hire("bob")
    contoso.directory.set_manager(ada.id, bob.id)
    await contoso.cycle()

    contoso.assign(bob)
    await contoso.cycle()
    before = contoso.accounts["ada"].get(ENTERPRISE, {})
    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert "manager" not in before
    assert contoso.accounts["ada"][ENTERPRISE]["manager"]["value"] == contoso.accounts["bob"]["id"]


async def test_a_new_group_is_created_without_members_who_are_added_one_by_one() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), contoso.hire("bob"), assigned=True)

    await contoso.cycle()

    assert contoso.writes == ["POST /Users", "POST /Users", "POST /Groups", "PATCH /Groups/Team", "PATCH /Groups/Team"]
    assert "members" not in contoso.bodies[2]
    member = {"$ref": None, "value": contoso.accounts["ada"]["id"]}
    assert contoso.bodies[3]["Operations"] == [{"op": "Add", "path": "members", "value": [member]}]


@pytest.mark.parametrize(("size", "patches"), [(1, 3), (2, 2), (3, 1)])
async def test_how_many_members_a_patch_carries_is_a_knob(size: int, patches: int) -> None:
    contoso = Company(members_per_patch=size)
    contoso.group("Team", *map(contoso.hire, ("ada", "bob", "cem")), assigned=True)

    await contoso.cycle()

    assert contoso.writes.count("PATCH /Groups/Team") == patches
    assert contoso.teams == {"Team": ["ada", "bob", "cem"]}


async def test_members_without_a_ref_are_a_knob() -> None:
    contoso = Company(member_ref_null=False)
    contoso.group("Team", contoso.hire("ada"), assigned=True)

    await contoso.cycle()

    assert contoso.bodies[-1]["Operations"][0]["value"] == [{"value": contoso.accounts["ada"]["id"]}]


async def test_a_member_out_of_scope_is_left_out() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), contoso.hire("bob", accountEnabled=False), assigned=True)

    await contoso.cycle()

    assert contoso.teams == {"Team": ["ada"]}


async def test_a_member_who_comes_into_scope_later_is_made_up_for_by_a_restart_only() -> None:
    contoso = Company()
    bob = contoso.hire("bob", accountEnabled=False)
    contoso.group("Team", contoso.hire("ada"), bob, assigned=True)
    await contoso.cycle()

    contoso.change(bob, accountEnabled=True)
    await contoso.cycle()
    before = contoso.teams
    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert before == {"Team": ["ada"]}
    assert contoso.teams == {"Team": ["ada", "bob"]}


async def test_another_change_of_the_group_does_not_make_up_for_that_member() -> None:
    contoso = Company()
    bob, cem = contoso.hire("bob", accountEnabled=False), contoso.hire("cem")
    team = contoso.group("Team", contoso.hire("ada"), bob, assigned=True)
    await contoso.cycle()
    contoso.change(bob, accountEnabled=True)
    await contoso.cycle()

    contoso.directory.add_member(team.id, cem.id)
    await contoso.cycle()

    assert contoso.teams == {"Team": ["ada", "cem"]}


async def test_a_group_in_a_group_is_added_as_one_member_and_not_flattened() -> None:
    contoso = Company()
    inner = contoso.group("Inner", contoso.hire("ada"), assigned=True)
    contoso.group("Outer", inner, assigned=True)

    await contoso.cycle()

    assert contoso.teams == {"Inner": ["ada"], "Outer": ["Inner"]}


async def test_a_membership_waits_in_escrow_for_someone_whose_own_export_failed() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), assigned=True)
    contoso.elium.faults.append(Fault(status=500, method="POST", path="/Users"))
    await contoso.cycle()
    before = contoso.teams

    await contoso.cycle()

    assert before == {"Team": []}
    assert contoso.teams == {"Team": ["ada"]}
    assert contoso.job.escrows == {}


async def test_that_escrow_is_a_knob() -> None:
    contoso = Company(escrow_unresolved_references=False)
    contoso.group("Team", contoso.hire("ada"), assigned=True)
    contoso.elium.faults.append(Fault(status=500, method="POST", path="/Users"))
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.teams == {"Team": []}


async def test_a_membership_that_elium_refuses_is_a_failure_of_the_group_and_tried_again() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), assigned=True)
    contoso.elium.faults.append(Fault(status=500, method="PATCH", path="/Groups"))
    await contoso.cycle()
    failed = contoso.log[-1]

    await contoso.cycle()

    assert failed == ("Team", "create", "failure")
    assert contoso.teams == {"Team": ["ada"]}


async def test_a_restart_mends_a_membership_that_was_undone_at_elium() -> None:
    contoso = Company()
    contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()
    (team,) = contoso.elium.groups
    operation = {"op": "remove", "path": "members"}
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
    await contoso.ask_elium("PATCH", f"/Groups/{team['id']}", patch)

    contoso.service.restart(contoso.job, frozenset())
    await contoso.cycle()

    assert contoso.teams == {"Team": ["ada"]}


async def test_asking_before_writing_is_a_knob() -> None:
    contoso = Company(check_references=False)

    await a_manager_later(contoso)

    assert contoso.sent == ["GET /Users/ada", "PATCH /Users/ada"]


async def test_a_group_that_is_renamed_is_updated_alone() -> None:
    contoso = Company()
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()

    contoso.change(team, displayName="Crew")
    await contoso.cycle()

    assert contoso.sent == ["GET /Groups/Crew?excludedAttributes=members", "PATCH /Groups/Crew"]
    assert contoso.bodies[0]["Operations"] == [{"op": "Replace", "path": "displayName", "value": "Crew"}]


async def test_memberships_that_changed_while_their_group_failed_are_not_lost() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada"), contoso.hire("bob", assigned=True)
    team = contoso.group("Team", ada, assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=500, method="PATCH", path="/Groups"))
    contoso.change(team, displayName="Crew")
    contoso.directory.add_member(team.id, bob.id)
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.teams == {"Crew": ["ada", "bob"]}


async def test_asking_about_objects_that_were_just_created_is_a_knob() -> None:
    contoso = Company(check_references_of_new=True)
    contoso.group("Team", contoso.hire("ada"), assigned=True)

    await contoso.cycle()

    assert "GET /Groups?attributes=id&filter=id+eq+%22Team%22+and+members+eq+%22ada%22" in contoso.sent


async def test_a_group_answered_with_its_excluded_members_fails_when_the_knob_says_so() -> None:
    contoso = Company(members_despite_exclusion_fail=True)
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()
    contoso.elium.behaviour = QUIRKY

    contoso.change(team, displayName="Crew")
    await contoso.cycle()

    assert contoso.error == "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


async def test_otherwise_such_a_group_is_provisioned_all_the_same() -> None:
    contoso = Company()
    contoso.elium.behaviour = QUIRKY
    team = contoso.group("Team", contoso.hire("ada"), assigned=True)
    await contoso.cycle()

    contoso.change(team, displayName="Crew")
    await contoso.cycle()

    assert contoso.teams == {"Crew": ["ada"]}
