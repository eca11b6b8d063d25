"""Which permissions each kind of work needs, and which others cover them.

The least ones are those of docs/reference/permissions.md; what covers them is Graph's table for each operation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

SYNC_READ, SYNC_WRITE = "Synchronization.Read.All", "Synchronization.ReadWrite.All"
OWNED = "Application.ReadWrite.OwnedBy"


@dataclass(frozen=True, slots=True)
class Need:
    """What some work needs."""

    work: str
    """In words, such as ``read the provisioning log``."""
    used_by: str
    """What somebody runs to do that."""
    least: tuple[str, ...]
    """All of them."""


READING = Need(
    "read provisioning",
    "previews, status, explain, people and this check",
    ("Application.Read.All", SYNC_READ, "User.Read.All", "GroupMember.Read.All"),
)
LOG = Need("read the provisioning log", "logs, explain and people", ("ProvisioningLog.Read.All",))
PROVISIONING = Need(
    "change the job", "up, start, pause, restart, provision, rotate-token, and Entra's test of a token", (SYNC_WRITE,)
)
APP = Need("make, rename and delete the app", "the first up, and destroy", (OWNED,))
ASSIGNING = Need("assign groups and users", "up, where groups or users change", ("AppRoleAssignment.ReadWrite.All",))

_DIRECTORY = (frozenset({"Directory.Read.All"}), frozenset({"Directory.ReadWrite.All"}))
_AS_ONESELF = frozenset({"Directory.AccessAsUser.All"})

COVERED_BY: Mapping[str, tuple[frozenset[str], ...]] = {
    "Application.Read.All": (frozenset({"Application.ReadWrite.All"}), *_DIRECTORY, _AS_ONESELF),
    SYNC_READ: (frozenset({SYNC_WRITE}),),
    "User.Read.All": (frozenset({"User.ReadWrite.All"}), *_DIRECTORY, _AS_ONESELF),
    "GroupMember.Read.All": (
        frozenset({"Group.Read.All"}),
        frozenset({"Group.ReadWrite.All"}),
        frozenset({"GroupMember.ReadWrite.All"}),
        *_DIRECTORY,
        _AS_ONESELF,
    ),
    "ProvisioningLog.Read.All": tuple(frozenset({"AuditLog.Read.All", *one}) for one in _DIRECTORY),
    OWNED: (frozenset({"Application.ReadWrite.All"}), frozenset({"Directory.ReadWrite.All"}), _AS_ONESELF),
}
"""What serves instead, each set by itself."""


def missing(need: Need, held: Collection[str]) -> tuple[str, ...]:
    """List which of the least permissions are neither held nor covered."""
    return tuple(one for one in need.least if not covers(held, one))


def covers(held: Collection[str], permission: str) -> bool:
    """Tell whether *held* permissions allow what one allows."""
    return any(set(held) >= one for one in (frozenset({permission}), *COVERED_BY.get(permission, ())))
