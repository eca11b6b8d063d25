"""People as they are read from Entra in order to foresee what a change does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language import Role, Value


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

    is_assigned: bool = True
    """Whether the person is assigned to the app, or a direct member of a group that is
    (Learn: how-provisioning-works#assignment-based-scoping)."""

    is_enabled: bool = True
    """Graph's ``accountEnabled``."""

    roles: tuple[Role, ...] = ()
    """The app roles that the person holds, themselves or through a group."""

    manager: Manager | None = None
    """``None`` when there is none, or when nobody asked."""


@dataclass(frozen=True, slots=True)
class People:
    """Those who were read."""

    persons: tuple[Person, ...] = ()

    is_complete: bool = True
    """Whether there are no more: reading ends at the limit that was set."""

    unreadable: frozenset[str] = frozenset()
    """Attributes that were asked for and that Graph does not have, such as ``manager``."""

    nested_groups: tuple[str, ...] = ()
    """Names of the assigned groups that hold other groups, whose members are not provisioned."""

    def __len__(self) -> int:
        return len(self.persons)
