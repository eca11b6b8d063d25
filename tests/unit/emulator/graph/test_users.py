from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import graph_of, named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ADA = "/users/ada.byron@contoso.com"
NEW = {
    "accountEnabled": True,
    "displayName": "Emmy Noether",
    "mailNickname": "emmy",
    "userPrincipalName": "emmy.noether@contoso.com",
    "passwordProfile": {"password": "Correct horse", "forceChangePasswordNextSignIn": False},
}


@witness("GET /users/{id}")
async def test_a_user_is_shown_by_name_and_by_id_whatever_the_case(graph: httpx2.AsyncClient) -> None:
    by_name = (await graph.get("/users/ADA.BYRON@contoso.com")).json()
    by_id = (await graph.get(f"/users/{by_name['id'].upper()}")).json()

    assert "Ada Byron" == by_name["displayName"] == by_id["displayName"]


async def test_most_properties_are_shown_only_when_selected(graph: httpx2.AsyncClient) -> None:
    unasked = (await graph.get(ADA)).json()
    selected = (await graph.get(f"{ADA}?$select=department,accountEnabled,employeeId")).json()

    assert "department" not in unasked
    assert (selected["department"], selected["accountEnabled"], selected["employeeId"]) == ("Knowledge", True, "1002")


async def test_beta_shows_everything_unasked(beta: httpx2.AsyncClient) -> None:
    assert (await beta.get(ADA)).json()["department"] == "Knowledge"


async def test_a_property_that_does_not_exist_cannot_be_selected(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get(f"{ADA}?$select=shoeSize")

    assert answer.json()["error"]["message"].endswith(
        "failed: Could not find a property named 'shoeSize' on type 'microsoft.graph.user'."
    )


@witness("GET /users")
async def test_users_are_found_by_several_properties(graph: httpx2.AsyncClient) -> None:
    for condition in (
        "userPrincipalName eq 'ada.byron@contoso.com'",
        "mail eq 'ADA.byron@contoso.com'",
        "employeeId eq '1002'",
        "startswith(displayName,'ada b')",
    ):
        found = await graph.get("/users", params={"$filter": condition, "$select": "displayName"})

        assert found.json()["value"] == [{"displayName": "Ada Byron"}]


async def test_the_made_up_company_has_all_sorts_of_people(graph: httpx2.AsyncClient) -> None:
    async def number(condition: str) -> int:
        return len((await graph.get("/users", params={"$filter": condition})).json()["value"])

    found = [
        await number(c) for c in ("accountEnabled eq false", "userType eq 'Guest'", "mail eq null", "surname eq null")
    ]

    assert found == [1, 1, 1, 1]


async def test_managers_are_expanded(graph: httpx2.AsyncClient) -> None:
    one = (await graph.get(f"{ADA}?$expand=manager")).json()
    many = (await graph.get("/users?$expand=manager($select=id,displayName)&$top=2")).json()["value"]

    assert one["manager"]["displayName"] == "Grace Hopper"
    assert [each["manager"] and each["manager"]["displayName"] for each in many] == [None, "Grace Hopper"]


@witness("GET /users/$count")
async def test_users_are_counted(graph: httpx2.AsyncClient) -> None:
    refused = await graph.get("/users/$count")
    counted = await graph.get("/users/$count", headers={"ConsistencyLevel": "eventual"})

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, "$count is not currently supported.")
    assert counted.text == "25"


@witness("POST /users")
async def test_a_user_is_created_and_the_password_is_never_shown(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    answer = await graph.post("/users", json=NEW)

    assert (answer.status_code, answer.json()["displayName"]) == (201, "Emmy Noether")
    assert "Correct horse" not in repr(emulator.world)


async def test_what_a_user_needs_is_needed(graph: httpx2.AsyncClient) -> None:
    for missing in NEW:
        answer = await graph.post("/users", json={name: value for name, value in NEW.items() if name != missing})

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "Request_BadRequest")


async def test_a_name_belongs_to_one_user_and_to_a_domain_of_the_tenant(graph: httpx2.AsyncClient) -> None:
    taken = await graph.post("/users", json={**NEW, "userPrincipalName": "Ada.Byron@contoso.com"})
    foreign = await graph.post("/users", json={**NEW, "userPrincipalName": "emmy@fabrikam.com"})
    first = await graph.post("/users", json={**NEW, "userPrincipalName": "emmy@contoso.onmicrosoft.com"})

    assert "already exists" in taken.json()["error"]["message"]
    assert "verified domain" in foreign.json()["error"]["message"]
    assert first.status_code == 201


