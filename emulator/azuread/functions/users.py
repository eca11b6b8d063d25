"""Looking up users (user_data_source.go, users_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emulator.azuread.faults import MissingError, PluginError, explaining, quoted
from emulator.azuread.functions.arguments import digest, equals, the_one_of
from emulator.azuread.identifiers import USER
from emulator.azuread.properties import Kind, Property, shown, texts
from emulator.azuread.resources.user import POLICIES, User

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values


class Key(NamedTuple):
    """A property that users are found by, and the words for it in messages."""

    many: str
    """What the list of them is called as an argument, such as ``mails``."""
    searching: str
    missing: str
    ambiguous: str


KEYS = {
    "userPrincipalName": Key(
        "userPrincipalNames", "UPN: {}", "User with UPN {} was not found", "More than one user found with UPN: {}"
    ),
    "mail": Key("mails", "mail: {}", "User not found with mail: {}", "More than one user found with mail: {}"),
    "mailNickname": Key(
        "mailNicknames",
        "email alias: {}",
        "User not found with email alias: {}",
        "More than one user found with email alias: {}",
    ),
    "employeeId": Key(
        "employeeIds",
        "employee ID: {}",
        "User not found with employee ID: {}",
        "More than one user found with employee ID: {}",
    ),
}

LISTED = (
    *texts(
        "displayName employeeId mail mailNickname objectId=id onpremisesImmutableId=onPremisesImmutableId"
        " onpremisesSamAccountName=onPremisesSamAccountName onpremisesUserPrincipalName=onPremisesUserPrincipalName"
        " usageLocation userPrincipalName"
    ),
    Property("accountEnabled", kind=Kind.FLAG, graph="accountEnabled"),
)
"""What a list of users tells of each."""

SELECTED = sorted(row.graph for row in LISTED)


async def get_user(graph: Graph, arguments: Values) -> Values:
    """Find one user by object id, user principal name, mail, mail nickname or employee id."""
    key = the_one_of(arguments, ("objectId", *KEYS))
    value = arguments[key]
    if key == "objectId":
        found = await _by_id(graph, value)
    else:
        (found,) = await _matching(graph, key, value)
    identifier = USER.of(found["id"])
    state = await User().read(graph, identifier)
    if state is None:
        raise PluginError(f"Retrieving User (User: {quoted(found['id'])}): User was not found")
    for name in ("aboutMe", *POLICIES):
        state.pop(name)
    return state | {"id": identifier}


async def get_users(graph: Graph, arguments: Values) -> Values:
    """Find many users: all, or those named one by one."""
    users = [shown(LISTED, user) for user in await _find_many(graph, arguments)]
    names = [user["userPrincipalName"] for user in users]
    by_key = {key.many: [user[name] for user in users if user[name]] for name, key in KEYS.items()}
    return by_key | {
        "id": f"users#{digest(names, '/')}",
        "ignoreMissing": arguments.get("ignoreMissing", False),
        "objectIds": [user["objectId"] for user in users],
        "returnAll": arguments.get("returnAll", False),
        "users": users,
    }


async def _by_id(graph: Graph, object_id: str) -> Values:
    with explaining(f"Retrieving user with object ID: {quoted(object_id)}"):
        found = await graph.find(f"/users/{object_id}", select=SELECTED)
    if found is None:
        raise MissingError(f"User not found with object ID: {quoted(object_id)}")
    return found


async def _matching(graph: Graph, name: str, value: str, *, several: bool = False) -> list[Values]:
    key, said = KEYS[name], quoted(value)
    with explaining(f"Finding user with {key.searching.format(said)}"):
        found = await graph.list("/users", where=equals(name, value), select=SELECTED)
    if not found:
        raise MissingError(key.missing.format(said))
    if len(found) > 1 and not several:
        raise PluginError(key.ambiguous.format(said))
    return found


async def _find_many(graph: Graph, arguments: Values) -> list[Values]:
    if arguments.get("returnAll"):
        with explaining("Could not retrieve users"):
            found = await graph.list("/users", select=SELECTED)
        if not found:
            raise PluginError("No users found")
        return found
    asked = the_one_of(arguments, ("objectIds", *(key.many for key in KEYS.values())))
    users: list[Values] = []
    for value in arguments[asked]:
        try:
            users += await _one_of_many(graph, asked, value)
        except MissingError:
            if not arguments.get("ignoreMissing"):
                raise
    return users


async def _one_of_many(graph: Graph, asked: str, value: str) -> list[Values]:
    if asked == "objectIds":
        return [await _by_id(graph, value)]
    name = next(name for name, key in KEYS.items() if key.many == asked)
    # An alias need not be unique, so a list of aliases may find more users than it names.
    return await _matching(graph, name, value, several=name == "mailNickname")
