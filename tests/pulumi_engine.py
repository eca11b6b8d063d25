"""Pulumi's engine, as far as the resource's callbacks notice it: without gRPC and without a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builders import PRINCIPAL, TOKEN

from provisioning.model.identifiers import JobAddress
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from recording import RecordingService

    from provisioning.operations.port import Synchronization
    from provisioning.provider.properties import Plain
    from provisioning.provider.telling import Notice

LEAST: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com",
    "secretToken": TOKEN,
}


class Engine:
    """Asks the callbacks what the engine asks, and keeps what the engine keeps."""

    def __init__(
        self, connect: Callable[[], Awaitable[Synchronization]], least: Mapping[str, Any], **surroundings: Any
    ) -> None:
        self.least = least
        self.callbacks = SynchronizationJobCallbacks(connect, **surroundings)
        self.told: list[Notice] = []
        self.id = ""
        self.state: dict[str, Any] = {}
        self.inputs: dict[str, Any] = {}

    async def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    async def up(self, *, preview: bool = False, **written: Any) -> None:
        checked = self.callbacks.check(self.inputs, {**self.least, **written}, salt=b"salt")
        if not self.id:
            self.id, self.state = await self.callbacks.create(checked, preview=preview, tell=self.tell)
        elif self.callbacks.diff(self.state, self.inputs, checked).places or self.state.get("unfinished"):
            await self._update(checked, preview=preview)
        if not preview or not self.id:
            self.inputs = checked

    async def _update(self, checked: Plain, *, preview: bool) -> None:
        address, before = JobAddress.parse(self.id), self.inputs
        state = await self.callbacks.update(address, self.state, before, checked, preview=preview, tell=self.tell)
        if not preview:
            self.state = state

    def again(self, connect: Callable[[], Awaitable[Synchronization]]) -> Engine:
        """Give the same stack in the hands of another process."""
        other = Engine(connect, self.least)
        other.id, other.state, other.inputs = self.id, self.state, self.inputs
        return other

    async def refresh(self) -> None:
        found = await self.callbacks.read(JobAddress.parse(self.id), self.state, self.inputs)
        assert found is not None
        self.state, self.inputs = found.properties, found.inputs


class Pulumi(Engine):
    """The engine in front of a service that writes down what it is asked."""

    def __init__(self, service: RecordingService, **surroundings: Any) -> None:
        super().__init__(self.connect, LEAST, **surroundings)
        self.service = service
        self.connections = 0

    async def connect(self) -> RecordingService:
        self.connections += 1
        return self.service
