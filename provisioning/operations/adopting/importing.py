"""What the engine has to be given, so that its state holds what the program would have made. Pure.

The engine imports what it can read by itself: app, assignments and job. What it cannot import is what our resources
were told, since a token is never read back, and a plan is nothing in Entra. That is put into an export of the state,
which is brought back as a whole.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.operations.adopting.declaring import Declared
from provisioning.operations.adopting.finding import Found
from provisioning.operations.resource_names import APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE, PLAN_TYPE, ResourceNames
from provisioning.operations.stack_state import Kept

STACK_TYPE = "pulumi:pulumi:Stack"

OF_THE_PROGRAM = frozenset({APP_TYPE, ASSIGNMENT_TYPE, PLAN_TYPE, JOB_TYPE})

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Importable:
    """Something that exists in Entra, as the program would call it."""

    type: str
    name: str
    id: str
    """By which the provider reads it."""
    version: str = ""
    """Of the plugin that the program asks for; empty for ours, which the project's file names."""

    @property
    def listed(self) -> dict[str, Any]:
        """Give what the engine takes."""
        named = {"type": self.type, "name": self.name, "id": self.id}
        return named | ({"version": self.version} if self.version else {})


@dataclass(frozen=True, slots=True)
class Component:
    """The component that the program puts its resources under."""

    type: str
    names: ResourceNames


def importables(found: Found, declared: Declared, names: ResourceNames, *, azuread: str) -> tuple[Importable, ...]:
    """List what the engine imports; *azuread* is the version of that plugin.

    The forms of the ids are azuread's (terraform-provider-azuread: application_from_template, app_role_assignment) and
    our plugin's.
    """
    app, held = found.app, found.observed.assignments
    template = f"/applicationTemplates/{app.gallery_template}/instantiate"
    ids = {each.principal: each.id for each in held if each.role == declared.role}
    return (
        Importable(APP_TYPE, names.app, f"{template}/{found.application}/{app.service_principal}", azuread),
        *(
            Importable(
                ASSIGNMENT_TYPE,
                names.assignment(each.id),
                f"/servicePrincipals/{app.service_principal}/appRoleAssignedTo/{ids[each.id]}",
                azuread,
            )
            for each in declared.assigned
        ),
        Importable(JOB_TYPE, names.job, str(found.address)),
    )


def has_its_job(resources: Iterable[Resource]) -> Resource | None:
    """Find the job of a stack that has a plan too, so that it was made by the program, or adopted before."""
    ours = [one for one in resources if not one.get("delete")]
    has_plan = any(one.get("type") == PLAN_TYPE for one in ours)
    return next((one for one in ours if one.get("type") == JOB_TYPE), None) if has_plan else None


def missing(wanted: Sequence[Importable], resources: Sequence[Resource], stack: str) -> tuple[Importable, ...]:
    """Give what the state lacks of what is wanted.

    :raises ConfigurationError: when it has something else of the program, which an adoption must not stand beside.
    """
    by_id = {(each.type, each.id): each for each in wanted}
    strange, there = [], set()
    for one in resources:
        if one.get("type") not in OF_THE_PROGRAM or one.get("delete"):
            continue
        meant = by_id.get((str(one["type"]), str(one.get("id"))))
        if meant is None or _name_of(one) != meant.name:
            strange.append(f"{_name_of(one)} ({one.get('id') or one['type']})")
        else:
            there.add(meant)
    if strange:
        raise ConfigurationError(
            f"The stack {stack} has something else already: {', '.join(strange)}.",
            hint="Adopt into a stack of its own (`pulumi stack init`). After a run that was cut, "
            "docs/how-to/when-a-run-was-cut.md says how to go on; what only the state should forget goes with "
            "`pulumi state delete`.",
        )
    return tuple(each for each in wanted if each not in there)


def import_file(lacking: Sequence[Importable], component: Component, resources: Iterable[Resource]) -> dict[str, Any]:
    """Write the file that `pulumi import --file` takes; a component that is there already is referred to."""
    name = component.names.component
    urn = next(
        (str(one["urn"]) for one in resources if one.get("type") == component.type and _name_of(one) == name), ""
    )
    parent = [] if urn else [{"type": component.type, "name": name, "component": True}]
    listed = [{**each.listed, "parent": name} for each in lacking]
    return {"nameTable": {name: urn} if urn else {}, "resources": [*parent, *listed]}


def exports(found: Found, job: Kept) -> dict[str, Any]:
    """Give what the program exports (``__main__.py``)."""
    ids = {"applicationId": found.application, "servicePrincipalId": found.app.service_principal}
    return ids | {name: job.state[name] for name in ("jobId", "jobStatus", "portalUrl")}


def adopted(
    exported: Mapping[str, Any], names: ResourceNames, plan: Kept, job: Kept, outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Give an exported state in which plan, job and the stack's *outputs* are as an ``up`` of the program leaves them.

    :raises ValueError: when the job was not imported.
    """
    state = copy.deepcopy(dict(exported))
    resources: list[dict[str, Any]] = state["deployment"]["resources"]
    place = [one.get("id") for one in resources].index(job.id)
    held = resources[place]
    held |= {"inputs": job.inputs, "outputs": job.state}
    urn = str(held["urn"]).replace(JOB_TYPE, PLAN_TYPE).removesuffix(names.job) + names.plan
    app = [one["urn"] for one in resources if one.get("type") == APP_TYPE and _name_of(one) == names.app]
    made: dict[str, Any] = {name: held[name] for name in ("parent", "provider", "created", "modified") if name in held}
    made |= {"urn": urn, "custom": True, "id": plan.id, "type": PLAN_TYPE, "dependencies": app}
    # Before the job, which depends on it: the engine wants a state in the order in which things were made.
    resources.insert(place, {**made, "inputs": plan.inputs, "outputs": plan.state})
    held["dependencies"] = [*app, urn]
    for stack in (one for one in resources if one.get("type") == STACK_TYPE):
        stack["outputs"] = dict(outputs)
    return state


def _name_of(resource: Resource) -> str:
    return str(resource.get("urn") or "").rpartition("::")[2]
