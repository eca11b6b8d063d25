"""Hold what a stack's file would say against what was found: nothing may be left that the program would change.

What the file says already is not overruled. Where it contradicts what is there, that is told, each line, and nothing is
done: whether file or portal is right, only people know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment
from provisioning.model.declaration import Declaration
from provisioning.operations.adopting.finding import Found
from provisioning.operations.lookups import Named, Principal, named
from provisioning.operations.roles import role_id
from provisioning.planning.plan import Circumstances, plan_of
from provisioning.planning.wording import describe
from provisioning.settings.configuration import StackConfiguration, settings_in
from provisioning.settings.inputs import inputs_of_plan, job_inputs
from provisioning.settings.mistakes import parsed
from provisioning.settings.plan import PlanInputs
from provisioning.settings.stack import PLACE, Settings

MAKE_THEM_AGREE = (
    "Make them agree: take the line out of the file, and what is there is written; or change it in the portal. What "
    "you want otherwise, declare after the adoption: `pulumi up` then says whom it touches."
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the program would be told."""

    settings: Settings
    assigned: tuple[Principal, ...]
    """Who is to be assigned, in the order of the file."""
    role: str
    """The role's id; empty where the app has no such role and nobody is assigned."""


def declared_by(configuration: StackConfiguration, environment: Mapping[str, str], found: Found) -> Declared:
    """Read the settings, and hold that they change nothing.

    :raises ConfigurationError: with everything that the settings say otherwise than what was found.
    """
    settings = settings_in(configuration, environment)
    conflicts: list[str] = []
    if settings.display_name != found.app.name:
        conflicts.append(f"{PLACE}displayName: the file says {settings.display_name!r}, the app is {found.app.name!r}.")
    role = _role(settings, found, conflicts)
    assigned = _assigned(settings, found, role, conflicts)
    if not conflicts:
        conflicts += _changes(settings, found, assigned, role)
    if conflicts:
        raise ConfigurationError(conflicts, hint=MAKE_THEM_AGREE)
    return Declared(settings, assigned, role)


def _role(settings: Settings, found: Found, conflicts: list[str]) -> str:
    try:
        return role_id(found.app.roles, settings.role)
    except ConfigurationError as error:
        if settings.groups or settings.users:
            conflicts.append(f"{PLACE}{error.message}")
        return ""


def _assigned(settings: Settings, found: Found, role: str, conflicts: list[str]) -> tuple[Principal, ...]:
    """Find those whom the file names among those who are assigned in the role."""
    principals: dict[str, Principal] = {}
    for each in named(settings.groups, settings.users, before=settings.place):
        held = next((one for one in found.observed.assignments if _is_meant(each, one, found)), None)
        if held is None:
            conflicts.append(f"{each.place}: {each.written!r} is not assigned to the app.")
        elif role and not any(
            one.principal == held.principal and one.role == role for one in found.observed.assignments
        ):
            conflicts.append(f"{each.place}: {each.written!r} is assigned, and not in the role {settings.role}.")
        else:
            principals.setdefault(held.principal, Principal(held.principal, each.kind, each.written))
    return tuple(principals.values())


def _is_meant(each: Named, held: Assignment, found: Found) -> bool:
    """Tell whether somebody is meant: by the name that the program finds them by, or the object id."""
    names = {held.principal.casefold(), found.names.written[held.principal].casefold()}
    return held.kind is each.kind and each.written.casefold() in names


def _changes(settings: Settings, found: Found, assigned: tuple[Principal, ...], role: str) -> Iterator[str]:
    """Say what the program would change, as its plan does."""
    declaration = _declaration(settings, found, assigned, role)
    circumstances = Circumstances(declared_before=declaration.assignments, app=found.app.name)
    try:
        plan = plan_of(found.observed, declaration, circumstances)
    except ConfigurationError as error:
        yield from error.reasons
        return
    for change in plan.changes:
        yield f"The file says otherwise than what is there: {describe(change)}"


def _declaration(settings: Settings, found: Found, assigned: tuple[Principal, ...], role: str) -> Declaration:
    """Declare what the program declares, by the inputs that it hands over."""
    declared = job_inputs(settings, found.app.service_principal)
    inputs = inputs_of_plan(
        settings, declared, template_id=found.app.gallery_template, assigned=[each.inputs for each in assigned]
    )
    return parsed(PlanInputs, inputs, place="").declaration(None, role)
