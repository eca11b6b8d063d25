from __future__ import annotations

from emulator.company import seed as seeds
from emulator.company.clock import StandingClock
from emulator.company.populate import load, populate
from emulator.company.store import DirectoryObject, Kind, Tenant
from emulator.identity.permissions import granted_to


def contoso() -> Tenant:
    return load().tenant("contoso.com")


def called(tenant: Tenant, kind: Kind, name: str) -> DirectoryObject:
    return next(found for found in tenant.directory.all(kind) if found.properties["displayName"] == name)


def test_what_is_left_out_is_derived() -> None:
    joseph = called(contoso(), Kind.USER, "Joseph O'Neill").properties

    assert (joseph["givenName"], joseph["surname"], joseph["mailNickname"]) == ("Joseph", "O'Neill", "joseph.oneill")
    assert joseph["proxyAddresses"] == ["SMTP:joseph.oneill@contoso.com"]


def test_what_is_given_as_nothing_stays_nothing() -> None:
    hypatia = called(contoso(), Kind.USER, "Hypatia").properties
    muhammad = called(contoso(), Kind.USER, "Muhammad al-Khwarizmi").properties

    assert (hypatia["givenName"], hypatia["surname"]) == ("Hypatia", None)
    assert (muhammad["mail"], muhammad["proxyAddresses"]) == (None, [])


def test_groups_nest_and_people_have_managers() -> None:
    tenant = contoso()
    engineering = called(tenant, Kind.GROUP, "Engineering")
    manager = tenant.directory.manager_of(called(tenant, Kind.USER, "Ada Byron").id)

    assert [member.properties["displayName"] for member in tenant.directory.members_of(engineering.id)] == [
        "Barbara Liskov",
        "Platform team",
        "Compiler team",
    ]
    assert (manager.properties["displayName"] if manager else None) == "Grace Hopper"


def test_permissions_are_granted_by_assignments_on_microsoft_graph() -> None:
    tenant = contoso()
    reader = called(tenant, Kind.SERVICE_PRINCIPAL, "elium-reader")

    assert {
        "Application.Read.All",
        "AuditLog.Read.All",
        "Directory.Read.All",
        "Synchronization.Read.All",
    } == granted_to(tenant.directory, reader)


def test_only_a_hash_of_a_secret_is_kept() -> None:
    seed = seeds.read()
    world = populate(seed, clock=StandingClock())

    assert not [client for client in seed.clients if str(client.secret) in repr(world)]
