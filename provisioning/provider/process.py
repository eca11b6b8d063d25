"""What the two resources share in one process: the connection, the tokens, what was declared, and the plan.

The engine runs a program anew for a preview and for an update, each with a plugin process of its own, and asks the
plan resource before the job. So the plan that was judged can be handed to the job that carries it out: it is the same
value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment
from provisioning.model.base_address import target_of
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.job import Job
from provisioning.operations.apply import Archive
from provisioning.operations.assigned import assigned
from provisioning.operations.judge import the_moment
from provisioning.operations.observe import look_at_job
from provisioning.operations.port import Graph
from provisioning.planning.plan import Plan
from provisioning.planning.rendering import notices
from provisioning.planning.rules import Weight
from provisioning.provider.messages import Message, Say
from provisioning.provider.properties import Plain
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.turn import SAID_ONCE

OUTSIDE_THE_DECLARATION = frozenset(
    {
        *SAID_ONCE,
        *("servicePrincipalId", "secretToken", "assignments", "role"),
        *("galleryTemplateId", "displayName", "onDestroy"),
    }
)
"""Inputs that do not say how the job is configured, or are told apart by themselves."""


@dataclass(slots=True)
class Process:
    """One run of the plugin."""

    connect: Callable[[], Awaitable[Graph]]
    """Gives Graph; not called before something must be asked."""
    archive: Archive | None = None
    now: Callable[[], datetime] = the_moment
    tokens: SeenTokens = field(default_factory=lambda: SeenTokens({}))
    declared: dict[str, Plain] = field(default_factory=dict)
    """What plan resources were told, by digest."""
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    """Judged plans by service principal (empty before there is one) and digest."""
    jobs: dict[JobAddress, tuple[Job | None, tuple[Job, ...]]] = field(default_factory=dict)
    """Jobs that were looked at, with those beside them."""
    assigned: dict[ServicePrincipalId, tuple[Assignment, ...]] = field(default_factory=dict)
    """Who is assigned, as it was looked up for a refresh."""
    app_names: dict[ServicePrincipalId, str] = field(default_factory=dict)
    """What programs call their apps; a job is not told."""
    apps: dict[tuple[str, str], str] = field(default_factory=dict)
    """Plan resources by URN, by the gallery template and the name of their app."""
    targets: dict[str, str] = field(default_factory=dict)
    """Plan resources by URN, by what their jobs provision people into."""
    may_have_a_job: set[ServicePrincipalId] = field(default_factory=set)
    """Those whose plan an earlier run judged, while the state has no job of theirs: perhaps that run was cut."""
    declared_before: set[ServicePrincipalId] = field(default_factory=set)
    """Those of which the last run declared a job, as far as this process is told: one made now takes its place."""
    shown: set[JobAddress] = field(default_factory=set)
    """Jobs of which it was told what is to be heard: a refresh reads a job, and then asks how it differs."""

    def refuse_a_twin(self, urn: str, template: str | None, name: str | None) -> None:
        """Refuse that two components of a program are one app: each would say of the other's that it exists already.

        :raises ConfigurationError: which names both, as the program's own resources.
        """
        if not template or not name:
            return
        first = self.apps.setdefault((template, name), urn)
        if first != urn:
            raise ConfigurationError(
                f"displayName: {_name(first)} and {_name(urn)} of this program are both of the application {name!r} of "
                "this gallery app.",
                hint="Give one of their components another displayName.",
            )

    def beside(self, urn: str, base_address: str) -> str:
        """Name the plan of this program whose job provisions people into the same; empty when there is no other."""
        first = self.targets.setdefault(target_of(base_address), urn)
        return "" if first == urn else _name(first)

    async def look_at(self, address: JobAddress) -> tuple[Job | None, tuple[Job, ...]]:
        """Look at a job once."""
        if address not in self.jobs:
            self.jobs[address] = await look_at_job(await self.connect(), address)
        return self.jobs[address]

    async def look_up_assigned(
        self, principal: ServicePrincipalId, known: Collection[Assignment]
    ) -> tuple[Assignment, ...]:
        """List who is assigned, once: both resources of a refresh ask it."""
        if principal not in self.assigned:
            self.assigned[principal] = await assigned(await self.connect(), principal, known)
        return self.assigned[principal]


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def declaration_in(inputs: Plain) -> Plain:
    """Take the part of the inputs that says how the job is configured."""
    return {name: value for name, value in inputs.items() if name not in OUTSIDE_THE_DECLARATION}


def digest_of(declaration: Plain) -> str:
    """Tell two declarations apart, without writing them down twice."""
    text = json.dumps(declaration, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def show(plan: Plan, say: Say) -> None:
    """Print a plan under the resource, as its rendering words it."""
    if not plan:
        return
    told = notices(plan)
    for each in told:
        if each.weight is not Weight.NOTE:
            await say(Message(each.text))
    # At once: of several apps, plans are shown at the same time, and what is said in parts gets mixed up.
    notes = "\n".join(each.text for each in told if each.weight is Weight.NOTE)
    if notes:
        await say(Message(notes, is_warning=False))
