"""Weigh a change before anything is touched: plan it, judge people where somebody may leave, and ask the guard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.operations.preview import configuration_of, with_people
from provisioning.operations.save_schema import save_schema
from provisioning.planning.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.model.identifiers import JobAddress
    from provisioning.operations.port import Synchronization
    from provisioning.operations.save_schema import Precautions
    from provisioning.planning.configuration import Configuration, Desired
    from provisioning.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Weighed:
    """A plan that may be carried out."""

    plan: Plan
    took_a_while: bool = False
    """Whether people were read meanwhile, so that somebody else may have changed the schema."""

    async def save(self, graph: Synchronization, address: JobAddress, precautions: Precautions) -> str:
        """Save the schema that was planned, and give the version that it replaced; empty when there was no need.

        :raises ConflictError: when somebody else changed the schema meanwhile.
        """
        return await save_schema(graph, address, self.plan, precautions, look_again=self.took_a_while)


async def weigh(
    graph: Synchronization,
    address: JobAddress,
    desired: Desired,
    precautions: Precautions,
    *,
    held: Mapping[str, str] | None,
    assumed: Configuration,
) -> Weighed:
    """Plan a change and let the guard judge it. People are read only when somebody may leave.

    *held* are the synchronization secrets, where they were read already; until they are needed, scope and the like
    are *assumed* to be what was declared before.

    :raises ConfigurationError: when something is declared that the app does not have.
    :raises UnsafeChangeError: when too many people would leave; then nothing was touched.
    """
    schema = await graph.schema(address)
    plan = plan_of(configuration_of(schema, held) if held is not None else assumed.with_schema(schema), desired)
    if not plan.may_make_leave:
        return Weighed(plan)
    if held is None:
        plan = plan_of(configuration_of(schema, await graph.secrets(address.service_principal)), desired)
    principal, at_most = address.service_principal, precautions.read_at_most
    plan = await with_people(graph, principal, plan, now=precautions.now(), at_most=at_most)
    plan.refuse_unless_accepted()
    return Weighed(plan, took_a_while=True)
