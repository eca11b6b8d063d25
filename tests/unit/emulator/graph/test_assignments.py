from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from asking import elium_app, graph_of, named

from emulator import Emulator
from emulator.company.entitlements import new_id
from emulator.company.store import DEFAULT_ACCESS, Kind
from emulator.moods.graph_knobs import GraphKnobs
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Seed


@pytest.fixture
async def principal(graph: httpx2.AsyncClient) -> dict[str, Any]:
    """Elium's service principal."""
    found: dict[str, Any] = (await elium_app(graph))["servicePrincipal"]
    return found


def asked(emulator: Emulator, principal: dict[str, Any], **changes: str) -> dict[str, str]:
    group = named(emulator, Kind.GROUP, "Elium users").id
    role = principal["appRoles"][0]["id"]
    return {"principalId": group, "resourceId": principal["id"], "appRoleId": role, **changes}


@witness("The id of an app role assignment is the principal and a random id, little-endian, in base64url")
def test_an_id_is_the_principal_and_a_random_id() -> None:
    person, random = UUID("3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"), UUID("c9e2a1b0-1111-4222-8333-444455556666")
    identifier = new_id(str(person), random)

    assert person.bytes_le + random.bytes_le == base64.urlsafe_b64decode(identifier + "=")
    assert len(identifier) == 43


