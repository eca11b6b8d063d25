"""Pulumi's engine, as far as the resources' callbacks notice it: without gRPC and without a program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builders import PRINCIPAL, TOKEN, a_closing_schema
from recording import USER_ROLE, RecordingService

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.operations.port import Graph
from provisioning.provider.messages import Message
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.plugin import Callbacks
from provisioning.provider.process import Process
from provisioning.provider.properties import Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.turn import Turn
from provisioning.provider.unfinished import UnfinishedError

LEAST: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com/scim/v2",
    "secretToken": TOKEN,
}

PLAN_ONLY = ("role", "displayName", "galleryTemplateId")
"""What the plan is told and the job is not."""


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
        self.least = dict(least)
        self.is_planned = is_planned
        self.told: list[Message] = []
        self.kept = Kept()
        self.plan = Kept()
        self._connect = connect
        self._surroundings = surroundings
        self._environment = environment or {}

    async def say(self, message: Message) -> None:
        self.told.append(message)

    def again(self, connect: Callable[[], Awaitable[Graph]]) -> Engine:
        """Give the same stack in the hands of another identity."""
        other = Engine(connect, self.least, is_planned=self.is_planned, environment=self._environment)
        other.kept, other.plan = self.kept, self.plan
        return other

    def process(self) -> Process:
        """Start a plugin."""
        return Process(self._connect, tokens=SeenTokens(self._environment), **self._surroundings)

    async def up(self, *, preview: bool = False, **written: Any) -> None:
        """Run the program: the plan first, if there is one, then what azuread assigns, then the job."""
        process = self.process()
        if self.is_planned:
            plan_only = {name: written.pop(name) for name in PLAN_ONLY if name in written}
            plan = PlanCallbacks(process)
            planned = await self._step(plan, self.plan, self.least | written | plan_only, preview=preview)
            written |= self._with_role(written, planned)
        if not preview:
            await self.assign(written)
        await self._step(SynchronizationJobCallbacks(process), self.kept, self.least | written, preview=preview)
        if not preview:
            await self.unassign(written)

    async def assign(self, written: Mapping[str, Any]) -> None:
        """Let azuread assign who is declared; here nobody does."""

    async def unassign(self, written: Mapping[str, Any]) -> None:
        """Let azuread remove, as last of all, who is not declared any more; here nobody does."""

    def _with_role(self, written: Mapping[str, Any], planned: Plain) -> Plain:
        """Hand the role that the plan found over to the job's assignments."""
        if "assignments" not in written or "roleId" not in planned:
            return {}
        return {"assignments": [{**each, "role": planned["roleId"]} for each in written["assignments"]]}

    async def _step(self, callbacks: Callbacks, kept: Kept, written: Mapping[str, Any], *, preview: bool) -> Plain:
        """Ask for one resource what the engine asks, and give its outputs."""
        checked = callbacks.check(kept.inputs, dict(written), salt=b"salt")
        turn = self._turn(kept, checked, preview=preview)
        identifier, state = kept.id, kept.state
        try:
            if not kept.id:
                identifier, state = await callbacks.create(turn)
            else:
                found = await callbacks.diff(turn)
                if found.replaces:
                    identifier, state = await self._replaced(callbacks, kept, turn)
                elif found.places or found.is_unfinished:
                    state = await callbacks.update(turn)
        except UnfinishedError as error:
            kept.id, kept.state, kept.inputs = error.id, error.properties, checked
            raise
        if not preview:
            kept.id, kept.state, kept.inputs = identifier, state, checked
        return state

    async def _replaced(self, callbacks: Callbacks, kept: Kept, turn: Turn) -> tuple[str, Plain]:
        """Delete first, as the plugin asks, and create then."""
        if not turn.is_preview:
            await callbacks.delete(turn)
            kept.id, kept.state, kept.inputs = "", {}, {}
        return await callbacks.create(replace(turn, id="", state={}, before={}))

    def _turn(self, kept: Kept, after: Plain, *, preview: bool = False) -> Turn:
        return Turn(kept.id, dict(kept.state), dict(kept.inputs), after, preview, self.say)

    async def refresh(self) -> None:
        process = self.process()
        for callbacks, kept in ((PlanCallbacks(process), self.plan), (SynchronizationJobCallbacks(process), self.kept)):
            if not kept.id:
                continue
            found = await callbacks.read(self._turn(kept, {}))
            kept.id, kept.state, kept.inputs = (found.id, found.properties, found.inputs) if found else ("", {}, {})

    async def destroy(self) -> None:
        """Take away what there is, the job first, because everything else was there before it."""
        process = self.process()
        for callbacks, kept in ((SynchronizationJobCallbacks(process), self.kept), (PlanCallbacks(process), self.plan)):
            if kept.id:
                await callbacks.delete(self._turn(kept, {}))
                kept.id, kept.state, kept.inputs = "", {}, {}

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

    @classmethod
    async def running(
        cls, service: RecordingService | None = None, *, is_planned: bool = False, **written: Any
    ) -> Pulumi:
        """Give a stack that is up, whose job has run, and of which nothing was asked yet."""
        stack = cls(service or RecordingService(schema_held=a_closing_schema()), is_planned=is_planned)
        await stack.up(**written)
        stack.service.let_it_run(is_on=written.get("status") != "off")
        stack.forget()
        return stack

    @property
    def callbacks(self) -> SynchronizationJobCallbacks:
        """What the engine asks of the job, in a process of its own."""
        return SynchronizationJobCallbacks(self.process())

    def forget(self) -> None:
        """Let what was asked and told so far be forgotten."""
        self.service.asked.clear()
        self.told.clear()

    @property
    def texts(self) -> list[str]:
        """What was printed under the resources."""
        return [message.text for message in self.told]

    @property
    def warnings(self) -> list[str]:
        """What was printed as a warning."""
        return [message.text for message in self.told if message.is_warning]

    async def assign(self, written: Mapping[str, Any]) -> None:
        held = {each.principal for each in self.service.assignments_held}
        new = [each for each in _assignments(written) if each.principal not in held]
        self.service.assignments_held = (*self.service.assignments_held, *new)

    async def unassign(self, written: Mapping[str, Any]) -> None:
        declared = {each.principal for each in _assignments(written)}
        if "assignments" in written:
            held = self.service.assignments_held
            self.service.assignments_held = tuple(each for each in held if each.principal in declared)

    async def connect(self) -> RecordingService:
        self.connections += 1
        return self.service


def _assignments(written: Mapping[str, Any]) -> list[Assignment]:
    return [
        Assignment(
            each["principalId"], PrincipalKind(each["kind"]), each["name"], str(each.get("role") or USER_ROLE.id)
        )
        for each in written.get("assignments") or ()
    ]
