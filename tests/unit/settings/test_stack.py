from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.connection import Scope
from provisioning.model.declaration import Status
from provisioning.model.mapping import ObjectKind
from provisioning.settings.stack import Settings

LEAST: dict[str, Any] = {"tenantUrl": "https://acme.elium.com", "secretToken": "canary"}


def settings(**written: Any) -> Settings:
    return Settings.parse(LEAST | written, {})


def mistakes(**written: Any) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refusal:
        settings(**written)
    assert "canary" not in str(refusal.value)
    return refusal.value.reasons


def test_address_and_token_are_enough() -> None:
    least = settings()

    assert (least.tenant_url, least.role, least.scope, least.status) == (
        "https://acme.elium.com/scim/v2",
        "User",
        Scope.ASSIGNED,
        Status.ON,
    )


def test_the_environment_gives_what_the_stack_does_not() -> None:
    given = Settings.parse({}, {"ELIUM_TENANT_URL": "https://acme.elium.com", "ELIUM_SECRET_TOKEN": "canary"})

    assert (given.tenant_url, given.token.reveal()) == ("https://acme.elium.com/scim/v2", "canary")


def test_the_stack_wins_over_the_environment() -> None:
    given = Settings.parse(LEAST, {"ELIUM_TENANT_URL": "https://other.elium.com"})

    assert given.tenant_url == "https://acme.elium.com/scim/v2"


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.parse({}, {})

    assert refusal.value.reasons == (
        "elium:tenantUrl: is needed, such as https://acme.elium.com.",
        (
            "elium:secretToken: is needed, such as the one that Elium shows under My Profile > Settings > ADVANCED > "
            "Security."
        ),
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"tenantURL": "x"}, "elium:tenantURL: there is no such setting; did you mean tenantUrl."),
        ({"weather": "x"}, "elium:weather: there is no such setting."),
        (
            {"secretToken": ""},
            "elium:secretToken: must not be empty. Write the one that Elium shows under My Profile",
        ),
        (
            {"notificationEmail": "nobody"},
            "elium:notificationEmail: is not an e-mail address: An email address must have",
        ),
        ({"role": "Default Access"}, "elium:role: people with Default Access are not provisioned. Name a role"),
        ({"scope": "some"}, "elium:scope: must be 'assigned' or 'all'."),
        ({"status": "maybe"}, "elium:status: must be 'on' or 'off'."),
        ({"deleteThreshold": "many"}, "elium:deleteThreshold: must be a whole number."),
        ({"deleteThreshold": "-1"}, "elium:deleteThreshold: must be 0 or more."),
        ({"deleteThreshold": "1e3"}, "elium:deleteThreshold: must be a whole number."),
        ({"acceptLeavers": "1" + "0" * 20}, "elium:acceptLeavers: must be 2147483647 or less."),
        ({"acceptEntrants": "9" * 5000}, "elium:acceptEntrants: must be a smaller number."),
        ({"impactLimit": "true"}, "elium:impactLimit: must be a whole number."),
        ({"onDestroy": "delete"}, "elium:onDestroy: must be 'refuse' or 'retain'."),
        ({"role": "00000000-0000-0000-0000-000000000000"}, "elium:role: people with Default Access are not"),
        ({"secretToken": "Bearer canary"}, "elium:secretToken: begins with a word that Entra writes itself: Bearer."),
        ({"secretToken": "env:"}, "elium:secretToken: names a variable that cannot be. Write env: and its name"),
        ({"secretToken": "env:VAULT"}, "elium:secretToken: the variable VAULT is not set. Set it where Pulumi runs"),
        ({"secretToken": "file:canary"}, "elium:secretToken: names a file without its whole path"),
        ({"tenantUrl": "https://canary@acme.elium.com"}, "elium:tenantUrl: cannot be a SCIM address: a user part"),
        ({"tenantUrl": "[::1"}, "elium:tenantUrl: cannot be a SCIM address: the scheme is missing."),
        (
            {"deleteThreshold": "5"},
            "elium:deleteThreshold: above it, Entra asks by e-mail whether to go on, and nobody would hear of it. Set",
        ),
        ({"mappings": '{"users": {"title": ["jobTitle"]}}'}, "elium:mappings.users.title: is a list to YAML, because"),
        ({"mappings": '{"users": {"title": {"match": true}}}'}, "elium:mappings.users.title.match: must be a whole"),
        ({"mappings": '{"users": {}, "users": {}}'}, "elium:mappings: users stands more than once in one table. Keep"),
        ({"mappings": '{"users": {"title": {"match": NaN}}}'}, "elium:mappings: NaN is not a number."),
        ({"filters": "[" * 3000 + "]" * 3000}, "elium:filters: is nested too deeply to be meant."),
        ({"filters": '{"users": ' + "[" * 600 + "]" * 600 + "}"}, "elium:filters: is nested too deeply to be meant."),
        ({"groups": "[1]"}, "elium:groups.0: must be a text."),
        ({"mappings": "[]"}, "elium:mappings: must be a table of names and values: users, groups."),
        ({"mappings": '{"users": {"userName": {"sauce": "[mail]"}}}'}, "elium:mappings.users.userName.sauce: there"),
        ({"mappings": '{"users": {"userName": "Join("}}'}, "elium:mappings.users.userName.source: "),
        ({"mappings": '{"users": {"userName": {"match": "first"}}}'}, "elium:mappings.users.userName.match: must be a"),
        ({"filters": '{"users": ["department EQUALZ Sales"]}'}, "elium:filters.users.0: There is no operator EQUALZ."),
        ({"filters": '["mail IS NULL"]'}, "elium:filters: must be a table of names and values: users, groups."),
        ({"displayName": "x" * 257}, "elium:displayName: must have at most 256 characters."),
        ({"notificationEmail": "a@b.org, c@d.org"}, "elium:notificationEmail: is more than one address. Name one, a"),
        ({"notificationEmail": "a@b.org;c@d.org"}, "elium:notificationEmail: is more than one address."),
        ({"notificationEmail": "a@b.org c@d.org"}, "elium:notificationEmail: is more than one address."),
        ({"objects": '{"groups": "perhaps"}'}, "elium:objects.groups: must be true or false."),
    ],
)
def test_each_mistake_is_one_sentence_with_its_place(written: dict[str, Any], sentence: str) -> None:
    (told,) = mistakes(**written)

    assert told.startswith(sentence)


