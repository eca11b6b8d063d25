"""What the engine knows of a stack: what an earlier run left in its state, and how it is configured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import JOB_TYPE, StackEngine, provider_of
from provisioning.settings.configuration import StackConfiguration

APP_TYPE = "azuread:index/applicationFromTemplate:ApplicationFromTemplate"

PLAN_TYPE = "entrasync:index:ProvisioningPlan"


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


def configuration_of(engine: StackEngine, namespace: str) -> StackConfiguration:
    """Give how a stack is configured, as its program is told; secrets of *namespace* are opened, if it has any.

    Nothing is opened otherwise, so that no passphrase is needed.
    """
    told = engine.told("config", flags=("--json",))
    if any(one.get("secret") for key, one in told.items() if key.startswith(f"{namespace}:")):
        told = engine.told("config", flags=("--json", "--show-secrets"))
    values = {key: one.get("value", "") for key, one in told.items()}
    return StackConfiguration(values, {key for key, one in told.items() if one.get("secret")}, engine.project)


def _the_one(kind: str, resources: Sequence[Mapping[str, Any]], stack: str) -> Mapping[str, Any]:
    found = [one for one in resources if one.get("type") == kind and one.get("id") and not one.get("delete")]
    if len(found) > 1:
        raise ConfigurationError(
            f"The stack {stack} has {len(found)} of {kind}, so it is not the settings of one app that make it.",
            hint="Run `pulumi preview`, which runs the program.",
        )
    return found[0] if found else {}


def _kept(resource: Mapping[str, Any]) -> Kept:
    return Kept(str(resource.get("id") or ""), resource.get("outputs") or {}, resource.get("inputs") or {})
