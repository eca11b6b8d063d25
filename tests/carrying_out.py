"""One hand, as the resources use it: observe, plan, judge, refuse, test the token, carry out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from builders import PRINCIPAL, a_declared_schema, a_job, an_assignment
from recording import RecordingService

from provisioning.language import Expression, ScopingFilter
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.operations.apply import Applying, Archive
from provisioning.operations.judge import Judging, judged_plan, test_credentials
from provisioning.operations.observe import observe
from provisioning.operations.port import Graph
from provisioning.planning.plan import Circumstances, Plan

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
TITLE = DeclaredMapping("title", {"source": Expression.parse("[mail]")})
A_MAPPING = a_declared_schema(mappings={ObjectKind.USERS: {"title": TITLE}})
A_FILTER = a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])})
OURS = {"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*", "SyncAll": "false"}
RUNS = a_job(on=True, status="Active")


def judging(**differences: Any) -> Judging:
    """Judge at one moment."""
    return Judging(**({"now": lambda: NOW} | differences))


async def planned(graph: Graph, declaration: Declaration, how: Judging | None = None, **circumstances: Any) -> Plan:
    """Observe and judge; the token is new, as it is for a job that nothing of ours remembers, unless that is said."""
    observed = await observe(graph, PRINCIPAL, template=declaration.template)
    known = Circumstances(**({"token_is_new": observed.job is None} | circumstances))
    return await judged_plan(graph, PRINCIPAL, observed, declaration, known, how or judging())


async def carried_out(
    graph: Graph, declaration: Declaration, *, archive: Archive | None = None, **circumstances: Any
) -> Applying:
    """Bring about what is declared."""
    plan = await planned(graph, declaration, **circumstances)
    plan.refuse_unless_accepted()
    await test_credentials(graph, PRINCIPAL, plan)
    applying = Applying(graph, PRINCIPAL, plan, archive)
    await applying.run()
    return applying


def running(**differences: Any) -> RecordingService:
    """Give a job that has run for a group, and is as it is declared."""
    usual: dict[str, Any] = {"held": RUNS, "secrets_held": dict(OURS), "assignments_held": (an_assignment(),)}
    return RecordingService(**(usual | differences))


async def written(service: RecordingService, declaration: Declaration, **circumstances: Any) -> list[str]:
    """Carry out what is declared, and list what that wrote."""
    await carried_out(service, declaration, **circumstances)
    return service.writes
