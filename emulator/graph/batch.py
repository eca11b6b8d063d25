"""Several requests in one (Learn: json-batching).

At most twenty, each with a name; one that depends on another waits for it, and fails with 424 when that one failed.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from emulator.company.refusal import Refusal
from emulator.graph.access import ANY_TOKEN
from emulator.graph.exchange import Answer, Call, Request, Response
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

_MOST = 20
_BAD = 400
_HEADERS = {"content-type": "Content-Type", "retry-after": "Retry-After", "location": "Location"}


async def run_batch(call: Call) -> Answer:
    """Run the requests in an order that their dependencies allow, and answer each for itself."""
    waiting = _requests_in(call)
    done: dict[str, JsonObject] = {}
    while waiting:
        ready = [item for item in waiting if all(name in done for name in _needed_by(item))]
        if not ready:
            raise Refusal(400, "BadRequest", "The dependencies of the batch's requests go in a circle.")
        for item in ready:
            done[item["id"].lower()] = await _run(call, item, done)
        waiting = [item for item in waiting if item not in ready]
    return Answer(200, {"responses": list(done.values())})


def _requests_in(call: Call) -> list[JsonObject]:
    """Read the batch. :raises Refusal: 400 when any part of it is malformed, for all of it."""
    items = call.json.get("requests")
    if not isinstance(items, list) or not items:
        raise Refusal(400, "BadRequest", "Invalid batch payload format.")
    if len(items) > _MOST:
        raise Refusal(400, "BadRequest", f"Number of batch request steps exceeds the maximum value of {_MOST}.")
    if not all(isinstance(item, dict) and _is_complete(item) for item in items):
        raise Refusal(400, "BadRequest", "Each request of a batch needs an id, a method and a relative url.")
    for item in items:
        _check_write(item)
    names = [item["id"].lower() for item in items]
    if len(set(names)) < len(names):
        raise Refusal(400, "BadRequest", "Request Id has to be unique in a batch.")
    unknown = [name for item in items for name in _needed_by(item) if name not in names]
    if unknown:
        raise Refusal(400, "BadRequest", f"The batch has no request '{unknown[0]}' to depend on.")
    return items


def _is_complete(item: JsonObject) -> bool:
    told = all(isinstance(item.get(name), str) for name in ("id", "method", "url")) and "://" not in str(item["url"])
    needed, headers = item.get("dependsOn") or [], item.get("headers") or {}
    return told and isinstance(needed, list) and isinstance(headers, dict)


def _check_write(item: JsonObject) -> None:
    """Refuse the whole batch for a write that does not say what it carries (observed). :raises Refusal: 400 then."""
    method, has_body = item["method"].upper(), item.get("body") is not None
    is_write = method in {"PUT", "PATCH"} or (method == "POST" and has_body)
    names = {str(name).lower() for name in item.get("headers") or {}}
    if is_write and not (has_body and "content-type" in names):
        message = f"Write request id : {item['id']} does not contain Content-Type header or body."
        raise Refusal(400, "BadRequest", message)


def _needed_by(item: JsonObject) -> list[str]:
    return [str(name).lower() for name in item.get("dependsOn") or ()]


async def _run(call: Call, item: JsonObject, done: dict[str, JsonObject]) -> JsonObject:
    if any(done[name]["status"] >= _BAD for name in _needed_by(item)):
        return _failed(item, 424, "FailedDependency", "A request that this one depends on has failed.")
    headers = {name.lower(): str(value) for name, value in (item.get("headers") or {}).items()}
    path, _, query = f"/{item['url'].lstrip('/')}".partition("?")
    if path.lower() == "/$batch":
        return _failed(item, 400, "BadRequest", "A batch cannot be inside a batch.")
    request = Request(
        method=item["method"].upper(),
        version=call.version,
        path=unquote(path),
        origin=call.origin,
        query=query,
        headers={"authorization": call.headers.get("authorization", ""), **headers},
        body=_body_of(item, headers.get("content-type", "")),
    )
    return _shown(item, await call.respond(request))


def _body_of(item: JsonObject, media_type: str) -> bytes:
    body: Any = item.get("body")
    if body is None:
        return b""
    if isinstance(body, str) and "json" not in media_type:
        try:
            return base64.b64decode(body, validate=True)
        except ValueError:
            raise Refusal(400, "BadRequest", f"The body of request '{item['id']}' is not base64.") from None
    return json.dumps(body).encode()


def _shown(item: JsonObject, response: Response) -> JsonObject:
    headers = {_HEADERS.get(name, name): value for name, value in response.headers.items() if name != "date"}
    told: JsonObject = {"id": item["id"], "status": response.status, "headers": headers}
    if response.body:
        is_json = "json" in response.headers.get("content-type", "")
        told["body"] = json.loads(response.body) if is_json else base64.b64encode(response.body).decode()
    return told


def _failed(item: JsonObject, status: int, code: str, message: str) -> JsonObject:
    body = {"error": {"code": code, "message": message}}
    return {"id": item["id"], "status": status, "headers": {"Content-Type": "application/json"}, "body": body}


ROUTES = (Route("POST", "/$batch", run_batch, ANY_TOKEN, "run up to twenty requests in one"),)
