"""In which groups somebody is, asked at once and through other groups too.

graph: directoryobject-getmembergroups, -checkmembergroups, -getmemberobjects, -checkmemberobjects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.graph import lookup
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.membership import groups_above
from emulator.graph.routing import Handler, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.company.store import DirectoryObject

_MOST = 20
_OF = "Collection(Edm.String)"


def _get(find: Callable[[Call], DirectoryObject]) -> Handler:
    """Make the handler that lists the ids of all groups."""

    def handler(call: Call) -> Answer:
        only = call.json.get("securityEnabledOnly")
        if not isinstance(only, bool):
            raise Refusal.bad_request("A value is required for parameter 'securityEnabledOnly'.")
        found = [
            group
            for group in groups_above(call.directory, find(call).id)
            if not only or group.properties.get("securityEnabled", True)
        ]
        return Answer(200, {"@odata.context": context(call, _OF), "value": [group.id for group in found]})

    return handler


def _check(find: Callable[[Call], DirectoryObject], name: str) -> Handler:
    """Make the handler that keeps of the named groups those that somebody is in; twenty at most."""

    def handler(call: Call) -> Answer:
        ids = call.json.get(name)
        if not isinstance(ids, list) or len(ids) > _MOST or not all(isinstance(one, str) for one in ids):
            raise Refusal.bad_request(f"The parameter '{name}' must be a list of at most {_MOST} ids.")
        inside = {group.id for group in groups_above(call.directory, find(call).id)}
        found = [one for one in ids if one.lower() in inside]
        return Answer(200, {"@odata.context": context(call, _OF), "value": found})

    return handler


def _any(call: Call) -> DirectoryObject:
    return call.directory.get(call.ids["id"])


_USERS = needs("User.Read.All", "GroupMember.Read.All", "Directory.Read.All")
_GROUPS = needs("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
_PRINCIPALS = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
_ANYTHING = needs("Directory.Read.All")


def _routes() -> Iterator[Route]:
    for at, find, access in (
        ("/users/{id}", lookup.user, _USERS),
        ("/groups/{id}", lookup.group, _GROUPS),
        ("/servicePrincipals/{id}", lookup.service_principal, _PRINCIPALS),
        ("/directoryObjects/{id}", _any, _ANYTHING),
    ):
        yield Route("POST", f"{at}/getMemberGroups", _get(find), access, "list all groups, nested too, by id")
        yield Route("POST", f"{at}/getMemberObjects", _get(find), access, "the same: roles and units do not exist here")
        yield Route("POST", f"{at}/checkMemberGroups", _check(find, "groupIds"), access, "keep the groups it is in")
        yield Route("POST", f"{at}/checkMemberObjects", _check(find, "ids"), access, "keep the groups it is in")


ROUTES = tuple(_routes())
