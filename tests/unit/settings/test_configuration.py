"""A stack's whole configuration: what was meant to be ours, and whether the token is kept as a secret."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.settings.configuration import StackConfiguration, settings_in

LEAST = {"elium:tenantUrl": "https://acme.elium.com", "elium:secretToken": "canary"}
ENVIRONMENT = {"ELIUM_SECRET_TOKEN": "canary"}


def a_stack(values: dict[str, Any], *, secret: frozenset[str] = frozenset({"elium:secretToken"})) -> StackConfiguration:
    return StackConfiguration(LEAST | values, secret, "elium-provisioning")


def told(stack: StackConfiguration) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refusal:
        settings_in(stack, {})
    assert "canary" not in str(refusal.value)
    return refusal.value.reasons


def test_what_is_ours_is_read_and_what_is_not_is_left_alone() -> None:
    others = {"azuread:tenantId": "x", "azure-native:location": "x", "helium:balloons": "9", "pulumi:tags": "{}"}

    assert settings_in(a_stack(others | {"elium:scope": "all"}), {}).scope.value == "all"


def test_a_token_in_plain_text_is_refused_with_the_way_out() -> None:
    assert told(a_stack({}, secret=frozenset())) == (
        (
            "elium:secretToken: stands as plain text in the stack's file, and so in its history at the backend. "
            "Replace this token at Elium, then run `pulumi config set --secret elium:secretToken` and give it the new "
            "one."
        ),
    )


@pytest.mark.parametrize("source", ["env:ELIUM_SECRET_TOKEN", "file:/run/secrets/elium"])
def test_where_a_token_lies_is_not_a_secret(source: str) -> None:
    stack = a_stack({"elium:secretToken": source}, secret=frozenset())

    assert settings_in(stack, ENVIRONMENT).secret_token == source


def test_a_token_of_the_environment_is_in_no_file() -> None:
    stack = StackConfiguration({"elium:tenantUrl": "https://acme.elium.com"}, (), "elium-provisioning")

    assert settings_in(stack, ENVIRONMENT).token.reveal() == "canary"


def test_a_placeholder_in_plain_text_is_only_a_placeholder() -> None:
    (only,) = told(a_stack({"elium:secretToken": "<token>"}, secret=frozenset()))

    assert only.startswith("elium:secretToken: is a placeholder.")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("elium-provisioning:scope", "is the project's own, since it has no elium: before it. Write elium:scope."),
        (
            "elium-provisioning:tenant_url",
            "is the project's own, since it has no elium: before it. Write elium:tenantUrl.",
        ),
        (
            "elium-provisioning:elium.groups",
            "is the project's own, since it has no elium: before it. Write elium:groups.",
        ),
        (
            "elium-provisioning:Elium_tenant-url",
            "is the project's own, since it has no elium: before it. Write elium:tenantUrl.",
        ),
        (
            "elium-provisioning:elium",
            "is a table of the project's own. Write each line of it by itself, with elium: before it.",
        ),
        ("elium_provisioning:scope", "there are no settings under elium_provisioning:; did you mean elium:scope."),
        ("elim:scope", "there are no settings under elim:; did you mean elium:scope."),
        ("Elium:tenantUrl", "there are no settings under Elium:; did you mean elium:tenantUrl."),
        ("eluim:mappigs", "there are no settings under eluim:; did you mean elium:mappings."),
        ("eliums:attributeMappings", "there are no settings under eliums:; did you mean elium:mappings."),
    ],
)
def test_a_key_that_was_meant_to_be_ours_is_told(key: str, sentence: str) -> None:
    assert told(a_stack({key: "x"})) == (f"{key}: {sentence}",)


def test_a_program_may_have_settings_of_its_own() -> None:
    own = dict.fromkeys((f"elium-provisioning:{name}" for name in ("region", "groups", "elium.users", "elium.x")), "x")

    assert settings_in(a_stack(own), {}, others=["groups", "elium.users"]).groups == []


def test_a_project_may_be_called_like_our_namespace() -> None:
    assert settings_in(StackConfiguration(LEAST, {"elium:secretToken"}, "elium"), {}).role == "User"


def test_every_mistake_is_told_at_once() -> None:
    stack = a_stack({"elim:scope": "all", "elium:scope": "some", "elium:deleteThreshold": "3"}, secret=frozenset())

    assert [sentence.partition(": ")[0] for sentence in told(stack)] == [
        "elim:scope",
        "elium:secretToken",
        "elium:deleteThreshold",
        "elium:scope",
    ]
