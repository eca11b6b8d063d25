from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.connection import Scope
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
        "on",
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
            "elium:secretToken: must not be empty, such as the one that Elium shows under My Profile",
        ),
        ({"notificationEmail": "nobody"}, "elium:notificationEmail: value is not a valid email address"),
        ({"role": "Default Access"}, "elium:role: people with Default Access are not provisioned. Name a role"),
        ({"scope": "some"}, "elium:scope: must be one of 'assigned' or 'all'."),
        ({"status": "maybe"}, "elium:status: must be one of 'on' or 'off'."),
        ({"deleteThreshold": "many"}, "elium:deleteThreshold: must be a whole number."),
        ({"deleteThreshold": "-1"}, "elium:deleteThreshold: must be 0 or more."),
        ({"groups": "[1]"}, "elium:groups.0: must be a text."),
        ({"mappings": "[]"}, "elium:mappings: must be a table of names and values."),
        ({"mappings": '{"users": {"userName": {"sauce": "[mail]"}}}'}, "elium:mappings.users.userName.sauce: there"),
        ({"mappings": '{"users": {"userName": "Join("}}'}, "elium:mappings.users.userName.source: "),
        ({"mappings": '{"users": {"userName": {"match": "first"}}}'}, "elium:mappings.users.userName.match: must be a"),
        ({"filters": '{"users": ["department EQUALZ Sales"]}'}, "elium:filters.users: "),
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
    assert [settings(status=written).status for written in ("true", "false", "on")] == ["on", "off", "on"]


def test_a_token_does_not_show_in_the_settings() -> None:
    assert "canary" not in repr(settings())


def test_no_json_is_taken_as_the_text_that_it_is() -> None:
    assert settings(displayName="{Elium} and [more]").display_name == "{Elium} and [more]"


def test_no_groups_are_an_empty_list() -> None:
    assert settings(groups="[]").groups == []


def test_a_role_may_be_any_but_default_access() -> None:
    assert settings(role="Administrator").role == "Administrator"
