from __future__ import annotations

from uuid import UUID

import pytest

from emulator.company.clock import StandingClock
from emulator.company.refusal import Refusal
from emulator.company.store import Aspect, Assignment, Change, Directory, Kind, World


@pytest.fixture
def directory() -> Directory:
    """Give a directory with two people and a group."""
    made = Directory(StandingClock())
    for name in ("ada", "grace"):
        made.add(Kind.USER, {"id": name})
    made.add(Kind.GROUP, {"id": "group"})
    made.add(Kind.SERVICE_PRINCIPAL, {"id": "app"})
    return made


def assign(directory: Directory) -> Assignment:
    assignment = Assignment("1", "ada", "app", "role", directory.clock.now())
    directory.assign(assignment)
    return assignment


def test_an_object_is_found_by_id_and_kind(directory: Directory) -> None:
    assert directory.find("ADA") is directory.get("ada", Kind.USER)
    assert directory.find("ada", Kind.GROUP) is None
    assert [user.id for user in directory.all(Kind.USER)] == ["ada", "grace"]


def test_what_is_not_there_is_refused_in_graphs_words(directory: Directory) -> None:
    with pytest.raises(Refusal, match="'nobody' does not exist") as refused:
        directory.get("nobody")

    assert (refused.value.status, refused.value.code) == (404, "Request_ResourceNotFound")


def test_members_are_known_from_both_sides(directory: Directory) -> None:
    directory.add_member("group", "ada")

    assert (
        [member.id for member in directory.members_of("group")],
        [group.id for group in directory.groups_of("ada")],
    ) == (["ada"], ["group"])
    assert directory.is_member("group", "ada")


def test_what_is_deleted_keeps_its_relations_until_it_comes_back(directory: Directory) -> None:
    directory.add_member("group", "ada")
    directory.delete("ada")
    assert directory.members_of("group") == []
    directory.restore("ada")

    assert [member.id for member in directory.members_of("group")] == ["ada"]


def test_what_is_purged_leaves_nothing_behind(directory: Directory) -> None:
    directory.add_member("group", "ada")
    directory.set_manager("grace", "ada")
    directory.set_manager("ada", "grace")
    assign(directory)
    for gone in ("ada", "group"):
        directory.delete(gone)
        directory.purge(gone)

    assert (directory.assignments, directory.manager_of("grace"), directory.assigned_to("app")) == ({}, None, [])


def test_only_what_is_in_the_recycle_bin_is_restored_or_purged(directory: Directory) -> None:
    for act in (directory.restore, directory.purge):
        with pytest.raises(Refusal):
            act("ada")


def test_ending_what_never_began_is_refused(directory: Directory) -> None:
    with pytest.raises(Refusal):
        directory.remove_member("group", "ada")
    with pytest.raises(Refusal):
        directory.remove_owner("group", "ada")
    with pytest.raises(Refusal):
        directory.unassign("1")


def test_a_manager_is_changed_and_removed(directory: Directory) -> None:
    directory.set_manager("ada", "grace")
    length = len(directory.journal)
    directory.set_manager("ada", "grace")
    assert length == len(directory.journal)
    directory.set_manager("ada", None)

    assert directory.manager_of("ada") is None


def test_owners_come_and_go(directory: Directory) -> None:
    directory.add_owner("group", "ada")
    before = [owner.id for owner in directory.owners_of("group")]
    directory.remove_owner("group", "ada")

    assert (before, directory.owners_of("group")) == (["ada"], [])


def test_an_assignment_is_known_from_both_sides(directory: Directory) -> None:
    assignment = assign(directory)

    assert [assignment] == directory.assigned_to("app") == directory.assignments_of("ada")


def test_the_journal_tells_every_change_in_order(directory: Directory) -> None:
    start = len(directory.journal)
    directory.change("ada", {"displayName": "Ada"})
    directory.add_member("group", "ada")
    directory.delete("ada")

    assert [
        Change("ada", Aspect.PROPERTIES),
        Change("group", Aspect.MEMBERS),
        Change("ada", Aspect.MEMBERS),
        Change("ada", Aspect.DELETED),
    ] == directory.journal[start:]


def test_a_tenant_is_found_by_id_and_by_domain() -> None:
    world = World(StandingClock(), lambda: UUID(int=7))
    tenant = world.add_tenant("t", "Contoso", "contoso.com")

    assert tenant is world.tenant("T") is world.tenant("contoso.com")
    assert world.id() == "00000000-0000-0000-0000-000000000007"
    with pytest.raises(Refusal):
        world.tenant("other")


def test_synchronization_is_there_from_the_first_look() -> None:
    tenant = World(StandingClock(), lambda: UUID(int=7)).add_tenant("t", "Contoso", "contoso.com")

    assert tenant.synchronization_of("app") is tenant.synchronization_of("app")


def test_what_there_is_few_of_is_listed_without_going_through_everybody(directory: Directory) -> None:
    def listed(where: Directory) -> list[str]:
        return [found.id for found in where.all(Kind.GROUP)]

    directory.add(Kind.GROUP, {"id": "second"})
    seen = [listed(directory)]
    directory.delete("group")
    seen.append(listed(directory))
    directory.restore("group")
    seen.append(listed(directory))

    assert seen == [["group", "second"], ["second"], ["second", "group"]]
    assert listed(Directory(directory.clock, dict(directory.objects))) == seen[-1]
