"""Who may do what: each route names the permissions that open it. Application permissions only; nobody signs in here.

``Application.ReadWrite.OwnedBy`` counts where it is listed, and on a route that says ``owned`` also when the caller
owns the object that is addressed: the service principal for everything below it, not its application registration
(microsoft-graph-docs#21813).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.graph.exchange import Call

OWNED_BY = "Application.ReadWrite.OwnedBy"

_COVERS: dict[str, frozenset[str]] = {
    "Application.ReadWrite.All": frozenset({"Application.Read.All"}),
    "Directory.ReadWrite.All": frozenset({"Directory.Read.All"}),
    "Group.ReadWrite.All": frozenset({"Group.Read.All", "GroupMember.Read.All"}),
    "Group.Read.All": frozenset({"GroupMember.Read.All"}),
    "GroupMember.ReadWrite.All": frozenset({"GroupMember.Read.All"}),
    "User.ReadWrite.All": frozenset({"User.Read.All", "User.ReadBasic.All"}),
    "User.Read.All": frozenset({"User.ReadBasic.All"}),
    "Synchronization.ReadWrite.All": frozenset({"Synchronization.Read.All"}),
    "SynchronizationMetadata.ReadWrite.All": frozenset({"SynchronizationMetadata.Read.All"}),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What opens a route."""

    any_of: tuple[frozenset[str], ...] = ()
    """Alternatives; each is a set of permissions that are needed together. None at all: any token will do."""
    owned: bool = False
    """Whether ``Application.ReadWrite.OwnedBy`` opens it to an owner of the object."""
    quiet: bool = False
    """Whether a refusal looks like an unknown error, status 401, as it does under ``/synchronization``."""

    def describe(self) -> str:
        """Say it for the reader of the reference."""
        words = [" + ".join(sorted(needed)) for needed in self.any_of]
        if self.owned:
            words.append(f"{OWNED_BY} as owner")
        return " or ".join(words) or "any token"


def needs(*alternatives: str | frozenset[str], owned: bool = False, quiet: bool = False) -> Access:
    """Require one of these permissions, or all of a set."""
    sets = tuple(frozenset({needed}) if isinstance(needed, str) else needed for needed in alternatives)
    return Access(sets, owned=owned, quiet=quiet)


ANY_TOKEN = Access()


def check(access: Access, call: Call) -> None:
    """Let the caller through. :raises Refusal: 403 or, under ``/synchronization``, 401, when it may not."""
    if not access.any_of:
        return
    held = covered_by(call.caller.roles)
    if any(needed <= held for needed in access.any_of):
        return
    if access.owned and OWNED_BY in held and _owns(call):
        return
    if access.quiet:
        # The exact body is not documented; only that it is 401 and looks unknown (terraform-provider-azuread#1628).
        raise Refusal(401, "UnknownError", "")
    raise Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def covered_by(roles: frozenset[str]) -> frozenset[str]:
    """Add the permissions that the held ones include."""
    found = _KNOWN.get(roles)
    if found is None:
        found = roles.union(*(_COVERS.get(role, frozenset()) for role in roles))
        _KNOWN[roles] = found
    return found


READ_BY: Mapping[Kind, frozenset[str]] = {
    Kind.USER: frozenset({"User.Read.All", "Directory.Read.All"}),
    Kind.GROUP: frozenset({"Group.Read.All", "GroupMember.Read.All", "Directory.Read.All"}),
    Kind.SERVICE_PRINCIPAL: frozenset({"Application.Read.All", "Directory.Read.All"}),
}
"""Any of which lets a caller read objects of a kind that others lead to."""


def unreadable(call: Call) -> frozenset[Kind]:
    """List the kinds of which a caller sees no more than that somebody is there, where others lead to them."""
    held = covered_by(call.caller.roles)
    return frozenset(kind for kind, any_of in READ_BY.items() if not any_of & held)


_KNOWN: dict[frozenset[str], frozenset[str]] = {}
"""Answers of :func:`covered_by`; there are as many as there are differently entitled callers."""


def _owns(call: Call) -> bool:
    addressed = call.ids.get("id", "")
    owners = call.directory.owners_of(addressed)
    return any(owner.id == call.caller.object_id for owner in owners)