@witness(
    "POST /servicePrincipals/{id}/appRoleAssignedTo",
    "GET /servicePrincipals/{id}/appRoleAssignedTo",
    "GET /servicePrincipals/{id}/appRoleAssignedTo/{assignment}",
    "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignment}",
)
async def test_a_group_is_assigned_and_unassigned(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    made = await graph.post(path, json=asked(emulator, principal))
    listed = (await graph.get(path)).json()["value"]
    one = await graph.get(f"{path}/{made.json()['id']}")
    removed = await graph.delete(f"{path}/{made.json()['id']}")
    gone = await graph.get(f"{path}/{made.json()['id']}")

    assert (made.status_code, one.status_code, removed.status_code, gone.status_code) == (201, 200, 204, 404)
    assert [(each["principalDisplayName"], each["principalType"]) for each in listed] == [("Elium users", "Group")]


@witness(
    "GET /servicePrincipals/{id}/appRoleAssignedTo/$count",
    "GET /servicePrincipals/{id}/appRoleAssignments/$count",
    "GET /users/{id}/appRoleAssignments/$count",
    "GET /groups/{id}/appRoleAssignments/$count",
)
async def test_assignments_are_counted(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    await graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=asked(emulator, principal))
    group = named(emulator, Kind.GROUP, "Elium users").id
    ada = named(emulator, Kind.USER, "Ada Byron").id
    paths = {
        f"/servicePrincipals/{principal['id']}/appRoleAssignedTo": "1",
        f"/servicePrincipals/{principal['id']}/appRoleAssignments": "0",
        f"/groups/{group}/appRoleAssignments": "1",
        f"/users/{ada}/appRoleAssignments": "0",
    }

    assert {path: (await graph.get(f"{path}/$count")).text for path in paths} == paths


async def test_assignments_are_filtered_by_the_principals_name(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    await graph.post(path, json=asked(emulator, principal))
    found = await graph.get(path, params={"$filter": "startswith(principalDisplayName,'elium')"})
    none = await graph.get(path, params={"$filter": "principalDisplayName eq 'Guests'"})

    assert (len(found.json()["value"]), len(none.json()["value"])) == (1, 0)


@witness("A second equal assignment is refused in one of the two observed wordings")
async def test_a_second_equal_assignment_is_refused(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    client = named(emulator, Kind.SERVICE_PRINCIPAL, "elium-reader").id
    for changes, sentence in (
        ({}, "EntitlementGrant entry already exists."),
        ({"principalId": client}, "Permission being assigned already exists on the object"),
        ({"principalId": client, "appRoleId": DEFAULT_ACCESS}, "EntitlementGrant entry already exists."),
    ):
        body = asked(emulator, principal, **changes)
        await graph.post(path, json=body)
        again = await graph.post(path, json=body)

        assert (400, sentence) == (again.status_code, again.json()["error"]["message"])


async def test_a_duplicate_can_be_a_conflict(seed: Seed) -> None:
    emulator = Emulator(seed=seed, graph_knobs=GraphKnobs(duplicate_is_conflict=True))
    async with graph_of(emulator) as graph:
        principal = (await elium_app(graph))["servicePrincipal"]
        path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
        await graph.post(path, json=asked(emulator, principal))
        again = await graph.post(path, json=asked(emulator, principal))

    assert again.status_code == 409


@witness("An app role that does not exist cannot be assigned")
async def test_an_unknown_role_cannot_be_assigned(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    body = asked(emulator, principal, appRoleId="11111111-1111-4111-8111-111111111111")
    answer = await graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=body)

    assert (
        answer.status_code,
        answer.json()["error"]["message"],
    ) == (400, "Permission being assigned was not found on application")


async def test_default_access_beside_roles_can_be_refused(seed: Seed) -> None:
    emulator = Emulator(seed=seed, graph_knobs=GraphKnobs(default_access_beside_roles=False))
    async with graph_of(emulator) as graph:
        principal = (await elium_app(graph))["servicePrincipal"]
        body = asked(emulator, principal, appRoleId=DEFAULT_ACCESS)
        answer = await graph.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=body)

    assert answer.status_code == 400


async def test_both_sides_must_be_what_they_should_be(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    application = named(emulator, Kind.APPLICATION, "elium-reader").id
    nobody = "11111111-1111-4111-8111-111111111111"
    answers = [
        await graph.post(path, json=asked(emulator, principal, **changes))
        for changes in (
            {"principalId": "x"},
            {"principalId": nobody},
            {"principalId": application},
            {"resourceId": nobody},
        )
    ]

    assert [answer.status_code for answer in answers] == [400, 404, 400, 400]


async def test_an_assignments_id_must_look_like_one(graph: httpx2.AsyncClient, principal: dict[str, Any]) -> None:
    answer = await graph.get(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo/short")

    assert answer.json()["error"]["message"] == "Invalid resource identifier for EntitlementGrant."


@witness("GET /appRoleAssignments/{id}")
async def test_assignments_cannot_be_asked_for_by_themselves(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/appRoleAssignments/x")

    assert (
        answer.status_code,
        answer.json()["error"]["message"],
    ) == (400, "Direct queries to this resource type are not supported.")


async def test_an_assignment_cannot_be_changed(graph: httpx2.AsyncClient, principal: dict[str, Any]) -> None:
    answer = await graph.patch(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo/x", json={})

    assert (
        answer.status_code,
        answer.json()["error"]["message"],
    ) == (405, "Specified HTTP method is not allowed for the request target.")


async def round_trip(
    graph: httpx2.AsyncClient, emulator: Emulator, principal: dict[str, Any], path: str, holder: str
) -> tuple[int, list[str], int, int]:
    body = asked(emulator, principal, principalId=holder)
    made = await graph.post(path, json=body)
    listed = (await graph.get(path)).json()["value"]
    one = await graph.get(f"{path}/{made.json()['id']}")
    removed = await graph.delete(f"{path}/{made.json()['id']}")
    return made.status_code, [each["resourceDisplayName"] for each in listed], one.status_code, removed.status_code


@witness(
    "GET /users/{id}/appRoleAssignments",
    "POST /users/{id}/appRoleAssignments",
    "GET /users/{id}/appRoleAssignments/{assignment}",
    "DELETE /users/{id}/appRoleAssignments/{assignment}",
)
async def test_a_user_holds_roles(emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]) -> None:
    user = named(emulator, Kind.USER, "Ada Byron").id
    path = f"/users/{user}/appRoleAssignments"

    assert await round_trip(graph, emulator, principal, path, user) == (201, ["Elium (prod)"], 200, 204)


@witness(
    "GET /groups/{id}/appRoleAssignments",
    "POST /groups/{id}/appRoleAssignments",
    "GET /groups/{id}/appRoleAssignments/{assignment}",
    "DELETE /groups/{id}/appRoleAssignments/{assignment}",
)
async def test_a_group_holds_roles(emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]) -> None:
    group = named(emulator, Kind.GROUP, "Guests").id
    path = f"/groups/{group}/appRoleAssignments"

    assert await round_trip(graph, emulator, principal, path, group) == (201, ["Elium (prod)"], 200, 204)


@witness(
    "GET /servicePrincipals/{id}/appRoleAssignments",
    "POST /servicePrincipals/{id}/appRoleAssignments",
    "GET /servicePrincipals/{id}/appRoleAssignments/{assignment}",
    "DELETE /servicePrincipals/{id}/appRoleAssignments/{assignment}",
)
async def test_an_application_holds_roles(
    emulator: Emulator, graph: httpx2.AsyncClient, principal: dict[str, Any]
) -> None:
    other = (await elium_app(graph, "Another"))["servicePrincipal"]["id"]
    path = f"/servicePrincipals/{other}/appRoleAssignments"

    assert await round_trip(graph, emulator, principal, path, other) == (201, ["Elium (prod)"], 200, 204)
