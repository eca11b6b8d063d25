from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioning.errors import ConfigurationError, NoCredentialError
from provisioning.graph.clouds import GLOBAL
from provisioning.graph.sign_in import SOURCES, source_of

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


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = IDENTITY | {"ARM_CLIENT_SECRET_FILE_PATH": str(tmp_path / "absent")}

    with pytest.raises(ConfigurationError, match=r"ARM_CLIENT_SECRET_FILE_PATH: .*absent cannot be read"):
        source_of(settings).credential(settings, GLOBAL)