@witness("PATCH /users/{id}")
async def test_a_user_is_changed(graph: httpx2.AsyncClient, beta: httpx2.AsyncClient) -> None:
    changes: dict[str, Any] = {"department": "Research", "userPrincipalName": "ada@contoso.com", "businessPhones": None}
    user = (await graph.get(ADA)).json()["id"]
    answer = await graph.patch(f"/users/{user}", json=changes)
    await beta.patch(
        f"/users/{user}",
        json={"showInAddressList": True, "onPremisesExtensionAttributes": {"extensionAttribute1": "x"}},
    )
    shown = (await beta.get("/users/ada@contoso.com")).json()

    assert (answer.status_code, shown["department"], shown["businessPhones"]) == (204, "Research", [])
    assert (shown["showInAddressList"], shown["onPremisesExtensionAttributes"]["extensionAttribute1"]) == (True, "x")
    assert shown["onPremisesExtensionAttributes"]["extensionAttribute2"] is None


@witness("DELETE /users/{id}")
async def test_a_deleted_user_waits_in_the_recycle_bin(graph: httpx2.AsyncClient) -> None:
    user = (await graph.get(ADA)).json()["id"]
    await graph.delete(ADA)
    gone, deleted = await graph.get(ADA), await graph.get(f"/directory/deletedItems/{user}")

    assert (gone.status_code, deleted.status_code) == (404, 200)


