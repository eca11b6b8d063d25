"""Groups, users and the gallery's app are found by the names that people write."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_azuread as azuread
import pytest
from pulumi.runtime import mocks as pulumi_mocks

from provisioning.components.directory import gallery_template_id, principals
from provisioning.errors import ConfigurationError, RefusedError
from provisioning.graph.entra_codes import HINTS
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.lookups import Principal

GUID = "3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"
GUEST = "ada_fabrikam.com#EXT#@contoso.onmicrosoft.com"
REFUSED = (
    'clientCredentialsToken: received HTTP status 400: {"error_description":"AADSTS90002: Tenant \'x\' not found."}'
)
OPTIONS = pulumi.InvokeOptions()

Failed = tuple[dict[str, Any], list[tuple[str, str]]]


def failing(problem: str) -> Failed:
    return {}, [("", problem)]


class Directory(pulumi_mocks.Mocks):
    """Answers what azuread would, for what a test says is there; everything else is not found."""

    def __init__(self, answers: dict[tuple[str, Any], Any], *, otherwise: str = "") -> None:
        self.answers = answers
        self.otherwise = otherwise
        self.asked: list[tuple[str, str, Any]] = []

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        raise AssertionError(args.name)

    def call(self, args: pulumi_mocks.MockCallArgs) -> Any:
        ((name, value),) = args.args.items()
        asked = value[0] if isinstance(value, list) else value
        self.asked.append((args.token.rpartition(":")[2], name, asked))
        return self.answers.get((name, asked), failing(self.otherwise or f"No {name} found: {asked}"))


def used(directory: Directory) -> Directory:
    pulumi.runtime.set_mocks(directory, project="elium", stack="dev", preview=False)
    return directory


def found(directory: Directory, groups: list[str], users: list[str]) -> list[Principal]:
    used(directory)
    return principals(groups, users, OPTIONS, before="elium:")


SALES = {("displayNames", "Sales"): {"objectIds": ["id-sales"]}, ("objectIds", "id-sales"): {"objectIds": ["id-sales"]}}
ADA = {("userPrincipalName", "ada@contoso.com"): {"objectId": "id-ada"}, ("objectId", GUID): {"objectId": "id-ada"}}


@pulumi.runtime.test
def test_principals_keep_the_names_that_were_written() -> None:
    assert found(Directory(SALES | ADA), ["Sales"], ["ada@contoso.com"]) == [
        Principal("id-sales", PrincipalKind.GROUP, "Sales"),
        Principal("id-ada", PrincipalKind.USER, "ada@contoso.com"),
    ]


@pulumi.runtime.test
def test_who_is_named_twice_is_found_once_by_the_first_name() -> None:
    assert found(Directory(ADA), [], ["ada@contoso.com", GUID]) == [
        Principal("id-ada", PrincipalKind.USER, "ada@contoso.com")
    ]


@pulumi.runtime.test
def test_a_guest_is_found_by_the_address_of_the_mailbox() -> None:
    directory = Directory({("mail", "ada@fabrikam.com"): {"objectId": "id-guest"}})

    assert [each.id for each in found(directory, [], ["ada@fabrikam.com"])] == ["id-guest"]


@pulumi.runtime.test
def test_a_guest_is_found_by_the_user_principal_name() -> None:
    directory = Directory({("userPrincipalName", GUEST): {"objectId": "id-guest"}})

    assert [each.id for each in found(directory, [], [GUEST])] == ["id-guest"]


@pulumi.runtime.test
def test_an_address_that_nobody_has_is_told_with_the_form_of_a_guests_name() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        found(Directory({}), [], ["ada@fabrikam.com", GUEST])

    assert refusal.value.reasons == (
        (
            "elium:users.0: 'ada@fabrikam.com' does not exist. A guest is written "
            "ada_fabrikam.com#EXT#@<tenant>.onmicrosoft.com."
        ),
        f"elium:users.1: '{GUEST}' does not exist.",
    )


@pulumi.runtime.test
def test_a_mailbox_that_two_have_is_told() -> None:
    directory = Directory({("mail", "ada@fabrikam.com"): failing("More than one user found with mail: it")})

    with pytest.raises(ConfigurationError, match=r"'ada@fabrikam\.com' exists more than once"):
        found(directory, [], ["ada@fabrikam.com"])


@pulumi.runtime.test
def test_an_address_is_not_asked_for_again_when_it_may_not_be_looked_up() -> None:
    directory = Directory({}, otherwise="unexpected status 403 (403 Forbidden)")

    with pytest.raises(ConfigurationError) as refusal:
        found(directory, [], ["ada@fabrikam.com"])

    assert [name for _, name, _ in directory.asked] == ["userPrincipalName"]
    assert refusal.value.hint == "Give it the permissions Group.Read.All and User.Read.All."


@pulumi.runtime.test
def test_a_group_by_an_object_id_that_nobody_has_does_not_exist() -> None:
    raw = f"Retrieving group with object ID: it: unexpected status 404 (404 Not Found) with error: Resource {GUID}"

    with pytest.raises(ConfigurationError) as refusal:
        found(Directory({}, otherwise=raw), [GUID], [])

    assert refusal.value.reasons == (f"elium:groups.0: '{GUID}' does not exist.",)
    assert refusal.value.hint.startswith("Correct the names")


@pulumi.runtime.test
def test_a_refused_sign_in_is_told_once_and_ends_the_search() -> None:
    directory = Directory({}, otherwise=REFUSED)

    with pytest.raises(RefusedError, match="AADSTS90002"):
        found(directory, ["Sales", "Marketing"], ["ada@contoso.com"])

    assert len(directory.asked) == 1


@pulumi.runtime.test
def test_a_refused_sign_in_does_not_ask_for_another_name_of_the_app() -> None:
    used(Directory({}, otherwise=REFUSED))

    with pytest.raises(RefusedError) as refusal:
        gallery_template_id("Elium", OPTIONS, before="elium:")

    assert refusal.value.hint == HINTS["90002"]


@pulumi.runtime.test
def test_an_app_that_is_not_in_the_gallery_is_told_with_where_its_name_stands() -> None:
    used(Directory({}))

    with pytest.raises(ConfigurationError, match="elium:galleryApp: 'Elum' does not exist") as refusal:
        gallery_template_id("Elum", OPTIONS, before="elium:")

    assert refusal.value.hint.startswith("Write the name as the gallery shows it")


EVERYBODY = {
    ("returnAll", True): {
        "users": [
            {"displayName": "Ada Byron", "objectId": "id-ada", "userPrincipalName": "ada@contoso.com"},
            {"displayName": "Twin", "objectId": "id-one", "userPrincipalName": "one@contoso.com"},
            {"displayName": "Twin", "objectId": "id-two", "userPrincipalName": "two@contoso.com"},
        ]
    }
}


@pulumi.runtime.test
def test_a_user_is_found_by_the_display_name_that_only_one_has() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        found(Directory(EVERYBODY), [], ["Twin", "Grace Hopper"])

    assert [each.id for each in found(Directory(EVERYBODY), [], ["Ada Byron"])] == ["id-ada"]
    assert refusal.value.reasons == (
        "elium:users.0: 2 users are called 'Twin'; write one of one@contoso.com, two@contoso.com.",
        "elium:users.1: there is no user 'Grace Hopper'.",
    )


@pulumi.runtime.test
def test_an_app_without_a_provisioning_connector_is_refused() -> None:
    used(Directory({("displayName", "Elium"): {"supportedProvisioningTypes": [], "templateId": "template"}}))

    with pytest.raises(ConfigurationError, match="'Elium' is in the gallery, but has no provisioning connector"):
        gallery_template_id("Elium", OPTIONS, before="elium:")


def test_a_mistake_of_ours_is_not_taken_for_a_failed_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise LookupError("ours")

    monkeypatch.setattr(azuread, "get_groups", broken)

    with pytest.raises(LookupError, match="ours"):
        principals(["Sales"], [], OPTIONS, before="elium:")
