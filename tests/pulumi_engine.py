"""Pulumi's engine, as far as the resources' callbacks notice it: without gRPC and without a program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builders import PRINCIPAL, TOKEN
from recording import RecordingService

from provisioning.operations.port import Graph
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.plugin import Callbacks
from provisioning.provider.process import Process
from provisioning.provider.properties import Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.telling import Message
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.turn import Turn
from provisioning.provider.unfinished import UnfinishedError

LEAST: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com/scim/v2",
    "secretToken": TOKEN,
}


@dataclass
class Kept:
    """What the engine keeps of one resource."""

    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)


class Engine:
    """Asks the callbacks what the engine asks, and keeps what the engine keeps. Each run is a process of its own."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Graph]],
        least: Mapping[str, Any],
        *,
        is_planned: bool = False,
        environment: Mapping[str, str] | None = None,
        **surroundings: Any,
    ) -> None:
        self.least = least
        self.is_planned = is_planned
        self.told: list[Message] = []
        self.kept = Kept()
        self.plan = Kept()
        self._connect = connect
        self._surroundings = surroundings
        self._environment = environment or {}

    async def tell(self, message: Message) -> None:
        self.told.append(message)

    def process(self) -> Process:
        """Start a plugin."""
        return Process(self._connect, tokens=SeenTokens(self._environment), **self._surroundings)

    async def up(self, *, preview: bool = False, **written: Any) -> None:
        """Run the program: the plan first, if there is one, then the job."""
        process = self.process()
        if self.is_planned:
            plan_only = {
                name: written[name] for name in ("role", "displayName", "galleryTemplateId") if name in written
            }
            shared = {name: value for name, value in written.items() if name not in plan_only}
            await self._step(PlanCallbacks(process), self.plan, self.least | shared | plan_only, preview=preview)
            written = shared
        await self._step(SynchronizationJobCallbacks(process), self.kept, self.least | written, preview=preview)

    async def _step(self, callbacks: Callbacks, kept: Kept, written: Mapping[str, Any], *, preview: bool) -> None:
        checked = callbacks.check(kept.inputs, dict(written), salt=b"salt")
        turn = self._turn(kept, checked, preview=preview)
        identifier, state = kept.id, kept.state
        try:
            if not kept.id:
                identifier, state = await callbacks.create(turn)
            else:
                found = await callbacks.diff(turn)
                if found.places or found.is_unfinished:
                    state = await callbacks.update(turn)
        except UnfinishedError as error:
            kept.id, kept.state, kept.inputs = error.id, error.properties, checked
            raise
        if not preview:
            kept.id, kept.state, kept.inputs = identifier, state, checked

    def _turn(self, kept: Kept, after: Plain, *, preview: bool = False) -> Turn:
        return Turn(kept.id, dict(kept.state), dict(kept.inputs), after, preview, self.tell)

    async def refresh(self) -> None:
        process = self.process()
        for callbacks, kept in ((PlanCallbacks(process), self.plan), (SynchronizationJobCallbacks(process), self.kept)):
            if not kept.id:
                continue
            found = await callbacks.read(self._turn(kept, {}))
            kept.id, kept.state, kept.inputs = (found.id, found.properties, found.inputs) if found else ("", {}, {})

    async def destroy(self) -> None:
        await SynchronizationJobCallbacks(self.process()).delete(self._turn(self.kept, {}))
        self.kept = Kept()

    @property
    def id(self) -> str:
        return self.kept.id

    @property
    def state(self) -> dict[str, Any]:
        return self.kept.state

    @property
    def inputs(self) -> dict[str, Any]:
        return self.kept.inputs


class Pulumi(Engine):
    """The engine in front of a service that writes down what it is asked."""

    def __init__(self, service: RecordingService, **surroundings: Any) -> None:
        super().__init__(self.connect, LEAST, **surroundings)
        self.service = service
        self.connections = 0

    async def connect(self) -> RecordingService:
        self.connections += 1
        return self.service
