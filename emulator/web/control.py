"""The control interface under ``/_emulator/``: move the clock, run cycles, see what was asked, start again.

It is for whoever runs the emulator, not for clients of Entra, and answers on loopback only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.durations import duration_in
from emulator.refusal import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from emulator.running import Emulator
    from emulator.store import JsonObject

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})


def control_face(emulator: Emulator) -> Starlette:
    """Build the control interface."""
    face = _ControlFace(emulator)
    return Starlette(
        routes=[
            Route("/state", face.state, methods=["GET"]),
            Route("/clock/advance", face.advance, methods=["POST"]),
            Route("/cycles/run", face.run, methods=["POST"]),
            Route("/requests", face.requests, methods=["GET"]),
            Route("/requests", face.forget_requests, methods=["DELETE"]),
            Route("/reset", face.reset, methods=["POST"]),
        ],
        exception_handlers={Refusal: _refused},
    )


class _ControlFace:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def state(self, request: Request) -> Response:
        """Tell what time it is and how the jobs are."""
        _check_loopback(request)
        entra = self._emulator.entra
        due = entra.service.next_due()
        jobs = [{**entra.service.as_graph(job), "servicePrincipalId": job.service_principal_id} for job in entra.jobs()]
        return JSONResponse(
            {
                "ready": True,
                "time": entra.clock.now().isoformat(),
                "nextCycle": due.isoformat() if due else None,
                "jobs": jobs,
            }
        )

    async def advance(self, request: Request) -> Response:
        """Let time pass: ``{"by": "PT40M"}``. Cycles run at the moment when they are due."""
        by = duration_in(str((await _json(request)).get("by", "")))
        ran = await self._emulator.advance(by)
        return JSONResponse({"time": self._emulator.entra.clock.now().isoformat(), "cycles": ran})

    async def run(self, request: Request) -> Response:
        """Run what is due, or a cycle of one job now: ``{"jobId": "…"}``."""
        job_id = (await _json(request)).get("jobId")
        if job_id:
            await self._emulator.run_cycle(str(job_id))
            return JSONResponse({"cycles": 1})
        return JSONResponse({"cycles": await self._emulator.run_due()})

    async def requests(self, request: Request) -> Response:
        """List what was asked, of one face with ``?face=graph``."""
        _check_loopback(request)
        return JSONResponse({"value": self._emulator.entra.requests.as_json(request.query_params.get("face"))})

    async def forget_requests(self, request: Request) -> Response:
        """Forget what was asked."""
        _check_loopback(request)
        self._emulator.entra.requests.clear()
        return JSONResponse({})

    async def reset(self, request: Request) -> Response:
        """Go back to the seed."""
        _check_loopback(request)
        self._emulator.reset()
        return JSONResponse({})


async def _json(request: Request) -> JsonObject:
    _check_loopback(request)
    if not await request.body():
        return {}
    try:
        found = await request.json()
    except ValueError:
        raise Refusal.bad_request("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise Refusal.bad_request("The body must be a JSON object.")
    return found


def _check_loopback(request: Request) -> None:
    if request.client and request.client.host not in _LOOPBACK:
        raise Refusal(403, "Forbidden", "The control interface answers on loopback only.")


async def _refused(_: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return JSONResponse({"error": {"code": refusal.code, "message": refusal.message}}, status_code=refusal.status)
