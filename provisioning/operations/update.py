"""Change what is configured: only the calls that the difference needs."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from provisioning.planning.changes import applied, changes_between
from provisioning.planning.secrets import merged_secrets

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from provisioning.model.declaration import Declaration, DeclaredSchema
    from provisioning.model.identifiers import JobAddress, TemplateId
    from provisioning.operations.port import Synchronization

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


async def update(
    graph: Synchronization,
    address: JobAddress,
    template: TemplateId,
    declaration: Declaration,
    changed: AbstractSet[Part],
    *,
    restart_is_due: bool = False,
) -> tuple[str, bool]:
    """Bring the changed parts about. A job that is to be off is paused before anything else is touched.

    A job that is off cannot be restarted without switching it on; so a restart that a change of scope needs is kept
    for later. Gives the schema's version as read, empty when it was not, and whether a restart is still due.

    :raises CredentialsRejectedError: when Elium does not accept new credentials; then nothing was changed.
    """
    if Part.CREDENTIALS in changed:
        await graph.validate_credentials(address.service_principal, template, declaration.credentials)
    if Part.SWITCH in changed and not declaration.on:
        await graph.pause(address)
    if changed & {Part.CREDENTIALS, Part.SETTINGS, Part.SCOPE}:
        observed = await graph.secrets(address.service_principal)
        await graph.save_secrets(address.service_principal, merged_secrets(observed, declaration))
    version = await change_schema(graph, address, declaration.schema) if Part.SCHEMA in changed else ""
    restart_is_due = restart_is_due or Part.SCOPE in changed
    if not declaration.on:
        return version, restart_is_due
    if restart_is_due:
        await graph.restart(address, WATERMARK)
    elif Part.SWITCH in changed:
        await graph.start(address)
    return version, False


async def change_schema(graph: Synchronization, address: JobAddress, declared: DeclaredSchema) -> str:
    """Write what is declared into the job's schema; nothing is sent when it is there already. Gives the version read.

    :raises ConfigurationError: when something is declared that the app does not have.
    """
    schema = await graph.schema(address)
    changes = changes_between(schema, declared)
    if changes:
        await graph.save_schema(address, applied(changes, schema))
    return schema.version
