"""What the verbs that watch a job need from Graph; and keeping to the pace that it allows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.provisioning_log import LogPage, LogQuestion
from provisioning.model.synchronization_status import SynchronizationStatus

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

LOG_PACE = 5, 10.0
"""Requests, and in how many seconds, that Graph takes about reports (Learn: graph/throttling-limits)."""


@dataclass(frozen=True, slots=True)
class StackJob:
    """The job that a verb is about."""

    stack: str
    """What sentences call it: the stack's name, or the job's id where that was written."""
    address: JobAddress


class Watched(Protocol):
    """Microsoft Graph, as far as watching a job needs it. :class:`provisioning.graph.client.GraphClient` has it."""

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        """List the jobs with their schedule and what came of their cycles."""

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""

    async def log_page(self, question: LogQuestion, page: str = "", *, at_most: int = ...) -> LogPage:
        """Read a page of the provisioning log, newest first."""

    async def user_id(self, named: str) -> str:
        """Find the object id of a user by id or user principal name; empty when there is none."""

    async def close(self) -> None:
        """Hang up."""


class Switched(Watched, Protocol):
    """What switching a job needs besides."""

    async def start(self, address: JobAddress) -> None:
        """Switch a job on."""

    async def pause(self, address: JobAddress) -> None:
        """Switch a job off."""

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        """Start over."""


@dataclass(slots=True)
class Pace:
    """Lets a number of calls pass in a span of time, and holds the next one back."""

    clock: Clock
    calls: int = LOG_PACE[0]
    within: float = LOG_PACE[1]
    """Seconds."""
    _passed: deque[datetime] = field(default_factory=deque)

    async def turn(self) -> None:
        """Wait until a call may be made, and count it."""
        if len(self._passed) == self.calls:
            since = (self.clock.now() - self._passed.popleft()).total_seconds()
            if since < self.within:
                await self.clock.sleep(self.within - since)
        self._passed.append(self.clock.now())
