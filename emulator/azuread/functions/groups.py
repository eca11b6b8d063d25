"""Looking up groups (group_data_source.go, groups_data_source.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.faults import GraphError, PluginError, explaining, quoted
from emulator.azuread.functions.arguments import digest, equals, equals_unescaped, is_set, single, the_one_of
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import GROUP
from emulator.azuread.resources.group import state_of

if TYPE_CHECKING:
    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

FLAGS = {"mailEnabled": "mail_enabled", "securityEnabled": "security_enabled"}
"""What a group may be asked to be, and how messages name it."""


async def get_group(graph: Graph, arguments: Values) -> Values:
    """Find one group by display name, mail nickname or object id, with its owners and members."""
    found = await _find(graph, arguments)
    identifier = GROUP.of(found["id"])
    with explaining(f"Could not retrieve group with object ID {quoted(identifier)}"):
        state = await state_of(graph, found)
    transitively = arguments.get("includeTransitiveMembers", False)
    if transitively:
        with explaining(f"Could not retrieve transitive group members for group with object ID: {quoted(identifier)}"):
            members = await graph.list(f"/groups/{found['id']}/transitiveMembers", version=BETA)
        state["members"] = [member["id"] for member in members]
    dynamic = state.pop("dynamicMembership")
    state.pop("administrativeUnitIds")
    return state | {
        "id": identifier,
        "dynamicMemberships": [dynamic] if dynamic else [],
        "includeTransitiveMembers": transitively,
    }


async def get_groups(graph: Graph, arguments: Values) -> Values:
    """Find many groups: all, those with a prefix, or those named one by one."""
    groups = await _find_many(graph, arguments)
    names = [group["displayName"] for group in groups]
    flags = {name: arguments.get(name, False) for name in FLAGS}
    return flags | {
        "id": f"groups#{digest(names, '-')}",
        "displayNamePrefix": arguments.get("displayNamePrefix", ""),
        "displayNames": names,
        "groups": [
            {
                "displayName": group["displayName"],
                "mailEnabled": bool(group.get("mailEnabled")),
                "objectId": group["id"],
                "securityEnabled": bool(group.get("securityEnabled")),
            }
            for group in groups
        ],
        "ignoreMissing": arguments.get("ignoreMissing", False),
        "objectIds": [group["id"] for group in groups],
        "returnAll": arguments.get("returnAll", False),
    }


async def _find(graph: Graph, arguments: Values) -> Values:
    key = the_one_of(arguments, ("displayName", "mailNickname", "objectId"))
    if key == "objectId":
        return await _by_id(graph, arguments)
    # The official plugin does not double apostrophes here.
    where = " and ".join([equals_unescaped(key, arguments[key]), *_flag_filters(arguments)])
    with explaining(f"Retrieving groups for filter ({where})"):
        return single(
            await graph.list("/groups", version=BETA, where=where),
            f"No group found matching specified filter ({where})",
            f"More than one group found matching specified filter ({where})",
        )


async def _by_id(graph: Graph, arguments: Values) -> Values:
    object_id = arguments["objectId"]
    with explaining(f"Retrieving group with object ID: {quoted(object_id)}"):
        found = await graph.find(f"/groups/{object_id}", version=BETA)
    if found is None:
        raise PluginError(f"No group found with object ID: {quoted(object_id)}")
    for name, title in FLAGS.items():
        if name in arguments and bool(found.get(name)) != arguments[name]:
            expected, actual = (str(bool(flag)).lower() for flag in (arguments[name], found.get(name)))
            raise PluginError(
                f"Group with object ID {quoted(object_id)} does not have the specified {title} setting"
                f" (expected: {expected}, actual: {actual})"
            )
    return found


def _flag_filters(arguments: Values) -> list[str]:
    return [is_set(name, arguments[name]) for name in FLAGS if name in arguments]


async def _find_many(graph: Graph, arguments: Values) -> list[Values]:
    filters = _flag_filters(arguments)
    if arguments.get("returnAll"):
        with explaining("Could not retrieve groups"):
            found = await graph.list("/groups", version=BETA, where=" and ".join(filters))
        if not found:
            raise PluginError("No groups found")
        return found
    if prefix := arguments.get("displayNamePrefix"):
        return await _with_prefix(graph, filters, prefix)
    by_name = [await _named(graph, filters, name, arguments) for name in arguments.get("displayNames", [])]
    if by_name:
        return [group for group in by_name if group is not None]
    by_id = [await _identified(graph, object_id, arguments) for object_id in arguments.get("objectIds", [])]
    return [group for group in by_id if group is not None]


async def _with_prefix(graph: Graph, filters: list[str], prefix: str) -> list[Values]:
    starts = f"startsWith(displayName, '{prefix.replace(chr(39), chr(39) * 2)}')"
    with explaining(f"No groups found with display name prefix: {quoted(prefix)}"):
        found = await graph.list("/groups", version=BETA, where=" and ".join([*filters, starts]))
    if not found:
        raise PluginError(f"No groups found with display name prefix: {quoted(prefix)}")
    return found


async def _named(graph: Graph, filters: list[str], name: str, arguments: Values) -> Values | None:
    none = f"No group found with display name: {quoted(name)}"
    with explaining(none):
        found = await graph.list("/groups", version=BETA, where=" and ".join([*filters, equals("displayName", name)]))
    if not found and arguments.get("ignoreMissing"):
        return None
    return single(found, none, f"More than one group found with display name: {quoted(name)}")


async def _identified(graph: Graph, object_id: str, arguments: Values) -> Values | None:
    try:
        return await graph.get(f"/groups/{object_id}", version=BETA)
    except GraphError as error:
        if error.is_not_found and arguments.get("ignoreMissing"):
            return None
        # The official plugin adds Graph's own words here, and not in the function for one group.
        said = "No group found" if error.is_not_found else "Retrieving group"
        raise PluginError(f"{said} with object ID: {quoted(object_id)}: {error}") from error
