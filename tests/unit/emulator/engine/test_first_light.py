"""A small company appears in Elium, and a leaver is disabled."""

from __future__ import annotations

from company import Company


async def test_people_of_an_assigned_group_appear_in_elium() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada"), contoso.hire("bob")
    contoso.group("Knowledge", ada, bob, assigned=True)
    contoso.hire("eve")

    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": True}
    assert contoso.teams == {"Knowledge": ["ada", "bob"]}


async def test_a_leaver_is_disabled_and_not_deleted() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada"), contoso.hire("bob")
    team = contoso.group("Knowledge", ada, bob, assigned=True)
    await contoso.cycle()

    contoso.directory.remove_member(team.id, bob.id)
    await contoso.cycle()

    assert contoso.active == {"ada": True, "bob": False}
    assert contoso.teams == {"Knowledge": ["ada"]}


async def test_a_second_cycle_without_changes_sends_nothing_but_the_probe() -> None:
    contoso = Company()
    contoso.group("Knowledge", contoso.hire("ada"), assigned=True)
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.sent == []
    assert len(contoso.sites.received) == 2


async def test_a_manager_is_set_once_both_exist() -> None:
    contoso = Company()
    ada, bob = contoso.hire("ada", assigned=True), contoso.hire("bob", assigned=True)
    contoso.directory.set_manager(ada.id, bob.id)

    await contoso.cycle()

    extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert contoso.accounts["bob"]["id"] == contoso.accounts["ada"][extension]["manager"]["value"]
