"""Who is assigned to an app: the principals that it was given to, and the role that each holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class PrincipalKind(Enum):
    """What can be assigned and brings people along (graph: approleassignment, ``principalType``)."""

    GROUP = "group"
    """A group, which brings its members along."""
    USER = "user"
    """A user, who stands alone."""


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role that the app declares (graph: approle)."""

    id: str
    name: str
    """Its display name, such as ``User``."""
    value: str | None = None
    """What tokens and ``appRoleAssignments`` call it; may be absent."""
    is_enabled: bool = True
    is_for_people: bool = True
    """Whether users and groups can hold it (``allowedMemberTypes`` has ``User``)."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One principal that holds one role of the app (graph: approleassignment)."""

    principal: str
    """The object id of a group or user."""
    kind: PrincipalKind
    name: str
    """What an administrator knows it by, such as ``Elium users``."""
    role: str
    """The id of the app role."""
    id: str = ""
    """The assignment's own id, where the service told it."""
    created: datetime | None = field(default=None, compare=False)
    """When it was assigned, in UTC, where the service told it. Two that differ in it alone are the same."""
