"""What a body may be packed in, and what it must say of itself."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING

import pytest
from asking import elium_job

from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

ADA = "/users/ada.byron@contoso.com"
JSON = {"content-type": "application/json"}
BODY = json.dumps({"department": "Research"}).encode()


@witness("A compressed body is unpacked")
@pytest.mark.parametrize(("coding", "body"), [("gzip", gzip.compress(BODY, mtime=0)), ("deflate", zlib.compress(BODY))])
async def test_a_compressed_body_is_unpacked(graph: httpx2.AsyncClient, coding: str, body: bytes) -> None:
    changed = await graph.patch(ADA, content=body, headers={**JSON, "content-encoding": coding})

    assert changed.status_code == 204
    assert (await graph.get(f"{ADA}?$select=department")).json()["department"] == "Research"


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", BODY, 400),
        ("gzip", gzip.compress(BODY, mtime=0)[:-9], 400),
        ("br", BODY, 415),
        ("gzip", gzip.compress(b"x" * (33 * 1024 * 1024), mtime=0), 413),
    ],
)
async def test_a_body_that_cannot_be_unpacked_is_refused(
    graph: httpx2.AsyncClient, coding: str, body: bytes, status: int
) -> None:
    refused = await graph.patch(ADA, content=body, headers={**JSON, "content-encoding": coding})

    assert refused.status_code == status


@witness("A write says what it carries, and is refused in Graph's words when it does not")
@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({}, "Write requests (excluding DELETE) must contain the Content-Type header declaration."),
        ({"content-type": "text/plain"}, "Entity only allows writes with a JSON Content-Type header."),
        (
            {"content-type": "application/x-www-form-urlencoded"},
            "Entity only allows writes with a JSON Content-Type header.",
        ),
    ],
)
async def test_a_write_says_that_it_is_json(graph: httpx2.AsyncClient, headers: dict[str, str], sentence: str) -> None:
    refused = await graph.patch(ADA, content=BODY, headers=headers)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, sentence)


@pytest.mark.parametrize("media", ["application/json", "Application/JSON; charset=utf-8", "application/json;odata=x"])
async def test_json_may_have_parameters(graph: httpx2.AsyncClient, media: str) -> None:
    assert (await graph.patch(ADA, content=BODY, headers={"content-type": media})).status_code == 204


async def test_a_post_without_a_body_says_nothing(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    job = await elium_job(emulator, graph)

    assert (await graph.post(f"{job}/pause")).status_code == 204


async def test_json_that_is_nested_without_end_is_refused(graph: httpx2.AsyncClient) -> None:
    refused = await graph.patch(ADA, content=b'{"a":' * 100_000, headers=JSON)

    assert refused.status_code == 400


HALF = {"displayName": "Ada \ud83d"}


@witness("Half of a surrogate pair is not a character: 400, and nothing is kept")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", HALF | {"accountEnabled": True, "mailNickname": "x", "userPrincipalName": "x@contoso.com"}),
        ("PATCH", ADA, HALF),
        ("POST", "/groups", HALF | {"mailEnabled": False, "securityEnabled": True, "mailNickname": "x"}),
        ("POST", "/applications", HALF),
    ],
)
async def test_half_of_a_surrogate_pair_is_refused(
    graph: httpx2.AsyncClient, method: str, path: str, body: dict[str, object]
) -> None:
    collection = f"/{path.split('/')[1]}"
    before = (await graph.get(collection)).json()["value"]

    error = (await graph.request(method, path, content=json.dumps(body), headers=JSON)).json()["error"]

    assert (error["code"], error["message"]) == (
        "BadRequest",
        "Unable to read JSON request payload. A string has half of a surrogate pair, which is not a character.",
    )
    assert (await graph.get(collection)).json()["value"] == before


async def test_half_of_a_surrogate_pair_is_refused_inside_a_batch(graph: httpx2.AsyncClient) -> None:
    patch = {"id": "1", "method": "PATCH", "url": ADA, "headers": JSON, "body": HALF}
    refused = await graph.post("/$batch", content=json.dumps({"requests": [patch]}), headers=JSON)

    assert refused.status_code == 400