@witness("GET /users/{id}/manager/$ref")
async def test_a_manager_can_be_asked_for_as_a_reference(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    ada, grace = (named(emulator, Kind.USER, name).id for name in ("Ada Byron", "Grace Hopper"))
    told = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{grace}"}
    await graph.put(f"/users/{ada}/manager/$ref", json=told)
    found = (await graph.get(f"/users/{ada}/manager/$ref")).json()
    await graph.delete(f"/users/{ada}/manager/$ref")

    assert found["@odata.id"] == f"{emulator.origin}/v1.0/directoryObjects/{grace}"
    assert (await graph.get(found["@odata.id"])).json()["displayName"] == "Grace Hopper"
    assert (await graph.get(f"/users/{ada}/manager/$ref")).status_code == 404


@witness("GET /users/{id}/manager", "PUT /users/{id}/manager/$ref", "DELETE /users/{id}/manager/$ref")
async def test_managers_come_and_go(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    tony = named(emulator, Kind.USER, "Tony Hoare").id
    put = await graph.put(f"{ADA}/manager/$ref", json={"@odata.id": f"https://x/v1.0/users/{tony}"})
    shown = (await graph.get(f"{ADA}/manager")).json()
    removed, absent = await graph.delete(f"{ADA}/manager/$ref"), await graph.delete(f"{ADA}/manager/$ref")
    none = await graph.get(f"{ADA}/manager")

    assert ("#microsoft.graph.user", tony) == (shown["@odata.type"], shown["id"])
    assert [answer.status_code for answer in (put, removed, absent, none)] == [204, 204, 404, 404]


@witness("GET /users/{id}/directReports")
async def test_reports_are_listed(graph: httpx2.AsyncClient) -> None:
    found = (await graph.get(f"{ADA}/directReports")).json()["value"]

    assert [one["displayName"] for one in found] == ["Alan Turing", "Edsger Dijkstra", "Claude Shannon"]


@witness("GET /users/{id}/memberOf", "GET /users/{id}/transitiveMemberOf")
async def test_groups_are_listed_with_and_without_nesting(graph: httpx2.AsyncClient) -> None:
    knuth = "/users/donald.knuth@contoso.com"
    direct = (await graph.get(f"{knuth}/memberOf?$select=displayName")).json()["value"]
    every = (await graph.get(f"{knuth}/transitiveMemberOf?$select=displayName")).json()["value"]

    assert [one["displayName"] for one in direct] == ["Elium users", "Compiler team"]
    assert {"Elium users", "Compiler team", "Engineering"} == {one["displayName"] for one in every}


async def test_who_may_only_read_cannot_write(emulator: Emulator) -> None:
    async with graph_of(emulator, "elium-reader") as graph:
        answer = await graph.patch(ADA, json={"department": "x"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Authorization_RequestDenied")


@witness("A password that is too weak is refused unless the user may have one")
@pytest.mark.parametrize(
    ("password", "policies", "status"),
    [
        ("B", None, 400),
        ("alllowercase", None, 400),
        ("lower and blanks", None, 400),
        ("Short1!", None, 400),
        ("x" * 300 + "A1", None, 400),
        (12345678, None, 400),
        ("Hush-hush-1", None, 204),
        ("lowercase1!", None, 204),
        ("alllowercase", "DisablePasswordExpiration, DisableStrongPassword", 204),
        ("short", "DisableStrongPassword", 400),
    ],
)
async def test_a_password_keeps_the_rules(
    graph: httpx2.AsyncClient, password: Any, policies: str | None, status: int
) -> None:
    told = {"passwordProfile": {"password": password}, **({"passwordPolicies": policies} if policies else {})}
    changed = await graph.patch(ADA, json=told)
    made = await graph.post("/users", json={**NEW, **told})

    assert (changed.status_code, made.status_code) == (status, 201 if status == 204 else 400)
    if status == 400:
        assert "password complexity requirements" in changed.json()["error"]["message"]


async def test_a_user_with_a_relaxed_policy_may_change_to_a_weak_password(graph: httpx2.AsyncClient) -> None:
    await graph.patch(ADA, json={"passwordPolicies": "DisableStrongPassword"})

    changed = await graph.patch(ADA, json={"passwordProfile": {"password": "alllowercase"}})

    assert changed.status_code == 204


@pytest.mark.parametrize("empty", [None, {}])
async def test_a_value_of_several_parts_is_replaced_and_cleared(
    graph: httpx2.AsyncClient, empty: dict[str, str] | None
) -> None:
    async def told() -> Any:
        return (await graph.get(f"{ADA}?$select=employeeOrgData")).json()["employeeOrgData"]

    await graph.patch(ADA, json={"employeeOrgData": {"division": "A", "costCenter": "1"}})
    await graph.patch(ADA, json={"employeeOrgData": {"division": "B"}})
    replaced = await told()
    await graph.patch(ADA, json={"employeeOrgData": empty})

    assert (replaced, await told()) == ({"division": "B"}, None)


async def test_a_manager_in_the_recycle_bin_is_taken_away_all_the_same(graph: httpx2.AsyncClient) -> None:
    manager = (await graph.get(f"{ADA}/manager")).json()["id"]
    await graph.delete(f"/users/{manager}")

    assert (await graph.delete(f"{ADA}/manager/$ref")).status_code == 204
    await graph.post(f"/directory/deletedItems/{manager}/restore")
    assert (await graph.get(f"{ADA}/manager")).status_code == 404


@witness("A property is refused a value that it cannot have, and what is required cannot be emptied")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("displayName", "x" * 257),
        ("department", "x" * 65),
        ("employeeId", "x" * 17),
        ("employeeHireDate", "2026-99-99"),
        ("employeeOrgData", {"division": 5}),
        ("userType", "Robot"),
        ("ageGroup", "old"),
        ("usageLocation", "France"),
        ("passwordPolicies", "Everything"),
        ("passwordPolicies", "DisableStrongPassword, Everything"),
        ("userPrincipalName", "ada byron@contoso.com"),
        ("userPrincipalName", "ädä@contoso.com"),
        ("userPrincipalName", "@contoso.com"),
    ],
)
async def test_a_value_that_a_property_cannot_have_is_refused(
    graph: httpx2.AsyncClient, name: str, value: object
) -> None:
    made = await graph.post("/users", json={**NEW, name: value})
    changed = await graph.patch(ADA, json={name: value})

    assert (made.status_code, changed.status_code) == (400, 400)
    assert changed.json()["error"]["code"] == "Request_BadRequest"


@pytest.mark.parametrize(
    ("name", "inner"), [("employeeOrgData", "divison"), ("onPremisesExtensionAttributes", "extensionAttribute16")]
)
async def test_a_name_that_a_group_of_properties_does_not_have_is_refused(
    graph: httpx2.AsyncClient, name: str, inner: str
) -> None:
    told = (await graph.patch(ADA, json={name: {inner: "x"}})).json()["error"]

    assert told["code"] == "BadRequest"
    assert told["message"] == f"Could not find a property named '{inner}' on type 'microsoft.graph.{name}'."


@pytest.mark.parametrize("name", ["displayName", "accountEnabled", "mailNickname", "userPrincipalName"])
@pytest.mark.parametrize("nothing", [None, ""])
async def test_what_a_user_cannot_be_without_is_not_emptied(
    graph: httpx2.AsyncClient, name: str, nothing: str | None
) -> None:
    assert (await graph.patch(ADA, json={name: nothing})).status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("department", "x" * 64),
        ("employeeHireDate", "2026-02-01T00:00:00Z"),
        ("usageLocation", "FR"),
        ("userType", "Guest"),
        ("passwordPolicies", "DisableStrongPassword, DisablePasswordExpiration"),
        ("userPrincipalName", "ada.o'byron_x.org#EXT#@contoso.com"),
        ("department", None),
        ("employeeHireDate", None),
    ],
)
async def test_a_value_that_a_property_can_have_is_taken(graph: httpx2.AsyncClient, name: str, value: object) -> None:
    assert (await graph.patch(ADA, json={name: value})).status_code == 204


async def test_a_group_is_nobodys_manager(graph: httpx2.AsyncClient, emulator: Emulator) -> None:
    group = named(emulator, Kind.GROUP, "Elium users").id
    refused = await graph.put(f"{ADA}/manager/$ref", json={"@odata.id": f"{graph.base_url}directoryObjects/{group}"})

    assert refused.status_code == 400
    assert "'manager'" in refused.json()["error"]["message"]
