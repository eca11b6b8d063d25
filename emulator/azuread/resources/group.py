"""A group (azuread_group). Everything about groups goes to the beta of Graph, as in the official plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from emulator.azuread.checks import Objection
from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import GROUP
from emulator.azuread.properties import Kind, Property, Role, required, shown, texts
from emulator.azuread.resources.group_bodies import creation_body, typed, update_body
from emulator.azuread.resources.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

DYNAMIC, UNIFIED = "DynamicMembership", "Unified"

EXTRAS = {
    "autoSubscribeNewMembers": "autoSubscribeNewMembers",
    "externalSendersAllowed": "allowExternalSenders",
    "hideFromAddressLists": "hideFromAddressLists",
    "hideFromOutlookClients": "hideFromOutlookClients",
}
"""What only unified groups have. Each must be read and written by itself (graph: resource_group)."""

FIRST_OWNERS = 20
"""How many owners a group can be created with (graph: group-post-groups)."""

BEHAVIORS = (
    "AllowOnlyMembersToPost",
    "HideGroupInOutlook",
    "SkipExchangeInstantOn",
    "SubscribeMembersToCalendarEventsDisabled",
    "SubscribeNewGroupMembers",
    "WelcomeEmailDisabled",
)
THEMES = ("Blue", "Green", "Orange", "Pink", "Purple", "Red", "Teal")
VISIBILITIES = ("Hiddenmembership", "Private", "Public")
WRITTEN_BACK_AS = ("UniversalDistributionGroup", "UniversalMailEnabledSecurityGroup", "UniversalSecurityGroup")

TABLE = (
    required("displayName"),
    Property("administrativeUnitIds", kind=Kind.SET, is_id=True),
    Property("assignableToRole", kind=Kind.FLAG, graph="isAssignableToRole", replaces=True),
    *(Property(name, Role.ADOPTED, Kind.FLAG) for name in EXTRAS),
    Property("behaviors", kind=Kind.SET, graph="resourceBehaviorOptions", replaces=True, choices=BEHAVIORS),
    Property("description", graph="description"),
    Property("dynamicMembership", kind=Kind.BLOCK),
    Property("mailEnabled", kind=Kind.FLAG, graph="mailEnabled"),
    Property("mailNickname", Role.ADOPTED, graph="mailNickname", replaces=True),
    Property("members", Role.ADOPTED, Kind.SET, is_id=True),
    Property(
        "onpremisesGroupType",
        Role.ADOPTED,
        graph="writebackConfiguration.onPremisesGroupType",
        choices=WRITTEN_BACK_AS,
    ),
    Property("owners", Role.ADOPTED, Kind.SET, is_id=True),
    Property("preventDuplicateNames", kind=Kind.FLAG),
    Property(
        "provisioningOptions", kind=Kind.SET, graph="resourceProvisioningOptions", replaces=True, choices=("Team",)
    ),
    Property("securityEnabled", kind=Kind.FLAG, graph="securityEnabled"),
    Property("theme", graph="theme", choices=THEMES),
    Property("types", kind=Kind.SET, graph="groupTypes", replaces=True, choices=(DYNAMIC, UNIFIED)),
    Property("visibility", Role.ADOPTED, graph="visibility", choices=VISIBILITIES),
    Property("writebackEnabled", kind=Kind.FLAG, graph="writebackConfiguration.isEnabled"),
    *texts(
        "mail objectId=id onpremisesDomainName=onPremisesDomainName onpremisesNetbiosName=onPremisesNetBiosName"
        " onpremisesSamAccountName=onPremisesSamAccountName"
        " onpremisesSecurityIdentifier=onPremisesSecurityIdentifier preferredLanguage",
        Role.OUTPUT,
    ),
    Property("onpremisesSyncEnabled", Role.OUTPUT, Kind.FLAG, graph="onPremisesSyncEnabled"),
    Property("proxyAddresses", Role.OUTPUT, Kind.LIST, graph="proxyAddresses"),
)


class Group(Resource):
    """A security group or a unified one, with its members and owners."""

    table = TABLE

    def __init__(self, new_id: Callable[[], UUID] = uuid4) -> None:
        self._new_id = new_id

    def objections(self, inputs: Values) -> Iterator[Objection]:
        """Yield what Terraform's plan refuses (group_resource.go: groupResourceCustomizeDiff)."""
        types = inputs.get("types", [])
        if not {"mailEnabled", "securityEnabled"} & inputs.keys():
            yield Objection("securityEnabled", "one of `mail_enabled,security_enabled` must be specified")
        if "dynamicMembership" in inputs and "members" in inputs:
            yield Objection("dynamicMembership", '"dynamic_membership": conflicts with members')
        if DYNAMIC in types and "dynamicMembership" not in inputs:
            yield Objection(
                "dynamicMembership", f"`dynamic_membership` must be specified when `types` contains {quoted(DYNAMIC)}"
            )
        if inputs.get("administrativeUnitIds"):
            yield Objection(
                "administrativeUnitIds", "the stand-in for the azuread plugin knows no administrative units"
            )
        if inputs.get("assignableToRole") and not inputs.get("securityEnabled"):
            yield Objection("assignableToRole", "`assignable_to_role` can only be `true` for security-enabled groups")
        yield from _mail_objections(inputs, unified=UNIFIED in types)

    def declaration_of(self, state: Values) -> Values:
        """Leave the members out of a group that a rule fills: the two cannot be declared together."""
        inputs = super().declaration_of(state)
        return {name: value for name, value in inputs.items() if name != "members" or "dynamicMembership" not in inputs}

    async def create(self, graph: Graph, inputs: Values) -> str:
        """Create the group with its first owners; the caller owns it when nobody else is named."""
        name = inputs["displayName"]
        if inputs.get("preventDuplicateNames"):
            await _require_unused_name(graph, name)
        owners = await _owners_in_order(graph, inputs.get("owners", []))
        body = creation_body(inputs, self._new_id().hex) | {
            "owners@odata.bind": [graph.object_address(owner, version=BETA) for owner in owners[:FIRST_OWNERS]],
        }
        with explaining(f"Creating group {quoted(name)}"):
            made = await graph.post("/groups", body, version=BETA)
        return GROUP.of(made["id"])

    async def complete(self, graph: Graph, identifier: str, inputs: Values) -> None:
        """Rename it forth and back, which shows that it is replicated, and add what creation cannot take."""
        group = GROUP.single(identifier)
        for name in (f"TERRAFORM_UPDATE_{self._new_id()}", inputs["displayName"]):
            with explaining(f"Failed to patch {_title(group)} after creating"):
                await graph.patch(
                    f"/groups/{group}",
                    typed({"displayName": name}),
                    version=BETA,
                    again=lambda error: error.is_not_found,
                )
        if UNIFIED in inputs.get("types", []) and not inputs.get("description"):
            await _take_description_away(graph, group)
        await _write_extras(graph, group, {}, inputs)
        if len(inputs.get("owners", [])) > FIRST_OWNERS:
            for owner in (await _owners_in_order(graph, inputs["owners"]))[FIRST_OWNERS:]:
                await _add(graph, group, "owners", owner)
        for member in inputs.get("members", []):
            await _add(graph, group, "members", member)

    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Read the group, its owners and its members."""
        group = GROUP.single(identifier)
        with explaining(f"Retrieving {_title(group)}"):
            found = await graph.find(f"/groups/{group}", version=BETA)
            return None if found is None else await state_of(graph, found)

    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:
        """Patch the properties, then settle members and owners one by one."""
        group = GROUP.single(identifier)
        if after.get("preventDuplicateNames"):
            await _require_unused_name(graph, after["displayName"], except_for=group)
        with explaining(f"Updating {_title(group)}"):
            await graph.patch(f"/groups/{group}", update_body(before, after), version=BETA)
        await _write_extras(graph, group, before, after)
        if "members" in after:
            await _settle(graph, group, "members", after["members"])
        if "owners" in after:
            await _settle(graph, group, "owners", after["owners"] or [await graph.sign_in.object_id()])

    async def delete(self, graph: Graph, identifier: str) -> None:
        """Delete the group, and look until it is gone."""
        group = GROUP.single(identifier)
        path, title = f"/groups/{group}", _title(group)
        with explaining(f"Retrieving {title}"):
            if await graph.find(path, version=BETA) is None:
                raise PluginError(f"Retrieving {title}: Group was not found")
        with explaining(f"Deleting {title}"):
            await graph.delete(path, version=BETA)
            await graph.wait_until_gone(path, version=BETA)


async def _take_description_away(graph: Graph, group: str) -> None:
    """Take away the description that Graph gives a Microsoft 365 group without one.

    The official plugin waits up to two minutes for it; here it is looked for once, since it comes at once or never.
    """
    with explaining(f"Retrieving {_title(group)}"):
        found = await graph.find(f"/groups/{group}", version=BETA)
    if found and found.get("description"):
        with explaining(f"Failed to clear the description of {_title(group)} after creating"):
            await graph.patch(f"/groups/{group}", typed({"description": None}), version=BETA)


async def state_of(graph: Graph, found: Values) -> Values:
    """Put together what Graph said of a group and what has to be asked for besides."""
    path = f"/groups/{found['id']}"
    state = shown(TABLE, found) | {"administrativeUnitIds": []} | await _extras(graph, found)
    for relation in ("owners", "members"):
        state[relation] = [one["id"] for one in await graph.list(f"{path}/{relation}", version=BETA)]
    rule, running = found.get("membershipRule"), found.get("membershipRuleProcessingState") != "Paused"
    state["dynamicMembership"] = {"enabled": running, "rule": rule} if rule else None
    return state


def _mail_objections(inputs: Values, *, unified: bool) -> Iterator[Objection]:
    mail_enabled = inputs.get("mailEnabled", False)
    if mail_enabled and not unified:
        yield Objection("types", f"`types` must contain {quoted(UNIFIED)} for mail-enabled groups")
    if unified and not mail_enabled:
        yield Objection("mailEnabled", "`mail_enabled` must be true for unified groups")
    if mail_enabled and not inputs.get("mailNickname"):
        yield Objection("mailNickname", "`mail_nickname` is required for mail-enabled groups")
    if unified:
        return
    for name in (*EXTRAS, "behaviors", "provisioningOptions", "theme"):
        if inputs.get(name):
            yield Objection(name, f"`{name}` is only supported for unified groups")
    if inputs.get("visibility") == "Hiddenmembership":
        yield Objection("visibility", '`visibility` can only be "Hiddenmembership" for unified groups')


def _title(group: str) -> str:
    return f"Group (Group: {quoted(group)})"


async def _require_unused_name(graph: Graph, name: str, *, except_for: str = "") -> None:
    with explaining("Could not check for existing groups(s)"):
        # The official plugin does not double apostrophes here either.
        namesakes = await graph.list("/groups", version=BETA, where=f"displayName eq '{name}'")
    for namesake in namesakes:
        if namesake["id"] != except_for:
            raise PluginError(
                f'An existing "azuread_group" with name {quoted(name)} (ID: {quoted(namesake["id"])}) was found and'
                " `prevent_duplicate_names` was specified: To be managed via Terraform, this resource needs to be"
                ' imported into the State. Please see the resource documentation for "azuread_group" for more'
                " information."
            )


async def _owners_in_order(graph: Graph, owners: list[str]) -> list[str]:
    """Put the caller first, so that it can go on writing; then users, then service principals, then groups."""
    caller = await graph.sign_in.object_id()
    kinds: dict[str, list[str]] = {"user": [], "servicePrincipal": [], "group": []}
    for owner in owners:
        if owner.lower() == caller.lower():
            continue
        with explaining(f"Could not retrieve owner principal object {quoted(owner)}"):
            found = await graph.get(f"/directoryObjects/{owner}")
        # What is neither of the three is left out without a word, as in the official plugin.
        kinds.get(found.get("@odata.type", "").rpartition(".")[2], []).append(owner)
    others = [owner for kind in kinds.values() for owner in kind]
    named = caller.lower() in {owner.lower() for owner in owners}
    return [caller, *others] if named or not others else others


async def _extras(graph: Graph, found: Values) -> Values:
    extra: Values = {}
    if UNIFIED in (found.get("groupTypes") or []):
        path, select = f"/groups/{found['id']}", tuple(sorted(EXTRAS.values()))
        extra = await graph.find(path, version=BETA, select=select) or {}
    return {name: bool(extra.get(graph_name)) for name, graph_name in EXTRAS.items()}


async def _write_extras(graph: Graph, group: str, before: Values, after: Values) -> None:
    if UNIFIED not in after.get("types", []):
        return
    for name, graph_name in EXTRAS.items():
        if name in after and after[name] != before.get(name):
            with explaining(f"Failed to set `{name}` for {_title(group)}"):
                await graph.patch(f"/groups/{group}", typed({graph_name: after[name]}), version=BETA)


async def _settle(graph: Graph, group: str, relation: str, wanted: list[str]) -> None:
    with explaining(f"Could not retrieve {relation} for {_title(group)}"):
        present = [one["id"] for one in await graph.list(f"/groups/{group}/{relation}", version=BETA)]
    # Additions come first: a group must never be without an owner.
    for one in wanted:
        if one not in present:
            await _add(graph, group, relation, one)
    for one in present:
        if one not in wanted:
            with explaining(f"removing {one} from the {relation} of {_title(group)}"):
                await graph.delete(f"/groups/{group}/{relation}/{one}/$ref", version=BETA)


async def _add(graph: Graph, group: str, relation: str, one: str) -> None:
    with explaining(f"Could not add {relation} to group with object ID: {quoted(group)}"):
        await graph.post(f"/groups/{group}/{relation}/$ref", graph.reference(one, version=BETA), version=BETA)
