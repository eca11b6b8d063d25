"""Every resource and every look-up of the stand-in, against the pretend Graph, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from pulumi.provider.experimental import provider as engine

from emulator import Emulator
from emulator.azuread.faults import PluginError
from emulator.azuread.provider import Azuread
from emulator.azuread.values import plain_map, wire_map
from emulator.web.environment import environment_of

if TYPE_CHECKING:
    from pulumi.provider.experimental.property_value import PropertyValue

    from emulator.azuread.values import Values

ELIUM = "azuread:index/applicationFromTemplate:ApplicationFromTemplate"
ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"
GROUP = "azuread:index/group:Group"
MEMBER = "azuread:index/groupMember:GroupMember"
USER = "azuread:index/user:User"

EVE: Values = {"displayName": "Eve", "userPrincipalName": "eve@contoso.com", "password": "Hush-hush-1"}
CREW: Values = {"displayName": "Crew", "securityEnabled": True}


class Engine:
    """What the engine does with a plugin, one resource at a time."""

    def __init__(self, plugin: Azuread) -> None:
        self.plugin = plugin

    async def create(self, token: str, inputs: Values) -> tuple[str, Values]:
        """Check a declaration and make it real."""
        request = engine.CreateRequest(_urn(token), await self._checked(token, inputs), timeout=0, preview=False)
        made = await self.plugin.create(request)
        return made.resource_id or "", plain_map(made.properties)

    async def changes(self, token: str, state: Values, inputs: Values) -> list[str]:
        """Tell which properties a declaration would change."""
        checked = await self._checked(token, inputs)
        return (await self.plugin.diff(engine.DiffRequest(_urn(token), "", wire_map(state), checked, []))).diffs

    async def update(self, token: str, identifier: str, state: Values, inputs: Values) -> Values:
        """Change what is there."""
        checked = await self._checked(token, inputs)
        request = engine.UpdateRequest(
            _urn(token), identifier, wire_map(state), checked, timeout=0, ignore_changes=[], preview=False
        )
        return plain_map((await self.plugin.update(request)).properties)

    async def read(self, token: str, identifier: str) -> Values:
        """Tell the state of what is there; empty when it is gone."""
        return plain_map((await self.plugin.read(engine.ReadRequest(_urn(token), identifier, {}, {}))).properties)

    async def delete(self, token: str, identifier: str) -> None:
        """Remove it."""
        await self.plugin.delete(engine.DeleteRequest(_urn(token), identifier, {}, timeout=0))

    async def ask(self, function: str, **arguments: object) -> Values:
        """Look something up."""
        request = engine.InvokeRequest(f"azuread:index/{function}:{function}", wire_map(arguments))
        return plain_map((await self.plugin.invoke(request)).return_value or {})

    async def _checked(self, token: str, inputs: Values) -> dict[str, PropertyValue]:
        checked = await self.plugin.check(engine.CheckRequest(_urn(token), {}, wire_map(inputs), b""))
        assert not checked.failures, [failure.reason for failure in checked.failures]
        return checked.inputs or {}


def _urn(token: str) -> str:
    return f"urn:pulumi:dev::elium::{token}::it"


@pytest.fixture
async def pulumi() -> Engine:
    """Configure the plugin for a made-up company."""
    emulator = Emulator()
    plugin = Azuread(environment_of(emulator.seed, emulator.origin, "ca.pem"), httpx2.ASGITransport(emulator.app))
    await plugin.configure(engine.ConfigureRequest({}, {}, accept_secrets=True, accept_resources=False))
    return Engine(plugin)


LIVES: list[Any] = [
    pytest.param(USER, EVE, {"department": "Knowledge", "city": "Paris"}, id="a user gets a department"),
    pytest.param(USER, EVE | {"costCenter": "42"}, {}, id="a user loses a cost center"),
    pytest.param(USER, EVE, {"accountEnabled": False, "showInAddressList": False}, id="a user is disabled"),
    pytest.param(USER, EVE, {"otherMails": ["e@x.example"], "businessPhones": ["1"]}, id="a user gets addresses"),
    pytest.param(GROUP, CREW, {"description": "All hands"}, id="a group gets a description"),
    pytest.param(
        GROUP,
        CREW
        | {"types": ["DynamicMembership"], "dynamicMembership": {"enabled": True, "rule": 'user.city -eq "Paris"'}},
        {"dynamicMembership": {"enabled": False, "rule": 'user.city -eq "Ghent"'}},
        id="a rule is paused",
    ),
    pytest.param(
        GROUP,
        {
            "displayName": "Crew",
            "mailEnabled": True,
            "mailNickname": "crew",
            "types": ["Unified"],
            "visibility": "Public",
        },
        {"description": "All hands", "visibility": "Private"},
        id="a unified group becomes private",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "change"), LIVES)
async def test_what_is_declared_comes_true_and_nothing_remains_to_change(
    pulumi: Engine, token: str, inputs: Values, change: Values
) -> None:
    identifier, state = await pulumi.create(token, inputs)
    assert await pulumi.changes(token, state, inputs) == []

    later = {name: value for name, value in inputs.items() if name != "costCenter"} | change
    state = await pulumi.update(token, identifier, state, later)
    assert await pulumi.changes(token, state, later) == []
    assert {name: state[name] for name in change} == change

    await pulumi.delete(token, identifier)
    assert await pulumi.read(token, identifier) == {}


async def test_members_and_owners_become_those_that_are_declared(pulumi: Engine) -> None:
    ada, alan = [
        (await pulumi.ask("getUser", userPrincipalName=f"{name}@contoso.com"))["objectId"]
        for name in ("ada.byron", "alan.turing")
    ]
    identifier, state = await pulumi.create(GROUP, CREW | {"members": [ada], "owners": [ada]})
    later = CREW | {"members": [alan], "owners": [alan]}
    state = await pulumi.update(GROUP, identifier, state, later)

    assert (state["members"], state["owners"]) == ([alan], [alan])


async def test_a_manager_comes_and_goes(pulumi: Engine) -> None:
    ada = (await pulumi.ask("getUser", userPrincipalName="ada.byron@contoso.com"))["objectId"]
    identifier, state = await pulumi.create(USER, EVE | {"managerId": ada})
    assert state["managerId"] == ada

    state = await pulumi.update(USER, identifier, state, EVE)
    assert state["managerId"] == ""


async def test_the_gallery_application_can_be_used_by_those_who_are_assigned(pulumi: Engine) -> None:
    template = await pulumi.ask("getApplicationTemplate", displayName="elium")
    _, state = await pulumi.create(ELIUM, {"displayName": "Elium", "templateId": template["templateId"]})
    principal = await pulumi.ask("getServicePrincipal", objectId=state["servicePrincipalObjectId"])
    role = next(role["id"] for role in principal["appRoles"] if role["displayName"] == "User")
    staff = (await pulumi.ask("getGroup", displayName="Elium users"))["objectId"]
    ends = {"appRoleId": role, "principalObjectId": staff, "resourceObjectId": principal["objectId"]}
    assignment, assigned = await pulumi.create(ASSIGNMENT, ends)
    assert (assigned["principalDisplayName"], assigned["principalType"]) == ("Elium users", "Group")

    await pulumi.delete(ASSIGNMENT, assignment)
    assert await pulumi.read(ASSIGNMENT, assignment) == {}


async def test_an_application_is_renamed_and_takes_its_service_principal_along(pulumi: Engine) -> None:
    template = await pulumi.ask("getApplicationTemplate", displayName="Elium")
    declared = {"displayName": "Elium", "templateId": template["templateId"]}
    application, state = await pulumi.create(ELIUM, declared)
    renamed = await pulumi.update(ELIUM, application, state, declared | {"displayName": "Knowledge"})
    assert renamed["displayName"] == "Knowledge"

    await pulumi.delete(ELIUM, application)
    with pytest.raises(PluginError, match="was not found"):
        await pulumi.ask("getServicePrincipal", objectId=state["servicePrincipalObjectId"])


@pytest.mark.parametrize(
    ("token", "lister", "shape"), [(USER, "getUsers", "/users/{}"), (GROUP, "getGroups", "/groups/{}")]
)
async def test_whoever_exists_can_be_imported_and_differs_in_nothing(
    pulumi: Engine, token: str, lister: str, shape: str
) -> None:
    for object_id in (await pulumi.ask(lister, returnAll=True))["objectIds"]:
        read = await pulumi.plugin.read(engine.ReadRequest(_urn(token), shape.format(object_id), {}, {}))

        assert await pulumi.changes(token, plain_map(read.properties), plain_map(read.inputs)) == []


async def test_a_member_is_added_once(pulumi: Engine) -> None:
    group, member = (await pulumi.create(GROUP, CREW))[1], (await pulumi.create(USER, EVE))[1]
    declared = {"groupObjectId": group["objectId"], "memberObjectId": member["objectId"]}
    identifier, _ = await pulumi.create(MEMBER, declared)

    with pytest.raises(PluginError, match="already exists"):
        await pulumi.create(MEMBER, declared)
    await pulumi.delete(MEMBER, identifier)
    assert await pulumi.read(MEMBER, identifier) == {}


async def test_look_ups_find_the_made_up_company(pulumi: Engine) -> None:
    ada = {"userPrincipalNames": ["ada.byron@contoso.com"]}

    assert (await pulumi.ask("getUsers", **ada))["mails"] == ["ada.byron@contoso.com"]
    assert len((await pulumi.ask("getUsers", returnAll=True))["users"]) == 25
    assert "Elium users" in (await pulumi.ask("getGroups", displayNamePrefix="Elium"))["displayNames"]
    assert (await pulumi.ask("getDomains", onlyDefault=True))["domains"][0]["domainName"] == "contoso.com"
    assert (await pulumi.ask("getClientConfig"))["objectId"]


async def test_two_groups_of_a_name_are_too_many(pulumi: Engine) -> None:
    await pulumi.create(GROUP, CREW)
    await pulumi.create(GROUP, CREW)

    with pytest.raises(
        PluginError, match=r"More than one group found matching specified filter \(displayName eq 'Crew'\)"
    ):
        await pulumi.ask("getGroup", displayName="Crew")


async def test_an_application_is_found_by_its_client_id(pulumi: Engine) -> None:
    template = await pulumi.ask("getApplicationTemplate", displayName="Elium")
    _, state = await pulumi.create(ELIUM, {"displayName": "Elium", "templateId": template["templateId"]})
    found = await pulumi.ask("getApplication", objectId=state["applicationObjectId"])

    assert (await pulumi.ask("getApplication", clientId=found["clientId"]))["id"] == state["applicationId"]
    assert (await pulumi.ask("getServicePrincipal", clientId=found["clientId"]))["id"] == state["servicePrincipalId"]
