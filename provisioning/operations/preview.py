"""See what a change would do before it is done: what differs, what comes of it, and whom it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.errors import GraphError, MissingPermissionError
from provisioning.model.secrets import Scope, delete_threshold_of, scope_of, skips_out_of_scope_deletions
from provisioning.planning.configuration import Configuration
from provisioning.planning.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from provisioning.model.identifiers import JobAddress, ServicePrincipalId
    from provisioning.model.schema import SynchronizationSchema
    from provisioning.operations.port import Synchronization
    from provisioning.planning.configuration import Desired
    from provisioning.planning.plan import Plan

LEAST_PERMISSIONS = "User.Read.All, GroupMember.Read.All and Application.Read.All"
"""What reading people and their assignments needs (graph 3.3, 11.2); ``Directory.Read.All`` covers all three."""

READ_AT_MOST = 10_000
"""How many people are read when nobody says otherwise."""


async def preview(
    graph: Synchronization, address: JobAddress, desired: Desired, *, now: datetime, at_most: int = READ_AT_MOST
) -> Plan:
    """Plan a change of a job, with whom it touches. Nobody is read when nothing changes that people notice.

    :raises ConfigurationError: when something is declared that the app does not have.
    """
    secrets = await graph.secrets(address.service_principal)
    plan = plan_of(configuration_of(await graph.schema(address), secrets), desired)
    if not plan.touches_people:
        return plan
    return await with_people(graph, address.service_principal, plan, now=now, at_most=at_most)


def configuration_of(schema: SynchronizationSchema, secrets: Mapping[str, str]) -> Configuration:
    """Put together what the service holds."""
    return Configuration(
        schema,
        scope_of(secrets),
        skips_out_of_scope_deletions(secrets),
        delete_threshold=delete_threshold_of(secrets),
    )


async def with_people(
    graph: Synchronization, principal: ServicePrincipalId, plan: Plan, *, now: datetime, at_most: int
) -> Plan:
    """Judge people by a plan; when they cannot be read the plan says why, and goes on without."""
    if at_most == 0:
        return plan.uncounted("The estimate is switched off (elium:impactLimit: 0).")
    try:
        people = await graph.people(
            principal,
            attributes=plan.attributes,
            assigned=Scope.ASSIGNED in plan.scopes,
            everybody=Scope.ALL in plan.scopes,
            at_most=at_most,
        )
    except MissingPermissionError:
        return plan.uncounted(f"This identity may not read people: grant it {LEAST_PERMISSIONS}.")
    except GraphError as error:
        return plan.uncounted(f"People could not be read. {error.message}")
    return plan.judged(people, now=now)
