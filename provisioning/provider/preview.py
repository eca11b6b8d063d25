"""A preview without an engine: what the two resources say to what a stack's settings declare.

They are asked what the engine asks them, in its order, with what it kept of the last run. So the plan is the one that
``pulumi preview`` shows, and a circumstance that only the state remembers is read here by the same code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from provisioning.errors import UnsafeChangeError
from provisioning.model.credentials import Fingerprint, SecretToken
from provisioning.operations.directory import Directory, gallery_template_id, principals
from provisioning.operations.judge import the_moment
from provisioning.operations.port import Graph
from provisioning.operations.stack_state import Kept, StackState
from provisioning.planning.plan import DIGEST_LENGTH, Plan
from provisioning.planning.rendering import Notice, notices, text_of
from provisioning.planning.report import PlanReport, report_of
from provisioning.planning.rules import Weight
from provisioning.provider.messages import Message
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.process import Process
from provisioning.provider.properties import UNKNOWN, Plain
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.turn import Turn
from provisioning.settings.inputs import inputs_of_job, inputs_of_plan, job_inputs
from provisioning.settings.stack import Settings

NO_SALT = b"a preview keeps no fingerprint"

DRIFT = (
    "What is declared is what was applied last, so `pulumi up` finds nothing to do: the difference was made at the "
    "service. `pulumi up --refresh` looks first, and brings about what is declared."
)


class Entra(Graph, Directory, Protocol):
    """Microsoft Graph, as far as a preview needs it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do."""

    plan: Plan
    told: tuple[Notice, ...]
    """Everything that the two resources print, in order."""
    app: str
    """What becomes of the app itself, as a sentence; empty when it stays as it is."""
    is_drift: bool
    """Whether nothing is declared otherwise than when it was applied, so that a difference was made at the service."""

    @property
    def has_changes(self) -> bool:
        """Tell whether something would be done, or would have to be."""
        return bool(self.plan or self.app)

    @property
    def checksum(self) -> str:
        """Tell two previews apart by what is done to whom, and by what becomes of the app, which no plan knows of."""
        if not self.app:
            return self.plan.checksum
        return hashlib.sha256(f"{self.plan.checksum}\n{self.app}".encode()).hexdigest()[:DIGEST_LENGTH]

    def refuse_unless(self, expected: str) -> None:
        """Let it pass when it has exactly the checksum that somebody agreed to.

        :raises UnsafeChangeError: naming both checksums.
        """
        if expected != self.checksum:
            raise UnsafeChangeError(
                f"What would be done now has the checksum {self.checksum}, and {expected} was expected. "
                "Nothing was done.",
                hint="Look at what it is now, and let that be agreed to: run the command without --expect.",
            )

    @property
    def text(self) -> str:
        """What ``pulumi preview`` prints under the resources."""
        return text_of(self.plan, self.told)

    @property
    def more(self) -> tuple[str, ...]:
        """What that does not say, a sentence each."""
        return tuple(filter(None, (self.app, DRIFT if self.is_drift else "")))


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """What a run would do to a stack."""

    stack: str
    has_changes: bool
    """Whether something would be done, the app itself included."""
    plan: PlanReport
    app: str
    """What becomes of the app itself, as a sentence; empty when it stays as it is."""
    is_drift: bool
    """Whether nothing is declared otherwise than when it was applied, so that a difference was made at the service."""
    warnings: tuple[str, ...]
    """What is to be heard besides the plan's findings, such as a quarantine."""


def report_of_preview(stack: str, found: Preview) -> PreviewReport:
    """Give a preview for machines."""
    of_plan = {notice.text for notice in notices(found.plan)}
    warnings = (each.text for each in found.told if each.weight is Weight.WARNING and each.text not in of_plan)
    plan = replace(report_of(found.plan), checksum=found.checksum)
    return PreviewReport(stack, found.has_changes, plan, found.app, found.is_drift, tuple(warnings))


