"""The login service on the network: cloud metadata, discovery, keys, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.identity.documents import cloud_metadata, instance_discovery, openid_configuration
from emulator.identity.refusals import envelope_of, refuse
from emulator.identity.sign_in import sign_in
from emulator.refusal import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from emulator.entra import Entra
    from emulator.store import Tenant

_ANY_TENANT = frozenset({"common", "organizations"})


def login_face(entra: Entra) -> Starlette:
    """Build the login service."""
    face = _LoginFace(entra)
    return Starlette(
        routes=[
            Route("/metadata/endpoints", face.metadata),
            Route("/common/discovery/instance", face.instance),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", face.configuration),
            Route("/{tenant}/.well-known/openid-configuration", face.configuration),
            Route("/{tenant}/discovery/v2.0/keys", face.keys),
            Route("/{tenant}/discovery/keys", face.keys),
            Route("/{tenant}/oauth2/v2.0/token", face.token, methods=["POST"]),
        ],
        exception_handlers={404: _nothing_here, 405: _wrong_verb},
    )


class _LoginFace:
    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    async def metadata(self, request: Request) -> Response:
        """Describe this cloud."""
        return JSONResponse(cloud_metadata(_origin(request)))

    async def instance(self, request: Request) -> Response:
        """Say that this host is a login host."""
        return JSONResponse(instance_discovery(_origin(request)))

    async def configuration(self, request: Request) -> Response:
        """Describe the tenant's login addresses."""
        try:
            return JSONResponse(openid_configuration(self._tenant(request), _origin(request)))
        except Refusal as refusal:
            return self._no(refusal)

    async def keys(self, _: Request) -> Response:
        """List the keys that sign tokens."""
        return JSONResponse({"keys": [self._entra.key().as_jwk()]})

    async def token(self, request: Request) -> Response:
        """Issue a token."""
        form = dict(parse_qsl((await request.body()).decode()))
        try:
            tenant = request.path_params["tenant"]
            answer = sign_in(self._entra.world, self._entra.desk, tenant, form, origin=_origin(request))
        except Refusal as refusal:
            return self._no(refusal)
        return JSONResponse(answer, headers={"cache-control": "no-store, no-cache"})

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


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"


async def _nothing_here(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": {"code": "NotFound", "message": "Nothing is served here."}}, status_code=404)


async def _wrong_verb(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": {"code": "MethodNotAllowed", "message": "Not with this verb."}}, status_code=405)
