"""The vault on the network, at the root of the address, and what the control interface does with it.

An id of a secret is ``https://HOST/secrets/NAME/VERSION``: Microsoft's clients refuse one with a path before it.
Its own interface only reads; whoever runs the emulator puts secrets in over the control interface.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.company.refusal import Refusal
from emulator.premises import Premises
from emulator.vault import answers
from emulator.web.asgi import headers_of, origin_of
from emulator.web.control_requests import object_in


def vault_face(emulator: Premises) -> Starlette:
    """Build the vault's own interface."""
    return Starlette(
        routes=vault_routes(emulator),
        exception_handlers={Refusal: _refused, 404: _nothing_here, 405: _nothing_here},
    )


def vault_routes(emulator: Premises) -> list[Route]:
    """List what the vault answers."""
    face = _VaultFace(emulator)
    return [
        Route("/secrets", face.secrets, methods=["GET"]),
        Route("/secrets/{name}", face.secret, methods=["GET"]),
        Route("/secrets/{name}/", face.secret, methods=["GET"]),
        Route("/secrets/{name}/versions", face.versions, methods=["GET"]),
        Route("/secrets/{name}/{version}", face.secret, methods=["GET"]),
    ]


def vault_control_routes(emulator: Premises) -> list[Route]:
    """List what the control interface does with the vault; the paths come after ``/_emulator``."""
    control = _VaultControl(emulator)
    return [
        Route("/vault/secrets", control.list, methods=["GET"]),
        Route("/vault/secrets/{name}", control.put, methods=["PUT"]),
        Route("/vault/secrets/{name}", control.switch, methods=["PATCH"]),
        Route("/vault/secrets/{name}", control.remove, methods=["DELETE"]),
    ]


class _VaultFace:
    def __init__(self, emulator: Premises) -> None:
        self._emulator = emulator

    async def secrets(self, request: Request) -> Response:
        """List the secrets, without their values."""
        origin = self._admit(request)
        return JSONResponse(answers.listed(origin, self._emulator.vault.secrets))

    async def versions(self, request: Request) -> Response:
        """List the versions of a secret, without their values."""
        origin = self._admit(request)
        secret = self._emulator.vault.named(request.path_params["name"])
        return JSONResponse(answers.versions_listed(origin, secret))

    async def secret(self, request: Request) -> Response:
        """Give a version of a secret, the newest unless one is named."""
        origin, name = self._admit(request), request.path_params["name"]
        version = self._emulator.vault.get(name, request.path_params.get("version", ""))
        return JSONResponse(
            answers.shown(origin, self._emulator.vault.named(name).name, version), headers={"cache-control": "no-cache"}
        )

    def _admit(self, request: Request) -> str:
        """Let through who has a token of this tenant for a vault, and give the address that was asked.

        :raises Refusal: 401 with the challenge that tells where a token is had, 400 without a version of the interface.
        """
        headers = headers_of(request.scope)
        origin, tenant_id = origin_of(request.scope, headers), self._emulator.seed.tenant.id
        try:
            self._emulator.entra.desk.admit_to_vault(headers.get("authorization", ""), tenant_id)
        except Refusal as refusal:
            challenge = {"www-authenticate": answers.challenge(origin, tenant_id)}
            raise Refusal(401, "Unauthorized", refusal.message, headers=challenge) from None
        if not request.query_params.get("api-version"):
            raise Refusal(400, "BadParameter", "api-version must be specified")
        return origin


class _VaultControl:
    def __init__(self, emulator: Premises) -> None:
        self._emulator = emulator

    async def list(self, _: Request) -> Response:
        """List the secrets with their versions, oldest first; never what they are."""
        told = [
            {
                "name": secret.name,
                "versions": [{"version": version.id, "enabled": version.enabled} for version in secret.versions],
            }
            for secret in self._emulator.vault.secrets
        ]
        return JSONResponse({"value": told})

    async def put(self, request: Request) -> Response:
        """Make a secret, or a new version of it: ``{"value": "…"}``."""
        told = await object_in(request)
        value = told.get("value")
        if not isinstance(value, str) or told.keys() != {"value"}:
            # What came is not repeated: it may be a secret all the same.
            raise Refusal.bad_request('A secret is a JSON object with a text, {"value": "…"}.')
        version = self._emulator.vault.put(request.path_params["name"], value)
        return JSONResponse({"version": version.id}, status_code=201)

    async def switch(self, request: Request) -> Response:
        """Switch the newest version off, or on again: ``{"enabled": false}``."""
        enabled = (await object_in(request)).get("enabled")
        if not isinstance(enabled, bool):
            raise Refusal.bad_request('What can be changed is {"enabled": false} or {"enabled": true}.')
        version = self._emulator.vault.switch(request.path_params["name"], enabled=enabled)
        return JSONResponse({"version": version.id})

    async def remove(self, request: Request) -> Response:
        """Remove a secret with all its versions."""
        self._emulator.vault.remove(request.path_params["name"])
        return Response(status_code=204)


async def _refused(_: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    told: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if refusal.status == 403:  # noqa: PLR2004 - the only thing that is forbidden here
        told["innererror"] = {"code": "SecretDisabled"}
    return JSONResponse({"error": told}, status_code=refusal.status, headers=dict(refusal.headers))


async def _nothing_here(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    message = "The vault of the emulator reads secrets, and nothing else."
    return JSONResponse({"error": {"code": "NotFound", "message": message}}, status_code=status)
