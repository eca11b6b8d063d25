"""Provisioning on demand: whom, and what came of it (graph: synchronizationjob-provisionondemand)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from provisioning.model.assignment import PrincipalKind

MEMBERS_AT_ONCE = 5
"""How many members of a group one call takes (Learn: provision-on-demand)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is provisioned by one call."""

    id: str
    """The object id."""
    kind: PrincipalKind = PrincipalKind.USER
    members: tuple[str, ...] = ()
    """Of a group: object ids of users that come along, :data:`MEMBERS_AT_ONCE` at most."""


class Result(Enum):
    """What the service says became of it."""

    SUCCESS = "success"
    SKIPPED = "skipped"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class OnDemandAnswer:
    """What the service did at once. The answer is 200 whatever became of it."""

    result: Result
    action: str = ""
    """``create``, ``update``, ``disable``, ``delete`` or ``other``; empty where the service does not say."""
    code: str = ""
    """Why it was skipped or failed, such as ``RedundantExport``; empty when it succeeded."""
    reason: str = ""
    """The service's own words about that."""
    change_id: str = ""
    """By which the provisioning log knows it."""
    target_id: str = ""
    """The account's id at the target; empty where the service does not say."""
