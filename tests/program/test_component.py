"""The component under Pulumi's mocks: which resources, under which parent, with which secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azuread as azuread
import pytest
from builders import TOKEN
from pulumi.runtime import mocks as pulumi_mocks

from provisioning.components import (
    EliumProvisioning,
    EliumProvisioningArgs,
    GalleryAppProvisioning,
    GalleryAppProvisioningArgs,
)
from provisioning.components.late_settings import LateSettings
from provisioning.components.remote import OUTPUTS
from provisioning.errors import ConfigurationError
from provisioning.model.token_source import TokenSource, resolve
from provisioning.settings.stack import Settings

PEOPLE = [
    {"displayName": "Ada Byron", "objectId": "id-ada", "userPrincipalName": "ada@contoso.com"},
    {"displayName": "Twin", "objectId": "id-one", "userPrincipalName": "one@contoso.com"},
    {"displayName": "Twin", "objectId": "id-two", "userPrincipalName": "two@contoso.com"},
]
A_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""How Pulumi marks a secret on its way to the engine (pulumi: resource signatures)."""
GUID = "3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"


class Contoso(pulumi_mocks.Mocks):
    """Answers what azuread would, of a directory with two groups and three people."""

    def __init__(self, *, provisioning_types: tuple[str, ...] = ("sync",)) -> None:
        self.resources: dict[str, pulumi_mocks.MockResourceArgs] = {}
        self.template = {"supportedProvisioningTypes": list(provisioning_types), "templateId": "template"}

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources[args.name] = args
        made = {"applicationObjectId": "app", "servicePrincipalObjectId": "sp", "jobId": "elium.1", "roleId": "role"}
        made |= {"objectId": f"id-{args.name}"} if args.typ.endswith(":Group") else {}
        return f"{args.name}-id", args.inputs | made

    def call(self, args: pulumi_mocks.MockCallArgs) -> Any:
        function = args.token.rpartition(":")[2]
        asked = next((value for name, value in args.args.items() if name != "returnAll"), None)
        asked = asked[0] if isinstance(asked, list) else asked
        known: dict[tuple[str, Any], Any] = {
            ("getApplicationTemplate", "Elium"): self.template,
            ("getGroups", "Elium users"): {"objectIds": ["id-group"]},
            ("getGroups", GUID): {"objectIds": [GUID]},
            ("getGroups", "Elium people"): {"objectIds": ["id-group"]},
            ("getGroups", "Twice"): ({}, [("", "More than one group found with display name Twice")]),
            ("getGroups", "Hidden"): ({}, [("", "No group found: unexpected status 403 (403 Forbidden)")]),
            ("getUser", GUID): {"objectId": GUID},
            ("getUser", "ada@contoso.com"): {"objectId": "id-ada"},
            ("getUsers", None): {"users": PEOPLE},
        }
        return known.get((function, asked), ({}, [("", f"No {function} found")]))


def declare(contoso: Contoso, **written: Any) -> EliumProvisioning:
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    least = {"tenantUrl": "https://acme.elium.com", "secretToken": TOKEN}
    return EliumProvisioning("elium", Settings.parse(least | written, {}))


def inputs_of(contoso: Contoso, name: str) -> dict[str, Any]:
    inputs: dict[str, Any] = contoso.resources[name].inputs
    return inputs


def unsealed(inputs: dict[str, Any]) -> dict[str, Any]:
    """Open the token as the plugin does: it travels sealed."""
    source = TokenSource.parse(inputs["secretToken"]["value"])
    assert source is not None
    token = resolve(source, {}, lambda path: Path(path).read_text(encoding="ascii"))
    return inputs | {"secretToken": inputs["secretToken"] | {"value": token.reveal()}}


def refused(contoso: Contoso, **written: Any) -> tuple[str, ...]:
    with pytest.raises(pulumi.RunError) as refusal:
        declare(contoso, **written)
    return reasons_of(refusal.value)


def reasons_of(refusal: pulumi.RunError) -> tuple[str, ...]:
    assert isinstance(refusal.__cause__, ConfigurationError)
    return refusal.__cause__.reasons


