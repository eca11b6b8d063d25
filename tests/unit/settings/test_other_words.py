"""What Graph, azuread and the portal call a setting leads to ours."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.settings.job import JobInputs, NotificationSettings
from provisioning.settings.mappings import MappingSettings
from provisioning.settings.mistakes import parsed
from provisioning.settings.objects import GroupsSettings
from provisioning.settings.other_words import OTHER_WORDS, advice
from provisioning.settings.plan import PlanInputs
from provisioning.settings.stack import Settings

LEAST = {"tenantUrl": "https://acme.elium.com", "secretToken": "canary"}
NAMES = {
    field.alias or name
    for model in (Settings, JobInputs, PlanInputs, MappingSettings, GroupsSettings, NotificationSettings)
    for name, field in model.model_fields.items()
} | {"principalId"}


def told(**written: Any) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.parse(LEAST | written, {})
    (only,) = refusal.value.reasons
    return only


@pytest.mark.parametrize(
    ("word", "setting"),
    [
        ("attributeMappings", "mappings"),
        ("scopingFilters", "filters"),
        ("scopingFilter", "filters"),
        ("syncAll", "scope"),
        ("SyncAll", "scope"),
        ("baseAddress", "tenantUrl"),
        ("principalObjectId", "groups"),
        ("appRoleId", "role"),
        ("notification", "notificationEmail"),
        ("Notification Email", "notificationEmail"),
        ("Secret Token", "secretToken"),
        ("tenant_url", "tenantUrl"),
        ("provisioning-status", "status"),
        ("applicationTemplateId", "galleryApp"),
        ("deleteTreshold", "deleteThreshold"),
        ("appRoles", "role"),
        ("recipient", "notificationEmail"),
        ("credentials", "secretToken"),
    ],
)
def test_another_word_for_a_setting_leads_to_ours(word: str, setting: str) -> None:
    assert told(**{word: "x"}) == f"elium:{word}: there is no such setting; did you mean {setting}."


@pytest.mark.parametrize("name", ["mappings", "filters", "objects", "attributes"])
@pytest.mark.parametrize(("kind", "meant"), [("user", "users"), ("Groups", "groups"), ("usres", "users")])
def test_a_kind_that_is_misspelt_leads_to_the_right_one(name: str, kind: str, meant: str) -> None:
    assert told(**{name: {kind: {}}}) == f"elium:{name}.{kind}: there is no such setting; did you mean {meant}."


@pytest.mark.parametrize("name", ["mappings", "filters", "objects", "attributes"])
@pytest.mark.parametrize("below", ["userName", "roles", "department"])
def test_what_was_written_in_the_place_of_a_kind_belongs_below_one(name: str, below: str) -> None:
    sentence = "there is no such setting; write users or groups, and this below it."

    assert told(**{name: {below: {}}}) == f"elium:{name}.{below}: {sentence}"


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("matchingPriority", "match"),
        ("precedence", "match"),
        ("expression", "source"),
        ("defaultValue", "default"),
        ("flowtype", "flowType"),
    ],
)
def test_another_word_in_a_mapping_leads_to_its_field(word: str, field: str) -> None:
    sentence = told(mappings=f'{{"users": {{"title": {{"{word}": 1}}}}}}')

    assert sentence == f"elium:mappings.users.title.{word}: there is no such setting; did you mean {field}."


def test_the_target_is_what_a_mapping_stands_under() -> None:
    assert told(mappings='{"users": {"title": {"targetAttributeName": "title"}}}').endswith(
        "the target attribute is the name that the mapping stands under."
    )


def test_a_word_that_belongs_elsewhere_is_told_so() -> None:
    assert told(matchingPriority="1").endswith("it is called match here, and stands in another place.")


def test_a_word_that_nobody_says_is_not_explained() -> None:
    assert advice("weather", ["scope"]) == ""


def test_the_resource_calls_the_address_otherwise_than_the_stack() -> None:
    with pytest.raises(ConfigurationError, match="tenantUrl: there is no such setting; did you mean baseAddress"):
        parsed(JobInputs, {"servicePrincipalId": "sp", "secretToken": "x", "tenantUrl": "x"}, place="")


def test_every_word_leads_to_names_that_exist() -> None:
    assert {name for names in OTHER_WORDS.values() for name in names} - NAMES == set()
