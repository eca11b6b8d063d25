"""Pulumi's engine played before an emulator without a socket: runs that can be killed between any two calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
from answers import JumpingClock
from asking import elium_app, graph_of, named, token_of
from pulumi_engine import Engine

from emulator import Emulator
from emulator.company.store import Assignment, Kind, Synchronization, Tenant
from emulator.engine.job import Job
from provisioning.graph.client import GraphClient


class KilledError(BaseException):
    """The process is gone: nothing that catches errors may notice."""


class KnownToken:
    """A sign-in that happened already."""

    def __init__(self, emulator: Emulator, client: str) -> None:
        self._emulator, self._client = emulator, client

    async def token(self) -> str:
        return token_of(self._emulator, self._client)

    def forget(self) -> None:
        """Ask for another next time, which this one does anyway."""


class Calls(httpx2.ASGITransport):
    """Passes calls on, notes them, and lets one of those that change something be the last."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator.app)
        self.made: list[str] = []
        self.last: int | None = None
        """The number of the write at which the run is killed."""
        self.is_carried_out = False
        """Whether that write still reaches Entra."""

    @property
    def writes(self) -> list[str]:
        return [call for call in self.made if not call.startswith("GET") and "validate" not in call]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.made.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
        is_last = self.made[-1] in self.writes and len(self.writes) - 1 == self.last
        if is_last and not self.is_carried_out:
            raise KilledError
        answer = await super().handle_async_request(request)
        if is_last:
            raise KilledError
        return answer


class Played(Engine):
    """A stack of the program whose azuread writes into the emulator's directory."""

    def __init__(self, emulator: Emulator, principal: str, role: str) -> None:
        site = emulator.seed.elium[0]
        self.emulator, self.principal, self.role = emulator, principal, role
        self.identity = "elium-deployer"
        self.clock = JumpingClock()
        self.dies_before = ""
        """What azuread was about to do when the run is killed: ``assign`` or ``unassign``."""
        self.calls = Calls(emulator)
        super().__init__(
            self.connect,
            {
                "servicePrincipalId": principal,
                "baseAddress": f"{emulator.origin}/elium/{site.name}/scim/v2",
                "secretToken": site.token,
            },
            is_planned=True,
        )

    @classmethod
    async def of(cls, emulator: Emulator) -> Played:
        """Make the app, as azuread would have."""
        async with graph_of(emulator) as graph:
            app = (await elium_app(graph))["servicePrincipal"]
        return cls(emulator, app["id"], app["appRoles"][0]["id"])

    async def connect(self) -> GraphClient:
        http = httpx2.AsyncClient(transport=self.calls)
        return GraphClient(http, KnownToken(self.emulator, self.identity), self.emulator.origin, self.clock)

    async def run(
        self, *, killed_at: int | None = None, carried_out: bool = False, dies_before: str = "", **written: Any
    ) -> bool:
        """Run ``up``, perhaps killed at a write or before azuread's turn, and tell whether it lived."""
        self.calls.made, self.calls.last, self.calls.is_carried_out = [], killed_at, carried_out
        self.dies_before = dies_before
        try:
            await self.up(**written)
        except KilledError:
            return False
        finally:
            self.calls.last, self.dies_before = None, ""
        return True

    def group(self, *names: str) -> list[dict[str, str]]:
        """Declare that groups of the made-up company are assigned."""
        return [
            {"principalId": named(self.emulator, Kind.GROUP, name).id, "kind": "group", "name": name} for name in names
        ]

    async def assign(self, written: Mapping[str, Any]) -> None:
        if self.dies_before == "assign":
            raise KilledError
        held = {each.principal_id for each in self.tenant.directory.assigned_to(self.principal)}
        for each in written.get("assignments") or ():
            if each["principalId"] not in held:
                moment = self.emulator.clock.now()
                made = Assignment(str(uuid4()), each["principalId"], self.principal, self.role, moment)
                self.tenant.directory.assign(made)

    async def unassign(self, written: Mapping[str, Any]) -> None:
        if self.dies_before == "unassign":
            raise KilledError
        declared = {each["principalId"] for each in written.get("assignments") or ()}
        for each in list(self.tenant.directory.assigned_to(self.principal)):
            if each.principal_id not in declared:
                self.tenant.directory.unassign(each.id)

    @property
    def tenant(self) -> Tenant:
        return self.emulator.world.tenant(self.emulator.seed.tenant.id)

    @property
    def held(self) -> Synchronization:
        return self.tenant.synchronization_of(self.principal)

    @property
    def job(self) -> Job:
        """The one job that there is."""
        jobs: dict[str, Job] = self.held.jobs
        (job,) = jobs.values()
        return job

    def said(self) -> str:
        return "\n".join(message.text for message in self.told)

    async def accounts(self) -> dict[str, bool]:
        """Let everything happen that is due, and tell who has an account, and whether it is active."""
        await self.emulator.run_due()
        await self.emulator.advance(timedelta(minutes=40))
        users = self.emulator.elium.tenant(self.emulator.seed.elium[0].name).users
        return {user["userName"]: user["active"] for user in users}
