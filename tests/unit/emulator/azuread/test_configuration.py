from __future__ import annotations

import pytest

from emulator.azuread.configuration import Configuration, Identity, configuration_from
from emulator.azuread.faults import PluginError

WHO = {"ARM_TENANT_ID": "contoso", "ARM_CLIENT_ID": "robot"}
FILES = {"/run/secret": "hush\n", "/run/token": "e30.e30.e30\n"}


def read(path: str) -> str:
    if path not in FILES:
        raise FileNotFoundError(2, "No such file or directory", path)
    return FILES[path]


def configured(settings: dict[str, str], environment: dict[str, str]) -> Configuration:
    return configuration_from(settings, environment, read)


def test_a_setting_comes_before_the_variable() -> None:
    found = configured({"tenantId": "fabrikam", "metadataHost": "localhost:1"}, WHO | {"ARM_CLIENT_SECRET": "hush"})

    assert found == Configuration("localhost:1", Identity("fabrikam", "robot", secret="hush"))


def test_a_secret_may_lie_in_a_file() -> None:
    assert configured({"clientSecretFilePath": "/run/secret"}, WHO).identity.secret == "hush"


def test_a_secret_and_a_file_that_disagree_are_refused() -> None:
    with pytest.raises(PluginError, match="mismatch between supplied Client Secret and supplied Client Secret file"):
        configured({"clientSecret": "loud", "clientSecretFilePath": "/run/secret"}, WHO)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(PluginError, match='reading Client Secret from file "/run/none": No such file'):
        configured({"clientSecretFilePath": "/run/none"}, WHO)


def test_a_token_counts_only_when_oidc_is_wanted() -> None:
    environment = WHO | {"ARM_OIDC_TOKEN_FILE_PATH": "/run/token", "ARM_USE_OIDC": "true"}

    assert configured({}, environment).identity.assertion == "e30.e30.e30"
    with pytest.raises(PluginError, match="no Authorizer could be configured"):
        configured({"useOidc": "false"}, environment)


def test_a_client_secret_comes_before_a_token() -> None:
    found = configured({"clientSecret": "hush", "useOidc": "true", "oidcToken": "e30.e30.e30"}, WHO)

    assert found.identity == Identity("contoso", "robot", secret="hush")


def test_an_identity_does_not_show_what_it_keeps() -> None:
    assert "hush" not in repr(Identity("contoso", "robot", secret="hush", assertion="hush"))


def test_the_sentence_about_a_missing_identity_is_one_reason() -> None:
    with pytest.raises(PluginError) as refused:
        configured({}, {})

    # The official plugin writes "* " before each of several reasons, and readers take the texts apart there.
    assert "* " not in str(refused.value)
