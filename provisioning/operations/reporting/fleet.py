"""A report over many stacks: each with its own, or why it has none, and what they come to together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from provisioning.operations.reporting.gathering import Rename, StackReport, renamed
from provisioning.operations.reporting.history import Cause, CycleTally, by_day, together
from provisioning.operations.reporting.waits import Bin, bins_together
from provisioning.operations.standing import Standing


@dataclass(frozen=True, slots=True)
class TenantReport:
    """One tenant of a fleet."""

    tenant: str
    verdict: str
    """What ``elium fleet plan`` says of it, such as ``unchanged``; ``failed`` where it could not be asked."""
    reason: str = ""
    """Why it is refused, or could not be asked."""
    what_to_do: str = ""
    stack: StackReport | None = None
    """Null where it could not be asked, or is not there yet."""
    changes: int = 0
    leaving: int = 0
    entering: int = 0
    plan: str = ""
    """What its row would change now, as text; empty where it would change nothing."""


@dataclass(frozen=True, slots=True)
class FleetReport:
    """A fleet at one moment."""

    at: datetime
    """When it was asked, in UTC."""
    since: datetime
    """How far the logs were read back."""
    tenants: tuple[TenantReport, ...]
    """In the order of the file."""
    counts: Mapping[str, int]
    """How many people stand how, over all."""
    causes: tuple[Cause, ...]
    """Why people fail, over all; each is named with the tenant."""
    days: tuple[CycleTally, ...]
    """What happened, day by day, oldest first."""
    waits: tuple[Bin, ...]
    """How long it took from entering the scope to the account, over all."""


def fleet_report(tenants: Sequence[TenantReport], *, at: datetime, since: datetime) -> FleetReport:
    """Put the reports of tenants together."""
    stacks = [(one.tenant, one.stack) for one in tenants if one.stack]
    counts: Counter[str] = Counter()
    for _, stack in stacks:
        counts.update(stack.counts)
    return FleetReport(
        at=at,
        since=since,
        tenants=tuple(tenants),
        counts={each.value: counts[each.value] for each in Standing if counts[each.value]},
        causes=together((name, cause) for name, stack in stacks for cause in stack.causes),
        days=by_day(stack.cycles for _, stack in stacks),
        waits=bins_together([stack.waits for _, stack in stacks]),
    )


def renamed_fleet(report: FleetReport, names: Rename) -> FleetReport:
    """Give the same with other names of people, groups and tenants; what is told in sentences is left out."""
    tenants = [_renamed(one, names) for one in report.tenants]
    return fleet_report(tenants, at=report.at, since=report.since)


def _renamed(one: TenantReport, names: Rename) -> TenantReport:
    name = names.text(one.tenant)
    stack = renamed(one.stack, names) if one.stack else None
    if stack:
        to_do = stack.status.what_to_do.replace(one.tenant, name)
        stack = replace(stack, stack=name, status=replace(stack.status, stack=name, what_to_do=to_do))
    return replace(one, tenant=name, stack=stack, reason="left out" if one.reason else "", what_to_do="", plan="")
