"""Whether a change may take people away, or bring people in: then it is worth looking at them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from provisioning.model.connection import Scope
from provisioning.planning.active import ACTIVE, may_disable_within
from provisioning.planning.configuration import (
    Configuration,
    gains_creation,
    is_matching_changed,
    loses_updates,
    rules_of_both,
)

ENDINGS = ("/scim/v2", "/scim")
"""With what an address of SCIM may end: the same place, written out or not."""


def may_make_leave(before: Configuration, after: Configuration) -> bool:
    """Tell whether somebody may leave, be disabled, be left enabled, or be taken for somebody else.

    Where the service holds a filter that cannot be read, whatever changes may.
    """
    if rules_of_both(before, after) is None:
        return before != after
    return narrows(before, after) or touches_everybody(before, after)


def touches_everybody(before: Configuration, after: Configuration) -> bool:
    """Tell whether anybody in scope may be disabled, left enabled, left behind, or taken for somebody else.

    :raises ExpressionError: when a filter cannot be read.
    """
    one, other = before.rules, after.rules
    return (
        loses_updates(one.actions, other.actions)
        or one.mappings.get(ACTIVE) != other.mappings.get(ACTIVE)
        or is_matching_changed(one, other)
        or moves(before, after)
    )


def moves(before: Configuration, after: Configuration) -> bool:
    """Tell whether people are provisioned into another place than before, be it at the same host."""
    old, new = place_of(before), place_of(after)
    return bool(old.host and new.host) and old != new


class Place(NamedTuple):
    """Where people are provisioned: many apps tell their customers apart by the path, and not by the host."""

    host: str
    """With its port, unless that goes without saying; empty when nobody has said where."""
    path: str
    """What stands before the ending that every customer has, such as ``/acme``; often empty."""


def place_of(side: Configuration) -> Place:
    """Give the place at which people are provisioned, without what may hold a secret: a user part and the query."""
    parts = urlsplit(side.connection.address)
    host = parts.netloc.rpartition("@")[2].casefold().removesuffix(":443")
    path = parts.path.rstrip("/")
    ending = next((each for each in ENDINGS if path.casefold().endswith(each)), "")
    return Place(host, path[: len(path) - len(ending)])


def may_bring_in(before: Configuration, after: Configuration) -> bool:
    """Tell whether somebody may enter the scope, come back, or get access within it."""
    if rules_of_both(before, after) is None:
        return False
    return narrows(after, before) or lets_anybody_in(before, after)


def lets_anybody_in(before: Configuration, after: Configuration) -> bool:
    """Tell whether anybody in scope may get access who had none: an account that is created or enabled from now on.

    :raises ExpressionError: when a filter cannot be read.
    """
    one, other = before.rules, after.rules
    is_active_changed = one.mappings.get(ACTIVE) != other.mappings.get(ACTIVE)
    enables = is_active_changed and may_disable_within(one.mappings.get(ACTIVE))
    return enables or gains_creation(one.actions, other.actions)


def narrows(before: Configuration, after: Configuration) -> bool:
    """Tell whether fewer may be in scope: by the filter, the scope, the switch of users, or an assignment that goes.

    :raises ExpressionError: when a filter cannot be read.
    """
    one, other = before.rules, after.rules
    return (
        (one.filter != other.filter and other.filter is not None)
        or (one.scope, other.scope) == (Scope.ALL, Scope.ASSIGNED)
        or (one.is_enabled and not other.is_enabled)
        or (other.scope is Scope.ASSIGNED and bool(removed_principals(before, after)))
    )


def removed_principals(before: Configuration, after: Configuration) -> frozenset[str]:
    """Give the object ids of those who are assigned now and no longer, in any role."""
    return _principals(before) - _principals(after)


def _principals(side: Configuration) -> frozenset[str]:
    return frozenset(assignment.principal for assignment in side.assignments)
