from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.provider.experimental import provider as engine

from emulator.azuread.faults import NotFinishedError, PluginError
from emulator.azuread.provider import Azuread
from emulator.azuread.resources.user import SELECTED
from emulator.azuread.values import UNKNOWN, plain_map, secret_names, wire_map

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx2

    PluginWith = Callable[[dict[str, Any]], Awaitable[Azuread]]

PREFIX = "urn:pulumi:dev::elium::elium:index:EliumProvisioning$azuread:index"
APPLICATION = f"{PREFIX}/applicationFromTemplate:ApplicationFromTemplate::elium"
ASSIGNMENT = f"{PREFIX}/appRoleAssignment:AppRoleAssignment::ada"
USER = f"{PREFIX}/user:User::ada"
TEMPLATE = "11111111-1111-4111-8111-111111111111"
INPUTS = {"displayName": "Elium", "templateId": TEMPLATE}
IDENTIFIER = f"/applicationTemplates/{TEMPLATE}/instantiate/app/sp"
MADE = {"application": {"id": "app"}, "servicePrincipal": {"id": "sp"}}
THERE = {
    f"POST /v1.0/applicationTemplates/{TEMPLATE}/instantiate": (201, MADE),
    "GET /v1.0/applications/app": {"id": "app", "displayName": "Elium"},
    "PATCH /v1.0/applications/app": 204,
}
ADA = {"displayName": "Ada", "userPrincipalName": "ada@contoso.example", "password": "Hush-hush-1"}
SHOWN = {"id": "1", "displayName": "Ada", "userPrincipalName": "ada@contoso.example", "accountEnabled": True}
ADA_THERE = {
    "POST /v1.0/users": (201, SHOWN),
    "PATCH /v1.0/users/1": 204,
    "PATCH /beta/users/1": 204,
    f"GET /v1.0/users/1?$select={','.join(SELECTED)}": SHOWN,
    "GET /beta/users/1?$select=showInAddressList": {"showInAddressList": True},
}


def creation(urn: str, inputs: dict[str, Any], *, preview: bool = False) -> engine.CreateRequest:
    return engine.CreateRequest(urn, wire_map(inputs), timeout=0, preview=preview)


def change(urn: str, before: dict[str, Any], after: dict[str, Any], *, preview: bool = False) -> engine.UpdateRequest:
    return engine.UpdateRequest(
        urn, IDENTIFIER if "Template" in urn else "/users/1", wire_map(before), wire_map(after), 0, [], preview
    )


async def test_configuring_asks_for_the_cloud_and_not_for_a_token(
    plugin_with: PluginWith, sent: list[httpx2.Request]
) -> None:
    plugin = await plugin_with({"POST /contoso/oauth2/v2.0/token": 401})

    assert plugin.graph.cloud.graph == "https://localhost:8443"
    assert sent == []


async def test_settings_reach_the_plugin_as_text_or_as_flags(transport_with: Callable[[Any], Any]) -> None:
    variables = {"azuread:config:tenantId": "contoso", "azuread:config:metadataHost": "localhost:8443"}
    arguments = wire_map({"clientId": "robot", "useOidc": True, "oidcToken": "e30.e30.e30"})
    plugin = Azuread({}, transport_with({}))
    await plugin.configure(engine.ConfigureRequest(variables, arguments, accept_secrets=True, accept_resources=False))

    assert plugin.graph.sign_in.identity.assertion == "e30.e30.e30"


async def test_an_unknown_setting_is_named() -> None:
    settings = wire_map({"metadataHost": "localhost", "version": "6.11.1", "metadatahost": "localhost"})
    answer = await Azuread({}).check_config(engine.CheckRequest("", {}, settings, b""))

    assert [(failure.property, failure.reason) for failure in answer.failures or []] == [
        ("metadatahost", 'Invalid or unknown key "metadatahost"')
    ]


async def test_bad_declarations_fail_before_anything_is_made() -> None:
    declared = wire_map({"displayName": "Elium", "templateId": "elium"})
    answer = await Azuread({}).check(engine.CheckRequest(APPLICATION, {}, declared, b""))

    assert [failure.reason for failure in answer.failures or []] == [
        'expected "templateId" to be a valid UUID, got elium'
    ]


async def test_a_declared_secret_stays_one_through_the_check() -> None:
    answer = await Azuread({}).check(engine.CheckRequest(USER, {}, wire_map(ADA, {"password"}), b""))

    assert secret_names(answer.inputs or {}) == {"password"}
    assert plain_map(answer.inputs or {})["accountEnabled"] is True


async def test_a_changed_template_replaces_and_a_changed_name_does_not() -> None:
    renamed = engine.DiffRequest(APPLICATION, IDENTIFIER, wire_map(INPUTS), wire_map(INPUTS | {"displayName": "B"}), [])
    moved = engine.DiffRequest(APPLICATION, IDENTIFIER, wire_map(INPUTS), wire_map(INPUTS | {"templateId": "t"}), [])

    assert ((await Azuread({}).diff(renamed)).replaces, (await Azuread({}).diff(moved)).replaces) == (
        [],
        ["templateId"],
    )


async def test_a_preview_knows_what_is_declared_and_asks_nothing(
    plugin_with: PluginWith, sent: list[httpx2.Request]
) -> None:
    answer = await (await plugin_with({})).create(creation(APPLICATION, INPUTS, preview=True))

    assert plain_map(answer.properties) == INPUTS | {
        "applicationId": UNKNOWN,
        "applicationObjectId": UNKNOWN,
        "servicePrincipalId": UNKNOWN,
        "servicePrincipalObjectId": UNKNOWN,
    }
    assert sent == []


