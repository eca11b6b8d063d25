"""What the verbs that watch a job need from Graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.provisioning_log import LogPage, LogQuestion
from provisioning.model.synchronization_status import SynchronizationStatus


@dataclass(frozen=True, slots=True)
class StackJob:
    """The job that a verb is about."""

    stack: str
    """What sentences call it: the stack's name, or the job's id where that was written."""
    address: JobAddress


class TellsStatus(Protocol):
    """What tells how jobs are doing."""

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        """List the jobs with their schedule and what came of their cycles."""

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""


class Watched(TellsStatus, Protocol):
    """Microsoft Graph, as far as watching a job needs it. :class:`provisioning.graph.client.GraphClient` has it."""

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
