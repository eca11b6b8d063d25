"""The part of the control interface that makes the emulator misbehave: faults, quotas, replication, Elium's habits."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.company.refusal import Refusal
from emulator.elium import Behaviour
from emulator.elium import Fault as EliumFault
from emulator.moods.conformity import made_of
from emulator.moods.faults import Fault
from emulator.moods.quotas import Quotas
from emulator.moods.replication import Lag
from emulator.web.control_requests import body_of, number_in, object_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from emulator.elium import EliumTenant
    from emulator.premises import Premises


def mood_routes(emulator: Premises) -> list[Route]:
    """List the routes."""
    moods = _Moods(emulator)
    return [
        Route("/faults", moods.faults, methods=["GET"]),
        Route("/faults", moods.add_faults, methods=["POST"]),
        Route("/faults", moods.clear_faults, methods=["DELETE"]),
        Route("/throttling", moods.throttle, methods=["PUT"]),
        Route("/throttling", moods.stop_throttling, methods=["DELETE"]),
        Route("/replication", moods.replicate, methods=["PUT"]),
        Route("/elium/{tenant}", moods.elium, methods=["GET"]),
        Route("/elium/{tenant}/accounts", moods.elium_accounts, methods=["GET"]),
        Route("/elium/{tenant}/requests", moods.elium_requests, methods=["GET"]),
        Route("/elium/{tenant}/requests", moods.forget_elium_requests, methods=["DELETE"]),
        Route("/elium/{tenant}/faults", moods.elium_faults, methods=["GET"]),
        Route("/elium/{tenant}/faults", moods.add_elium_faults, methods=["POST"]),
        Route("/elium/{tenant}/faults", moods.clear_elium_faults, methods=["DELETE"]),
        Route("/elium/{tenant}/behaviour", moods.set_behaviour, methods=["PUT"]),
        Route("/elium/{tenant}/tokens", moods.elium_tokens, methods=["GET"]),
        Route("/elium/{tenant}/tokens", moods.make_elium_token, methods=["POST"]),
        Route("/elium/{tenant}/tokens/{number}", moods.switch_elium_token, methods=["PATCH"]),
        Route("/elium/{tenant}/tokens/{number}", moods.revoke_elium_token, methods=["DELETE"]),
    ]


class _Moods:
    def __init__(self, emulator: Premises) -> None:
        self._emulator = emulator

    async def faults(self, _: Request) -> Response:
        """List the faults that are set, with what is left of them."""
        return JSONResponse({"value": [_shown(fault) for fault in self._emulator.entra.faults.set]})

    async def add_faults(self, request: Request) -> Response:
        """Set a fault, or several in ``value``."""
        made = [Fault.from_json(told) for told in await _several(request)]
        self._emulator.entra.faults.add(made)
        return JSONResponse({"value": [_shown(fault) for fault in made]}, status_code=201)

    async def clear_faults(self, _: Request) -> Response:
        """Let everything work again."""
        self._emulator.entra.faults.clear()
        return JSONResponse({})

    async def throttle(self, request: Request) -> Response:
        """Count what is asked, with the documented quotas or others: ``{"units": 100}``."""
        quotas = made_of(Quotas, await object_in(request), "Throttling")
        if any(getattr(quotas, one.name) == 0 for one in fields(Quotas)):
            raise Refusal.bad_request("A quota is more than nothing; DELETE stops the counting.")
        self._emulator.entra.throttle.set(quotas)
        return JSONResponse({})

    async def stop_throttling(self, _: Request) -> Response:
        """Stop counting."""
        self._emulator.entra.throttle.set(None)
        return JSONResponse({})

    async def replicate(self, request: Request) -> Response:
        """Let new objects lag behind: ``{"reads": 3, "lists": 2}``, or ``{"seconds": 30}`` of the company's clock."""
        lag = made_of(Lag, await object_in(request), "Replication")
        self._emulator.entra.replication.set(lag)
        return JSONResponse({})

    async def elium(self, request: Request) -> Response:
        """Show the accounts and groups at a tenant of Elium."""
        tenant = self._tenant(request)
        return JSONResponse({"users": _plain(tenant.users), "groups": _plain(tenant.groups)})

    async def elium_requests(self, request: Request) -> Response:
        """Show exactly what a tenant of Elium was sent, without tokens; with ``?method=POST,PATCH`` only that.

        ``?after=7&before=90&top=50`` gives the last fifty between two numbers; the tally is of all that ever came.
        """
        tenant, elium = self._tenant(request), self._emulator.elium
        methods = [one for one in request.query_params.get("method", "").upper().split(",") if one]
        after, before = number_in(request, "after") or 0, number_in(request, "before")
        newest = elium.newest(tenant.name, after=after, before=before)
        found = islice((one for one in newest if not methods or one.method in methods), number_in(request, "top"))
        told = [one.as_json(tenant.name_of(one.about[0])) for one in found][::-1]
        return JSONResponse({"value": told, "last": elium.last, "tally": tenant.tally.as_json()})

    async def elium_accounts(self, request: Request) -> Response:
        """Show accounts at a tenant of Elium, the one changed last first: ``?search=ada&skip=50&top=50``."""
        found = list(self._tenant(request).accounts(request.query_params.get("search", "")))
        skip, top = number_in(request, "skip") or 0, number_in(request, "top")
        page = found[skip:][:top]
        active = sum(getattr(one, "active", None) is not False for one in found)
        told = _plain([one.model_dump() for one in page])
        return JSONResponse({"value": told, "count": len(found), "active": active})

    async def elium_faults(self, request: Request) -> Response:
        """List the faults that are set at a tenant of Elium, with what is left of them."""
        return JSONResponse({"value": [_shown(fault) for fault in self._tenant(request).faults]})

    async def forget_elium_requests(self, request: Request) -> Response:
        """Forget what a tenant of Elium was sent."""
        self._emulator.elium.forget(self._tenant(request).name)
        return JSONResponse({})

    async def add_elium_faults(self, request: Request) -> Response:
        """Set a fault at a tenant of Elium, or several in ``value``."""
        tenant = self._tenant(request)
        made = [EliumFault.from_json(told) for told in await _several(request)]
        tenant.faults.extend(made)
        return JSONResponse({}, status_code=201)

    async def clear_elium_faults(self, request: Request) -> Response:
        """Let a tenant of Elium work again."""
        self._tenant(request).faults.clear()
        return JSONResponse({})

    async def set_behaviour(self, request: Request) -> Response:
        """Give a tenant of Elium other habits: ``{"understands_entra": false}``."""
        self._tenant(request).behaviour = made_of(Behaviour, await object_in(request), "A behaviour")
        return JSONResponse({})

    async def elium_tokens(self, request: Request) -> Response:
        """List the tokens that open a tenant of Elium, by number; never what they are."""
        tokens = self._tenant(request).tokens
        return JSONResponse({"value": [{"number": each, "enabled": tokens.is_on(each)} for each in tokens.numbers]})

    async def make_elium_token(self, request: Request) -> Response:
        """Make one more token, as Elium's administrator does before a rotation; it is shown this once."""
        number, token = self._tenant(request).tokens.make()
        return JSONResponse({"number": number, "token": token}, status_code=201)

    async def switch_elium_token(self, request: Request) -> Response:
        """Let a token open nothing, ``{"enabled": false}``, or again: what is revoked otherwise never comes back."""
        enabled = (await object_in(request)).get("enabled")
        if not isinstance(enabled, bool):
            raise Refusal.bad_request('What can be changed is {"enabled": false} or {"enabled": true}.')
        self._tenant(request).tokens.switch(request.path_params["number"], enabled=enabled)
        return JSONResponse({})

    async def revoke_elium_token(self, request: Request) -> Response:
        """Revoke a token, as Elium's administrator does after a rotation."""
        self._tenant(request).tokens.revoke(request.path_params["number"])
        return Response(status_code=204)

    def _tenant(self, request: Request) -> EliumTenant:
        name = request.path_params["tenant"]
        try:
            return self._emulator.elium.tenant(name)
        except KeyError:
            raise Refusal.not_found(name) from None


async def _several(request: Request) -> list[Mapping[str, Any]]:
    """Read one object, or the list of them in ``value``."""
    told = await body_of(request)
    found = told["value"] if isinstance(told, dict) and isinstance(told.get("value"), list) else [told]
    if not all(isinstance(one, dict) for one in found):
        raise Refusal.bad_request("A JSON object is expected, or a list of them in 'value'.")
    return found


def _shown(fault: Fault | EliumFault) -> dict[str, Any]:
    return {one.name: getattr(fault, one.name) for one in fields(fault) if not one.name.startswith("_")}


def _plain(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what JSON cannot say."""
    return [{name: value for name, value in one.items() if name != "meta"} for one in resources]
