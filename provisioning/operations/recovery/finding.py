"""For everything that is missing in the state: whether it is there in Entra, and what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from provisioning.operations.recovery.directory import App, Directory
from provisioning.operations.recovery.wanted import OURS, Wanted
from provisioning.operations.resource_names import APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE
from provisioning.words import counted

TRIED_AGAIN = "the next `up` makes it"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one missing resource."""

    wanted: Wanted
    sentence: str
    import_id: str = ""
    """What it is imported by; empty when there is nothing to import."""
    is_sure: bool = True
    """Whether it is certain whose it is; what is not is imported by a person, never by ``--yes``."""
    is_open: bool = False
    """Whether a person has to look first: nothing may be cleared before."""


async def findings(missing: Iterable[Wanted], state: Collection[str], directory: Directory) -> list[Finding]:
    """Look for everything that is *missing*; *state* has the ids and URNs of what is in it."""
    found = [await _look_for(wanted, state, directory) for wanted in missing]
    return [finding for finding in found if finding is not None]


async def _look_for(wanted: Wanted, state: Collection[str], directory: Directory) -> Finding | None:
    look = _LOOKS.get(wanted.type)
    if look is not None:
        return await look(wanted, state, directory)
    if not wanted.was_begun or wanted.type.startswith(OURS):
        return None
    sentence = f"its creation was cut, and a {wanted.type} is not known here: look in Entra whether it was made."
    return Finding(wanted, sentence, is_open=True)


async def _app(wanted: Wanted, state: Collection[str], directory: Directory) -> Finding | None:
    template, name = wanted.input("templateId"), wanted.input("displayName")
    apps = {_app_id(template, app): app for app in await directory.apps_of(template, name)}
    others = [identifier for identifier in apps if identifier not in state and apps[identifier].application]
    match others:
        case []:
            return Finding(wanted, f"it was not made in Entra; {TRIED_AGAIN}.") if wanted.was_begun else None
        case [one]:
            sentence = f"Entra has an app {name!r} of this template that the state does not have"
            if wanted.parent and wanted.parent not in state:
                adopt = "docs/how-to/adopt-from-the-portal.md tells how to adopt it"
                return Finding(wanted, f"{sentence}; {adopt}.", is_open=True)
            sentence += "; this run made it." if wanted.was_begun else "; it may be somebody else's."
            return Finding(wanted, sentence, import_id=one, is_sure=wanted.was_begun)
        case several:
            listed = ", ".join(apps[one].service_principal for one in several)
            found = f"{counted(len(several), 'app')} {name!r} of this template"
            sentence = f"Entra has {found} that the state does not have: import"
            return Finding(wanted, f"{sentence} the one that is yours (service principals {listed}).", is_open=True)


async def _assignment(wanted: Wanted, state: Collection[str], directory: Directory) -> Finding | None:
    app, principal, role = map(wanted.input, ("resourceObjectId", "principalObjectId", "appRoleId"))
    if not app:
        return None
    for assigned in await directory.assignments(app):
        identifier = f"/servicePrincipals/{app}/appRoleAssignedTo/{assigned.id}"
        # Before the plan was made in this stack, the role is not known yet.
        is_the_one = assigned.principal == principal and role in {"", assigned.role}
        if is_the_one and identifier not in state:
            sentence = f"{assigned.name or principal} is assigned already, and the state does not have it."
            return Finding(wanted, sentence, import_id=identifier)
    return Finding(wanted, f"it was not made in Entra; {TRIED_AGAIN}.") if wanted.was_begun else None


async def _job(wanted: Wanted, state: Collection[str], directory: Directory) -> Finding | None:
    app = wanted.input("servicePrincipalId")
    jobs = [job for job in await directory.jobs(app) if f"{app}/{job}" not in state] if app else []
    match jobs:
        case []:
            return Finding(wanted, f"it was not made in Entra; {TRIED_AGAIN}.") if wanted.was_begun else None
        case [one]:
            return Finding(wanted, f"Entra has the job {one}; the next `up` takes it over, so nothing is imported.")
        case several:
            found = f"{counted(len(several), 'job')} of this app: {', '.join(several)}"
            sentence = f"Entra has {found}. In the portal, delete all but"
            return Finding(
                wanted, f"{sentence} the one that is yours; the next `up` takes that one over.", is_open=True
            )


def _app_id(template: str, app: App) -> str:
    return f"/applicationTemplates/{template}/instantiate/{app.application}/{app.service_principal}"


_LOOKS: Mapping[str, Callable[[Wanted, Collection[str], Directory], Awaitable[Finding | None]]] = {
    APP_TYPE: _app,
    ASSIGNMENT_TYPE: _assignment,
    JOB_TYPE: _job,
}
