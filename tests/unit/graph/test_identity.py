"""A provider's configuration is laid over the environment, and the way to sign in that it names is the one used."""

from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError, NoCredentialError
from provisioning.graph.identity import FIELDS, identity_of
from provisioning.graph.ways import Way, source_of

TENANT = {"ARM_TENANT_ID": "env-tenant", "ARM_CLIENT_ID": "env-client"}

EVERYTHING = TENANT | {
    "ARM_CLIENT_CERTIFICATE_PATH": "env.pem",
    "ARM_CLIENT_SECRET": "env-secret",
    "AZURE_CLIENT_SECRET": "env-secret",
    "ARM_CLIENT_SECRET_FILE_PATH": "env-file",
    "ARM_OIDC_TOKEN": "env-token",
    "AZURE_FEDERATED_TOKEN_FILE": "env-token-file",
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "env-connection",
    "SYSTEM_ACCESSTOKEN": "env-access",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://env.example",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "env-request",
    "ARM_USE_MSI": "true",
}

NAMED = {
    "clientCertificatePath": ("mine.pem", Way.CERTIFICATE),
    "clientSecret": ("mine", Way.SECRET),
    "clientSecretFilePath": ("mine", Way.SECRET_FILE),
    "oidcToken": ("mine", Way.OIDC_TOKEN),
    "oidcTokenFilePath": ("mine", Way.OIDC_FILE),
    "adoPipelineServiceConnectionId": ("mine", Way.PIPELINE),
    "oidcRequestUrl": ("https://mine.example", Way.GITHUB),
    "useMsi": ("true", Way.MANAGED),
    "useCli": ("true", Way.CLI),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_way_that_the_configuration_names_is_used_whatever_the_environment_has(name: str) -> None:
    value, way = NAMED[name]

    assert source_of(identity_of({name: value}, EVERYTHING)).way is way


def test_every_name_that_is_a_way_of_its_own_was_tried() -> None:
    assert {name for name, field in FIELDS.items() if len(field.ways) == 1} == NAMED.keys()


@pytest.mark.parametrize("name", ["oidcRequestToken", "useOidc"])
def test_a_name_that_stands_for_several_ways_leaves_the_choice_among_them(name: str) -> None:
    chosen = source_of(identity_of({name: "true"}, EVERYTHING)).way

    assert chosen in FIELDS[name].ways


def test_a_narrower_name_decides_beside_a_wider_one() -> None:
    configuration = {"useOidc": "true", "oidcTokenFilePath": "/run/token"}

    assert source_of(identity_of(configuration, EVERYTHING)).way is Way.OIDC_FILE


def test_a_configuration_that_names_no_way_takes_the_environments() -> None:
    identity = identity_of({"tenantId": "mine"}, EVERYTHING)

    assert (identity["ARM_TENANT_ID"], source_of(identity).way) == ("mine", Way.CERTIFICATE)


def test_what_is_not_about_signing_in_stays_as_it_was() -> None:
    others = {"SSL_CERT_FILE": "/ca.pem", "HTTPS_PROXY": "proxy", "AZURE_TENANT_ID": "t", "PATH": "/bin"}

    assert identity_of({"clientSecret": "mine"}, others).items() >= others.items()


def test_no_secret_of_the_environment_is_left_when_another_way_is_named() -> None:
    identity = identity_of({"oidcToken": "mine"}, EVERYTHING)

    assert [name for name, value in identity.items() if value.startswith("env-s")] == []


def test_a_way_that_is_named_and_lacks_something_does_not_fall_through_to_the_cli() -> None:
    with pytest.raises(NoCredentialError):
        source_of(identity_of({"adoPipelineServiceConnectionId": "mine"}, TENANT))


@pytest.mark.parametrize(
    ("configuration", "way"),
    [
        ({"useMsi": "false"}, Way.CERTIFICATE),
        ({"useOidc": "false"}, Way.CERTIFICATE),
        ({"useCli": "FALSE", "useMsi": "1"}, Way.MANAGED),
    ],
)
def test_a_switch_that_is_off_takes_its_own_ways_away(configuration: dict[str, str], way: Way) -> None:
    assert source_of(identity_of(configuration, EVERYTHING)).way is way


def test_switching_oidc_off_does_not_let_the_environments_token_in() -> None:
    environment = TENANT | {"ARM_OIDC_TOKEN": "env-token", "ARM_USE_CLI": "false"}

    with pytest.raises(NoCredentialError):
        source_of(identity_of({"useOidc": "false"}, environment))


def test_switching_the_cli_off_is_heard() -> None:
    with pytest.raises(NoCredentialError):
        source_of(identity_of({"useCli": "false"}, TENANT))


def test_a_cloud_is_named_as_azuread_names_it() -> None:
    identity = identity_of({"environment": "china", "metadataHost": "h"}, {"ARM_ENVIRONMENT": "dod"})

    assert (identity["ARM_ENVIRONMENT"], identity["ARM_METADATA_HOSTNAME"]) == ("china", "h")


def test_an_empty_value_is_not_written() -> None:
    assert identity_of({"tenantId": "", "clientSecret": " "}, EVERYTHING) == EVERYTHING


def test_every_mistake_is_told_at_once_with_the_nearest_name_and_no_value() -> None:
    configuration = {"clientSecrt": "hush", "tenant": "t", "clientCertificate": "MII", "useMsi": "ja", "zzz": "1"}

    with pytest.raises(ConfigurationError) as error:
        identity_of(configuration, {})

    assert error.value.reasons == (
        "clientSecrt is not a name of the provider's configuration; write clientSecret.",
        "tenant is not a name of the provider's configuration; write tenantId.",
        "clientCertificate is not a name of the provider's configuration; write clientCertificatePath.",
        "useMsi: 'ja' is neither true nor false.",
        "zzz is not a name of the provider's configuration.",
    )
    assert "clientSecretFilePath" in error.value.hint


@pytest.mark.parametrize(("name", "way"), [("useMsi", Way.MANAGED), ("useCli", Way.CLI)])
def test_a_switch_is_a_truth_or_its_name(name: str, way: Way) -> None:
    for written in (True, "true", "True", "1"):
        assert source_of(identity_of({name: written}, EVERYTHING)).way is way


def test_a_switch_that_is_off_takes_its_way_away_as_a_truth_too() -> None:
    for written in (False, "false"):
        with pytest.raises(NoCredentialError):
            source_of(identity_of({"useCli": written}, {}))
