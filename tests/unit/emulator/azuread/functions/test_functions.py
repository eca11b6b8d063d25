"""Every look-up answers with every output that the official wheel's class asks for."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pulumi_azuread
import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.functions import FUNCTIONS
from emulator.azuread.resources.user import SELECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

    GraphWith = Callable[[dict[str, Any]], Graph]

LATER = {"employee_hire_date", "groups"}
"""What the classes of older wheels lack (6.0); their programs never see it."""

TEMPLATE = {"id": "tid", "displayName": "Elium", "supportedProvisioningTypes": ["sync"]}
USER_ROLE = {"id": "role-1", "displayName": "User", "value": None, "isEnabled": True, "allowedMemberTypes": ["User"]}
READER = USER_ROLE | {"id": "role-2", "displayName": "Reader", "value": "reader"}
PRINCIPAL = {
    "id": "sp",
    "appId": "client",
    "displayName": "Elium",
    "appRoles": [USER_ROLE, READER],
    "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    "servicePrincipalNames": ["CLIENT", "https://elium.example"],
}
APPLICATION = {"id": "app", "appId": "client", "displayName": "Elium", "web": {"homePageUrl": "https://elium.example"}}
STAFF = {"id": "1", "displayName": "Staff", "securityEnabled": True, "mailEnabled": False}
ADA = {"id": "2", "displayName": "Ada", "userPrincipalName": "ada@contoso.example", "mail": "ada@contoso.example"}
DOMAIN = {"id": "contoso.example", "isDefault": True, "isVerified": True, "supportedServices": ["Email"]}
FIELDS = (
    "accountEnabled,displayName,employeeId,id,mail,mailNickname,onPremisesImmutableId,onPremisesSamAccountName"
    ",onPremisesUserPrincipalName,usageLocation,userPrincipalName"
)
THERE = {
    "GET /v1.0/applicationTemplates/tid": TEMPLATE,
    "GET /v1.0/applicationTemplates?$filter=displayName eq 'elium'": {"value": [TEMPLATE]},
    "GET /v1.0/servicePrincipals/sp": PRINCIPAL,
    "GET /v1.0/servicePrincipals?$filter=appId eq 'client'": {"value": [PRINCIPAL]},
    "GET /v1.0/servicePrincipals?$filter=displayName eq 'Twice'": {"value": [PRINCIPAL, PRINCIPAL]},
    "GET /v1.0/servicePrincipals?$filter=displayName eq 'None'": {"value": []},
    "GET /v1.0/servicePrincipals?$filter=appId eq 'none'": {"value": []},
    "GET /beta/servicePrincipals/sp?$select=samlMetadataUrl": {"samlMetadataUrl": "https://login"},
    "GET /v1.0/applications/app": APPLICATION,
    "GET /beta/applications/app?$select=oauth2RequirePostResponse": {},
    "GET /v1.0/applications/app/owners": {"value": [{"id": "caller"}]},
    "GET /beta/groups/1": STAFF,
    "GET /beta/groups/1/owners": {"value": []},
    "GET /beta/groups/1/members": {"value": [{"id": "2"}]},
    "GET /beta/groups/1/transitiveMembers": {"value": [{"id": "2"}, {"id": "3"}]},
    "GET /beta/groups": {"value": [STAFF]},
    "GET /beta/groups?$filter=displayName eq 'Staff'": {"value": [STAFF]},
    "GET /beta/groups?$filter=displayName eq 'Twice'": {"value": [STAFF, STAFF]},
    "GET /beta/groups?$filter=displayName eq 'None'": {"value": []},
    "GET /beta/groups?$filter=mailEnabled eq true": {"value": []},
    "GET /beta/groups?$filter=startsWith(displayName, 'No')": {"value": []},
    "GET /beta/groups?$filter=startsWith(displayName, 'St')": {"value": [STAFF]},
    "GET /beta/groups?$filter=displayName eq 'None' and securityEnabled eq true": {"value": []},
    f"GET /v1.0/users/2?$select={FIELDS}": ADA,
    f"GET /v1.0/users/2?$select={','.join(SELECTED)}": ADA,
    "GET /beta/users/2?$select=showInAddressList": {},
    f"GET /v1.0/users?$select={FIELDS}": {"value": [ADA]},
    f"GET /v1.0/users?$filter=userPrincipalName eq 'ada@contoso.example'&$select={FIELDS}": {"value": [ADA]},
    f"GET /v1.0/users?$filter=userPrincipalName eq 'o''neil@contoso.example'&$select={FIELDS}": {"value": []},
    f"GET /v1.0/users?$filter=mail eq 'ada@contoso.example'&$select={FIELDS}": {"value": [ADA, ADA]},
    f"GET /v1.0/users?$filter=mailNickname eq 'ada'&$select={FIELDS}": {"value": [ADA, ADA]},
    "GET /v1.0/domains": {"value": [DOMAIN, {"id": "later.example", "isVerified": False}]},
}


async def ask(graph: Graph, name: str, **arguments: object) -> Values:
    return await FUNCTIONS[f"azuread:index/{name}:{name}"](graph, arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("getApplicationTemplate", {"displayName": "elium"}),
        ("getApplicationTemplate", {"templateId": "tid"}),
        ("getServicePrincipal", {"objectId": "sp"}),
        ("getServicePrincipal", {"clientId": "client"}),
        ("getApplication", {"objectId": "app"}),
        ("getGroup", {"displayName": "Staff"}),
        ("getGroup", {"objectId": "1"}),
        ("getGroups", {"returnAll": True}),
        ("getGroups", {"displayNames": ["Staff"]}),
        ("getGroups", {"objectIds": ["1"]}),
        ("getGroups", {"displayNamePrefix": "St"}),
        ("getUser", {"userPrincipalName": "ada@contoso.example"}),
        ("getUser", {"objectId": "2"}),
        ("getUsers", {"returnAll": True}),
        ("getUsers", {"objectIds": ["2"]}),
        ("getUsers", {"mailNicknames": ["ada"]}),
        ("getClientConfig", {}),
        ("getDomains", {}),
    ],
)
async def test_every_output_of_the_wheel_is_answered(
    graph_with: GraphWith, name: str, arguments: dict[str, object]
) -> None:
    result_class = getattr(pulumi_azuread, f"{name[0].upper()}{name[1:]}Result")
    outputs = {
        parameter for parameter in inspect.signature(result_class.__init__).parameters if parameter != "__self__"
    }
    answer = await ask(graph_with(THERE), name, **arguments)

    answered = set(map(snake, answer))
    assert outputs <= answered
    assert answered - outputs <= LATER


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("getGroup", {"displayName": "None"}, "No group found matching specified filter (displayName eq 'None')"),
        (
            "getGroup",
            {"displayName": "Twice"},
            "More than one group found matching specified filter (displayName eq 'Twice')",
        ),
        (
            "getGroup",
            {"displayName": "None", "securityEnabled": True},
            "No group found matching specified filter (displayName eq 'None' and securityEnabled eq true)",
        ),
        ("getGroup", {"objectId": "9"}, 'No group found with object ID: "9"'),
        (
            "getGroup",
            {"objectId": "1", "mailEnabled": True},
            'Group with object ID "1" does not have the specified mail_enabled setting (expected: true, actual: false)',
        ),
        (
            "getGroup",
            {},
            "Invalid combination of arguments: one of `display_name,mail_nickname,object_id` must be specified",
        ),
        ("getGroups", {"displayNames": ["None"]}, 'No group found with display name: "None"'),
        ("getUser", {"objectId": "9"}, 'User not found with object ID: "9"'),
        (
            "getUser",
            {"userPrincipalName": "o'neil@contoso.example"},
            'User with UPN "o\'neil@contoso.example" was not found',
        ),
        ("getUser", {"mail": "ada@contoso.example"}, 'More than one user found with mail: "ada@contoso.example"'),
        ("getUsers", {"objectIds": ["2", "9"]}, 'User not found with object ID: "9"'),
        (
            "getServicePrincipal",
            {"objectId": "9"},
            'Service Principal (Service Principal: "9") was not found',
        ),
        (
            "getServicePrincipal",
            {"displayName": "None"},
            "Service principal not found: no service principals found matching filter: \"displayName eq 'None'\"",
        ),
        (
            "getServicePrincipal",
            {"displayName": "Twice"},
            (
                "Multiple service principals found: found multiple service principals matching filter:"
                " \"displayName eq 'Twice'\""
            ),
        ),
        ("getServicePrincipal", {"clientId": "none"}, 'No service principal found for client ID: "none"'),
        ("getApplicationTemplate", {"templateId": "9"}, 'Application Template with ID "9" was not found'),
        ("getApplication", {"objectId": "9"}, 'Application with object ID "9" was not found'),
        (
            "getApplication",
            {"objectId": "9", "clientId": "1"},
            (
                "Invalid combination of arguments: only one of `client_id,display_name,identifier_uri,object_id` can be"
                " specified, but `client_id,object_id` were specified."
            ),
        ),
        (
            "getGroups",
            {"objectIds": ["9"]},
            (
                'No group found with object ID: "9": unexpected status 404 (404 Not Found) with error:'
                " Request_ResourceNotFound: Resource does not exist."
            ),
        ),
        ("getGroups", {"displayNamePrefix": "No"}, 'No groups found with display name prefix: "No"'),
        ("getGroups", {"returnAll": True, "mailEnabled": True}, "No groups found"),
        ("getDomains", {"onlyInitial": True}, "No domains found for the provided filters"),
    ],
)
async def test_what_is_not_found_is_said_in_the_official_words(
    graph_with: GraphWith, name: str, arguments: dict[str, object], sentence: str
) -> None:
    with pytest.raises(PluginError) as caught:
        await ask(graph_with(THERE), name, **arguments)

    assert str(caught.value) == sentence


async def test_a_refusal_of_graph_follows_what_was_looked_for(graph_with: GraphWith) -> None:
    refusal = (403, {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}})
    graph = graph_with({"GET /beta/groups?$filter=displayName eq 'Staff'": refusal})

    with pytest.raises(PluginError, match=r"Retrieving groups for filter .*Authorization_RequestDenied: Insufficient"):
        await ask(graph, "getGroup", displayName="Staff")


async def test_roles_without_a_value_are_listed_but_not_indexed(graph_with: GraphWith) -> None:
    answer = await ask(graph_with(THERE), "getServicePrincipal", objectId="sp")

    assert answer["id"] == "/servicePrincipals/sp"
    assert answer["appRoleIds"] == {"reader": "role-2"}
    assert [role["displayName"] for role in answer["appRoles"]] == ["User", "Reader"]
    assert answer["appRoles"][0]["value"] == ""
    assert answer["servicePrincipalNames"] == ["https://elium.example"]
    assert answer["featureTags"] == [{"customSingleSignOn": False, "enterprise": True, "gallery": False, "hide": False}]


async def test_members_of_members_are_found_when_asked_for(graph_with: GraphWith) -> None:
    direct = await ask(graph_with(THERE), "getGroup", objectId="1")
    transitive = await ask(graph_with(THERE), "getGroup", objectId="1", includeTransitiveMembers=True)

    assert (direct["members"], transitive["members"]) == (["2"], ["2", "3"])


async def test_missing_ones_are_left_out_when_that_is_allowed(graph_with: GraphWith) -> None:
    users = await ask(graph_with(THERE), "getUsers", objectIds=["9", "2"], ignoreMissing=True)
    groups = await ask(graph_with(THERE), "getGroups", displayNames=["None", "Staff"], ignoreMissing=True)

    assert (users["objectIds"], groups["objectIds"]) == (["2"], ["1"])


async def test_who_the_caller_is_costs_no_request(graph_with: GraphWith, conversation: Callable[[], list[str]]) -> None:
    assert await ask(graph_with({}), "getClientConfig") == {
        "id": "contoso-robot-caller",
        "clientId": "robot",
        "objectId": "caller",
        "tenantId": "contoso",
    }
    assert conversation() == []


async def test_only_verified_domains_are_listed_unless_asked_for(graph_with: GraphWith) -> None:
    verified = await ask(graph_with(THERE), "getDomains", onlyDefault=True)
    every = await ask(graph_with(THERE), "getDomains", includeUnverified=True)

    assert [domain["domainName"] for domain in verified["domains"]] == ["contoso.example"]
    assert [domain["domainName"] for domain in every["domains"]] == ["contoso.example", "later.example"]
