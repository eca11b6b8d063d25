"""A page of the panel, and what watches behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from starlette.routing import Route

from provisioning.panel.live import Live

NOT_IN_AN_ADDRESS = re.compile(r"[^\w.-]", re.ASCII)


def path_of_stack(name: str) -> str:
    """Give the address of a stack's page. A stack may be called ``organization/project/dev``, and a job by two ids."""
    return f"/stacks/{NOT_IN_AN_ADDRESS.sub('-', name)}"


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
