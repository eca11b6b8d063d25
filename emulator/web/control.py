"""The control interface under ``/_emulator/``: move the clock, run cycles, see what was asked, start again.

It is for whoever runs the emulator, not for clients of Entra: :mod:`emulator.web.guard` says who may.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.company.clock import LATEST
from emulator.company.durations import duration_in
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.entra.request_log import FACES
from emulator.web.control_requests import number_in, object_in
from emulator.web.guard import Guard
from emulator.web.moods import mood_routes
from emulator.web.vault import vault_control_routes

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from emulator.premises import Premises

LONGEST = timedelta(days=3_660)
"""How much time passes at once, at most: a cycle every forty minutes makes 130,000 of it."""


def control_face(emulator: Premises) -> ASGIApp:
    """Build the control interface."""
    return Guard(Starlette(routes=control_routes(emulator), exception_handlers={Refusal: _refused}), emulator)


def control_routes(emulator: Premises) -> list[Route]:
    """List what the control interface answers; the paths come after ``/_emulator``."""
    face = _ControlFace(emulator)
    return [
        Route("/state", face.state, methods=["GET"]),
        Route("/changes", face.changes, methods=["GET"]),
        Route("/clock/advance", face.advance, methods=["POST"]),
        Route("/cycles/run", face.run, methods=["POST"]),
        Route("/requests", face.requests, methods=["GET"]),
        Route("/requests", face.forget_requests, methods=["DELETE"]),
        Route("/outbox", face.outbox, methods=["GET"]),
        Route("/outbox", face.empty_outbox, methods=["DELETE"]),
        Route("/reset", face.reset, methods=["POST"]),
        Route("/snapshot", face.take_snapshot, methods=["GET"]),
        Route("/snapshot", face.restore_snapshot, methods=["PUT"]),
        *mood_routes(emulator),
        *vault_control_routes(emulator),
    ]


LONGEST_WAIT = 20.0
"""Seconds that nobody is answered who waits for a change and there is none."""

LINES_LOOKED_AT = 64
PEOPLE_TOLD = 5
"""Of the last lines of the directory's journal, as many people are told, the one that changed last first."""


class _ControlFace:
    def __init__(self, emulator: Premises) -> None:
        self._emulator = emulator

    async def state(self, _: Request) -> Response:
        """Tell what time it is and how the jobs are."""
        entra = self._emulator.entra
        due = entra.service.next_due()
        # Those of an app in the recycle bin are kept for when it comes back, and do not run: Graph has none of them.
        directories = [tenant.directory for tenant in entra.world.tenants.values()]
        jobs = [
            {**entra.service.as_graph(job), "servicePrincipalId": job.service_principal_id}
            for job in entra.jobs()
            if any(directory.find(job.service_principal_id) for directory in directories)
        ]
        return JSONResponse(
            {
                "ready": True,
                "time": entra.clock.now().isoformat(),
                "nextCycle": due.isoformat() if due else None,
                "jobs": jobs,
            }
        )

    async def changes(self, request: Request) -> Response:
        """Tell how often something changed, as soon as that is not the number of ``?since=7`` any more.

        It is answered after :data:`LONGEST_WAIT` seconds at the latest.
        """
        entra, since = self._emulator.entra, number_in(request, "since")
        number = entra.changes.number if since is None else await entra.changes.other_than(since, LONGEST_WAIT)
        tenant = self._emulator.seed.tenant.id
        directory = self._emulator.world.tenant(tenant).directory
        since_when = max(entra.beginnings[tenant], len(directory.journal) - LINES_LOOKED_AT)
        touched = dict.fromkeys(change.object_id for change in directory.journal[since_when:][::-1])
        people = [each for each in touched if (found := directory.find(each)) and found.kind is Kind.USER]
        return JSONResponse(
            {"number": number, "journal": len(directory.journal), "people": people[:PEOPLE_TOLD]},
        )

    async def advance(self, request: Request) -> Response:
        """Let time pass: ``{"by": "PT40M"}``. Cycles run at the moment when they are due."""
        by = duration_in(str((await object_in(request)).get("by", "")))
        if by > LONGEST or self._emulator.clock.now() + by > LATEST:
            raise Refusal.bad_request(
                f"Time passes by at most {LONGEST.days:,} days at once, and ends in {LATEST.year}."
            )
        ran = await self._emulator.advance(by)
        return JSONResponse({"time": self._emulator.entra.clock.now().isoformat(), "cycles": ran})

    async def run(self, request: Request) -> Response:
        """Run what is due, or a cycle of one job now: ``{"jobId": "…"}``."""
        job_id = (await object_in(request)).get("jobId")
        if job_id:
            await self._emulator.run_cycle(str(job_id))
            return JSONResponse({"cycles": 1})
        return JSONResponse({"cycles": await self._emulator.run_due()})

    async def requests(self, request: Request) -> Response:
        """List what was asked, of one face with ``?face=graph``. :raises Refusal: 400 when there is no such face."""
        face = request.query_params.get("face")
        if face is not None and face not in FACES:
            raise Refusal.bad_request(f"There is no face '{face:.40}'. There are {', '.join(FACES)}.")
        return JSONResponse({"value": self._emulator.entra.requests.as_json(face)})

    async def forget_requests(self, _: Request) -> Response:
        """Forget what was asked."""
        self._emulator.entra.requests.clear()
        return JSONResponse({})

    async def outbox(self, _: Request) -> Response:
        """List the e-mails that would have been sent."""
        return JSONResponse({"value": self._emulator.entra.service.outbox})

    async def empty_outbox(self, _: Request) -> Response:
        """Forget them."""
        self._emulator.entra.service.empty_outbox()
        return JSONResponse({})

    async def reset(self, _: Request) -> Response:
        """Go back to the seed."""
        await self._emulator.entra.between_cycles(self._emulator.reset)
        return JSONResponse({})

    async def take_snapshot(self, _: Request) -> Response:
        """Write down the world."""
        return JSONResponse(await self._emulator.entra.between_cycles(self._emulator.snapshot))

    async def restore_snapshot(self, request: Request) -> Response:
        """Go on in the world of a snapshot."""
        written = await object_in(request)
        await self._emulator.entra.between_cycles(lambda: self._emulator.restore(written))
        return JSONResponse({})


async def _refused(_: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return JSONResponse({"error": {"code": refusal.code, "message": refusal.message}}, status_code=refusal.status)