def test_all_mistakes_are_told_together() -> None:
    assert len(mistakes(scope="some", notificationEmail="nobody", tenantUrl="acme", weather="fine")) == 4


def test_structured_settings_come_as_json_and_names_may_stand_alone() -> None:
    given = settings(groups="Elium users", users='["ada@contoso.com", "3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"]')

    assert (given.groups, len(given.users)) == (["Elium users"], 2)


def test_yaml_may_have_turned_the_status_into_a_boolean() -> None:
    statuses = [settings(status=written).status for written in ("true", "false", "on")]

    assert statuses == [Status.ON, Status.OFF, Status.ON]


def test_a_threshold_needs_somebody_to_ask_unless_it_is_off() -> None:
    asked = settings(deleteThreshold="5", notificationEmail="it@acme.example")

    assert (asked.delete_threshold, settings(deleteThreshold="0").delete_threshold) == (5, 0)


def test_mistakes_in_texts_in_tables_and_between_settings_are_told_together() -> None:
    told = mistakes(
        deleteThreshold="5", filters="[" * 3000 + "]" * 3000, secretToken="env:VAULT", scope="some", onDestroy="now"
    )

    assert [sentence.partition(": ")[0] for sentence in told] == [
        "elium:filters",
        "elium:deleteThreshold",
        "elium:secretToken",
        "elium:scope",
        "elium:onDestroy",
    ]


def test_the_token_of_the_environment_is_handed_over_by_its_name() -> None:
    given = Settings.parse({"tenantUrl": "https://acme.elium.com"}, {"ELIUM_SECRET_TOKEN": "canary"})

    assert given.secret_token == "env:ELIUM_SECRET_TOKEN"


def test_a_token_that_lies_elsewhere_is_handed_over_by_where_it_lies() -> None:
    in_vault = Settings.parse(LEAST | {"secretToken": "env:VAULT"}, {"VAULT": "canary", "ELIUM_SECRET_TOKEN": "other"})
    in_file = settings(secretToken="file:/run/secrets/elium")

    assert (in_vault.secret_token, in_vault.token.reveal()) == ("env:VAULT", "canary")
    assert in_file.secret_token == "file:/run/secrets/elium"
    with pytest.raises(ConfigurationError, match="lies in a file"):
        _ = in_file.token


def test_what_is_wrong_with_the_environments_token_is_told_without_it() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.parse({"tenantUrl": "https://acme.elium.com"}, {"ELIUM_SECRET_TOKEN": "<canary>"})

    assert refusal.value.reasons == (
        "elium:secretToken: the variable ELIUM_SECRET_TOKEN is a placeholder. Write the token in its place.",
    )


def test_what_an_app_without_groups_may_say_of_them_is_taken() -> None:
    given = settings(filters='{"groups": null}', objects='{"groups": false}')

    assert given.schema_part.filters == {ObjectKind.GROUPS: None}
    assert given.schema_part.objects == {ObjectKind.GROUPS: False}


def test_the_resources_are_told_what_was_written_and_nothing_of_the_stacks_own() -> None:
    written = settings(mappings='{"users": {"title": "[jobTitle]"}}', acceptLeavers="3", displayName="Elium (dev)")

    assert written.shared_part == {
        "scope": "assigned",
        "status": "on",
        "mappings": {"users": {"title": {"source": "[jobTitle]"}}},
        "acceptLeavers": 3,
    }


def test_a_token_does_not_show_in_the_settings() -> None:
    assert "canary" not in repr(settings())


@pytest.mark.parametrize("name", ["{Elium} and [more]", '["Elium"]', "{}"])
def test_a_text_is_taken_as_it_is_whatever_it_begins_with(name: str) -> None:
    assert settings(displayName=name).display_name == name


def test_a_name_may_begin_with_a_bracket() -> None:
    assert settings(groups="[Sales] everybody").groups == ["[Sales] everybody"]


def test_no_groups_are_an_empty_list() -> None:
    assert settings(groups="[]").groups == []


def test_a_role_may_be_any_but_default_access() -> None:
    assert settings(role="Administrator").role == "Administrator"
