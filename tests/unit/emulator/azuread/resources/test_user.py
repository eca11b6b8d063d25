from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.resources.user import SELECTED, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

    GraphWith = Callable[[dict[str, Any]], Graph]

RESOURCE = User()
ADA: Values = {"displayName": "Ada", "userPrincipalName": "ada@contoso.example", "password": "Hush-hush-1"}
READ = f"GET /v1.0/users/1?$select={','.join(SELECTED)}"
LISTED = "GET /beta/users/1?$select=showInAddressList"
SHOWN = {
    "id": "1",
    "displayName": "Ada",
    "userPrincipalName": "ada@contoso.example",
    "accountEnabled": True,
    "employeeOrgData": {"costCenter": "42", "division": None},
    "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
}
THERE = {
    "POST /v1.0/users": (201, SHOWN),
    "PATCH /v1.0/users/1": 204,
    "PATCH /beta/users/1": 204,
    READ: SHOWN,
    LISTED: {"showInAddressList": True},
}


async def test_an_account_is_created_with_explicit_nulls(graph_with: GraphWith, body_of: Callable[[int], Any]) -> None:
    assert await RESOURCE.create(graph_with(THERE), ADA | {"department": "R&D"}) == "/users/1"
    body = body_of(0)

    assert (body["department"], body["city"], body["mail"]) == ("R&D", None, None)
    assert body["mailNickname"] == "ada"
    assert body["employeeOrgData"] == {"costCenter": None, "division": None}
    assert body["passwordProfile"] == {"forceChangePasswordNextSignIn": False, "password": "Hush-hush-1"}
    assert body["@odata.type"] == "#microsoft.graph.user"


async def test_without_a_password_there_is_no_account(graph_with: GraphWith) -> None:
    with pytest.raises(PluginError, match="`password` is required when creating a new user"):
        await RESOURCE.create(graph_with(THERE), {name: ADA[name] for name in ("displayName", "userPrincipalName")})


async def test_a_new_account_is_listed_and_gets_its_manager(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with(THERE | {"PATCH /beta/users/1": [404, 204], "PUT /v1.0/users/1/manager/$ref": 204})
    await RESOURCE.complete(graph, "/users/1", ADA | {"managerId": "eve"})

    assert conversation() == ["PATCH /beta/users/1", "PATCH /beta/users/1", "PUT /v1.0/users/1/manager/$ref"]
    assert body_of(0)["showInAddressList"] is True
    assert body_of(2) == {"@odata.id": "https://localhost:8443/v1.0/directoryObjects/eve"}


async def test_its_state_is_put_together_from_three_answers(graph_with: GraphWith) -> None:
    state = await RESOURCE.read(graph_with(THERE | {"GET /v1.0/users/1/manager": {"id": "eve"}}), "/users/1")

    assert state is not None
    assert (state["objectId"], state["costCenter"], state["division"]) == ("1", "42", "")
    assert (state["managerId"], state["showInAddressList"]) == ("eve", True)
    assert (state["disablePasswordExpiration"], state["disableStrongPassword"]) == (True, True)
    assert "password" not in state


async def test_an_account_without_a_manager_has_none(graph_with: GraphWith) -> None:
    state = await RESOURCE.read(graph_with(THERE), "/users/1")

    assert state is not None
    assert state["managerId"] == ""


async def test_a_password_is_sent_only_when_it_changes(
    graph_with: GraphWith, body_of: Callable[[int], Any], conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with(THERE)
    await RESOURCE.update(graph, "/users/1", ADA, ADA | {"city": "Paris"})
    await RESOURCE.update(graph, "/users/1", ADA, ADA | {"password": "Hush-hush-2"})

    assert conversation() == ["PATCH /v1.0/users/1", "PATCH /v1.0/users/1"]
    assert "passwordProfile" not in body_of(0)
    assert body_of(1)["passwordProfile"]["password"] == "Hush-hush-2"


async def test_a_manager_that_is_declared_no_more_is_taken_away(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    graph = graph_with(THERE | {"DELETE /v1.0/users/1/manager/$ref": 204})
    await RESOURCE.update(graph, "/users/1", ADA | {"managerId": "eve"}, ADA)

    assert conversation() == ["PATCH /v1.0/users/1", "DELETE /v1.0/users/1/manager/$ref"]


async def test_a_deleted_account_is_looked_for_until_gone(
    graph_with: GraphWith, conversation: Callable[[], list[str]]
) -> None:
    await RESOURCE.delete(graph_with({"DELETE /v1.0/users/1": 204}), "/users/1")

    assert conversation() == ["DELETE /v1.0/users/1", "GET /v1.0/users/1"]


def test_consent_is_for_minors() -> None:
    declared = ADA | {"ageGroup": "Adult", "consentProvidedForMinor": "Granted"}

    assert [objection.name for objection in RESOURCE.objections(declared)] == ["consentProvidedForMinor"]
    assert list(RESOURCE.objections(declared | {"ageGroup": "Minor"})) == []
