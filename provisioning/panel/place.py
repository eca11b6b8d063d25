"""A page of the panel, and what watches behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from starlette.routing import Route

from provisioning.panel.live import Live


class Place(Protocol):
    """A page with an address of its own."""

    @property
    def path(self) -> str:
        """Its address, such as ``/stacks/dev``; what belongs to it lies below."""

    @property
    def title(self) -> str:
        """What the way there is called, such as ``dev``."""

    @property
    def template(self) -> str:
        """What the page is drawn with, such as ``stack/page``; it is given this place as ``place``."""

    @property
    def live(self) -> Live:
        """Its parts."""

    def routes(self) -> Sequence[Route]:
        """List what else is answered: paths below :attr:`path`, whole."""

    async def watch(self) -> None:
        """Look, and keep what was seen, until cancelled."""
