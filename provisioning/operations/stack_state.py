"""What an earlier run left in a stack's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import StackEngine, provider_of
from provisioning.operations.resource_names import APP_TYPE, JOB_TYPE, PLAN_TYPE

MANY = {APP_TYPE: "apps", PLAN_TYPE: "plans", JOB_TYPE: "jobs"}
"""What several of a type are called."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One resource as the engine keeps it."""

    id: str = ""
    """Empty before the resource is there."""
    state: dict[str, Any] = field(default_factory=dict)
    """Its outputs."""
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackState:
    """What a stack holds; everything is empty before its first run."""

    app: Kept = field(default_factory=Kept)
    plan: Kept = field(default_factory=Kept)
    job: Kept = field(default_factory=Kept)
    provider: Mapping[str, str] = field(default_factory=dict)
    """The configuration of the provider that made plan and job."""

    @classmethod
    def of(cls, engine: StackEngine) -> StackState:
        """Ask the engine.

        :raises ConfigurationError: when the stack has more than one app, plan or job.
        """
        resources = engine.resources()
        app, plan, job = (_the_one(kind, resources, engine.stack) for kind in (APP_TYPE, PLAN_TYPE, JOB_TYPE))
        ours = job or plan
        return cls(_kept(app), _kept(plan), _kept(job), provider_of(ours, resources, engine) if ours else {})


def _the_one(kind: str, resources: Sequence[Mapping[str, Any]], stack: str) -> Mapping[str, Any]:
    found = [one for one in resources if one.get("type") == kind and one.get("id") and not one.get("delete")]
    if len(found) > 1:
        raise ConfigurationError(
            f"The stack {stack} has {len(found)} {MANY[kind]}, and this reads the settings of a stack with one.",
            hint="Run `pulumi preview --diff`, which runs the program and tells the plan of each.",
        )
    return found[0] if found else {}


def _kept(resource: Mapping[str, Any]) -> Kept:
    return Kept(str(resource.get("id") or ""), resource.get("outputs") or {}, resource.get("inputs") or {})
