"""Judge a plan before anything is touched: whom it reaches, what refuses it, and whether the app accepts the token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from provisioning.model.connection import Connection, Scope
from provisioning.model.credentials import Credentials
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.observed import Observed
from provisioning.operations.people import read_people
from provisioning.operations.port import Graph
from provisioning.planning.changes import RemoveAssignment
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.settings.shared import JobSettings

READ_AT_MOST: int = JobSettings.model_fields["impact_limit"].default
"""How many people are read when nobody says otherwise."""


def the_moment() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Judging:
    """How thoroughly a plan is looked at."""

    read_at_most: int = READ_AT_MOST
    """How many people are read in order to count them; 0 reads nobody."""
    shows_values: bool = False
    """Whether people are read also where only their values change, which a preview shows and an update need not."""
    now: Callable[[], datetime] = the_moment


async def judged_plan(
    graph: Graph,
    principal: ServicePrincipalId | None,
    observed: Observed,
    declaration: Declaration,
    circumstances: Circumstances,
    judging: Judging,
) -> Plan:
    """Plan what is declared and judge it. *principal* is ``None`` in a first preview, where there is no app yet.

    :raises ConfigurationError: when something is declared that cannot be.
    """
    plan = plan_of(observed, declaration, circumstances)
    if principal is not None and await _had_a_job(graph, principal, plan):
        circumstances = replace(circumstances, had_a_job=True)
        plan = plan.under(circumstances)
    if principal is not None and "appRoleAssignments" in plan.attributes and not observed.roles:
        roles = await graph.app_roles(principal)
        plan = plan_of(replace(observed, roles=roles), declaration, circumstances)
    if declaration.assignments is None and not (plan.has_run or plan.principals or Scope.ALL in plan.scopes):
        # Nobody says who will be assigned; that nobody would be in scope is more than is known.
        return plan
    if plan.may_move_people or (judging.shows_values and plan.touches_people):
        return await _with_people(graph, plan, judging)
    return plan


async def _had_a_job(graph: Graph, principal: ServicePrincipalId, plan: Plan) -> bool:
    """Tell whether an app without a job may have had one, where somebody loses an assignment now.

    What this stack assigned before was assigned for a job. Where nobody remembers that, the settings tell, which lie
    with the service principal and are saved once there is a job.
    """
    is_asked = plan.observed.job is None and any(isinstance(change, RemoveAssignment) for change in plan.changes)
    if not is_asked or plan.circumstances.declared_before is not None:
        return is_asked
    return Connection(await graph.secrets(principal)).has_token


async def test_credentials(graph: Graph, principal: ServicePrincipalId, plan: Plan) -> None:
    """Let Entra try address and token, where one of them is new.

    :raises CredentialsRejectedError: when the app does not accept them; nothing is saved by this.
    """
    if plan.tests_credentials and plan.declaration.token and plan.observed.template:
        credentials = Credentials(plan.after.connection.address, plan.declaration.token)
        await graph.validate_credentials(principal, plan.observed.template.id, credentials)


async def _with_people(graph: Graph, plan: Plan, judging: Judging) -> Plan:
    """Judge people by a plan; when they cannot be read the plan says why, and goes on without.

    :raises GraphError: when they cannot be read just now, and somebody may be touched. A number that was accepted for
        those who were counted before must not stand for those whom nobody counted.
    """
    read = await read_people(
        graph,
        plan.principals,
        attributes=plan.attributes,
        everybody=Scope.ALL in plan.scopes,
        at_most=judging.read_at_most,
    )
    if read.passing and plan.has_run and plan.may_move_people:
        raise read.passing
    if read.people is None:
        return plan.uncounted(read.why_nobody)
    return plan.judged(read.people, now=judging.now())
