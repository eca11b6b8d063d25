"""Groups and their members (graph: group)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company import recycle_bin, values
from emulator.company.membership_rules import RuleError, parse
from emulator.company.refusal import Refusal
from emulator.company.shapes import GROUP
from emulator.company.store import Directory, Kind
from emulator.graph import collections, lookup, owners, writing
from emulator.graph.access import needs
from emulator.graph.exchange import NO_CONTENT, Answer, Call
from emulator.graph.membership import groups_above, members_below
from emulator.graph.relations import Relation
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_REQUIRED = ("displayName", "mailNickname", "mailEnabled", "securityEnabled")
_MEMBER_KINDS = (Kind.USER, Kind.GROUP, Kind.SERVICE_PRINCIPAL)
_MOST_AT_ONCE = 20


def list_groups(call: Call) -> Answer:
    """List groups."""
    return collections.directory_objects(call, call.directory.all(Kind.GROUP), Kind.GROUP)


def count_groups(call: Call) -> Answer:
    """Count groups."""
    return collections.directory_objects(call, call.directory.all(Kind.GROUP), Kind.GROUP, total=True)


def get_group(call: Call) -> Answer:
    """Show one group."""
    return writing.entity(call, lookup.group(call), collections.selected(call))


def create_group(call: Call) -> Answer:
    """Create a group, with owners and members when they are named (graph: group-post-groups)."""
    for name in _REQUIRED:
        if call.json.get(name) in (None, ""):
            raise Refusal.bad_request(f"A value is required for property '{name}' of resource 'Group'.")
    owned_by, members = owners.named_in(call), lookup.bound(call, call.json, "members")
    for member in members:
        lookup.check_kind(member, _MEMBER_KINDS, "members")
    properties = writing.written(call, GROUP)
    _check_rule(properties)
    if members and _is_dynamic(properties):
        raise _filled_by_rule()
    if "Unified" in (properties.get("groupTypes") or ()):
        properties = _unified(call, properties)
    group = writing.add(call, Kind.GROUP, properties)
    for owner in owned_by:
        call.directory.add_owner(group.id, owner.id)
    for member in members:
        call.directory.add_member(group.id, member.id)
    return writing.created(call, group)


def change_group(call: Call) -> Answer:
    """Change a group; up to twenty members can be added with it (graph: group-post-members)."""
    group = lookup.group(call)
    members = lookup.bound(call, call.json, "members")
    if len(members) > _MOST_AT_ONCE:
        raise Refusal.bad_request("The number of references exceeds the limit of 20.")
    changes = writing.written(call, GROUP)
    values.check_kept(_REQUIRED, changes, "Group")
    _check_rule({**group.properties, **changes})
    for member in members:
        _add(call.directory, group, member)
    if changes:
        call.directory.change(group.id, writing.merged(group, changes))
    return NO_CONTENT


def delete_group(call: Call) -> Answer:
    """Delete a group: Microsoft 365 groups softly, security groups for good."""
    recycle_bin.delete(call.directory, lookup.group(call))
    return NO_CONTENT


def add_member(call: Call) -> Answer:
    """Add a member by reference."""
    _add(call.directory, lookup.group(call), lookup.referenced(call, call.json))
    return NO_CONTENT


def remove_member(call: Call) -> Answer:
    """Remove a member."""
    group = lookup.group(call)
    if _is_dynamic(group.properties):
        raise _filled_by_rule()
    call.directory.remove_member(group.id, call.ids["member"])
    return NO_CONTENT


def _unified(call: Call, properties: JsonObject) -> JsonObject:
    """Add what a Microsoft 365 group gets by itself: an address, visibility, habits in Outlook."""
    behaviour = properties.get("resourceBehaviorOptions") or ()
    address = f"{properties['mailNickname']}@{call.tenant.domain}"
    given = {name: value for name, value in properties.items() if value is not None}
    return {
        **properties,
        "mail": address,
        "proxyAddresses": [f"SMTP:{address}"],
        "description": properties["displayName"] if call.entra.graph_knobs.describes_unified_groups else None,
        "visibility": "Public",
        "allowExternalSenders": False,
        "autoSubscribeNewMembers": "SubscribeNewGroupMembers" in behaviour,
        "hideFromAddressLists": False,
        "hideFromOutlookClients": "HideGroupInOutlook" in behaviour,
        **given,
    }


def _is_dynamic(properties: JsonObject) -> bool:
    return "DynamicMembership" in (properties.get("groupTypes") or ())


def _check_rule(properties: JsonObject) -> None:
    """Refuse a dynamic group whose rule is missing or makes no sense. :raises Refusal: 400 with the reason."""
    if not _is_dynamic(properties):
        return
    try:
        parse(str(properties.get("membershipRule") or ""))
    except RuleError as error:
        raise Refusal.bad_request(str(error)) from error
    if properties.get("membershipRuleProcessingState") not in {"On", "Paused"}:
        message = "Invalid value specified for property 'membershipRuleProcessingState' of resource 'Group'."
        raise Refusal.bad_request(message)


def _filled_by_rule() -> Refusal:
    """Say that nobody adds or removes members of a dynamic group by hand (observed)."""
    return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def _add(directory: Directory, group: DirectoryObject, member: DirectoryObject) -> None:
    if _is_dynamic(group.properties):
        raise _filled_by_rule()
    lookup.check_kind(member, _MEMBER_KINDS, "members")
    if directory.is_member(group.id, member.id):
        raise owners.already_there("members")
    directory.add_member(group.id, member.id)


_READ = needs("Group.Read.All", "Directory.Read.All", "GroupMember.Read.All")
_WRITE = needs("Group.ReadWrite.All", "Directory.ReadWrite.All")
_MEMBERS = needs("GroupMember.Read.All", "Directory.Read.All")
_CHANGE_MEMBERS = needs("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
_AT = "/groups/{id}"

ROUTES = (
    Route("GET", "/groups", list_groups, _READ, "list and filter groups"),
    Route("GET", "/groups/$count", count_groups, _READ, "count groups"),
    Route("POST", "/groups", create_group, _WRITE, "create a group"),
    Route("GET", _AT, get_group, _READ, "show a group"),
    Route("PATCH", _AT, change_group, _WRITE, "change a group, add members"),
    Route("DELETE", _AT, delete_group, _WRITE, "delete a group"),
    Route("GET", f"{_AT}/owners", owners.list_of(lookup.group), _READ, "list owners"),
    Route("POST", f"{_AT}/owners/$ref", owners.add_to(lookup.group), _WRITE, "add an owner"),
    Route("DELETE", f"{_AT}/owners/{{owner}}/$ref", owners.remove_from(lookup.group), _WRITE, "remove an owner"),
    Route("POST", f"{_AT}/members/$ref", add_member, _CHANGE_MEMBERS, "add a member"),
    Route("DELETE", f"{_AT}/members/{{member}}/$ref", remove_member, _CHANGE_MEMBERS, "remove a member"),
    *(
        route
        for name, read, summary, casts, cost in (
            ("members", Directory.members_of, "list direct members", _MEMBER_KINDS, 3),
            ("transitiveMembers", members_below, "list members, nested too", _MEMBER_KINDS, 5),
            ("memberOf", Directory.groups_of, "list the groups that it is in", (Kind.GROUP,), 1),
            ("transitiveMemberOf", groups_above, "list those, nested too", (Kind.GROUP,), 1),
        )
        for route in Relation(f"{_AT}/{name}", lookup.group, read, _MEMBERS, summary, casts, cost).routes()
    ),
)
