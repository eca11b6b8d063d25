"""The page of one stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.panel.live import Live
from provisioning.panel.pages import drawn
from provisioning.panel.rhythm import Rhythm
from provisioning.panel.stack.watched import WatchedStack

SECONDS_BETWEEN = 15.0
"""How often Graph is asked how it goes: two requests."""


@dataclass(slots=True)
class StackPlace:
    """A page that tells how one stack is doing."""

    stack: WatchedStack
    template: str = "stack/page"
    live: Live = field(init=False)
    rhythm: Rhythm = field(init=False)

    def __post_init__(self) -> None:
        self.rhythm = Rhythm(self.stack.clock, SECONDS_BETWEEN)
        self.live = Live({"state": self._state})

    @property
    def path(self) -> str:
        """Its address."""
        return f"/stacks/{quote(self.title, safe='')}"

    @property
    def title(self) -> str:
        """Its name."""
        return self.stack.meant.stack

    def routes(self) -> Sequence[Route]:
        """List what else is answered."""
        return [Route(f"{self.path}/look", self._look, methods=["POST"])]

    async def watch(self) -> None:
        """Look how it goes, again and again."""
        while True:
            if await self.stack.look():
                self.live.changed("state")
            await self.rhythm.wait()

    async def _look(self, _: Request) -> Response:
        """Ask Graph at once."""
        self.rhythm.look_now()
        return RedirectResponse(self.path, 303)

    def _state(self) -> str:
        heard = self.stack.heard
        return drawn("stack/state", heard=heard, now=self.stack.clock.now())
