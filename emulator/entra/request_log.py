"""What was asked of the emulator: method, path, answer. Never a header, a body or a secret."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import JsonObject

_KEPT = 100_000


FACES = ("graph", "login", "metadata", "scim", "vault")
"""Who can be asked; the control interface's own requests are not noted."""


class Exchange(NamedTuple):
    """One request and the status of its answer."""

    face: str
    """Who was asked, one of :data:`FACES`."""
    method: str
    path: str
    query: str
    status: int
    at: datetime
    """By the company's clock."""


@dataclass(slots=True)
class RequestLog:
    """The last requests, oldest first."""

    entries: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def note(self, exchange: Exchange) -> None:
        """Remember a request."""
        self.entries.append(exchange)

    def clear(self) -> None:
        """Forget them all."""
        self.entries.clear()

    def of(self, face: str) -> list[Exchange]:
        """List the requests to one face."""
        return [entry for entry in self.entries if entry.face == face]

    def as_json(self, face: str | None = None) -> list[JsonObject]:
        """List the requests for the control interface."""
        return [{**entry._asdict(), "at": entry.at.isoformat()} for entry in (self.of(face) if face else self.entries)]
