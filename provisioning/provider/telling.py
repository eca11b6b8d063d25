"""What Pulumi prints under the resource: warnings and information, through the engine that started this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from provisioning.planning.rendering import acceptance_lines, finding_lines, people_lines
from provisioning.planning.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to print."""

    text: str
    is_warning: bool = True


Tell: TypeAlias = Callable[[Notice], Awaitable[None]]


async def tell_nobody(notice: Notice) -> None:
    """Let a notice go unheard."""
    del notice


def notices_of(plan: Plan) -> Iterator[Notice]:
    """Give what is to be said of a plan: what comes of it as warnings, whom it touches as information.

    What changes comes last, as it differs from the service and not from Pulumi's state, under the plan's digest: the
    plan that is carried out is the one that was shown when that is the same.
    """
    if not plan:
        return
    yield from map(Notice, plan.consequences)
    yield from map(Notice, finding_lines(plan))
    yield from map(Notice, acceptance_lines(plan))
    if plan.why_uncounted:
        yield Notice(plan.why_uncounted)
    people = people_lines(plan) if plan.impact else ()
    changes = (f"  {describe(change)}" for change in plan.changes)
    yield Notice("\n".join([*people, f"plan {plan.digest}", *changes]), is_warning=False)


class Engine:
    """The engine's own log, by its address. Nothing is connected before something must be said."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel: grpc.aio.Channel | None = None

    async def tell(self, urn: str, notice: Notice) -> None:
        """Print a notice under a resource (pulumi: engine.proto)."""
        if self._channel is None:
            self._channel = grpc.aio.insecure_channel(self._address)
        severity = engine_pb2.LogSeverity.WARNING if notice.is_warning else engine_pb2.LogSeverity.INFO
        request = engine_pb2.LogRequest(severity=severity, message=notice.text, urn=urn)
        await engine_pb2_grpc.EngineStub(self._channel).Log(request)  # type: ignore[misc]  # typed for sync channels

    async def close(self) -> None:
        """Hang up."""
        if self._channel is not None:
            await self._channel.close()