@pulumi.runtime.test
def test_the_app_the_plan_one_assignment_for_each_name_and_the_job_are_declared() -> pulumi.Output[None]:
    contoso = Contoso()
    elium = declare(contoso, groups="Elium users", users=["ada@contoso.com", GUID, "Ada Byron"])

    def told(_: object) -> None:
        names = [f"elium-assignment-{object_id}" for object_id in ("id-group", "id-ada", GUID)]
        assert set(contoso.resources) == {"elium", "elium-app", "elium-plan", *names, "elium-job"}

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
@pytest.mark.parametrize("written", ["Elium users", "Elium people"])
def test_an_assignment_keeps_its_place_in_the_state_however_its_group_is_written(written: str) -> pulumi.Output[None]:
    contoso = Contoso()
    elium = declare(contoso, groups=[written])

    def told(_: object) -> None:
        assert "elium-assignment-id-group" in contoso.resources

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_an_assignment_takes_the_role_that_the_plan_found() -> pulumi.Output[None]:
    contoso = Contoso()
    elium = declare(contoso, groups="Elium users")

    def told(_: object) -> None:
        assert inputs_of(contoso, "elium-assignment-id-group") == {
            "appRoleId": "role",
            "principalObjectId": "id-group",
            "resourceObjectId": "sp",
        }

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_the_job_gets_what_was_set_and_nothing_else() -> pulumi.Output[None]:
    contoso = Contoso()
    elium = declare(contoso, notificationEmail="it@acme.example", deleteThreshold="5")

    def told(_: object) -> None:
        assert unsealed(inputs_of(contoso, "elium-job")) == {
            "servicePrincipalId": "sp",
            "baseAddress": "https://acme.elium.com/scim/v2",
            "secretToken": A_SECRET | {"value": TOKEN},
            "notification": {"email": "it@acme.example", "enabled": True},
            "scope": "assigned",
            "status": "on",
            "deleteThreshold": 5,
            "assignments": [],
        }

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_the_plan_is_told_what_the_job_is_and_who_is_assigned_to_which_app() -> pulumi.Output[None]:
    contoso = Contoso()
    elium = declare(contoso, groups="Elium users", displayName="Elium (prod)", role="Member")

    def told(_: object) -> None:
        plan, job = inputs_of(contoso, "elium-plan"), inputs_of(contoso, "elium-job")
        (assigned,) = plan.pop("assignments")
        own = {name: plan.pop(name) for name in ("role", "displayName", "galleryTemplateId")}
        assert (assigned, job.pop("assignments")) == (
            {"principalId": "id-group", "kind": "group", "name": "Elium users"},
            [assigned | {"role": "role"}],
        )
        assert own == {"role": "Member", "displayName": "Elium (prod)", "galleryTemplateId": "template"}
        assert plan == job

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_every_name_that_is_not_found_is_told_at_once() -> None:
    reasons = refused(
        Contoso(), groups=["Nobody", "Twice", "Hidden"], users=["Grace Hopper", "Twin", "eve@contoso.com"]
    )

    assert reasons == (
        "elium:groups.0: 'Nobody' does not exist.",
        "elium:groups.1: 'Twice' exists more than once.",
        "elium:groups.2: 'Hidden' may not be looked up by this identity.",
        "elium:users.0: there is no user 'Grace Hopper'.",
        "elium:users.1: 2 users are called 'Twin'; write one of one@contoso.com, two@contoso.com.",
        (
            "elium:users.2: 'eve@contoso.com' does not exist. A guest is written "
            "eve_contoso.com#EXT#@<tenant>.onmicrosoft.com."
        ),
    )


@pulumi.runtime.test
def test_an_app_that_is_not_in_the_gallery_is_refused() -> None:
    assert refused(Contoso(), galleryApp="Elum") == ("elium:galleryApp: 'Elum' does not exist.",)


@pulumi.runtime.test
def test_an_app_without_a_provisioning_connector_is_refused() -> None:
    (reason,) = refused(Contoso(provisioning_types=()))

    assert reason == "elium:galleryApp: 'Elium' is in the gallery, but has no provisioning connector."


@pulumi.runtime.test
def test_address_and_token_may_come_from_other_resources() -> pulumi.Output[None]:
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    token, url = pulumi.Output.secret("a-token-of-a-vault"), pulumi.Output.from_input("https://acme.elium.com")
    elium = EliumProvisioning("elium", {"tenantUrl": url, "secretToken": token, "status": "off"})

    def told(_: object) -> None:
        job = unsealed(inputs_of(contoso, "elium-job"))
        assert (job["baseAddress"], job["status"]) == ("https://acme.elium.com/scim/v2", "off")
        assert job["secretToken"] == A_SECRET | {"value": "a-token-of-a-vault"}

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_an_e_mail_of_another_resource_keeps_what_is_said_of_notifications_and_hears_of_the_threshold() -> (
    pulumi.Output[None]
):
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    settings = {
        "tenantUrl": "https://acme.elium.com",
        "secretToken": TOKEN,
        "notificationEmail": pulumi.Output.from_input("identity-team@contoso.com"),
        "notifyOnFailure": False,
        "deleteThreshold": 50,
    }
    elium = EliumProvisioning("elium", settings)

    def told(_: object) -> None:
        job = inputs_of(contoso, "elium-job")
        assert job["notification"] == {"email": "identity-team@contoso.com", "enabled": False}
        assert job["deleteThreshold"] == 50

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_what_is_looked_up_cannot_be_an_output() -> pulumi.Output[Any]:
    later = pulumi.Output.from_input("Elium users")
    table = {"groups": [later], "users": later, "tenantUrl": "https://acme.elium.com", "secretToken": TOKEN}

    with pytest.raises(ConfigurationError) as refusal:
        LateSettings.of(table, Settings, {})

    assert refusal.value.reasons == (
        (
            "groups.0: is neither a name, an object id nor a resource that makes a group or user. Write the resource "
            "itself, such as the azuread.Group, in place of its output."
        ),
        "users: an output of another resource is known too late for it.",
    )
    return later


