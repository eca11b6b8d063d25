from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import jwt
import pytest
from asking import graph_of, named, token_of

from emulator.company.store import Kind
from emulator.identity.tokens import TokenDesk
from tools.manual.parity import witness
from tools.manual.parity_rows import ABSENT

if TYPE_CHECKING:
    from emulator import Emulator


async def asked_with(emulator: Emulator, authorization: str) -> httpx2.Response:
    headers = {"authorization": authorization} if authorization else {}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), base_url=emulator.origin) as http:
        return await http.get("/v1.0/users", headers=headers)


def changed(emulator: Emulator, **claims: object) -> str:
    """Sign a token with the right key and wrong claims."""
    token = token_of(emulator)
    kept = jwt.decode(token, options={"verify_signature": False})
    merged = {name: value for name, value in {**kept, **claims}.items() if value is not None}
    return "Bearer " + jwt.encode(merged, emulator.entra.key().private, "RS256")


@witness(
    "A call without a token, with an expired, forged or foreign one is refused with 401 InvalidAuthenticationToken"
)
async def test_a_token_must_be_ours_alive_and_for_graph(emulator: Emulator) -> None:
    right = token_of(emulator)
    forged = jwt.encode(jwt.decode(right, options={"verify_signature": False}), "x" * 32, "HS256")
    for authorization in (
        "",
        "Basic x",
        "Bearer no-token",
        f"Bearer {forged}",
        f"Bearer {right[:-4]}AAAA",
        changed(emulator, exp=1),
        changed(emulator, aud="https://vault.azure.net"),
        changed(emulator, tid="00000000-0000-0000-0000-000000000009"),
        changed(emulator, oid=None),
    ):
        answer = await asked_with(emulator, authorization)

        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert (await asked_with(emulator, f"Bearer {right}")).status_code == 200


async def test_a_known_token_still_ends(emulator: Emulator) -> None:
    token = token_of(emulator)
    now = 0.0
    emulator.entra.desk = TokenDesk(emulator.entra.key, lambda: now)
    assert (await asked_with(emulator, f"Bearer {token}")).status_code == 200
    now = 4e9

    assert (await asked_with(emulator, f"Bearer {token}")).status_code == 401


@witness("An unknown path is 404 and a wrong verb 405, both in Graph's error envelope with request ids")
async def test_refusals_have_graphs_envelope_and_request_ids(graph: httpx2.AsyncClient) -> None:
    unknown = await graph.get("/elsewhere", headers={"client-request-id": "mine"})
    wrong_verb = await graph.put("/users", json={})
    inner = unknown.json()["error"]["innerError"]

    assert (unknown.status_code, wrong_verb.status_code) == (404, 405)
    assert (inner["client-request-id"], unknown.headers["client-request-id"]) == ("mine", "mine")
    assert inner["request-id"] == unknown.headers["request-id"]
    assert "GMT" in unknown.headers["date"]


@witness(
    "GET /users/delta",
    "GET /groups/delta",
    "GET /applications/delta",
    "GET /servicePrincipals/delta",
    "GET /directoryObjects/delta",
    "GET /oauth2PermissionGrants/delta",
    "GET /users/{id}/oauth2PermissionGrants",
    "GET /servicePrincipals/{id}/oauth2PermissionGrants",
    "GET /users/{id}/licenseDetails",
    "GET /directoryRoles",
    "GET /users/{id}/memberOf/microsoft.graph.directoryRole",
    "GET /users/{id}/transitiveMemberOf/microsoft.graph.directoryRole",
    "GET /administrativeUnits",
    "GET /directory/administrativeUnits",
    "GET /oauth2PermissionGrants",
    "POST /oauth2PermissionGrants",
    "GET /auditLogs/signIns",
    "GET /$metadata",
    "GET /devices",
    "GET /subscriptions",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/bulkUpload",
    "POST /servicePrincipals/{id}/synchronization/acquireAccessToken",
)
@pytest.mark.parametrize("name", ABSENT)
async def test_what_is_absent_answers_404_with_the_reason(
    emulator: Emulator, graph: httpx2.AsyncClient, name: str
) -> None:
    method, _, path = name.partition(" ")
    principal = named(emulator, Kind.SERVICE_PRINCIPAL, "elium-reader").id
    answer = await graph.request(method, path.replace("{id}", principal).replace("{job}", "x"))

    assert answer.status_code == 404
    assert ABSENT[name] in answer.json()["error"]["message"]


@witness("Everything under /me is refused: there are application tokens only")
@pytest.mark.parametrize("path", ["/me", "/Me", "/ME/manager", "/me/memberOf", "/me?$select=id"])
async def test_nobody_is_me(graph: httpx2.AsyncClient, path: str) -> None:
    refused = await graph.get(path)

    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == "/me request is only valid with delegated authentication flow."


@witness("A missing permission is 403 Authorization_RequestDenied, and 401 UnknownError under /synchronization")
async def test_what_is_not_granted_is_refused(emulator: Emulator) -> None:
    principal = named(emulator, Kind.SERVICE_PRINCIPAL, "elium-reader").id
    async with graph_of(emulator, "elium-reader") as reader:
        directory = await reader.post("/groups", json={})
        quiet = await reader.put(f"/servicePrincipals/{principal}/synchronization/secrets", json={"value": []})

    assert (directory.status_code, directory.json()["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert (quiet.status_code, quiet.json()["error"]["code"]) == (401, "UnknownError")


async def test_a_body_must_be_a_json_object(graph: httpx2.AsyncClient) -> None:
    answers = [await graph.post("/groups", content=content) for content in (b"{", b"[]")]

    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [(400, "BadRequest")] * 2


async def test_query_options_may_leave_out_the_dollar_sign(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/users?top=1&select=displayName")

    assert answer.json()["value"] == [{"displayName": "Grace Hopper"}]


async def test_segments_are_read_whatever_their_case(graph: httpx2.AsyncClient) -> None:
    assert (await graph.get("/ServicePrincipals")).status_code == 200
