"""One hand, as the resources use it: observe, plan, judge, refuse, test the token, carry out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from builders import PRINCIPAL

from provisioning.model.declaration import Declaration
from provisioning.operations.apply import Applying, Archive
from provisioning.operations.judge import Judging, judged_plan, test_credentials
from provisioning.operations.observe import observe
from provisioning.operations.port import Graph
from provisioning.planning.plan import Circumstances, Plan

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


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