@pulumi.runtime.test
def test_a_mistake_in_a_table_is_told_by_the_names_that_the_program_wrote() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        EliumProvisioning("elium", {"tenantUrl": "acme", "secretToken": TOKEN, "role": "Default Access"})

    assert [reason.partition(":")[0] for reason in reasons_of(refusal.value)] == ["tenantUrl", "role"]


@pulumi.runtime.test
def test_a_group_that_the_program_makes_is_assigned_under_the_name_of_its_resource() -> pulumi.Output[None]:
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    readers = azuread.Group("readers", display_name="Readers of Elium", security_enabled=True)
    elium = EliumProvisioning(
        "elium",
        EliumProvisioningArgs(tenant_url="https://acme.elium.com", secret_token=TOKEN, groups=["Elium users", readers]),
    )

    def told(_: object) -> None:
        assert inputs_of(contoso, "elium-assignment-readers")["principalObjectId"] == "id-readers"
        assert inputs_of(contoso, "elium-job")["assignments"] == [
            {"principalId": "id-group", "kind": "group", "name": "Elium users", "role": "role"},
            {"principalId": "id-readers", "kind": "group", "name": "Readers of Elium", "role": "role"},
        ]

    return elium.job.job_id.apply(told)


def test_what_other_languages_read_of_it_python_reads_by_its_own_names() -> None:
    names = {re.sub("([A-Z])", r"_\1", name).lower() for name in OUTPUTS}

    assert names <= {name for name in vars(GalleryAppProvisioning) if not name.startswith("_")}
    assert {"job_id", "portal_url"} <= names


@pulumi.runtime.test
def test_whatever_plan_and_job_are_told_may_hold_outputs() -> pulumi.Output[None]:
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    settings = {
        "tenantUrl": "https://acme.elium.com",
        "secretToken": TOKEN,
        "displayName": pulumi.Output.from_input("Elium of acme"),
        "role": pulumi.Output.from_input("Member"),
        "mappings": {"users": {"title": pulumi.Output.from_input("[jobTitle]")}},
        "acceptLeavers": pulumi.Output.from_input(3),
    }
    elium = EliumProvisioning("elium", settings)

    def told(_: object) -> None:
        plan, job = inputs_of(contoso, "elium-plan"), inputs_of(contoso, "elium-job")
        assert inputs_of(contoso, "elium-app")["displayName"] == plan["displayName"] == "Elium of acme"
        assert (plan["role"], "role" in job) == ("Member", False)
        assert plan["mappings"] == job["mappings"] == {"users": {"title": "[jobTitle]"}}
        assert plan["acceptLeavers"] == job["acceptLeavers"] == 3

    return elium.job.job_id.apply(told)


async def _awaited(value: str) -> str:
    return value


@pulumi.runtime.test
def test_typed_arguments_take_outputs_and_what_is_awaited_wherever_an_input_may_stand() -> pulumi.Output[None]:
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    written = EliumProvisioningArgs(
        tenant_url=_awaited("https://acme.elium.com"),
        secret_token=TOKEN,
        status=pulumi.Output.from_input("off"),
        scope="all",
        mappings={"users": {"title": pulumi.Output.from_input("[jobTitle]"), "nickName": None}},
    )
    elium = EliumProvisioning("elium", written)

    def told(_: object) -> None:
        for name in ("elium-plan", "elium-job"):
            inputs = inputs_of(contoso, name)
            assert (inputs["baseAddress"], inputs["status"]) == ("https://acme.elium.com/scim/v2", "off")
            assert inputs["mappings"]["users"]["title"] == "[jobTitle]"

    return elium.job.job_id.apply(told)


@pulumi.runtime.test
def test_any_app_of_the_gallery_takes_its_address_as_it_is_and_its_name_from_the_gallery() -> pulumi.Output[None]:
    contoso = Contoso()
    pulumi.runtime.set_mocks(contoso, project="elium", stack="dev", preview=False)
    databricks = GalleryAppProvisioning(
        "databricks",
        GalleryAppProvisioningArgs(
            gallery_app="Elium",
            tenant_url="https://accounts.azuredatabricks.net/api/2.0/accounts/1/scim/v2/",
            secret_token=TOKEN,
            groups=["Elium users"],
        ),
    )

    def told(_: object) -> None:
        job = inputs_of(contoso, "databricks-job")
        assert job["baseAddress"] == "https://accounts.azuredatabricks.net/api/2.0/accounts/1/scim/v2"
        assert inputs_of(contoso, "databricks-app")["displayName"] == "Elium"
        assert contoso.resources["databricks"].typ == "entrasync:index:GalleryAppProvisioning"

    return databricks.job.job_id.apply(told)
