"""The login service on the network: cloud metadata, discovery, keys, tokens; and the corner of Azure that az asks."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.company.refusal import Refusal
from emulator.identity import issuers
from emulator.identity.documents import cloud_metadata, instance_discovery, openid_configuration
from emulator.identity.refusals import envelope_of, refuse
from emulator.identity.sign_in import Asked, sign_in

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from emulator.company.store import Tenant
    from emulator.entra import Entra

_LAST_WITH_LIST = "2019-05-01"
_ANY_TENANT = frozenset({"common", "organizations"})


def login_face(entra: Entra) -> Starlette:
    """Build the login service."""
    return Starlette(routes=login_routes(entra), exception_handlers={404: _nothing_here, 405: _wrong_verb})


def login_routes(entra: Entra) -> list[Route]:
    """List what the login service answers."""
    face = _LoginFace(entra)
    return [
        Route("/metadata/endpoints", face.metadata),
        Route("/common/discovery/instance", face.instance),
        Route("/{tenant}/v2.0/.well-known/openid-configuration", face.configuration),
        Route("/{tenant}/.well-known/openid-configuration", face.configuration_of_v1),
        Route("/{tenant}/discovery/v2.0/keys", face.keys),
        Route("/{tenant}/discovery/keys", face.keys),
        Route("/{tenant}/oauth2/v2.0/token", face.token, methods=["POST"]),
        Route("/{tenant}/oauth2/token", face.token_of_v1, methods=["POST"]),
        Route("/{tenant}/oauth2/v2.0/authorize", face.authorize, methods=["GET", "POST"]),
        Route("/{tenant}/oauth2/authorize", face.authorize, methods=["GET", "POST"]),
        Route("/arm/subscriptions", face.subscriptions),
        Route("/arm/tenants", face.tenants),
        Route("/subscriptions", face.subscriptions),
        Route("/tenants", face.tenants),
    ]


class _LoginFace:
    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    async def metadata(self, request: Request) -> Response:
        """Describe this cloud: alone, or in a list of clouds as versions up to 2019 have it, which Azure CLI reads."""
        described = cloud_metadata(_origin(request))
        version = request.query_params.get("api-version", "")
        return JSONResponse([described] if "" < version <= _LAST_WITH_LIST else described)

    async def instance(self, request: Request) -> Response:
        """Say that this host is a login host."""
        return JSONResponse(instance_discovery(_origin(request)))

    async def configuration(self, request: Request) -> Response:
        """Describe the tenant's login addresses."""
        return self._configuration(request, "/v2.0")

    async def configuration_of_v1(self, request: Request) -> Response:
        """Describe those of the older endpoints."""
        return self._configuration(request, "")

    async def keys(self, _: Request) -> Response:
        """List the keys that sign tokens."""
        return JSONResponse({"keys": [self._entra.key().as_jwk()]})

    async def token(self, request: Request) -> Response:
        """Issue a token for a scope."""
        return await self._token(request, by_resource=False)

    async def token_of_v1(self, request: Request) -> Response:
        """Issue a token for a resource."""
        return await self._token(request, by_resource=True)

    async def authorize(self, _: Request) -> Response:
        """Say that nobody can sign in: no application here has a reply address."""
        return self._no(refuse("AADSTS500113"))

    async def subscriptions(self, request: Request) -> Response:
        """List the Azure subscriptions of a tenant: there are none (``az login --allow-no-subscriptions``)."""
        try:
            self._entra.desk.admit_to_resource_manager(request.headers.get("authorization", ""))
        except Refusal as refusal:
            return _refused_by_azure(refusal)
        return JSONResponse({"value": [], "count": {"type": "Total", "value": 0}})

    async def tenants(self, request: Request) -> Response:
        """List the tenants that a token is good for: its own (rest/api/resources/tenants/list)."""
        try:
            tenant_id = self._entra.desk.admit_to_resource_manager(request.headers.get("authorization", ""))
            tenant = self._entra.world.tenant(tenant_id)
        except Refusal as refusal:
            return _refused_by_azure(refusal)
        shown = {
            "id": f"/tenants/{tenant.id}",
            "tenantId": tenant.id,
            "displayName": tenant.display_name,
            "defaultDomain": tenant.domain,
            "domains": [tenant.domain, tenant.initial_domain],
            "countryCode": "BE",
            "tenantCategory": "Home",
            "tenantType": "AAD",
        }
        return JSONResponse({"value": [shown]})

    async def _token(self, request: Request, *, by_resource: bool) -> Response:
        # Bytes that are not UTF-8 are told as what they are not: a known client, secret or scope.
        form = dict(parse_qsl((await request.body()).decode(errors="replace"))) | _basic(request)
        keys = await self._issuer_keys(form)
        asked = Asked(request.path_params["tenant"], form, _origin(request), keys, by_resource)
        try:
            answer = sign_in(self._entra.world, self._entra.desk, asked)
        except Refusal as refusal:
            return self._no(refusal)
        return JSONResponse(answer, headers={"cache-control": "no-store, no-cache"})

    async def _issuer_keys(self, form: dict[str, str]) -> issuers.Keys:
        if "client_secret" in form or "client_assertion" not in form:
            return ()
        return await issuers.keys_of(issuers.issuer_of(form["client_assertion"]), self._entra.browse)

    def _configuration(self, request: Request, version: str) -> Response:
        try:
            return JSONResponse(openid_configuration(self._tenant(request), _origin(request), version=version))
        except Refusal as refusal:
            return self._no(refusal)

    def _tenant(self, request: Request) -> Tenant:
        name = request.path_params["tenant"]
        tenants = self._entra.world.tenants
        if name in _ANY_TENANT and tenants:
            return next(iter(tenants.values()))
        try:
            return self._entra.world.tenant(name)
        except Refusal:
            raise refuse("AADSTS90002", name=name) from None

    def _no(self, refusal: Refusal) -> Response:
        body = envelope_of(refusal, trace_id=self._entra.world.id(), at=self._entra.clock.now())
        return JSONResponse(body, status_code=refusal.status)


def _basic(request: Request) -> dict[str, str]:
    """Read client id and secret from HTTP Basic, each percent-encoded (RFC 6749 section 2.3.1)."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return {}
    return {"client_id": unquote_plus(client), "client_secret": unquote_plus(secret)}


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"


def _refused_by_azure(refusal: Refusal) -> Response:
    body = {"error": {"code": refusal.code, "message": refusal.message}}
    headers = {
        "www-authenticate": 'Bearer authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    }
    return JSONResponse(body, status_code=refusal.status, headers=headers if refusal.status == 401 else None)  # noqa: PLR2004 - asks for credentials


async def _nothing_here(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": {"code": "NotFound", "message": "Nothing is served here."}}, status_code=404)


async def _wrong_verb(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": {"code": "MethodNotAllowed", "message": "Not with this verb."}}, status_code=405)
