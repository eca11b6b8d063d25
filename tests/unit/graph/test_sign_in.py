from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioning.errors import ConfigurationError, NoCredentialError
from provisioning.graph.clouds import GLOBAL
from provisioning.graph.credentials import CREDENTIALS, credential_of
from provisioning.graph.entra_codes import HINTS
from provisioning.graph.entra_refusals import refusal_in
from provisioning.graph.ways import SOURCES, Way, source_of

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = {"ARM_TENANT_ID": "t", "ARM_CLIENT_ID": "c"}


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({"ARM_CLIENT_SECRET": "s", "ARM_CLIENT_CERTIFICATE_PATH": "c.pem"}, "certificate"),
        ({"ARM_CLIENT_SECRET": "s", "ARM_OIDC_TOKEN": "o"}, "client secret"),
        ({"AZURE_CLIENT_SECRET": "s"}, "client secret"),
        ({"ARM_CLIENT_SECRET_FILE_PATH": "f"}, "client secret in a file"),
        ({"ARM_OIDC_TOKEN": "o"}, "OIDC token"),
        ({"AZURE_FEDERATED_TOKEN_FILE": "f"}, "OIDC token in a file"),
        ({"ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "i", "SYSTEM_ACCESSTOKEN": "t"}, "Azure Pipelines"),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "u", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"}, "GitHub Actions"),
        ({"ARM_USE_MSI": "true"}, "managed identity"),
        ({}, "Azure CLI"),
    ],
)
def test_the_first_source_whose_settings_are_there_is_used(settings: dict[str, str], source: str) -> None:
    assert source_of(IDENTITY | settings).name == source


def test_every_source_that_was_looked_at_is_named_when_there_is_none() -> None:
    with pytest.raises(NoCredentialError) as refusal:
        source_of({"ARM_USE_CLI": "false"})

    assert [source.name for source in SOURCES if source.name not in str(refusal.value)] == []


def test_the_sentence_says_what_all_of_them_need_once() -> None:
    with pytest.raises(NoCredentialError) as refusal:
        source_of({"ARM_USE_CLI": "false", "ARM_CLIENT_ID": "c"})

    assert "Not set: ARM_TENANT_ID." in str(refusal.value)
    assert str(refusal.value).count("ARM_TENANT_ID") == 1


def test_every_way_has_a_place_in_the_order_and_a_credential() -> None:
    assert [*Way] == [source.way for source in SOURCES] == [*CREDENTIALS]


def a_file(folder: Path, content: bytes | None) -> str:
    file = folder / "file"
    if content is not None:
        file.write_bytes(content)
    return str(file)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
@pytest.mark.parametrize("name", ["ARM_CLIENT_SECRET_FILE_PATH", "ARM_CLIENT_CERTIFICATE_PATH"])
def test_a_file_that_cannot_be_used_is_named_with_its_setting(tmp_path: Path, name: str, content: bytes | None) -> None:
    settings = IDENTITY | {name: a_file(tmp_path, content)}

    with pytest.raises(ConfigurationError, match=rf"{name}: {tmp_path}/file cannot be (read|used): "):
        credential_of(source_of(settings).way, settings, GLOBAL)


@pytest.mark.parametrize("tenant", ["not a tenant!", "https://contoso.com", "{tenant}"])
def test_a_tenant_that_cannot_be_one_is_told_before_anybody_is_asked(tenant: str) -> None:
    settings = {"AZURE_TENANT_ID": tenant, "ARM_CLIENT_ID": "c", "ARM_CLIENT_SECRET": "hush-hush"}

    with pytest.raises(ConfigurationError) as error:
        credential_of(Way.SECRET, settings, GLOBAL)

    assert str(error.value) == f"AZURE_TENANT_ID: {tenant!r} cannot be a tenant."


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            "Authentication failed: AADSTS7000215: Invalid client secret provided. Ensure that. Trace ID: 1",
            "AADSTS7000215: Invalid client secret provided.",
        ),
        (
            'HTTP status: 400, Error: {"error_description":"AADSTS90002: Tenant \'x.y\' not found. Check"}',
            "AADSTS90002: Tenant 'x.y' not found.",
        ),
        ("AADSTS50000: Something. Trace ID: 1", "AADSTS50000: Something."),
        ("AADSTS50001: Without an end", "AADSTS50001: Without an end."),
    ],
)
def test_entra_is_quoted_with_its_code_and_one_sentence(told: str, sentence: str) -> None:
    refusal = refusal_in(ValueError(told))

    assert refusal
    assert refusal.sentence == sentence
    assert refusal.hint


def test_what_entra_said_is_found_in_what_an_error_came_of() -> None:
    cause = ValueError("AADSTS90002: Tenant 'x' not found.")
    error = ValueError("Unable to get authority configuration.")
    error.__cause__ = cause

    refusal = refusal_in(error)

    assert refusal
    assert refusal.hint == HINTS["90002"]


def test_an_error_in_which_entra_did_not_speak_is_not_its_refusal() -> None:
    assert refusal_in(OSError("Could not find a suitable TLS CA certificate bundle")) is None
