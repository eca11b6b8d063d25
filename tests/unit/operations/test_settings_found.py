"""What was found is written as settings of a stack; what no setting can say is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from found import ADDRESS, ADMIN, USER, found, group

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import AppRole
from provisioning.model.identifiers import TemplateId
from provisioning.model.job import SynchronizationTemplate
from provisioning.operations.adopting.finding import Found
from provisioning.operations.adopting.settings_found import SettingsFound, settings_found


def said(what: Found, role: str = "", gallery_app: str = "Elium") -> SettingsFound:
    return settings_found(what, gallery_app=gallery_app, role=role, scim_path="/scim/v2")


def test_what_is_usual_needs_the_address_alone() -> None:
    assert said(found()) == SettingsFound({"tenantUrl": "https://acme.elium.com"}, (), "role-user")


def test_an_app_and_a_template_of_other_names_are_written() -> None:
    what = found()
    other = replace(what, app=replace(what.app, name="Elium (prod)"), is_default_template=False)

    settings = said(other, gallery_app="Elium Preview").settings

    named = {"galleryApp": "Elium Preview", "displayName": "Elium (prod)", "templateId": "elium"}
    assert settings == {"tenantUrl": "https://acme.elium.com", **named}


def test_the_role_that_most_have_is_given_and_the_others_are_told() -> None:
    settings = said(found(group("A", ADMIN), group("B", ADMIN), group("C")))

    assert (settings.settings["groups"], settings.settings["role"], settings.role) == (
        ["A", "B"],
        "Admin",
        "role-admin",
    )
    assert settings.kept == (
        "group C has the role User, and a stack gives one role to all: that assignment stays, undeclared.",
    )


def test_a_role_that_the_file_names_is_taken_and_one_that_the_app_lost_is_told_by_its_id() -> None:
    gone = AppRole("role-gone", "Gone")
    settings = said(found(group("A", ADMIN), group("B", ADMIN), group("C"), group("D", gone)), role="User")

    assert (settings.settings["groups"], "role" in settings.settings) == (["C"], False)
    assert settings.kept[-1].startswith("group D has the role role-gone, ")


@pytest.mark.parametrize(
    ("roles", "written"),
    [
        ((ADMIN,), "Admin"),
        ((ADMIN, AppRole("role-twin", "Admin", "twin")), "admin"),
        ((AppRole("role-x", "Admin"), AppRole("role-twin", "Admin")), "role-x"),
    ],
)
def test_a_role_is_written_so_that_the_program_finds_it_alone(roles: tuple[AppRole, ...], written: str) -> None:
    assert said(found(group("A", roles[0]), roles=roles)).settings["role"] == written


def test_an_app_without_roles_for_people_declares_nobody() -> None:
    settings = said(found(group("A"), roles=(replace(USER, is_for_people=False),)))

    assert (settings.role, settings.settings) == ("", {"tenantUrl": "https://acme.elium.com"})
    assert len(settings.kept) == 1


NOT_DECLARABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"BaseAddress": ""}, "The job of 'Elium' has no address and token yet"),
    "no token": ({"SecretToken": ""}, "The job of 'Elium' has no address and token yet"),
    "another path": (
        {"BaseAddress": "https://acme.elium.com/api"},
        "The job sends to https://acme.elium.com/api, which",
    ),
    "a slash at the end": (
        {"BaseAddress": f"{ADDRESS}/"},
        f"The job sends to {ADDRESS}/, which cannot be declared: the",
    ),
}


@pytest.mark.parametrize("what", NOT_DECLARABLE)
def test_an_address_that_cannot_be_declared_is_refused(what: str) -> None:
    held, sentence = NOT_DECLARABLE[what]

    with pytest.raises(ConfigurationError) as error:
        said(found(**held))
    assert error.value.message.startswith(sentence)
    assert "portal" in error.value.hint


def test_a_flag_of_the_address_is_kept() -> None:
    settings = said(found(BaseAddress=f"{ADDRESS}?aadOptscim062020")).settings

    assert settings["tenantUrl"] == f"{ADDRESS}?aadOptscim062020"


def test_keys_that_nobody_here_knows_are_told_and_those_that_are_masked_as_what_they_mean() -> None:
    plain, masked = said(found(Domain="acme", ClientSecret="*", Key="*")).kept

    assert plain.startswith("The connection has Domain besides, which no setting is about")
    assert masked.startswith("The connection has ClientSecret, Key besides, which Graph does not show")


def test_a_threshold_without_anybody_who_is_told_is_not_declared() -> None:
    settings = json.dumps({"DeleteThresholdEnabled": True, "DeleteThresholdValue": 1200})
    (kept,) = said(found(SyncNotificationSettings=settings)).kept

    assert kept.startswith("The deletion threshold is 1,200, and nobody who can be declared is told")


def test_a_template_whose_schema_graph_does_not_show_leaves_the_schema_undeclared() -> None:
    what = replace(found(), template=SynchronizationTemplate(TemplateId("elium")))

    assert said(what).kept[0].startswith("Graph does not show the schema of the template elium")