async def test_a_preview_passes_on_what_is_not_known_yet(plugin_with: PluginWith) -> None:
    inputs = {"appRoleId": TEMPLATE, "principalObjectId": UNKNOWN, "resourceObjectId": UNKNOWN}
    answer = await (await plugin_with({})).create(creation(ASSIGNMENT, inputs, preview=True))

    assert plain_map(answer.properties)["resourceObjectId"] == UNKNOWN


async def test_a_resource_is_made_and_read_back(plugin_with: PluginWith, conversation: Callable[[], list[str]]) -> None:
    answer = await (await plugin_with(THERE)).create(creation(APPLICATION, INPUTS))

    assert answer.resource_id == IDENTIFIER
    assert plain_map(answer.properties)["servicePrincipalObjectId"] == "sp"
    assert len(conversation()) == 2


async def test_what_is_not_visible_yet_is_read_again(plugin_with: PluginWith, slept: list[float]) -> None:
    late = THERE | {"GET /v1.0/applications/app": [404, 404, {"id": "app", "displayName": "Elium"}]}
    await (await plugin_with(late)).create(creation(APPLICATION, INPUTS))

    assert slept == [0.1, 0.2]


async def test_what_never_becomes_visible_is_kept_with_its_id(plugin_with: PluginWith) -> None:
    plugin = await plugin_with(THERE | {"GET /v1.0/applications/app": 404})

    with pytest.raises(NotFinishedError, match=r"Timed out whilst waiting for .* to be replicated") as caught:
        await plugin.create(creation(APPLICATION, INPUTS))
    assert caught.value.identifier == IDENTIFIER
    assert plain_map(caught.value.state) == INPUTS


async def test_a_password_is_a_secret_of_the_state(plugin_with: PluginWith) -> None:
    answer = await (await plugin_with(ADA_THERE)).create(creation(USER, ADA))

    assert plain_map(answer.properties)["password"] == "Hush-hush-1"
    assert secret_names(answer.properties) == {"password"}


async def test_a_refresh_keeps_what_graph_does_not_tell(plugin_with: PluginWith) -> None:
    state = wire_map(ADA | {"forcePasswordChange": True})
    answer = await (await plugin_with(ADA_THERE)).read(engine.ReadRequest(USER, "/users/1", state, wire_map(ADA)))

    assert plain_map(answer.properties)["password"] == "Hush-hush-1"
    assert plain_map(answer.properties)["forcePasswordChange"] is True
    assert plain_map(answer.inputs) == ADA


async def test_a_refresh_shows_drift_in_state_and_inputs(plugin_with: PluginWith) -> None:
    renamed = {"GET /v1.0/applications/app": {"id": "app", "displayName": "Renamed"}}
    request = engine.ReadRequest(APPLICATION, IDENTIFIER, wire_map(INPUTS), wire_map(INPUTS))
    answer = await (await plugin_with(renamed)).read(request)

    assert plain_map(answer.properties)["displayName"] == "Renamed"
    assert plain_map(answer.inputs) == INPUTS | {"displayName": "Renamed"}


async def test_an_import_needs_nothing_but_the_id(plugin_with: PluginWith) -> None:
    answer = await (await plugin_with(THERE)).read(engine.ReadRequest(APPLICATION, IDENTIFIER, {}, {}))

    assert answer.resource_id == IDENTIFIER
    assert plain_map(answer.inputs) == INPUTS


async def test_an_imported_resource_differs_in_nothing_from_its_inputs(plugin_with: PluginWith) -> None:
    plugin = await plugin_with(ADA_THERE)
    read = await plugin.read(engine.ReadRequest(USER, "/users/1", {}, {}))
    checked = await plugin.check(engine.CheckRequest(USER, {}, read.inputs, b""))
    diff = await plugin.diff(engine.DiffRequest(USER, "/users/1", read.properties, checked.inputs or {}, []))

    assert (diff.changes, diff.diffs) == (False, [])


async def test_what_is_gone_has_no_id(plugin_with: PluginWith) -> None:
    answer = await (await plugin_with({})).read(engine.ReadRequest(APPLICATION, IDENTIFIER, wire_map(INPUTS), {}))

    assert (answer.resource_id, answer.properties) == ("", {})


async def test_an_update_that_is_foretold_asks_nothing(plugin_with: PluginWith, sent: list[httpx2.Request]) -> None:
    before = INPUTS | {"servicePrincipalObjectId": "sp"}
    after = INPUTS | {"displayName": "Elium 2"}
    answer = await (await plugin_with({})).update(change(APPLICATION, before, after, preview=True))

    assert plain_map(answer.properties) == after | {"servicePrincipalObjectId": "sp"}
    assert sent == []


async def test_what_is_declared_no_more_leaves_the_state(plugin_with: PluginWith) -> None:
    before = ADA | {"forcePasswordChange": True, "objectId": "1"}
    answer = await (await plugin_with(ADA_THERE)).update(change(USER, before, ADA))

    assert plain_map(answer.properties)["forcePasswordChange"] is False


async def test_what_the_stand_in_lacks_is_named(plugin_with: PluginWith) -> None:
    plugin = await plugin_with({})
    resource, function = "azuread:index/application:Application", "azuread:index/getNamedLocation:getNamedLocation"

    with pytest.raises(PluginError, match=f"The stand-in for the azuread plugin has no resource {resource}"):
        await plugin.create(creation(f"urn:pulumi:dev::elium::{resource}::x", {}))
    with pytest.raises(PluginError, match=f"The stand-in for the azuread plugin has no function {function}"):
        await plugin.invoke(engine.InvokeRequest(function, {}))
