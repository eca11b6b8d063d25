"""Pulumi's engine, as far as the resource's callbacks notice it: without gRPC and without a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builders import PRINCIPAL, TOKEN

from provisioning.model.identifiers import JobAddress
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks

if TYPE_CHECKING:
    from recording import RecordingService

    from provisioning.provider.properties import Plain
    from provisioning.provider.telling import Notice

LEAST: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com",
    "secretToken": TOKEN,
}


class Pulumi:
    """Asks the callbacks what the engine asks, and keeps what the engine keeps."""

    def __init__(self, service: RecordingService, **surroundings: Any) -> None:
        self.service = service
        self.callbacks = SynchronizationJobCallbacks(self.connect, **surroundings)
        self.told: list[Notice] = []
        self.connections = 0
        self.id = ""
        self.state: dict[str, Any] = {}
        self.inputs: dict[str, Any] = {}

    async def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    async def connect(self) -> RecordingService:
        self.connections += 1
        return self.service

    async def up(self, *, preview: bool = False, **written: Any) -> None:
        checked = self.callbacks.check(self.inputs, LEAST | written, salt=b"salt")
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

    async def refresh(self) -> None:
        found = await self.callbacks.read(JobAddress.parse(self.id), self.state, self.inputs)
        assert found is not None
        self.state, self.inputs = found.properties, found.inputs
