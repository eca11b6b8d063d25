"""The page of many tenants. The page of one is opened when somebody first looks at it, and watched from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.panel.app import FRAGMENT, page_of, panel_app, told
from provisioning.panel.aside import Aside
from provisioning.panel.files import written
from provisioning.panel.fleet.watched import WatchedFleet
from provisioning.panel.live import Live
from provisioning.panel.pages import drawn
from provisioning.panel.place import Place
from provisioning.panel.rhythm import Rhythm

SECONDS_BETWEEN = 60.0
"""How often everybody is asked about: two requests for each."""

AT_ONCE = 4
"""About how many is asked at a time (bench/fleet.py)."""

TENANT = "/stacks/{name}"


@dataclass(slots=True)
class FleetPlace:
    """A page that tells how many tenants are doing."""

    fleet: WatchedFleet
    path: str = "/fleet"
    title: str = "fleet"
    template: str = "fleet/page"
    live: Live = field(init=False)
    rhythm: Rhythm = field(init=False)
    _open: dict[str, _OpenTenant] = field(default_factory=dict)
    _opened: asyncio.Queue[Place] = field(default_factory=asyncio.Queue)
    """Those that are not watched yet."""
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _aside: Aside = field(default_factory=lambda: Aside(AT_ONCE))

    def __post_init__(self) -> None:
        self.rhythm = Rhythm(self.fleet.clock, SECONDS_BETWEEN)
        self.live = Live({"summary": self._summary})

    def routes(self) -> Sequence[Route]:
        """List what else is answered: everything below the address of each tenant, too."""
        tenant = _Tenant(self)
        return [
            Route(f"{self.path}/look", self._look, methods=["POST"]),
            Route(f"{self.path}/tenants", self._searched),
            Route(TENANT, tenant),
            Route(f"{TENANT}/{{rest:path}}", tenant),
        ]

    async def watch(self) -> None:
        """Ask about everybody, again and again, and watch whoever was opened, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch_all())
                tasks.create_task(self._watch_file())
                while True:
                    tasks.create_task((await self._opened.get()).watch())
        finally:
            self._aside.end()
            for each in self._open.values():
                each.place.live.end()
            await self.fleet.tenants.close()

    async def opened(self, name: str, scope: Scope) -> Starlette:
        """Give what answers for one tenant; the first time it is signed in for it.

        :raises ProvisioningError: when there is no such tenant, or it cannot be worked with.
        """
        async with self._one_by_one:
            if name not in self._open:
                if name not in self.fleet.rows:
                    raise ConfigurationError(
                        f"There is no tenant {name!r} in {self.fleet.tenants.file.name}.", hint="Look at the fleet."
                    )
                place = await self.fleet.tenants.open(name, self._aside)
                state = scope["app"].state
                ways: list[Place] = [*state.ways, place]
                self._open[name] = _OpenTenant(place, panel_app([place], ways=ways, streams=state.streams))
                self._opened.put_nowait(place)
            return self._open[name].answers

    def search(self, words: str = "") -> str:
        """Draw the search for tenants, with those who are found."""
        return drawn("fleet/search", place=self, words=words, rows=self._rows(words))

    async def _watch_all(self) -> None:
        self.fleet.read()
        while True:
            self._changed()
            await self.fleet.look(self._aside, self._changed)
            self.rhythm.at_least = self.fleet.rest
            await self.rhythm.wait()

    async def _watch_file(self) -> None:
        async for _ in written(self.fleet.tenants.file):
            self.fleet.read()
            self._changed()
            self.rhythm.look_now()

    def _changed(self) -> None:
        self.live.changed("summary")

    async def _look(self, _: Request) -> Response:
        self.rhythm.look_now()
        return RedirectResponse(self.path, 303)

    async def _searched(self, request: Request) -> Response:
        words = request.query_params.get("q", "")[:200]
        if FRAGMENT in request.headers:
            return page_of(request, self, self._rows(words))
        parts = {"summary": self._summary()}
        return page_of(request, self, drawn(self.template, place=self, parts=parts, search=self.search(words)))

    def _rows(self, words: str) -> str:
        return drawn("fleet/rows", found=self.fleet.found(words), now=self.fleet.clock.now())

    def _summary(self) -> str:
        return drawn("fleet/summary", place=self, fleet=self.fleet)


@dataclass(frozen=True, slots=True)
class _OpenTenant:
    place: Place
    answers: Starlette


@dataclass(frozen=True, slots=True)
class _Tenant:
    """Answers everything below the address of a tenant."""

    place: FleetPlace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answers = await self.place.opened(scope["path_params"]["name"], scope)
        except ProvisioningError as error:
            request = Request(scope, receive)
            await told(request, request.app.state.ways, error)(scope, receive, send)
        else:
            await answers(scope, receive, send)
