"""The SCIM target in Elium's place."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from emulator.company.refusal import Refusal
from emulator.elium import LEGACY, QUIRKY, STRICT, TOLERANT, Behaviour, Elium, Fault, Received

TOKENS = {"dev": "canary-d3v", "prod": "canary-pr0d"}
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def ask(
    elium: Elium, method: str, path: str, body: Any = None, *, tenant: str = "dev", token: str | None = None
) -> httpx2.Response:
    """Ask a tenant something, as Entra would."""
    headers = {"authorization": f"Bearer {token or TOKENS[tenant]}", "content-type": "application/scim+json"}
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(elium)) as client:
        return await client.request(
            method, f"https://elium.test/{tenant}/scim/v2{path}", content=content, headers=headers
        )


async def an_account(elium: Elium, name: str, **properties: Any) -> str:
    made = await ask(elium, "POST", "/Users", {"schemas": [USER], "userName": name, **properties})
    return str(made.json()["id"])


async def patched(elium: Elium, path: str, *operations: dict[str, Any]) -> httpx2.Response:
    return await ask(elium, "PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


async def test_each_tenant_has_accounts_of_its_own() -> None:
    elium = Elium(TOKENS)

    await an_account(elium, "ada")

    assert len(elium.tenant("dev").users) == 1
    assert elium.tenant("prod").users == []


@pytest.mark.parametrize("token", ["wrong", TOKENS["prod"]])
async def test_a_wrong_token_is_refused_and_so_is_that_of_another_tenant(token: str) -> None:
    answer = await ask(Elium(TOKENS), "GET", "/Users", token=token)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_no_token_at_all_is_refused() -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Elium(TOKENS))) as client:
        answer = await client.get("https://elium.test/dev/scim/v2/Users")

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/nobody/scim/v2/Users", "/dev/Users", "/dev/scim/v22/Users", "/"])
async def test_elsewhere_is_nothing(path: str) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Elium(TOKENS))) as client:
        answer = await client.get(f"https://elium.test{path}")

    assert answer.status_code == 404


async def test_locations_are_where_the_client_sees_them() -> None:
    answer = await ask(Elium(TOKENS), "POST", "/Users", {"schemas": [USER], "userName": "ada"})

    assert answer.json()["meta"]["location"] == f"https://elium.test/dev/scim/v2/Users/{answer.json()['id']}"


async def test_what_was_received_is_kept_exactly_and_without_the_token() -> None:
    elium = Elium(TOKENS)

    await ask(elium, "GET", "/Users?filter=userName+eq+%22ada%22")

    (received,) = elium.received
    shown = received.as_json()
    assert (shown["method"], shown["target"], shown["status"]) == ("GET", "/Users?filter=userName+eq+%22ada%22", 200)
    assert "canary" not in json.dumps(shown)


async def test_a_body_that_is_no_json_is_kept_as_it_came() -> None:
    elium = Elium(TOKENS)

    answer = await ask(elium, "POST", "/Users", b"<xml/>")

    assert answer.status_code == 400
    assert elium.received[0].as_json()["body"] == "<xml/>"


# Entra's dialect


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "BOSS"},
        {"op": "Add", "path": "manager", "value": [{"$ref": "https://elium.test/x", "value": "BOSS"}]},
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": "BOSS"}},
    ],
)
async def test_a_manager_is_taken_in_every_shape_that_entra_sends(operation: dict[str, Any]) -> None:
    elium = Elium(TOKENS)
    ada, boss = await an_account(elium, "ada"), await an_account(elium, "boss")

    await patched(elium, f"/Users/{ada}", json.loads(json.dumps(operation).replace("BOSS", boss)))

    assert elium.tenant("dev").users[0][ENTERPRISE]["manager"]["value"] == boss
    found = await ask(elium, "GET", f'/Users?filter=id+eq+"{ada}"+and+manager+eq+"{boss}"')
    assert found.json()["totalResults"] == 1


async def test_a_manager_is_removed_with_or_without_a_value() -> None:
    elium = Elium(TOKENS)
    boss = await an_account(elium, "boss")
    ada = await an_account(elium, "ada")
    await patched(elium, f"/Users/{ada}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": boss})

    answer = await patched(elium, f"/Users/{ada}", {"op": "Remove", "path": f"{ENTERPRISE}:manager", "value": boss})

    assert answer.status_code == 204
    assert "manager" not in elium.tenant("dev").users[1].get(ENTERPRISE, {})


async def test_a_text_disables_and_a_filtered_path_makes_its_element() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")

    await patched(
        elium,
        f"/Users/{ada}",
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
    )

    (account,) = elium.tenant("dev").users
    assert account["active"] is False
    assert account["phoneNumbers"] == [{"type": "work", "value": "1"}]


async def test_a_strict_target_refuses_a_manager_that_is_a_text() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")
    elium.tenant("dev").behaviour = STRICT

    answer = await patched(elium, f"/Users/{ada}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": ada})

    assert answer.status_code == 400


async def test_a_strict_target_refuses_a_filtered_path_without_a_match() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")
    elium.tenant("dev").behaviour = STRICT

    path = 'phoneNumbers[type eq "work"].value'
    answer = await patched(elium, f"/Users/{ada}", {"op": "replace", "path": path, "value": "1"})

    assert answer.json()["scimType"] == "noTarget"


async def test_a_legacy_target_refuses_an_operation_without_a_path() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")
    elium.tenant("dev").behaviour = LEGACY

    answer = await patched(elium, f"/Users/{ada}", {"op": "replace", "value": {"active": False}})

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidPath")


async def test_a_quirky_target_lowers_names_answers_patches_and_hides_managers() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").behaviour = QUIRKY
    ada = await an_account(elium, "Ada@Contoso.com")

    answer = await patched(elium, f"/Users/{ada}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": ada})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["userName"] == "ada@contoso.com"
    assert "manager" not in answer.json().get(ENTERPRISE, {})


async def test_a_quirky_target_tells_members_although_they_are_excluded() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").behaviour = QUIRKY
    ada = await an_account(elium, "ada")
    group = {"displayName": "T", "members": [{"value": ada}]}
    await ask(elium, "POST", "/Groups", {"schemas": [GROUP], **group})

    answer = await ask(elium, "GET", "/Groups?excludedAttributes=members")

    assert answer.json()["Resources"][0]["members"] == [{"value": ada}]


# Faults


async def test_a_fault_strikes_as_often_as_told_and_then_no_more() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault(status=503, times=2, retry_after="5"))

    answers = [await ask(elium, "GET", "/Users") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "5"
    assert answers[0].json()["status"] == "503"


async def test_a_fault_can_wait_for_its_turn_and_for_its_request() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault(status=404, method="GET", path="filter=", after=1))

    asked = ["/Users", '/Users?filter=userName+eq+"a"', '/Users?filter=userName+eq+"a"']

    assert [(await ask(elium, "GET", path)).status_code for path in asked] == [200, 200, 404]


async def test_a_fault_can_strike_after_the_request_was_carried_out() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault(status=500, committed=True))

    await ask(elium, "POST", "/Users", {"schemas": [USER], "userName": "ada"})

    assert len(elium.tenant("dev").users) == 1


async def test_a_fault_can_be_no_scim_at_all() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault(status=200, body="<html>Welcome</html>"))

    answer = await ask(elium, "GET", "/Users")

    assert (answer.status_code, answer.text) == (200, "<html>Welcome</html>")
    assert answer.headers["content-type"] == "text/html"


async def test_a_fault_can_be_slow_in_the_time_that_it_is_given() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    elium = Elium(TOKENS, sleep=sleep)
    elium.tenant("dev").faults.append(Fault(status=504, delay=60))

    await ask(elium, "GET", "/Users")

    assert waited == [60]


def test_a_fault_is_read_from_json() -> None:
    assert Fault.from_json({"status": 429, "retry_after": "5"}) == Fault(status=429, retry_after="5")


async def test_a_whole_number_of_seconds_is_written_as_a_header_is() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault.from_json({"status": 429, "retry_after": 5}))

    assert (await ask(elium, "GET", "/Users")).headers["retry-after"] == "5"


async def test_a_status_without_a_name_is_answered_all_the_same() -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").faults.append(Fault.from_json({"status": 599}))

    assert (await ask(elium, "GET", "/Users")).status_code == 599


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"status": 500, "weather": "bad"},
        {"status": "500"},
        {"status": 99},
        {"status": True},
        {"status": 500, "retry_after": "sööner"},
        {"status": 500, "content_type": "a\r\nb"},
        {"status": 500, "times": -1},
        {"status": 500, "delay": "1"},
        {"status": 500, "body": 5},
    ],
)
def test_a_fault_that_cannot_be_is_refused_when_it_is_set(told: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Fault.from_json(told)


def test_no_token_is_ever_printed() -> None:
    elium = Elium(TOKENS)

    assert "canary" not in repr(elium.tenants) + repr(elium)


async def test_a_schema_that_is_not_listed_is_not_echoed() -> None:
    elium = Elium(TOKENS)
    microsoft = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
    core = "urn:ietf:params:scim:schemas:core:2.0:Group"

    made = await ask(elium, "POST", "/Groups", {"schemas": [core, microsoft], "displayName": "Team"})

    assert made.json()["schemas"] == [core]


FILTER = "/Users?filter="


@pytest.mark.parametrize(
    ("method", "target", "body", "act", "about"),
    [
        ("GET", f"{FILTER}userName+eq+%22ada%40contoso.com%22", None, "find", ("", "ada@contoso.com")),
        ("GET", f"{FILTER}userName+eq+%22a%5C%22b%22", None, "find", ("", 'a"b')),
        ("GET", f"{FILTER}userName+eq+%22c0ffee00-1234-4abc-8def-0123456789ab%22", None, "test", None),
        ("GET", f"{FILTER}id+eq+%227%22+and+manager+eq+%228%22", None, "find", ("7", "")),
        ("GET", "/Users/7", None, "read", ("7", "")),
        ("POST", "/Users", {"userName": "ada"}, "create", ("", "ada")),
        ("POST", "/Groups", {"displayName": "Sales"}, "create", ("", "Sales")),
        ("POST", "/Users", [], "create", ("", "")),
        ("DELETE", "/Users/7", None, "delete", ("7", "")),
        ("PATCH", "/Users/7", {"Operations": [{"op": "Replace", "path": "title", "value": "x"}]}, "change", ("7", "")),
        ("PATCH", "/Users/7", {"Operations": [{"path": "active", "value": "False"}]}, "disable", ("7", "")),
        ("PATCH", "/Users/7", {"Operations": [{"path": "active", "value": True}]}, "enable", ("7", "")),
        ("PATCH", "/Users/7", {"Operations": [{"value": {"active": False}}]}, "disable", ("7", "")),
        ("PATCH", "/Users/7", {"Operations": 5}, "change", ("7", "")),
        ("PUT", "/Users/7", {"userName": "ada", "active": False}, "disable", ("7", "")),
        ("PATCH", "/Users/7", [1], "change", ("7", "")),
    ],
)
def test_a_request_says_what_it_is_for_and_about_whom(
    method: str, target: str, body: Any, act: str, about: tuple[str, str] | None
) -> None:
    received = Received("dev", method, target, {}, b"" if body is None else json.dumps(body).encode())

    assert received.act == act
    assert about in {None, received.about}


async def test_what_was_done_is_counted_and_what_was_refused() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")
    await patched(elium, f"/Users/{ada}", {"op": "replace", "path": "active", "value": False})
    await patched(elium, f"/Users/{ada}", {"op": "replace", "path": "title", "value": "Countess"})
    await ask(elium, "POST", "/Users", {"schemas": [USER], "userName": "ada"})
    await ask(elium, "GET", "/Users", token="wrong")
    await ask(elium, "DELETE", f"/Users/{ada}")

    counted = {"created": 1, "changed": 1, "disabled": 1, "enabled": 0, "deleted": 1, "refused": 2}
    assert elium.tenant("dev").tally.as_json() == counted
    assert elium.tenant("prod").tally.as_json() == dict.fromkeys(counted, 0)


async def test_a_refusal_is_kept_with_what_was_answered() -> None:
    elium = Elium(TOKENS)
    await ask(elium, "GET", "/Users", token="wrong")
    await ask(elium, "GET", "/Users")

    assert [(one.status, "bearer token" in one.refusal) for one in elium.received] == [(401, True), (200, False)]


async def test_numbers_go_on_over_all_tenants_and_what_is_forgotten_is_left_out() -> None:
    elium = Elium(TOKENS)
    for tenant in ("dev", "prod", "dev"):
        await ask(elium, "GET", "/Users", tenant=tenant)

    assert [one.number for one in elium.newest("dev")] == [3, 1]
    assert [one.number for one in elium.newest("dev", after=1)] == [3]
    assert [one.number for one in elium.newest("dev", before=3)] == [1]
    elium.forget("dev")
    assert (list(elium.newest("dev")), elium.last) == ([], 3)


async def test_a_name_is_found_by_the_id_of_an_account_or_a_group() -> None:
    elium = Elium(TOKENS)
    ada = await an_account(elium, "ada")
    sales = (await ask(elium, "POST", "/Groups", {"schemas": [GROUP], "displayName": "Sales"})).json()["id"]

    assert [elium.tenant("dev").name_of(one) for one in (ada, sales, "nobody")] == ["ada", "Sales", ""]


@pytest.mark.parametrize("behaviour", [TOLERANT, STRICT, QUIRKY, LEGACY])
@pytest.mark.parametrize("scrap", ["\ud800", float("nan")])
async def test_what_is_not_json_is_refused_and_told_as_it_came(behaviour: Behaviour, scrap: Any) -> None:
    elium = Elium(TOKENS)
    elium.tenant("dev").behaviour = behaviour
    user = {"schemas": [USER], "userName": "ada", "displayName": scrap}

    answer = await ask(elium, "POST", "/Users", user)

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")
    assert (elium.tenant("dev").users, elium.received[0].as_json()["body"]) == ([], json.dumps(user))
