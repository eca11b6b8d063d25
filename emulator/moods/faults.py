"""What may go wrong on request: which requests, when, how often, and what the client sees.

A fault is data. It strikes by route, by the number of the call and by chance; the seed makes a run repeatable.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import httpx2

from emulator.company.refusal import Refusal
from emulator.moods.conformity import made_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


LEAST_STATUS, GREATEST_STATUS = 200, 599
"""What may be answered instead: a final status (RFC 9110 section 15)."""


class ConnectionDropped(httpx2.RemoteProtocolError):
    """That the connection is to be cut; over a socket it is, without one the client gets this exception."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong, for which requests, and how often. What is not mentioned stays as it is."""

    route: str = "*"
    """Which requests, such as ``GET /users/{id}``, ``* /servicePrincipals/{id}/synchronization/*`` or ``*``."""
    after: int = 0
    """How many fitting requests pass before it may strike."""
    times: int | None = 1
    """How often it strikes; ``None`` never ends."""
    probability: float = 1.0
    """How likely it strikes a fitting request."""
    seed: int = 0
    """Where chance starts, so that it can be repeated."""
    delay: float = 0
    """Seconds that pass before anything else, in the time of the one who waits."""
    status: int | None = None
    """What is answered instead, such as 503."""
    code: str = "ServiceUnavailable"
    """Graph's code beside the status."""
    retry_after: int | None = None
    """Seconds for a ``Retry-After`` header beside the status."""
    retry_after_as_date: bool = False
    """Whether that header is written as a date."""
    drop: bool = False
    """Whether the connection is cut."""
    committed: bool = False
    """Whether the request is carried out before the status is answered or the connection cut."""
    content: Literal["truncated", "html", "empty", "not-json", "empty-page"] | None = None
    """What the body of the answer becomes: cut in half and the connection with it, a page, nothing, no JSON, or an
    empty page of a list whose next link leads to what it should have been (Learn: paging)."""
    stale: bool = False
    """Whether a GET keeps answering what it answered when the fault first met it."""
    _chance: random.Random = field(init=False, repr=False)
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - chance that is repeated, not secrecy
        self._pattern = _pattern_of(self.route)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Fault:
        """Read a fault. :raises Refusal: 400 when it has a name that faults do not know, or a wrong value."""
        made = made_of(cls, told, "A fault")
        if made.probability > 1:
            raise Refusal.bad_request("A fault's probability is between 0 and 1.")
        if made.status is not None and not LEAST_STATUS <= made.status <= GREATEST_STATUS:
            raise Refusal.bad_request(f"A fault's status is between {LEAST_STATUS} and {GREATEST_STATUS}.")
        return made

    def strikes(self, name: str) -> bool:
        """Tell whether it strikes a request such as ``GET /users/7``, and count."""
        if self.times == 0 or not self._pattern.match(name):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.probability < 1 and self._chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults that are set, in order; the first that strikes is answered."""

    set: list[Fault] = field(default_factory=list)
    answers: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = field(default_factory=dict)
    """What GETs answered that a stale fault met: by request, the answer's status, headers and body."""

    def add(self, faults: Iterable[Fault]) -> None:
        """Set more faults."""
        self.set.extend(faults)

    def clear(self) -> None:
        """Let everything work again."""
        self.set.clear()
        self.answers.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Find the fault that strikes a request, if one does."""
        name = f"{method} {path}"
        return next((fault for fault in self.set if fault.strikes(name)), None)


def _pattern_of(route: str) -> re.Pattern[str]:
    """Read a route: braces stand for one segment, an asterisk for anything."""
    text = route if " " in route or route == "*" else f"* {route}"
    parts = re.split(r"(\{\w+\}|\*)", text)
    written = [".*" if part == "*" else "[^/]+" if part.startswith("{") else re.escape(part) for part in parts]
    return re.compile(f"^{''.join(written)}$", re.IGNORECASE)
