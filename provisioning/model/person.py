"""People as they are read from Entra in order to foresee what a change does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from provisioning.language import Value

GUEST = "#EXT#"
"""What the user principal name of a guest has before its last @ (Learn: user-properties)."""


class Manager(NamedTuple):
    """Whom a person reports to."""

    id: str
    name: str
    """Such as ``Ada Byron (ada.byron@contoso.com)``."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of Entra, as the provisioning service looks at one: attributes under the old directory's names."""

    id: str
    """The object id."""

    name: str
    """What an administrator knows the person by, such as ``Ada Byron (ada.byron@contoso.com)``."""

    attributes: Mapping[str, Value]
    """Only those that were asked for, such as ``{"department": "Sales"}``. What is computed is not among them:
    ``IsSoftDeleted`` and ``appRoleAssignments`` follow from the rest."""

    is_enabled: bool = True
    """Graph's ``accountEnabled``."""

    manager: Manager | None = None
    """``None`` when there is none, or when nobody asked."""

    through: frozenset[str] = frozenset()
    """The object ids of the principals that were asked about and bring the person along: groups of which they are a
    direct member, and their own (Learn: how-provisioning-works#assignment-based-scoping)."""


@dataclass(frozen=True, slots=True)
class AssignedGroup:
    """A group that was asked about, and why it may bring nobody.

    Learn: how-provisioning-works#assignment-based-scoping.
    """

    id: str
    name: str
    is_security_enabled: bool = True
    """A group that is not takes nobody in."""
    is_microsoft_365: bool = False
    """Its ``groupTypes`` hold ``Unified``."""
    hides_members: bool = False
    """Whether its members are shown to few: where nobody is seen, that does not mean that nobody is in it."""
    members: int = 0
    """How many direct members are users."""
    holds_groups: tuple[str, ...] = ()
    """Names of the groups that are members of it; their members are not provisioned."""
    is_there: bool = True
    """False when no such group exists."""


@dataclass(frozen=True, slots=True)
class People:
    """Those who were read."""

    persons: tuple[Person, ...] = ()

    is_complete: bool = True
    """Whether there are no more: reading ends at the limit that was set."""

    unreadable: frozenset[str] = frozenset()
    """Attributes that were asked for and that Graph does not have, such as ``manager``."""

    groups: tuple[AssignedGroup, ...] = ()
    """The groups that were asked about."""

    def __len__(self) -> int:
        return len(self.persons)
