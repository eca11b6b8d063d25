"""From a request to an answer: who calls, which route, may they, what does it say, and how is a no worded."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING

from emulator.company.permissions import GRAPH_APP_ID
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import access, bodies, options
from emulator.graph.exchange import Answer, Call, Request, Response
from emulator.graph.routes import ROUTES
from emulator.graph.routing import Router
from emulator.moods.quotas import Metered, cost_of

if TYPE_CHECKING:
    from emulator.company.store import JsonObject
    from emulator.entra import Entra
    from emulator.graph.routing import Route

JSON_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ROUTER = Router(ROUTES)


async def respond(entra: Entra, request: Request) -> Response:
    """Answer a request. Every answer has a request id; a refusal has Graph's envelope (Learn: errors)."""
    request_id = str(uuid.uuid4())
    headers = {"request-id": request_id, "date": formatdate(entra.desk.wall(), usegmt=True)}
    client_id = request.headers.get("client-request-id")
    if client_id:
        headers["client-request-id"] = client_id
    try:
        answer = await _answered(entra, request)
    except Refusal as refusal:
        answer = _refused(entra, request, refusal, (request_id, client_id or request_id))
    return _written(answer, headers)


async def _answered(entra: Entra, request: Request) -> Answer:
    caller = entra.desk.recognise(request.headers.get("authorization", ""))
    tenant = entra.world.tenants.get(caller.tenant_id)
    if tenant is None:
        raise Refusal(401, "InvalidAuthenticationToken", "The identity of the calling application could not be found.")
    if request.path.lower().split("/")[1:2] == ["me"]:
        raise Refusal(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    route, ids = _ROUTER.find(request.version, request.method, request.path)
    body = bodies.unpacked(request)
    call = Call(
        entra=entra,
        tenant=tenant,
        caller=caller,
        method=request.method,
        version=request.version,
        path=request.path,
        ids=ids,
        origin=request.origin,
        query_text=request.query,
        headers=request.headers,
        body=body,
        respond=partial(respond, entra),
    )
    access.check(route.access, call)
    if request.query:
        options.check(request.query)
    bodies.check_type(request, body, any_media=route.any_media)
    told = entra.throttle.admit(_metered(call, route))
    if entra.knobs.dynamic_group_lag:
        # Time may have passed since the last request.
        entra.fill_groups()
    found = route.handler(call)
    answer = await found if isinstance(found, Awaitable) else found
    if request.method != "GET":
        entra.fill_groups()
    return Answer(answer.status, answer.body, {**told, **answer.headers}) if told else answer


def _metered(call: Call, route: Route) -> Metered:
    return Metered(
        cost=cost_of(call.options, route.cost),
        method=call.method,
        path=call.path,
        app_id=call.caller.app_id,
        tenant_id=call.tenant.id,
        now=call.entra.wall(),
        people=lambda: sum(1 for _ in call.directory.all(Kind.USER)),
        is_metered=route.is_metered,
    )


def _refused(entra: Entra, request: Request, refusal: Refusal, ids: tuple[str, str]) -> Answer:
    body: JsonObject = {
        "error": {
            "code": refusal.code,
            "message": refusal.message,
            "innerError": {
                "date": f"{entra.world.clock.now():%Y-%m-%dT%H:%M:%S}",
                "request-id": ids[0],
                "client-request-id": ids[1],
            },
        }
    }
    headers = dict(refusal.headers)
    if refusal.retry_after is not None:
        headers["retry-after"] = str(refusal.retry_after)
    if refusal.status == 401:  # noqa: PLR2004 - the status that asks for credentials (RFC 9110 section 11.6.1)
        # Absolute, and with the client id of Microsoft Graph, as the service writes it.
        address = f"{request.origin}/common/oauth2/authorize"
        headers["www-authenticate"] = f'Bearer realm="", authorization_uri="{address}", client_id="{GRAPH_APP_ID}"'
    return Answer(refusal.status, body, headers)


def _written(answer: Answer, headers: dict[str, str]) -> Response:
    headers.update(answer.headers)
    if answer.body is None:
        return Response(answer.status, headers)
    if isinstance(answer.body, bytes):
        headers.setdefault("content-type", "text/plain")
        return Response(answer.status, headers, answer.body)
    headers.setdefault("content-type", JSON_TYPE)
    headers["odata-version"] = "4.0"
    return Response(answer.status, headers, _ENCODER.encode(answer.body).encode())
