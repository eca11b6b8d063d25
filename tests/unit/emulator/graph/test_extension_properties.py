"""Directory extensions (graph: extensionproperty)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


@pytest.fixture
async def application(graph: httpx2.AsyncClient) -> dict[str, Any]:
    """Register an application that holds extensions."""
    made: dict[str, Any] = (await graph.post("/applications", json={"displayName": "Extensions"})).json()
    return made


async def extend(graph: httpx2.AsyncClient, application: dict[str, Any], name: str, **told: Any) -> str:
    body = {"name": name, "dataType": "String", "targetObjects": ["User"], **told}
    made = await graph.post(f"/applications/{application['id']}/extensionProperties", json=body)
    assert made.status_code == 201
    return str(made.json()["name"])


@witness(
    "GET /applications/{id}/extensionProperties",
    "POST /applications/{id}/extensionProperties",
    "GET /applications/{id}/extensionProperties/{property}",
    "DELETE /applications/{id}/extensionProperties/{property}",
)
async def test_extensions_come_and_go(graph: httpx2.AsyncClient, application: dict[str, Any]) -> None:
    at = f"/applications/{application['id']}/extensionProperties"

    name = await extend(graph, application, "jobGroup")

    (listed,) = (await graph.get(at)).json()["value"]
    assert name == listed["name"] == f"extension_{application['appId'].replace('-', '')}_jobGroup"
    assert (await graph.get(f"{at}/{listed['id']}")).json()["targetObjects"] == ["User"]
    assert (await graph.delete(f"{at}/{listed['id']}")).status_code == 204
    assert (await graph.get(f"{at}/{listed['id']}")).status_code == 404


@witness("POST /directoryObjects/getAvailableExtensionProperties")
async def test_the_extensions_of_all_applications_are_listed(
    graph: httpx2.AsyncClient, application: dict[str, Any]
) -> None:
    name = await extend(graph, application, "jobGroup")

    found = await graph.post(
        "/directoryObjects/getAvailableExtensionProperties", json={"isSyncedFromOnPremises": False}
    )

    assert [one["name"] for one in found.json()["value"]] == [name]


@pytest.mark.parametrize(
    "told", [{"name": "a b"}, {"name": None}, {"dataType": "Text"}, {"targetObjects": []}, {"targetObjects": ["Cat"]}]
)
async def test_an_extension_that_cannot_be_is_refused(
    graph: httpx2.AsyncClient, application: dict[str, Any], told: dict[str, Any]
) -> None:
    body = {"name": "jobGroup", "dataType": "String", "targetObjects": ["User"], **told}

    refused = await graph.post(f"/applications/{application['id']}/extensionProperties", json=body)

    assert refused.status_code == 400


async def test_a_name_is_registered_once(graph: httpx2.AsyncClient, application: dict[str, Any]) -> None:
    await extend(graph, application, "jobGroup")
    body = {"name": "jobGroup", "dataType": "String", "targetObjects": ["User"]}

    refused = await graph.post(f"/applications/{application['id']}/extensionProperties", json=body)

    assert "exists with the name" in refused.json()["error"]["message"]


async def test_a_users_extension_is_shown_on_select_and_found_by_filter(
    emulator: Emulator, graph: httpx2.AsyncClient, application: dict[str, Any]
) -> None:
    name = await extend(graph, application, "jobGroup")
    ada = named(emulator, Kind.USER, "Ada Byron").id

    assert (await graph.patch(f"/users/{ada}", json={name: "A1"})).status_code == 204

    assert name not in (await graph.get(f"/users/{ada}")).json()
    assert (await graph.get(f"/users/{ada}", params={"$select": f"id,{name}"})).json()[name] == "A1"
    found = await graph.get("/users", params={"$filter": f"{name} eq 'A1'", "$select": f"id,{name}"})
    assert [one["id"] for one in found.json()["value"]] == [ada]


async def test_an_extension_without_a_value_is_not_shown(
    emulator: Emulator, graph: httpx2.AsyncClient, application: dict[str, Any]
) -> None:
    name = await extend(graph, application, "jobGroup")
    ada = named(emulator, Kind.USER, "Ada Byron").id

    assert name not in (await graph.get(f"/users/{ada}", params={"$select": name})).json()


@pytest.mark.parametrize("options", ["$select={name}", "$filter={name} eq 'A1'"])
async def test_an_extension_that_nobody_registered_is_not_asked_for(graph: httpx2.AsyncClient, options: str) -> None:
    name = f"extension_{'0' * 32}_jobGroup"

    assert (await graph.get(f"/users?{options.format(name=name)}")).status_code == 400


@pytest.mark.parametrize(
    ("told", "value", "status"),
    [
        ({}, "A1", 204),
        ({}, 7, 400),
        ({}, "x" * 257, 400),
        ({}, None, 204),
        ({"dataType": "Boolean"}, True, 204),
        ({"dataType": "Boolean"}, "True", 400),
        ({"dataType": "Integer"}, 7, 204),
        ({"isMultiValued": True}, ["a", "b"], 204),
        ({"isMultiValued": True}, "a", 400),
        ({"targetObjects": ["Group"]}, "A1", 400),
    ],
)
async def test_a_value_must_fit_its_extension(
    emulator: Emulator, graph: httpx2.AsyncClient, application: dict[str, Any], told: Any, value: Any, status: int
) -> None:
    name = await extend(graph, application, "thing", **told)
    ada = named(emulator, Kind.USER, "Ada Byron").id

    assert (await graph.patch(f"/users/{ada}", json={name: value})).status_code == status


async def test_an_extension_is_lost_from_sight_with_its_application(
    emulator: Emulator, graph: httpx2.AsyncClient, application: dict[str, Any]
) -> None:
    name = await extend(graph, application, "jobGroup")
    ada = named(emulator, Kind.USER, "Ada Byron").id
    await graph.patch(f"/users/{ada}", json={name: "A1"})

    await graph.delete(f"/applications/{application['id']}")

    assert (await graph.get(f"/users/{ada}", params={"$select": name})).status_code == 400


async def test_a_new_user_can_have_an_extension(graph: httpx2.AsyncClient, application: dict[str, Any]) -> None:
    name = await extend(graph, application, "isKey", dataType="Boolean")
    grace = {
        "displayName": "Grace",
        "mailNickname": "grace",
        "userPrincipalName": "grace@contoso.com",
        "accountEnabled": True,
        "passwordProfile": {"password": "Tr0ub4dor&3"},
        name: True,
    }

    made = (await graph.post("/users", json=grace)).json()

    assert (await graph.get(f"/users/{made['id']}", params={"$select": name})).json()[name] is True