async def preview(
    graph: Entra,
    settings: Settings,
    kept: StackState,
    environment: Mapping[str, str],
    now: Callable[[], datetime] = the_moment,
) -> Preview:
    """Look what a run would do; nothing is changed. *environment* is where a token lies that the settings name.

    :raises ConfigurationError: when something is declared that does not exist, or cannot be.
    :raises ConflictError: when somebody else took away an assignment that an earlier run made.
    """
    template = await gallery_template_id(graph, settings.gallery_app, before=settings.place)
    found = await principals(graph, settings.groups, settings.users, before=settings.place)
    assigned = [each.inputs for each in found]
    declared = job_inputs(settings, _principal(kept.app, template))
    asking = _Asking.of(graph, environment, now)
    written = inputs_of_plan(settings, declared, template_id=template, assigned=assigned)
    plan, role, is_same = await asking.plan(kept.plan, written)
    if not plan.refusal:
        await asking.job(kept.job, inputs_of_job(declared, assigned=assigned, role=role))
    return Preview(plan, tuple(asking.told), _fate(kept.app, settings, template), is_same and bool(plan))


def _quickly(token: SecretToken, salt: bytes) -> Fingerprint:
    return Fingerprint.unkept(token, salt=salt)


@dataclass(slots=True)
class _Asking:
    """Asks the resources in the engine's place."""

    process: Process
    told: list[Notice] = field(default_factory=list)

    @classmethod
    def of(cls, graph: Entra, environment: Mapping[str, str], now: Callable[[], datetime]) -> _Asking:
        async def connect() -> Graph:
            return graph

        return cls(Process(connect, now=now, tokens=SeenTokens(environment, take=_quickly)))

    async def plan(self, kept: Kept, written: Plain) -> tuple[Plan, object, bool]:
        """Let the plan be judged, also where the engine finds nothing to ask about.

        Gives it, the role's id, and whether the engine would not have asked.
        """
        callbacks = PlanCallbacks(self.process)
        turn = self._turn(kept, callbacks.check(kept.inputs, written, salt=NO_SALT))
        found = await callbacks.diff(turn) if kept.id else None
        state: Plain = {}
        try:
            state = await callbacks.update(turn)
        except UnsafeChangeError:
            # What refuses it is in the plan; without one it was refused before there could be any.
            if not self.process.plans:
                raise
        (plan,) = self.process.plans.values()
        is_same = found is not None and not (found.places or found.is_unfinished)
        return plan, state.get("roleId", UNKNOWN), is_same

    async def job(self, kept: Kept, written: Plain) -> None:
        """Let the job say what it adds."""
        callbacks = SynchronizationJobCallbacks(self.process)
        turn = self._turn(kept, callbacks.check(kept.inputs, written, salt=NO_SALT))
        if not kept.id:
            await callbacks.create(turn)
            return
        found = await callbacks.diff(turn)
        if found.replaces:
            await callbacks.create(self._turn(Kept(), turn.after))
        elif found.places or found.is_unfinished:
            await callbacks.update(turn)

    async def say(self, message: Message) -> None:
        self.told.append(Notice(Weight.WARNING if message.is_warning else Weight.NOTE, message.text))

    def _turn(self, kept: Kept, after: Plain) -> Turn:
        return Turn(kept.id, dict(kept.state), dict(kept.inputs), after, is_preview=True, say=self.say)


def _principal(app: Kept, template: str) -> Any:  # noqa: ANN401 - an id, or unknown
    """Give the app's service principal; unknown while there is none, or when another app takes its place."""
    is_kept = bool(app.id) and app.state.get("templateId") == template
    return app.state["servicePrincipalObjectId"] if is_kept else UNKNOWN


def _fate(app: Kept, settings: Settings, template: str) -> str:
    """Say what becomes of the app, which azuread makes, renames and replaces."""
    before, after = app.state.get("displayName"), settings.display_name
    if not app.id:
        return f"The application {after!r} would be made from the gallery."
    if app.state.get("templateId") != template:
        return f"The application {before!r} would be replaced by one that is made from {settings.gallery_app!r}."
    return f"The application {before!r} would be renamed to {after!r}." if before != after else ""
