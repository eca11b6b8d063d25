"""Change what is configured: only the calls that the difference needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from provisioning.model.declaration import DeclaredSchema
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.secrets import Scope, scope_of
from provisioning.operations.save_schema import Precautions
from provisioning.operations.weigh import Weighed, weigh
from provisioning.planning.configuration import Configuration, Desired
from provisioning.planning.secrets import merged_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from provisioning.model.declaration import Declaration
    from provisioning.model.identifiers import JobAddress, TemplateId
    from provisioning.operations.port import Synchronization
    from provisioning.planning.plan import Plan

WATERMARK = ("Watermark",)
"""What a change of scope makes the job forget, so that everybody is looked at again. Failures and a quarantine stay:
lifting one is a decision of its own (Learn: known-issues; graph: synchronizationjobrestartcriteria)."""


class Part(Enum):
    """The parts of a declaration that are configured by different calls."""

    CREDENTIALS = auto()
    """Address and token: tested before they are saved."""
    SETTINGS = auto()
    """What else is in the list of secrets: notification, deletion threshold, scope."""
    SCOPE = auto()
    """Who is considered; takes effect with a restart."""
    SCHEMA = auto()
    SWITCH = auto()


IN_THE_SECRETS = frozenset({Part.CREDENTIALS, Part.SETTINGS, Part.SCOPE})


@dataclass(frozen=True, slots=True)
class Outdated:
    """A job that is to be changed."""

    address: JobAddress
    template: TemplateId
    restart_is_due: bool = False
    """Whether a restart still waits for it to be switched on."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update leaves behind."""

    plan: Plan | None = None
    """What was done about schema and scope; ``None`` when neither was looked at."""
    replaced_version: str = ""
    """The version of the schema that was replaced; empty when none was."""
    restart_is_due: bool = False


async def update(
    graph: Synchronization,
    job: Outdated,
    declaration: Declaration,
    changed: AbstractSet[Part],
    precautions: Precautions | None = None,
) -> Updated:
    """Bring the changed parts about. Whatever is to be refused is refused before anything is touched.

    A job that is to be off is paused before anything else is changed. A job that is off cannot be restarted without
    switching it on; so a restart that a change of scope needs is kept for later.

    :raises CredentialsRejectedError: when Elium does not accept new credentials.
    :raises UnsafeChangeError: when too many people would leave.
    :raises ConflictError: when somebody else changed the schema since it was looked at.
    """
    precautions = precautions or Precautions()
    principal = job.address.service_principal
    if Part.CREDENTIALS in changed:
        await graph.validate_credentials(principal, job.template, declaration.credentials)
    held = await graph.secrets(principal) if changed & IN_THE_SECRETS else None
    secrets = merged_secrets(held, declaration) if held is not None else None
    weighed = None
    if Part.SCHEMA in changed or _narrows(held, declaration, changed):
        desired, assumed = _desired(declaration, changed, precautions), _assumed(declaration)
        weighed = await weigh(graph, job.address, desired, precautions, held=held, assumed=assumed)
    if Part.SWITCH in changed and not declaration.on:
        await graph.pause(job.address)
    replaced = await _save(graph, job.address, secrets, weighed, precautions)
    is_due = await _switch(graph, job, declaration, changed)
    return Updated(weighed.plan if weighed else None, replaced, is_due)


async def _save(
    graph: Synchronization,
    address: JobAddress,
    secrets: Mapping[str, str] | None,
    weighed: Weighed | None,
    precautions: Precautions,
) -> str:
    """Save the schema first, since somebody else may have changed it, then the secrets."""
    replaced = await weighed.save(graph, address, precautions) if weighed else ""
    if secrets is not None:
        await graph.save_secrets(address.service_principal, secrets)
    return replaced


async def _switch(graph: Synchronization, job: Outdated, declaration: Declaration, changed: AbstractSet[Part]) -> bool:
    """Start or restart what is to be on; tell whether a restart is still due."""
    restart_is_due = job.restart_is_due or Part.SCOPE in changed
    if not declaration.on:
        return restart_is_due
    if restart_is_due:
        await graph.restart(job.address, WATERMARK)
    elif Part.SWITCH in changed:
        await graph.start(job.address)
    return False


def _narrows(held: Mapping[str, str] | None, declaration: Declaration, changed: AbstractSet[Part]) -> bool:
    """Tell whether those who are not assigned would leave."""
    is_smaller = held is not None and scope_of(held) is Scope.ALL and declaration.scope is Scope.ASSIGNED
    return Part.SCOPE in changed and is_smaller


def _desired(declaration: Declaration, changed: AbstractSet[Part], precautions: Precautions) -> Desired:
    """Take what changed of the declaration."""
    return Desired(
        schema=declaration.schema if Part.SCHEMA in changed else DeclaredSchema(),
        scope=declaration.scope if Part.SCOPE in changed else None,
        keeps_leavers=declaration.skip_out_of_scope_deletions,
        is_on=declaration.on,
        delete_threshold=declaration.delete_threshold,
        accepted_leavers=precautions.accepted_leavers,
    )


def _assumed(declaration: Declaration) -> Configuration:
    """Take what did not change to be at the service as it is declared."""
    return Configuration(
        SynchronizationSchema({}), declaration.scope, bool(declaration.skip_out_of_scope_deletions), declaration.on
    )
