"""Who owns an application, a service principal or a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import collections, lookup
from emulator.graph.exchange import NO_CONTENT, Answer, Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import DirectoryObject
    from emulator.graph.routing import Handler


_KINDS = (Kind.USER, Kind.SERVICE_PRINCIPAL)
"""Who can own something (graph: group-post-owners, application-post-owners, serviceprincipal-post-owners)."""


def named_in(call: Call) -> list[DirectoryObject]:
    """Find the owners that the body of a creation names. :raises Refusal: 400 or 404 when one cannot be an owner."""
    found = lookup.bound(call, call.json, "owners")
    for owner in found:
        lookup.check_kind(owner, _KINDS, "owners")
    return found


def list_of(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that lists the owners of what *find* finds."""
    return lambda call: collections.mixed_objects(call, call.directory.owners_of(find(call).id))


def add_to(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that adds an owner by reference."""

    def handler(call: Call) -> Answer:
        owned, owner = find(call), lookup.referenced(call, call.json)
        lookup.check_kind(owner, _KINDS, "owners")
        if owner in call.directory.owners_of(owned.id):
            raise already_there("owners")
        call.directory.add_owner(owned.id, owner.id)
        return NO_CONTENT

    return handler


def remove_from(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that takes an owner away."""

    def handler(call: Call) -> Answer:
        call.directory.remove_owner(find(call).id, call.ids["owner"])
        return NO_CONTENT

    return handler


def already_there(relation: str) -> Refusal:
    """Say that a reference exists, as Graph words it."""
    return Refusal.bad_request(
        f"One or more added object references already exist for the following modified properties: '{relation}'."
    )
